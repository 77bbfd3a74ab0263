package nhi

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

// Options changes how Classify works. The zero value is the default.
type Options struct {
	// Now is the time that ages are reckoned from; zero is the time at which the
	// account was read, and when that is not known either, the latest time that
	// the account tells of.
	Now time.Time
	// Signals are the weights and word lists; nil is DefaultSignals().
	Signals *Signals
	// Trust names further AWS accounts; they come before those of Signals. Nil is none.
	Trust *trust.Options
}

// Classify tells the human from the non-human identities of an account. It
// changes nothing of the account, and the same account, options and time give
// the same report. The report holds every user and role; its gaps are the
// account's and one for each trust policy that cannot be understood.
func Classify(a *nhiscan.Account, opts *Options) *Report {
	c, trustOptions := newClassifier(a, opts)
	users := make([]Classification, len(a.Users))
	for i := range a.Users {
		users[i] = c.user(&a.Users[i])
	}
	roles := make([]roleWork, len(a.Roles))
	for i := range a.Roles {
		roles[i] = c.role(&a.Roles[i], trustOptions)
	}
	report := &Report{Account: a, Time: c.now, Gaps: slices.Concat(a.Gaps, c.malformed(roles))}
	report.Identities = make([]Identity, 0, len(users)+len(roles))
	for i := range users {
		u := &a.Users[i]
		report.Identities = append(report.Identities, Identity{Type: TypeUser, Name: u.Name, ARN: u.ARN, User: u, Classification: users[i]})
	}
	inherited := c.inherit(users, roles)
	for i := range roles {
		w := &roles[i]
		report.Identities = append(report.Identities, Identity{
			Type: TypeRole, Name: w.role.Name, ARN: w.role.ARN, Role: w.role, Trust: w.trust,
			Classification: w.finish(inherited[i]),
		})
	}
	slices.SortStableFunc(report.Identities, func(a, b Identity) int {
		return cmp.Or(cmp.Compare(a.ARN, b.ARN), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name))
	})
	return report
}

func newClassifier(a *nhiscan.Account, opts *Options) (*classifier, *trust.Options) {
	if opts == nil {
		opts = &Options{}
	}
	c := &classifier{account: a, signals: opts.Signals, now: opts.Now}
	if c.signals == nil {
		c.signals = DefaultSignals()
	}
	if c.now.IsZero() {
		c.now = a.CollectedAt
	}
	if c.now.IsZero() {
		c.now = latest(a)
	}
	c.policies = newPolicyIndex(a, c.signals)
	return c, c.signals.trustOptions(opts.Trust)
}

// trustOptions adds the accounts that the signals name to the caller's.
func (s *Signals) trustOptions(given *trust.Options) *trust.Options {
	if given == nil {
		given = &trust.Options{}
	}
	if len(s.accounts) == 0 {
		return given
	}
	merged := *given
	merged.Accounts = maps.Clone(s.accounts)
	maps.Copy(merged.Accounts, given.Accounts)
	return &merged
}

// inherit adds to each role what those who can assume it say, and returns who
// that is. Roles that nobody with a verdict can assume are taken at their own
// name, and then those that they in turn can assume take after them.
func (c *classifier) inherit(users []Classification, roles []roleWork) []side {
	inherited := make([]side, len(roles))
	if !slices.ContainsFunc(roles, func(w roleWork) bool { return len(w.open) > 0 }) {
		return inherited
	}
	g := c.link(users, roles)
	g.spread()
	for i := range roles {
		if node := len(users) + i; g.sides[node] == 0 && len(roles[i].open) > 0 {
			g.fixed[node] = sideOf(roles[i].nameVerdict())
		}
	}
	g.spread()
	all := g.readExamples()
	for i := range roles {
		if len(roles[i].open) > 0 {
			node := int32(len(users) + i)
			_, trustsAccount := slices.BinarySearch(g.trusting, node)
			a := g.of(node, trustsAccount, all)
			roles[i].readAssumers(a)
			inherited[i] = a.particular
		}
	}
	return inherited
}

// malformed returns a gap for each trust policy that cannot be understood and
// that the account has no such gap about.
func (c *classifier) malformed(roles []roleWork) []nhiscan.Gap {
	known := map[string]bool{}
	for _, gap := range c.account.Gaps {
		known[gap.Resource] = known[gap.Resource] || gap.Code == nhiscan.GapMalformed
	}
	var gaps []nhiscan.Gap
	for i := range roles {
		if role := roles[i].role; roles[i].unreadable() && !known[role.ARN] && !known[role.Name] {
			gaps = append(gaps, nhiscan.Gap{
				Operation: "iam:GetRole", Resource: role.ARN, Code: nhiscan.GapMalformed,
				Message: fmt.Sprintf("role %s: the trust policy cannot be read: %v", role.Name, roles[i].trust.Err),
			})
		}
	}
	return gaps
}
