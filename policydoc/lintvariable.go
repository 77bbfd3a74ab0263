package policydoc

import (
	"slices"
	"strings"
)

// withoutVariables returns s with a star in place of each policy variable, so
// that what is left can be split and matched.
func withoutVariables(s string) string {
	if !strings.Contains(s, "${") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, after, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("${" + rest)
			return b.String()
		}
		b.WriteByte('*')
		s = after
	}
}

// variables looks at the policy variables of a value. Where they are not
// supported they stand for themselves.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html.
func (l *linter) variables(at place, text string, supported bool) {
	if !strings.Contains(text, "${") {
		return
	}
	switch {
	case !supported:
		l.report(ruleVariableElement, at, "a policy variable does not work here and is taken literally", "use it in Resource, or in a condition with a String or ARN operator")
		return
	case l.doc.Version != Version2012:
		l.report(ruleVariableVersion, at, "policy variables are taken literally without Version 2012-10-17", `write "Version": "2012-10-17"`)
		return
	}
	for rest := text; ; {
		_, after, ok := strings.Cut(rest, "${")
		if !ok {
			return
		}
		name, remaining, closed := strings.Cut(after, "}")
		if !closed {
			l.report(ruleMalformedVariable, at, "a policy variable has no closing brace", `write it as ${key}; a literal "${" is "${$}{"`)
			return
		}
		l.variable(at, name)
		rest = remaining
	}
}

// variable looks at what stands between the braces of a policy variable.
func (l *linter) variable(at place, inner string) {
	if slices.Contains([]string{"*", "?", "$"}, inner) {
		return
	}
	name, fallback, hasDefault := strings.Cut(inner, ",")
	name = strings.TrimRight(name, " ")
	fallback = strings.TrimSpace(fallback)
	switch {
	case name == "":
		l.report(ruleMalformedVariable, at, "a policy variable is empty", "name a condition key, as in ${aws:username}")
	case hasDefault && !isDefaultValue(fallback):
		l.report(ruleMalformedVariable, at, "the default of a policy variable is not in single quotes", "write ${key, 'default'}")
	case strings.ContainsAny(name, " \t{$"):
		l.report(ruleMalformedVariable, at, quoted(name)+" can't be the name of a policy variable", "name a condition key, as in ${aws:username}")
	case !l.isKey(name):
		l.report(ruleUnknownVariable, at, "the policy variable "+quoted(name)+" names no condition key", l.keyFix(name))
	}
}

// isDefaultValue reports whether s is in single quotes and has none inside.
func isDefaultValue(s string) bool {
	return len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'' && !strings.Contains(s[1:len(s)-1], "'")
}
