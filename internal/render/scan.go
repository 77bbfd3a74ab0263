package render

import (
	"math"
	"slices"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
)

// A Scan is a classified account as it is to be shown.
type Scan struct {
	Report *nhi.Report
	// Identities are those of the report that are listed, in the order in which they are listed.
	Identities []*nhi.Identity
	// Ordered says that their order was asked for; otherwise it is that of their ARNs.
	Ordered bool
	// Threshold is the confidence from which an identity counts as non-human (is_nhi).
	Threshold float64
	Filters   Filters
	// Permissions are what the listed identities can do, by ARN; nil when that was not asked for.
	Permissions map[string]*permissions.Permissions
	// Gaps are what the permissions could not take into account, beside the report's.
	Gaps []nhiscan.Gap
}

// AllGaps are the gaps of the report and of the permissions.
func (s *Scan) AllGaps() []nhiscan.Gap {
	if len(s.Gaps) == 0 {
		return s.Report.Gaps
	}
	return append(slices.Clip(s.Report.Gaps), s.Gaps...)
}

// Filters says how the listed identities were chosen. The zero value chose all.
type Filters struct {
	Types      []nhi.IdentityType
	Verdicts   []nhi.Verdict
	Categories []nhi.Category
	PathPrefix string
	// MinConfidence is the least confidence that is listed; nil for any.
	MinConfidence *float64
}

// An Identity is one user or role as it is to be shown.
type Identity struct {
	Account  *nhiscan.Account
	Time     time.Time
	Identity *nhi.Identity
	// Ordered says that their order was asked for; otherwise it is that of their ARNs.
	Ordered bool
	// Threshold is the confidence from which it counts as non-human (is_nhi).
	Threshold float64
	// Gaps are those that concern this identity.
	Gaps []nhiscan.Gap
	// Permissions is what it can do; nil when that was not asked for.
	Permissions *permissions.Permissions
	// Alone says that no other identity was read, so that ways through others are not seen.
	Alone bool
	Line  LineFunc
}

// A Caller is the identity whose credentials are in use.
type Caller struct {
	ARN       string
	AccountID string
	UserID    string
	// Type is root, user, assumed-role or federated-user.
	Type        string
	Name        string
	SessionName string
	Time        time.Time
	// Identity is the user or role behind the credentials; nil when it is
	// neither, or could not be read.
	Identity *Identity
	Gaps     []nhiscan.Gap
}

// Confidence rounds a probability to the four digits that every output shows, so
// that what is compared with a threshold is what is printed. What is not certain
// is not rounded to 0 or 1.
func Confidence(p float64) float64 {
	rounded := math.Round(p*1e4) / 1e4
	switch {
	case rounded == 0 && p > 0:
		return 1e-4
	case rounded == 1 && p < 1:
		return 1 - 1e-4
	}
	return rounded
}

// LastUsed returns when the identity was last used by any means that AWS tells
// of. It is Known only when all of them are; a time in one that is not Known is
// the latest of those that could be read.
func LastUsed(id *nhi.Identity) nhiscan.LastUse {
	if id.User == nil {
		if id.Role == nil || !id.Role.Known.Has(nhiscan.FactRoleLastUsed) {
			return nhiscan.LastUse{}
		}
		return id.Role.LastUsed
	}
	u := id.User
	latest := nhiscan.LastUse{Known: u.Known.Has(nhiscan.FactPassword | nhiscan.FactAccessKeys)}
	see := func(use nhiscan.LastUse) {
		latest.Known = latest.Known && use.Known
		if use.At.After(latest.At) {
			latest.At, latest.Service, latest.Region = use.At, use.Service, use.Region
		}
	}
	// A user without a password has no last use of it to know, unless it was removed since.
	if u.Password.Enabled || u.Password.LastUsed.Known {
		see(u.Password.LastUsed)
	}
	for i := range u.AccessKeys {
		see(u.AccessKeys[i].LastUsed)
	}
	return latest
}

// Created returns when the identity was made; zero when that is not known.
func Created(id *nhi.Identity) time.Time {
	switch {
	case id.User != nil:
		return id.User.CreateDate
	case id.Role != nil:
		return id.Role.CreateDate
	}
	return time.Time{}
}

// Path returns the identity's IAM path, such as "/" or "/service-role/".
func Path(id *nhi.Identity) string {
	switch {
	case id.User != nil:
		return id.User.Path
	case id.Role != nil:
		return id.Role.Path
	}
	return ""
}

// counts is what a summary tells of the listed identities.
type counts struct {
	users, roles int
	verdicts     map[nhi.Verdict]int
	categories   map[nhi.Category]int
}

func (s *Scan) counts() counts {
	c := counts{verdicts: map[nhi.Verdict]int{}, categories: map[nhi.Category]int{}}
	for _, id := range s.Identities {
		if id.Type == nhi.TypeUser {
			c.users++
		} else {
			c.roles++
		}
		c.verdicts[id.Verdict]++
		c.categories[id.Category]++
	}
	return c
}
