package nhiscan

import (
	"errors"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// ErrNoDocument is returned for a policy document whose text was not read.
var ErrNoDocument = errors.New("policy document was not read")

// A PolicyDocument is the JSON text of a policy as AWS stores it. It is kept as
// text, because most of an account's policies are never looked at and those that
// are want their positions and spelling; [PolicyDocument.Parse] reads it.
type PolicyDocument struct {
	text string
}

// NewPolicyDocument returns the document with the given JSON text, without the
// white space around it. The text is not checked: Parse does that.
func NewPolicyDocument(text string) PolicyDocument {
	return PolicyDocument{text: strings.Trim(text, " \t\r\n")}
}

// Text returns the JSON text, empty when it was not read.
func (d PolicyDocument) Text() string { return d.text }

// IsZero reports whether there is no text.
func (d PolicyDocument) IsZero() bool { return d.text == "" }

// Parse parses the text. The error is [ErrNoDocument] or a [*policydoc.ParseError].
func (d PolicyDocument) Parse() (*policydoc.Document, error) {
	if d.text == "" {
		return nil, ErrNoDocument
	}
	return policydoc.Parse(d.text)
}
