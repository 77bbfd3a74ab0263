package answer

import (
	"sync"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/trust"
)

// DefaultThreshold is the confidence from which an identity counts as non-human.
const DefaultThreshold = 0.5

// Options are what is known beside the account.
type Options struct {
	// Now is the time that ages are reckoned from; zero is the time at which the
	// account was read, as [nhi.Options] has it.
	Now time.Time
	// Signals are the weights and word lists; nil is those that are built in.
	Signals *nhi.Signals
	// Trust names further AWS accounts; nil is none.
	Trust *trust.Options
	// Permissions are the organization's policies; nil when they are not known.
	Permissions *permissions.Options
	// Threshold is the confidence from which an identity counts as non-human. 0: 0.5.
	Threshold float64
	// Alone says that of the account one identity only was read, so that ways
	// through others are not seen.
	Alone bool
}

// A Subject is an account with what is worked out of it, each part once and when
// it is first asked for. It may be used from many goroutines; the account must
// not change meanwhile.
type Subject struct {
	account  *nhiscan.Account
	opts     Options
	report   func() *nhi.Report
	analysis func() *permissions.Analysis
}

// NewSubject returns the account as the subject of questions. It works out
// nothing yet. Options may be nil.
func NewSubject(a *nhiscan.Account, opts *Options) *Subject {
	s := &Subject{account: a}
	if opts != nil {
		s.opts = *opts
	}
	if s.opts.Threshold == 0 {
		s.opts.Threshold = DefaultThreshold
	}
	s.report = sync.OnceValue(func() *nhi.Report {
		return nhi.Classify(a, &nhi.Options{Now: s.opts.Now, Signals: s.opts.Signals, Trust: s.opts.Trust})
	})
	s.analysis = sync.OnceValue(func() *permissions.Analysis { return permissions.New(a, s.opts.Permissions) })
	return s
}

// Account is the account that was given.
func (s *Subject) Account() *nhiscan.Account { return s.account }

// Now is the time that ages are reckoned from.
func (s *Subject) Now() time.Time {
	switch {
	case !s.opts.Now.IsZero():
		return s.opts.Now
	case !s.account.CollectedAt.IsZero():
		return s.account.CollectedAt
	}
	return s.Report().Time
}

// Report is the classification of all users and roles.
func (s *Subject) Report() *nhi.Report { return s.report() }

// Analysis is what they can do.
func (s *Subject) Analysis() *permissions.Analysis { return s.analysis() }
