package permissions

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A template is a text of a policy that may hold policy variables.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html.
type template struct {
	// pattern is the text when there is no variable.
	pattern pattern
	parts   []templatePart // nil without variables
}

// A templatePart is text followed by a variable; the last one may lack the variable.
type templatePart struct {
	text       string
	pattern    pattern // text alone
	variable   *keyRef
	fallback   string // as in ${aws:PrincipalTag/team, 'none'}
	hasDefault bool
}

// newTemplate reads a text of a document of the given version: before 2012-10-17
// there are no variables.
func newTemplate(text string, version policydoc.Version) template {
	if version != policydoc.Version2012 || !hasVariable(text) {
		return template{pattern: newPattern(text)}
	}
	var parts []templatePart
	var literal strings.Builder
	for text != "" {
		before, rest, ok := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			literal.WriteString(text)
			break
		}
		literal.WriteString(before)
		text = after
		switch name {
		case "*":
			literal.WriteByte(literalStar)
		case "?":
			literal.WriteByte(literalQuestion)
		case "$":
			literal.WriteByte('$')
		default:
			part := newVariable(name)
			part.text, part.pattern = literal.String(), newPattern(literal.String())
			parts = append(parts, part)
			literal.Reset()
		}
	}
	if parts == nil {
		return template{pattern: newPattern(literal.String())}
	}
	if literal.Len() > 0 {
		parts = append(parts, templatePart{text: literal.String(), pattern: newPattern(literal.String())})
	}
	return template{parts: parts}
}

// newVariable reads what stands between ${ and }.
func newVariable(name string) templatePart {
	name, fallback, hasDefault := strings.Cut(name, ",")
	key := newKeyRef(strings.TrimSpace(name))
	fallback = strings.TrimSpace(fallback)
	if len(fallback) >= 2 && fallback[0] == '\'' && fallback[len(fallback)-1] == '\'' {
		fallback = fallback[1 : len(fallback)-1]
	}
	return templatePart{variable: &key, fallback: fallback, hasDefault: hasDefault}
}

// A variableState says whether a template's variables have values.
type variableState uint8

const (
	variablesKnown variableState = iota
	// variablesUnknown: a variable's value is not known.
	variablesUnknown
	// variablesMissing: the request has no value, or several, for a variable.
	variablesMissing
)

// expand replaces the variables. Wildcards in their values stand for themselves,
// and a variable whose value is not known becomes a *.
func (t *template) expand(e *environment) (pattern, variableState) {
	if t.parts == nil {
		return t.pattern, variablesKnown
	}
	text, state := appendExpanded(nil, t.parts, e)
	return newPattern(string(text)), state
}

func appendExpanded(text []byte, parts []templatePart, e *environment) ([]byte, variableState) {
	state := variablesKnown
	for i := range parts {
		part := &parts[i]
		text = append(text, part.text...)
		if part.variable == nil {
			continue
		}
		value, s := part.value(e)
		switch s {
		case variablesMissing:
			return text, s
		case variablesUnknown:
			state = s
			text = append(text, '*')
		default:
			text = appendLiteral(text, value)
		}
	}
	return text, state
}

func (part *templatePart) value(e *environment) (string, variableState) {
	if part.variable.lower == "" {
		return "", variablesMissing // ${} names no key, which no request has
	}
	v := e.values(part.variable)
	switch {
	case v.state == keyUnknown:
		return "", variablesUnknown
	case v.len() == 1:
		return v.at(0), variablesKnown
	case v.state == keyAbsent && part.hasDefault:
		return part.fallback, variablesKnown
	}
	return "", variablesMissing
}

// match reports whether the template covers s.
func (t *template) match(e *environment, s string) truth {
	if t.parts == nil {
		return truthOf(t.pattern.match(s))
	}
	for i := range t.parts {
		part := &t.parts[i]
		switch {
		case part.variable == nil:
			return truthOf(part.pattern.match(s))
		case part.pattern.kind != patternLiteral:
			return matchParts(t.parts[i:], e, s)
		}
		rest, ok := strings.CutPrefix(s, part.text)
		if !ok {
			return no
		}
		value, state := part.value(e)
		switch state {
		case variablesMissing:
			return no
		case variablesUnknown:
			return matchParts(t.parts[i:], e, s)
		}
		if s, ok = strings.CutPrefix(rest, value); !ok {
			return no
		}
	}
	return truthOf(s == "")
}

// matchParts reports whether the parts together cover s.
func matchParts(parts []templatePart, e *environment, s string) truth {
	var buffer [256]byte
	text, state := appendExpanded(buffer[:0], parts, e)
	switch {
	case state == variablesMissing, !glob(text, s):
		return no
	case state == variablesUnknown:
		return maybe
	}
	return yes
}

// unknownKeys appends the keys of the variables whose values are not known.
func (t *template) unknownKeys(e *environment, keys []string) []string {
	for i := range t.parts {
		if v := t.parts[i].variable; v != nil && e.values(v).state == keyUnknown {
			keys = append(keys, v.written)
		}
	}
	return keys
}

// display writes an expanded pattern as a policy would have it.
func display(p pattern) string {
	switch p.kind {
	case patternAll:
		return "*"
	case patternPrefix:
		return p.text + "*"
	}
	return displayEscaper.Replace(p.text)
}

var displayEscaper = strings.NewReplacer(string(rune(literalStar)), "${*}", string(rune(literalQuestion)), "${?}")
