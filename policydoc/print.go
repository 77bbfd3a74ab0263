package policydoc

import (
	"fmt"
	"slices"
)

// String returns the document as canonical JSON: elements in the order of the
// grammar, Statement always a list, a list of one value as the value alone,
// conditions sorted by operator and key, no white space, and no escapes but
// those that JSON demands. What Parse returned prints as text that Parse turns
// into the same document, offsets apart.
//
// A document made by hand is printed as it is, valid or not; [Document.MarshalJSON]
// is the one that checks.
func (d Document) String() string { return string(d.print()) }

// MarshalJSON returns the canonical JSON that String returns. The error is the
// [*ParseError] of reading it back, for a document that is none: a statement
// without Effect, both Action and NotAction, one condition twice. Package
// encoding/json additionally escapes <, > and & in it.
func (d Document) MarshalJSON() ([]byte, error) {
	text := d.print()
	if _, err := Parse(string(text)); err != nil {
		return nil, fmt.Errorf("print policy document: %w", err)
	}
	return text, nil
}

// Equal reports whether a and b are the same document, wherever their statements
// stood in the texts they were parsed from. Order counts, except that of conditions.
func Equal(a, b *Document) bool {
	return a == b || a != nil && b != nil && a.String() == b.String()
}

func (d Document) print() []byte {
	p := printer("{")
	p.optional("Version", string(d.Version))
	p.optional("Id", d.ID)
	p.name("Statement")
	p = append(p, '[')
	for i := range d.Statements {
		if i > 0 {
			p = append(p, ',')
		}
		p.printStatement(&d.Statements[i])
	}
	return append(p, "]}"...)
}

// A printer is the JSON text printed so far.
type printer []byte

func (p *printer) printStatement(s *Statement) {
	*p = append(*p, '{')
	p.optional("Sid", s.SID)
	p.optional("Effect", string(s.Effect))
	p.principal("Principal", s.Principal)
	p.principal("NotPrincipal", s.NotPrincipal)
	p.list("Action", s.Actions)
	p.list("NotAction", s.NotActions)
	p.list("Resource", s.Resources)
	p.list("NotResource", s.NotResources)
	p.conditions(s.Conditions)
	*p = append(*p, '}')
}

func (p *printer) principal(name string, principal *Principal) {
	if principal == nil {
		return
	}
	p.name(name)
	if principal.Everyone {
		p.string("*")
		return
	}
	*p = append(*p, '{')
	p.list("AWS", principal.AWS)
	p.list("Service", principal.Service)
	p.list("Federated", principal.Federated)
	p.list("CanonicalUser", principal.CanonicalUser)
	*p = append(*p, '}')
}

func (p *printer) conditions(conditions []Condition) {
	if conditions == nil {
		return
	}
	if !slices.IsSortedFunc(conditions, compareConditions) {
		conditions = slices.SortedStableFunc(slices.Values(conditions), compareConditions)
	}
	p.name("Condition")
	*p = append(*p, '{')
	for i, c := range conditions {
		if i == 0 || c.Operator != conditions[i-1].Operator {
			if i > 0 {
				*p = append(*p, '}')
			}
			p.name(c.Operator)
			*p = append(*p, '{')
		}
		p.name(c.Key)
		p.values(c.Values)
	}
	if len(conditions) > 0 {
		*p = append(*p, '}')
	}
	*p = append(*p, '}')
}

// optional prints an element that is left out when it is empty.
func (p *printer) optional(name, value string) {
	if value != "" {
		p.name(name)
		p.string(value)
	}
}

// list prints an element that is left out when it is nil, but not when it is empty.
func (p *printer) list(name string, values []string) {
	if values != nil {
		p.name(name)
		p.values(values)
	}
}

func (p *printer) values(values []string) {
	if len(values) == 1 {
		p.string(values[0])
		return
	}
	*p = append(*p, '[')
	for i, value := range values {
		if i > 0 {
			*p = append(*p, ',')
		}
		p.string(value)
	}
	*p = append(*p, ']')
}

// name prints the name of a member, after a comma unless the object just began.
func (p *printer) name(name string) {
	if (*p)[len(*p)-1] != '{' {
		*p = append(*p, ',')
	}
	p.string(name)
	*p = append(*p, ':')
}

func (p *printer) string(s string) {
	const hex = "0123456789abcdef"
	out := append(*p, '"')
	copied := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		out = append(out, s[copied:i]...)
		copied = i + 1
		switch c {
		case '"', '\\':
			out = append(out, '\\', c)
		case '\n':
			out = append(out, `\n`...)
		case '\r':
			out = append(out, `\r`...)
		case '\t':
			out = append(out, `\t`...)
		default:
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xF])
		}
	}
	out = append(out, s[copied:]...)
	*p = append(out, '"')
}
