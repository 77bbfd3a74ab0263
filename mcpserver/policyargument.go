package mcpserver

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/policydoc"
)

// maxPolicyArgument is the greatest length of a policy document that a call may
// bring. It is many times what AWS takes, so that lint can say what is too long.
const maxPolicyArgument = 128 << 10

// A policyArgument is a policy document: its text, or the JSON object itself.
type policyArgument struct {
	text string
	// asText says that it was given as text, so that places in it mean something.
	asText bool
}

// JSONSchema implements [toolschema.Describer].
func (policyArgument) JSONSchema() *toolschema.Schema {
	return (&toolschema.Schema{Type: []string{"string", "object"}}).Limit(maxPolicyArgument)
}

// UnmarshalJSON implements [json.Unmarshaler]. Text that is percent-encoded, as the
// AWS API has it, is decoded.
func (p *policyArgument) UnmarshalJSON(value []byte) error {
	if len(value) == 0 || value[0] != '"' {
		*p = policyArgument{text: string(value)}
		return nil
	}
	*p = policyArgument{asText: true}
	if err := json.Unmarshal(value, &p.text); err != nil {
		return err
	}
	if strings.HasPrefix(p.text, "%7B") {
		if text, err := policydoc.Decode(p.text); err == nil {
			p.text = text
		}
	}
	return nil
}

func (p policyArgument) given() bool { return p.text != "" }

// check refuses what is far too long, which the schema cannot say of an object.
func (p policyArgument) check(name string) error {
	if len(p.text) > maxPolicyArgument {
		return invalid("%s: the document has %d bytes: this server reads at most %d, and AWS takes at most %d of any IAM policy",
			name, len(p.text), maxPolicyArgument, maxText)
	}
	return nil
}

// parse reads the document. The error names the argument and the place in it.
func (p policyArgument) parse(name string) (*policydoc.Document, error) {
	if err := p.check(name); err != nil {
		return nil, err
	}
	doc, err := policydoc.Parse(p.text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}
