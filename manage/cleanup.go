package manage

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
)

// CleanupOptions says what counts as unused. Nil means the zero value.
type CleanupOptions struct {
	// UnusedFor is how long something has not been used. 0: 90 days.
	UnusedFor time.Duration
	// Keep says why the user or role with the ARN is to be left as it is, in words
	// that follow "unused, in part or whole, and": such as "it is for emergencies",
	// where nobody uses it until there is one. Empty: it is not. Nil: none.
	Keep func(arn string) string
}

// DefaultUnusedFor is the time of [CleanupOptions] where it says none.
const DefaultUnusedFor = 90 * 24 * time.Hour

// A Cleanup is what could be deactivated or deleted, because nobody uses it.
type Cleanup struct {
	// Proposals are by the ARN of the user or role, in the order in which they are to be applied.
	Proposals []Proposal
	// LeftOut is what was not judged, or is not touched though it is unused; sorted by ARN.
	LeftOut []LeftOut
}

// A Proposal is a change with the reason for it.
type Proposal struct {
	Change Change
	// Reason says in a sentence why.
	Reason string
	// UnusedSince is when what the change is about was last used, or was made when it
	// never was: the change is only to be made if that is still so, which
	// [Proposal.StillUnused] tells. Zero: it is to be made whether used or not.
	UnusedSince time.Time
}

// A LeftOut is something that nothing is proposed for.
type LeftOut struct {
	// ARN is that of the user or role; "*" for what could not be read of the account.
	ARN string
	// Reason says in a sentence why not.
	Reason string
}

// ProposeCleanup proposes what to do about the users, roles, access keys and
// passwords of the account that have not been used for some time, as of now. It
// is a pure function. The account needs the details of credentials:
// [github.com/nhiscan/nhiscan/collect.Options] with Detail.
//
// Everything is deactivated before it is deleted, in two runs: an active key is made
// inactive; the next run proposes to delete it. A user or role gets AWS's
// policy AWSDenyAll, and is deleted in a later run if it is still unused. A
// password can only be deleted. AWS does not tell when something was deactivated:
// leave some weeks between two runs.
//
// Nothing is proposed on a guess: what is not known to be unused is in LeftOut with
// the reason, as is what is never touched: roles of AWS services and of IAM Identity
// Center, the root user, and what Keep keeps. AWS tells of no use of SSH public
// keys, signing certificates and service-specific credentials, so that a user with an
// active one is left out too. Resources that name a user or role in their own policies
// are not seen.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html
func ProposeCleanup(a *nhiscan.Account, now time.Time, opts *CleanupOptions) *Cleanup {
	if opts == nil {
		opts = &CleanupOptions{}
	}
	c := &cleanup{account: a, now: now, unusedFor: opts.UnusedFor, keep: opts.Keep, denyAll: denyAllARN(a.Partition), said: map[string]bool{}}
	if c.unusedFor <= 0 {
		c.unusedFor = DefaultUnusedFor
	}
	c.cutoff = now.Add(-c.unusedFor)
	for i := range a.Users {
		c.user(&a.Users[i])
	}
	for i := range a.Roles {
		c.role(&a.Roles[i])
	}
	c.root()
	c.gaps()
	slices.SortStableFunc(c.found.LeftOut, func(x, y LeftOut) int {
		return cmp.Or(strings.Compare(x.ARN, y.ARN), strings.Compare(x.Reason, y.Reason))
	})
	c.found.LeftOut = slices.Compact(c.found.LeftOut)
	return &c.found
}

// denyAllARN is that of AWS's policy that denies everything.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSDenyAll.html
func denyAllARN(partition string) string {
	return "arn:" + cmp.Or(partition, "aws") + ":iam::aws:policy/AWSDenyAll"
}

type cleanup struct {
	account   *nhiscan.Account
	now       time.Time
	cutoff    time.Time
	unusedFor time.Duration
	keep      func(arn string) string
	denyAll   string
	found     Cleanup
	// said are those of whom it was said what is not known.
	said map[string]bool
}

func (c *cleanup) propose(change Change, since time.Time, reason string, args ...any) {
	c.found.Proposals = append(c.found.Proposals, Proposal{Change: change, UnusedSince: since.UTC(), Reason: fmt.Sprintf(reason, args...)})
}

func (c *cleanup) leaveOut(arn, reason string, args ...any) {
	c.found.LeftOut = append(c.found.LeftOut, LeftOut{arn, fmt.Sprintf(reason, args...)})
}

// unused reports whether something that was last used, or made, at the time counts as unused.
func (c *cleanup) unused(at time.Time) bool { return at.Before(c.cutoff) }

// denied reports whether the policies are those of somebody who was deactivated.
func (c *cleanup) denied(policies []nhiscan.AttachedPolicy) bool {
	return slices.ContainsFunc(policies, func(p nhiscan.AttachedPolicy) bool { return p.ARN == c.denyAll })
}

// kept reports whether the identity is to be left as it is.
func (c *cleanup) kept(arn string) bool { return c.keep != nil && c.keep(arn) != "" }

// leaveKept says why an identity is left as it is for which something was found.
func (c *cleanup) leaveKept(arn string) {
	c.leaveOut(arn, "unused, in part or whole, and %s", c.keep(arn))
}

// root says of the root user's keys what can be said.
func (c *cleanup) root() {
	if c.account.Root != nil && len(c.account.Root.AccessKeys) > 0 {
		c.leaveOut(c.account.Root.ARN, "the root user has access keys: only the root user can delete them, and should")
	}
}

// gaps says what of the account could not be read and bears on its whole.
func (c *cleanup) gaps() {
	for _, g := range c.account.Gaps {
		if g.Resource == "*" || g.Resource == "" {
			c.leaveOut("*", "not all of the account was read: %s: %s: %s", g.Operation, g.Code, g.Message)
		}
	}
}

// unread says which facts of an identity are not known, and why, where a gap tells.
func (c *cleanup) unread(arn, name string, missing nhiscan.Facts) {
	if c.said[arn] {
		return
	}
	c.said[arn] = true
	reason := "not known of it: " + strings.Join(missing.Names(), ", ")
	for _, g := range c.account.Gaps {
		if g.Resource == arn || g.Resource == name {
			reason += fmt.Sprintf(" (%s: %s)", g.Operation, g.Code)
			break
		}
	}
	c.leaveOut(arn, "%s", reason)
}
