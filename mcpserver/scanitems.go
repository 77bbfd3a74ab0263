package mcpserver

import (
	"bytes"
	"crypto/rand"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/redact"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/nhi"
)

// An itemList is the identities of a page of a list.
type itemList struct {
	view       *render.Scan
	identities []*nhi.Identity
	// kept are the items as clean JSON, to stand in place of [keptMark]; nil when
	// they are encoded with the rest of the answer.
	kept [][]byte
}

// JSONSchema implements [toolschema.Describer].
func (itemList) JSONSchema() *toolschema.Schema {
	return &toolschema.Schema{Type: "array", Items: identityItem{}.JSONSchema()}
}

// MarshalJSONTo implements json.MarshalerTo.
func (l itemList) MarshalJSONTo(enc *jsontext.Encoder) error {
	if l.kept != nil {
		return enc.WriteToken(jsontext.String(keptMark))
	}
	items := make([]identityItem, len(l.identities))
	for i, id := range l.identities {
		items[i] = newIdentityItem(id, l.view.Threshold, l.view.Permissions[id.ARN])
	}
	return json.MarshalEncode(enc, items)
}

// keptMark stands for the kept items until the rest has been encoded and cleaned.
// Nobody outside can know it.
var keptMark = "kept-" + rand.Text()

// putKept puts the kept items where their mark is.
func putKept(text []byte, kept [][]byte) []byte {
	before, after, _ := bytes.Cut(text, []byte(`"`+keptMark+`"`))
	length := len(text)
	for _, item := range kept {
		length += len(item) + len(",")
	}
	whole := append(append(make([]byte, 0, length), before...), '[')
	for i, item := range kept {
		if i > 0 {
			whole = append(whole, ',')
		}
		whole = append(whole, item...)
	}
	return append(append(whole, ']'), after...)
}

// A keeper is a result with items that are encoded and cleaned already; nil when
// they are not.
type keeper interface{ keptItems() [][]byte }

func (r scanResult) keptItems() [][]byte    { return r.Identities.kept }
func (r listNHIResult) keptItems() [][]byte { return r.Identities.kept }

// keptItems has the items of a scan's identities as clean JSON, by the identity.
type keptItems struct{ sync.Map }

// items returns the list for an answer. What a scan keeps is as the server's own
// redactor leaves it, and serves calls that have no secrets of their own.
func (c *call) items(s *scan, view *render.Scan, list []*nhi.Identity) (itemList, error) {
	l := itemList{view: view, identities: list}
	if c.redactor != c.server.redactor {
		return l, nil
	}
	items := &s.items[0]
	if view.Permissions != nil {
		items = &s.items[1]
	}
	kept := make([][]byte, len(list))
	for i, id := range list {
		confidence := render.Confidence(id.Confidence)
		if (confidence >= view.Threshold) != (confidence >= answer.DefaultThreshold) {
			return l, nil // is_nhi is another than in what is kept
		}
		var err error
		if kept[i], err = items.of(view, id, c.redactor); err != nil {
			return l, err
		}
	}
	l.kept = kept
	return l, nil
}

func (k *keptItems) of(view *render.Scan, id *nhi.Identity, r *redact.Redactor) ([]byte, error) {
	if text, ok := k.Load(id); ok {
		return text.([]byte), nil
	}
	text, err := json.Marshal(newIdentityItem(id, answer.DefaultThreshold, view.Permissions[id.ARN]), jsonOptions)
	if err == nil {
		text, err = clean(text, r)
	}
	if err != nil {
		return nil, err
	}
	k.Store(id, bytes.Clone(text))
	return text, nil
}
