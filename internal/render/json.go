package render

import (
	"bufio"
	"bytes"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// The names of the published JSON documents; schema/*.json describe them.
const (
	ScanSchema     = "nhiscan/scan/v1"
	IdentitySchema = "nhiscan/identity/v1"
	CallerSchema   = "nhiscan/caller/v1"
)

type wireScan struct {
	Schema      string      `json:"schema"`
	ScanTime    stamp       `json:"scan_time"`
	CollectedAt stamp       `json:"collected_at"`
	Source      string      `json:"source"`
	AccountID   string      `json:"account_id"`
	Partition   string      `json:"partition"`
	Aliases     []string    `json:"aliases"`
	Complete    bool        `json:"complete"`
	Gaps        []wireGap   `json:"gaps"`
	Filters     wireFilters `json:"filters"`
	Summary     Summary     `json:"summary"`
	Root        *wireRoot   `json:"root"`
	// Identities are written by writeIdentities.
	Identities [0]int `json:"identities"`
}

type wireFilters struct {
	Type          []nhi.IdentityType `json:"type"`
	Verdict       []nhi.Verdict      `json:"verdict"`
	Category      []nhi.Category     `json:"category"`
	PathPrefix    string             `json:"path_prefix"`
	MinConfidence *float64           `json:"min_confidence"`
	// NHIThreshold is the confidence from which is_nhi is true.
	NHIThreshold float64 `json:"nhi_threshold"`
	Matched      int     `json:"matched"`
	Of           int     `json:"of"`
}

type wireRoot struct {
	ARN         string           `json:"arn"`
	CreateDate  stamp            `json:"create_date"`
	Credentials *wireCredentials `json:"credentials"`
}

// ScanJSON writes the document of schema/scan-v1.json.
func ScanJSON(w io.Writer, s *Scan) error {
	a, gaps := s.Report.Account, s.AllGaps()
	doc := wireScan{
		Schema:      ScanSchema,
		ScanTime:    stamp(s.Report.Time),
		CollectedAt: stamp(a.CollectedAt),
		Source:      a.Source,
		AccountID:   a.ID,
		Partition:   a.Partition,
		Aliases:     a.Aliases,
		Complete:    len(gaps) == 0,
		Gaps:        wireGaps(gaps),
		Filters: wireFilters{
			Type:          s.Filters.Types,
			Verdict:       s.Filters.Verdicts,
			Category:      s.Filters.Categories,
			PathPrefix:    s.Filters.PathPrefix,
			MinConfidence: s.Filters.MinConfidence,
			NHIThreshold:  s.Threshold,
			Matched:       len(s.Identities),
			Of:            len(s.Report.Identities),
		},
		Summary: s.Summary(),
		Root:    newWireRoot(a.Root),
	}
	head, err := json.Marshal(&doc, jsonOptions, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(w, 1<<16)
	const noIdentities = "[]\n}"
	buffered.Write(bytes.TrimSuffix(head, []byte(noIdentities)))
	if err := writeIdentities(buffered, s); err != nil {
		return err
	}
	buffered.WriteString("\n}\n")
	return buffered.Flush()
}

// jsonOptions are those of all published JSON. Bytes that are not UTF-8 become
// U+FFFD, since JSON cannot hold them. Names are those of struct fields and map
// keys, which need no check for doubles.
var jsonOptions = json.JoinOptions(json.Deterministic(true), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

func newWireRoot(root *nhiscan.RootUser) *wireRoot {
	if root == nil {
		return nil
	}
	return &wireRoot{
		ARN:         root.ARN,
		CreateDate:  stamp(root.CreateDate),
		Credentials: newWireCredentials(&root.Credentials, root.Known),
	}
}

type wireIdentityDocument struct {
	Schema    string             `json:"schema"`
	ScanTime  stamp              `json:"scan_time"`
	AccountID string             `json:"account_id"`
	Partition string             `json:"partition"`
	Source    string             `json:"source"`
	Complete  bool               `json:"complete"`
	Gaps      []wireGap          `json:"gaps"`
	Identity  *wireWholeIdentity `json:"identity"`
}

// IdentityJSON writes the document of schema/identity-v1.json.
func IdentityJSON(w io.Writer, id *Identity) error {
	return writeJSON(w, &wireIdentityDocument{
		Schema:    IdentitySchema,
		ScanTime:  stamp(id.Time),
		AccountID: id.Account.ID,
		Partition: id.Account.Partition,
		Source:    id.Account.Source,
		Complete:  len(id.Gaps) == 0,
		Gaps:      wireGaps(id.Gaps),
		Identity:  newWireWholeIdentity(id),
	})
}

type wireCaller struct {
	Schema      string             `json:"schema"`
	ScanTime    stamp              `json:"scan_time"`
	ARN         string             `json:"arn"`
	AccountID   string             `json:"account_id"`
	UserID      string             `json:"user_id"`
	Type        string             `json:"type"`
	Name        string             `json:"name"`
	SessionName string             `json:"session_name"`
	Complete    bool               `json:"complete"`
	Gaps        []wireGap          `json:"gaps"`
	Identity    *wireWholeIdentity `json:"identity"`
}

// CallerJSON writes the document of schema/caller-v1.json.
func CallerJSON(w io.Writer, c *Caller) error {
	doc := wireCaller{
		Schema:      CallerSchema,
		ScanTime:    stamp(c.Time),
		ARN:         c.ARN,
		AccountID:   c.AccountID,
		UserID:      c.UserID,
		Type:        c.Type,
		Name:        c.Name,
		SessionName: c.SessionName,
		Complete:    len(c.Gaps) == 0,
		Gaps:        wireGaps(c.Gaps),
	}
	if c.Identity != nil {
		doc.Identity = newWireWholeIdentity(c.Identity)
	}
	return writeJSON(w, &doc)
}

// writeJSON writes doc and a line break.
func writeJSON(w io.Writer, doc any) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	err := json.MarshalWrite(buffered, doc, jsonOptions, jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	if err := buffered.WriteByte('\n'); err != nil {
		return err
	}
	return buffered.Flush()
}

// seconds is a duration in JSON.
func seconds(d time.Duration) int64 { return int64(d / time.Second) }
