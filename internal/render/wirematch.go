package render

import (
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// The types of this file are the parts of published JSON that name policies,
// statements and conditions.

// A wirePolicy says where a policy is.
type wirePolicy struct {
	Type   permissions.PolicyType `json:"type"`
	Name   string                 `json:"name"`
	ARN    string                 `json:"arn"`
	Holder string                 `json:"holder"`
	Target string                 `json:"target,omitempty"`
}

func newWirePolicy(s permissions.Source) wirePolicy {
	return wirePolicy{Type: s.Type, Name: s.Name, ARN: s.ARN, Holder: s.Holder, Target: s.Target}
}

// A wireMatch is a statement that applies, and what it hangs on.
type wireMatch struct {
	Policy    wirePolicy `json:"policy"`
	Statement int        `json:"statement"`
	SID       string     `json:"sid"`
	DependsOn []string   `json:"depends_on"`
}

func newWireMatch(m permissions.Match) wireMatch {
	return wireMatch{Policy: newWirePolicy(sourceOf(m)), Statement: m.Statement, SID: sidOf(m), DependsOn: m.Keys}
}

func wireMatches(matches []permissions.Match) []wireMatch {
	out := make([]wireMatch, len(matches))
	for i, m := range matches {
		out[i] = newWireMatch(m)
	}
	return out
}

// A wireReason is a statement that applies, with the line on which it begins.
type wireReason struct {
	wireMatch
	// Line is null when the policy's text is not at hand.
	Line *int `json:"line"`
}

func wireReasons(matches []permissions.Match, line LineFunc) []wireReason {
	out := make([]wireReason, len(matches))
	for i, m := range matches {
		out[i].wireMatch = newWireMatch(m)
		if n := line.of(m); n > 0 {
			out[i].Line = &n
		}
	}
	return out
}

type wireMissing struct {
	Type   permissions.PolicyType `json:"type"`
	Target string                 `json:"target"`
}

func wireMissings(missing []permissions.Missing) []wireMissing {
	out := make([]wireMissing, len(missing))
	for i, m := range missing {
		out[i] = wireMissing{m.Type, m.Target}
	}
	return out
}

// levelWord is an access level; one that is not known is none.
func levelWord(level policydoc.AccessLevel) string {
	if level == policydoc.LevelUnknown {
		return "None"
	}
	return string(level)
}
