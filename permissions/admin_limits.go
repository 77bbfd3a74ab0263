package permissions

import (
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// limitsOf says in sentences what is kept from an administrator.
func limitsOf(e *effect, terms []term) []string {
	var limits []string
	missing := func(who string, sum *layerSum) {
		if missing := policydoc.AllActions().Subtract(sum.allow.onAll()); missing.Len() > 0 {
			limits = append(limits, fmt.Sprintf("%s do not allow %s.", who, actionsInWords(missing)))
		}
	}
	missing("The identity policies", &e.identity)
	for k := range e.limits {
		l := &e.limits[k]
		if l.kind == PermissionsBoundary {
			missing(fmt.Sprintf("The statements of the permissions boundary %s", l.policies[0].Source.Name), &l.layerSum)
			continue
		}
		missing(fmt.Sprintf("The service control policies of %s", nameOf(l.target)), &l.layerSum)
	}
	for i := range terms {
		if t := &terms[i]; t.statement.deny && t.scope.any().Len() > 0 {
			limits = append(limits, t.limit())
		}
	}
	return limits
}

// limit says what a Deny statement denies.
func (t *term) limit() string {
	var b strings.Builder
	what := actionsInWords(t.scope.any())
	fmt.Fprintf(&b, "Statement %d of %s denies %s", t.statement.number, describe(t.policy), what)
	switch {
	case t.not:
		b.WriteString(" on everything but " + inWords(t.patterns, "resources"))
	case t.scope.named.Len() > 0:
		b.WriteString(" on " + inWords(t.patterns, "resources"))
	}
	if t.holds == maybe {
		b.WriteString(", depending on " + inWords(t.keys, "condition keys"))
	}
	b.WriteByte('.')
	return b.String()
}

// actionsInWords names a few actions and counts many.
func actionsInWords(s policydoc.ActionSet) string {
	const most = 3
	n := s.Len()
	if n > most {
		service := ""
		for found := range s.Services() {
			if service != "" {
				return fmt.Sprintf("%d actions", n)
			}
			service = found.Prefix
		}
		return fmt.Sprintf("%d actions of %s", n, service)
	}
	names := make([]string, 0, most)
	for a := range s.All() {
		names = append(names, a.String())
	}
	return inWords(names, "actions")
}

// inWords lists a few words and counts many.
func inWords(words []string, what string) string {
	switch n := len(words); {
	case n > 3:
		return fmt.Sprintf("%s, %s and %d more %s", words[0], words[1], n-2, what)
	case n > 1:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	case n == 1:
		return words[0]
	}
	return "no " + what
}
