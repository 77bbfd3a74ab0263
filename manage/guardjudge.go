package manage

import (
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/permissions"
)

// maxJudged is how many users and roles a plan says one thing of, one by one.
const maxJudged = 10

// A verdict is what there is to say of many: each by itself, up to a number.
type verdict struct {
	say   func(code RiskCode, format string, args ...any)
	code  RiskCode
	count int
}

func (v *verdict) add(format string, args ...any) {
	if v.count++; v.count <= maxJudged {
		v.say(v.code, format, args...)
	}
}

func (v *verdict) close(what string) {
	if more := v.count - maxJudged; more > 0 {
		v.say(v.code, "%d more %s", more, what)
	}
}

// judgeIdentities refuses the change when somebody becomes an administrator or gets
// a way to more permissions.
//
// A way that somebody gets because another can do more now is refused where it ends
// in administrator access or is by a trust policy, and else a risk: it is no grant
// to the one who has it.
func (c *comparison) judgeIdentities() {
	admins := verdict{say: c.p.refuse, code: RiskAdmin}
	ways := verdict{say: c.p.refuse, code: RiskEscalation}
	indirect := verdict{say: c.p.risk, code: RiskEscalation}
	for _, arn := range c.everyone() {
		b, a := c.before.powers[arn], c.after.powers[arn]
		if a == nil {
			continue
		}
		if b == nil {
			b = c.newcomer(arn)
		}
		if why := c.becomesAdmin(b, a); why != "" {
			admins.add("%s %s", c.called(arn), why)
			continue
		}
		if rankOfAdmin(&b.Admin) == 2 {
			continue
		}
		gained := c.gained(b, a)
		if rankOfAdmin(&b.Admin) == 1 && c.concerned[arn] {
			why, more := c.gainedBesides(b)
			if why != "" {
				admins.add("%s %s", c.called(arn), why)
				continue
			}
			gained = append(gained, more...)
		}
		if len(gained) == 0 {
			continue
		}
		e := worst(gained)
		message := fmt.Sprintf("%s can get more permissions: %s", c.called(arn), way(e))
		if more := len(gained) - 1; more > 0 {
			message += fmt.Sprintf("; and in %d other ways", more)
		}
		if c.concerned[arn] || len(c.changed.trust) > 0 || e.Admin {
			ways.add("%s", message)
		} else {
			indirect.add("%s", message)
		}
	}
	admins.close("users and roles become administrators")
	ways.close("users and roles can get more permissions")
	indirect.close("users and roles can get more permissions through those whom the change is about")
}

// gainedBesides says what an administrator under conditions gains for the time that
// they do not hold.
func (c *comparison) gainedBesides(b *permissions.Permissions) (why string, ways []permissions.Escalation) {
	n := c.besides(b.ARN, b.Admin.Grants)
	was, is := n.before.powers[b.ARN], n.after.powers[b.ARN]
	if was == nil || is == nil {
		return "", nil
	}
	if rankOfAdmin(&is.Admin) > rankOfAdmin(&was.Admin) {
		return "is an administrator under conditions, and becomes one while they do not hold: " + howAdmin(&is.Admin), nil
	}
	return "", n.gained(was, is)
}

// rankOfAdmin is 0 for who is none, 1 for who is one under conditions, 2 for who
// always is.
func rankOfAdmin(a *permissions.Admin) int {
	switch {
	case !a.Is():
		return 0
	case len(a.Keys) > 0:
		return 1
	}
	return 2
}

// becomesAdmin says how an identity becomes an administrator; empty when it does not.
func (c *comparison) becomesAdmin(b, a *permissions.Permissions) string {
	was, is := rankOfAdmin(&b.Admin), rankOfAdmin(&a.Admin)
	switch {
	case is > was && was == 1:
		return "becomes an administrator without the conditions that it was one under: " + howAdmin(&a.Admin)
	case is > was:
		return "becomes an administrator" + under(a.Admin.Keys) + ": " + howAdmin(&a.Admin)
	case is == 1 && was == 1 && c.concerned[a.ARN] && c.loosened(a.ARN, a.Admin.Grants):
		return "is an administrator under conditions, and becomes one under others" + ": " + howAdmin(&a.Admin)
	}
	return ""
}

// howAdmin says by what an identity is an administrator.
func howAdmin(a *permissions.Admin) string {
	if a.Escalation != nil {
		return way(a.Escalation)
	}
	var names []string
	for _, m := range a.Grants {
		names = with(names, policyWords(&m.Policy.Source))
	}
	return and(names) + " allows it everything"
}

func policyWords(s *permissions.Source) string {
	switch {
	case s.ARN != "":
		return "policy " + s.Name
	default:
		return "inline policy " + s.Name + " of " + called(s.Holder)
	}
}

func under(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return ", under conditions on " + and(keys)
}

// way says how an escalation goes.
func way(e *permissions.Escalation) string {
	text := e.Path.Name
	if len(e.Hops) > 0 {
		text += " – it " + e.Hops[0].Sentence
	}
	if e.Admin {
		text += ", which ends in administrator access"
	}
	return text + needs(e)
}

func needs(e *permissions.Escalation) string {
	switch {
	case len(e.Needs) > 0:
		return " (if " + strings.Join(e.Needs, ", ") + ")"
	case len(e.Keys) > 0:
		return " (under conditions on " + and(e.Keys) + ")"
	}
	return ""
}

// worst returns the escalation that matters most: one that ends in administrator
// access, is certain, and is short.
func worst(list []permissions.Escalation) *permissions.Escalation {
	rank := func(e *permissions.Escalation) int {
		r := min(e.HopCount(), 1<<10)
		if !e.Admin {
			r += 1 << 20
		}
		if !e.Certain() {
			r += 1 << 16
		}
		return r
	}
	best := &list[0]
	for i := range list {
		if rank(&list[i]) < rank(best) {
			best = &list[i]
		}
	}
	return best
}
