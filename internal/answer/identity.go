package answer

import (
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
)

// Identity says everything about one user or role, withPermissions also what it
// can do. Its gaps are those of the account that concern it. The errors are those
// of [Query.Locate].
func (s *Subject) Identity(q *Query, withPermissions bool) (*render.Identity, error) {
	arn, err := q.Locate(s.account)
	if err != nil {
		return nil, err
	}
	identities := s.Report().Identities
	for i := range identities {
		if identities[i].ARN == arn {
			return s.identity(&identities[i], withPermissions), nil
		}
	}
	return nil, q.missing(s.account)
}

func (s *Subject) identity(id *nhi.Identity, withPermissions bool) *render.Identity {
	shown := &render.Identity{
		Account: s.account, Time: s.Report().Time, Identity: id, Threshold: s.opts.Threshold, Alone: s.opts.Alone,
	}
	for _, gap := range s.Report().Gaps {
		if Concerns(gap, id) {
			shown.Gaps = append(shown.Gaps, gap)
		}
	}
	if !withPermissions {
		return shown
	}
	if can, ok := s.Analysis().Identity(id.ARN); ok {
		shown.Permissions = can
		shown.Gaps = append(shown.Gaps, Without(can.Unresolved, shown.Gaps)...)
		shown.Line = Lines(s.account, nil)
	}
	return shown
}

// Caller says everything about the identity whose credentials are in use. The
// Now of the options is the time at which that was asked; ages are reckoned from
// when the identity was read. Options may be nil.
func Caller(who *collect.CallerIdentity, opts *Options) *render.Caller {
	known := Options{}
	if opts != nil {
		known = *opts
	}
	caller := &render.Caller{
		ARN: who.ARN, AccountID: who.AccountID, UserID: who.UserID, Type: string(who.Type),
		Name: who.Name, SessionName: who.SessionName, Time: known.Now, Gaps: who.Gaps,
	}
	if who.Account == nil {
		return caller
	}
	known.Alone = true
	if !who.Account.CollectedAt.IsZero() {
		known.Now = who.Account.CollectedAt
	}
	s := NewSubject(who.Account, &known)
	if identities := s.Report().Identities; len(identities) > 0 {
		caller.Identity = s.identity(&identities[0], true)
		caller.Gaps = caller.Identity.Gaps
	}
	return caller
}
