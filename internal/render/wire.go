package render

import (
	"cmp"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// The types of this file and of wiretrust.go are the published JSON of
// schema/*.json. Lists are never null; a time is null where there is none.

// A stamp is a time in RFC 3339 and UTC; the zero time is null.
type stamp time.Time

func (s stamp) MarshalJSONTo(enc *jsontext.Encoder) error {
	t := time.Time(s)
	if t.IsZero() {
		return enc.WriteToken(jsontext.Null)
	}
	var buf [len(time.RFC3339Nano) + 2]byte
	quoted := append(t.UTC().AppendFormat(append(buf[:0], '"'), time.RFC3339Nano), '"')
	return enc.WriteValue(quoted)
}

// wireTags are an object with the tags' keys in order. IAM's keys are unique; of
// a key that a damaged file repeats, the last value stays.
type wireTags []nhiscan.Tag

func (tags wireTags) MarshalJSONTo(enc *jsontext.Encoder) error {
	sorted := slices.Clone(tags)
	slices.SortStableFunc(sorted, func(a, b nhiscan.Tag) int { return cmp.Compare(a.Key, b.Key) })
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for i, tag := range sorted {
		if i+1 < len(sorted) && sorted[i+1].Key == tag.Key {
			continue
		}
		if err := enc.WriteToken(jsontext.String(tag.Key)); err != nil {
			return err
		}
		if err := enc.WriteToken(jsontext.String(tag.Value)); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

type wireGap struct {
	Operation string `json:"operation"`
	Resource  string `json:"resource"`
	Code      string `json:"code"`
	Message   string `json:"message"`
}

func wireGaps(gaps []nhiscan.Gap) []wireGap {
	out := make([]wireGap, len(gaps))
	for i, g := range gaps {
		out[i] = wireGap(g)
	}
	return out
}

type wireIdentity struct {
	ARN            string             `json:"arn"`
	Name           string             `json:"name"`
	Type           nhi.IdentityType   `json:"type"`
	ID             string             `json:"id"`
	Path           string             `json:"path"`
	CreateDate     stamp              `json:"create_date"`
	LastUsed       stamp              `json:"last_used"`
	LastUsedKnown  bool               `json:"last_used_known"`
	Tags           wireTags           `json:"tags"`
	Unknown        []string           `json:"unknown"`
	Credentials    *wireCredentials   `json:"credentials,omitempty"`
	Trust          *wireTrust         `json:"trust,omitempty"`
	Classification wireClassification `json:"classification"`
	Permissions    *wirePermissions   `json:"permissions,omitempty"`
}

type wireClassification struct {
	Verdict    nhi.Verdict  `json:"verdict"`
	IsNHI      bool         `json:"is_nhi"`
	Confidence float64      `json:"confidence"`
	Coverage   float64      `json:"coverage"`
	Category   nhi.Category `json:"category"`
	Detail     string       `json:"detail"`
	Signals    []wireSignal `json:"signals"`
	Unseen     []string     `json:"unseen"`
}

type wireSignal struct {
	Name   string  `json:"name"`
	Family string  `json:"family"`
	Weight float64 `json:"weight"`
	Fact   string  `json:"fact"`
}

func newWireIdentity(id *nhi.Identity, threshold float64) wireIdentity {
	used := LastUsed(id)
	w := wireIdentity{
		ARN:           id.ARN,
		Name:          id.Name,
		Type:          id.Type,
		Path:          Path(id),
		CreateDate:    stamp(Created(id)),
		LastUsed:      stamp(used.At),
		LastUsedKnown: used.Known,
	}
	switch {
	case id.User != nil:
		w.ID, w.Tags = id.User.ID, id.User.Tags
		w.Unknown = jsonNames(missing(id.User.Known, userFacts))
		w.Credentials = newWireCredentials(&id.User.Credentials, id.User.Known)
	case id.Role != nil:
		w.ID, w.Tags = id.Role.ID, id.Role.Tags
		w.Unknown = jsonNames(missing(id.Role.Known, roleFacts))
	}
	if id.Type == nhi.TypeRole {
		w.Trust = newWireTrust(id.Trust)
	}
	w.Classification = newWireClassification(&id.Classification, threshold)
	return w
}

func newWireClassification(c *nhi.Classification, threshold float64) wireClassification {
	confidence := Confidence(c.Confidence)
	w := wireClassification{
		Verdict:    c.Verdict,
		IsNHI:      confidence >= threshold,
		Confidence: confidence,
		Coverage:   Confidence(c.Coverage),
		Category:   c.Category,
		Detail:     c.Detail,
		Signals:    make([]wireSignal, len(c.Signals)),
		Unseen:     c.Unseen,
	}
	for i, s := range c.Signals {
		w.Signals[i] = wireSignal{Name: s.Name, Family: s.Family, Weight: Confidence(s.Weight), Fact: s.Fact}
	}
	return w
}
