package manage

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

// refuseGaps refuses a change of which something that was not read could make
// another than it seems. A change that only takes away is the same with whatever
// else there is.
func (c *comparison) refuseGaps(narrows bool) {
	if narrows || len(c.p.edits) == 0 {
		return
	}
	for _, g := range c.before.account.Gaps {
		if g.Operation == opAuthorizationDetails {
			c.p.unjudged(g)
		}
	}
	var gaps []nhiscan.Gap
	for _, s := range []*side{&c.before, &c.after} {
		for _, arn := range c.everyone() {
			if c.concerned[arn] {
				gaps = append(gaps, s.analysis.Unresolved(arn)...)
			}
		}
	}
	v := verdict{say: c.p.refuse, code: RiskUnjudged}
	for i, g := range gaps {
		if !slices.Contains(gaps[:i], g) {
			v.add("what the change makes of permissions cannot be judged: %s (%s)", g.Message, g.Operation)
		}
	}
	v.close("parts of those whom it is about were not read")
}

func (p *planner) unjudged(g nhiscan.Gap) {
	p.refuse(RiskUnjudged, "what the change makes of permissions cannot be judged: %s", words(g))
}

// refuseUnread refuses because the account was not read.
func (p *planner) refuseUnread(what string) {
	p.refuse(RiskUnjudged, "%s cannot be told: %s", what, p.unreadReason())
}

func (p *planner) unreadReason() string {
	if p.unread == nil {
		return "it is not in the account as it was read; allow " + opAuthorizationDetails
	}
	return words(*p.unread)
}

// words says what was not read and what permission reads it.
func words(g nhiscan.Gap) string {
	return g.Message + " (" + g.Code + "); the credentials need " + g.Operation
}
