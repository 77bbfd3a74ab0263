package render

import (
	"bufio"
	"bytes"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
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
	Summary     wireSummary `json:"summary"`
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

type wireSummary struct {
	Users      int                  `json:"users"`
	Roles      int                  `json:"roles"`
	NHI        int                  `json:"nhi"`
	Human      int                  `json:"human"`
	Mixed      int                  `json:"mixed"`
	Uncertain  int                  `json:"uncertain"`
	ByCategory map[nhi.Category]int `json:"by_category"`

	Permissions *wirePermissionsSummary `json:"permissions,omitempty"`
}

type wireRoot struct {
	ARN         string           `json:"arn"`
	CreateDate  stamp            `json:"create_date"`
	Credentials *wireCredentials `json:"credentials"`
}

// ScanJSON writes the document of schema/scan-v1.json.
func ScanJSON(w io.Writer, s *Scan) error {
	a, c, gaps := s.Report.Account, s.counts(), s.AllGaps()
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
		Summary: wireSummary{
			Users:      c.users,
			Roles:      c.roles,
			NHI:        c.verdicts[nhi.NonHuman],
			Human:      c.verdicts[nhi.Human],
			Mixed:      c.verdicts[nhi.Mixed],
			Uncertain:  c.verdicts[nhi.Uncertain],
			ByCategory: c.categories,

			Permissions: newWirePermissionsSummary(s),
		},
		Root: newWireRoot(a.Root),
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

// writeIdentities writes identities some hundred at a time, so that the JSON form
// of a large account is never whole in memory, and has every processor encode them.
// Errors of w are those of its Flush.
func writeIdentities(w *bufio.Writer, s *Scan) error {
	if len(s.Identities) == 0 {
		w.WriteString("[]")
		return nil
	}
	processors := runtime.GOMAXPROCS(0)
	// Parts are small, and there are several for each processor, since identities
	// differ a hundredfold in size.
	const atOnce, each = 16, 16
	texts := make([]bytes.Buffer, processors*each)
	separator := "[\n    "
	for block := range slices.Chunk(s.Identities, len(texts)*atOnce) {
		var encoders errgroup.Group
		encoders.SetLimit(processors)
		parts := slices.Collect(slices.Chunk(block, atOnce))
		for i, part := range parts {
			texts[i].Reset()
			encoders.Go(func() error { return writeSome(&texts[i], part, s) })
		}
		if err := encoders.Wait(); err != nil {
			return err
		}
		for i := range parts {
			w.WriteString(separator)
			w.Write(texts[i].Bytes())
			separator = betweenIdentities
		}
	}
	w.WriteString("\n  ]")
	return nil
}

const betweenIdentities = ",\n    "

func writeSome(w *bytes.Buffer, identities []*nhi.Identity, s *Scan) error {
	for i, id := range identities {
		if i > 0 {
			w.WriteString(betweenIdentities)
		}
		if err := writeIdentity(w, newWireIdentity(id, s.Threshold), s.Permissions[id.ARN]); err != nil {
			return err
		}
	}
	return nil
}

// writeIdentity writes what the identity can do on one line: indented, it would be
// most of the file.
func writeIdentity(w *bytes.Buffer, id wireIdentity, p *permissions.Permissions) error {
	text, err := json.Marshal(&id, jsonOptions, jsontext.WithIndent("  "), jsontext.WithIndentPrefix("    "))
	if err != nil {
		return err
	}
	if p == nil {
		w.Write(text)
		return nil
	}
	const end = "\n    }"
	w.Write(bytes.TrimSuffix(text, []byte(end)))
	w.WriteString(",\n      \"permissions\": ")
	if err := json.MarshalWrite(w, newWirePermissions(p), jsonOptions); err != nil {
		return err
	}
	w.WriteString(end)
	return nil
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
