package manage

import (
	"fmt"
	"time"

	"github.com/nhiscan/nhiscan"
)

// When AWS began to track uses: what was never used since may have been before.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
var (
	passwordsTracked = time.Date(2014, time.October, 20, 0, 0, 0, 0, time.UTC)
	keysTracked      = time.Date(2015, time.April, 22, 0, 0, 0, 0, time.UTC)
)

// Facts without which it is not known whether a user is unused.
const (
	useFacts  = nhiscan.FactAccessKeys | nhiscan.FactPassword | nhiscan.FactPasswordLastUsed
	moreFacts = nhiscan.FactSigningCertificates | nhiscan.FactSSHPublicKeys | nhiscan.FactServiceSpecificCredentials | nhiscan.FactAttachedPolicies
)

// user proposes what is to be done about a user and its credentials.
func (c *cleanup) user(u *nhiscan.User) {
	before := len(c.found.Proposals)
	since, unused := c.userUnused(u)
	if unused && c.denied(u.AttachedPolicies) && !u.Password.Enabled && !hasActiveKey(u) {
		c.propose(DeleteUser{UserName: u.Name, Force: true}, since,
			"User %s, which AWSDenyAll keeps from everything, %s.", u.Name, c.neverSince(since, lastUse(u), u.CreateDate))
	} else {
		c.credentials(u)
		if unused && !c.denied(u.AttachedPolicies) {
			c.propose(AttachUserPolicy{UserName: u.Name, PolicyARN: c.denyAll}, since,
				"User %s %s: AWSDenyAll keeps it from everything until it is deleted.", u.Name, c.neverSince(since, lastUse(u), u.CreateDate))
		}
	}
	if c.kept(u.ARN) && len(c.found.Proposals) > before {
		c.found.Proposals = c.found.Proposals[:before]
		c.leaveKept(u.ARN)
	}
}

// userUnused reports whether nothing of the user has been used, and since when.
func (c *cleanup) userUnused(u *nhiscan.User) (time.Time, bool) {
	since := u.CreateDate
	unknown := u.CreateDate.IsZero() || !u.Known.Has(useFacts)
	for _, k := range u.AccessKeys {
		unknown = unknown || !k.LastUsed.Known || k.CreateDate.IsZero()
		since = latest(since, k.CreateDate, k.LastUsed.At)
	}
	if u.Password.Enabled {
		unknown = unknown || !u.Password.LastUsed.Known || u.Password.LastChanged.IsZero()
	}
	since = latest(since, u.Password.LastUsed.At, u.Password.LastChanged)
	for _, d := range u.MFADevices {
		since = latest(since, d.EnableDate)
	}
	switch {
	case !c.unused(since):
		if since.Equal(u.CreateDate) && !unknown {
			c.leaveOut(u.ARN, "it was created on %s: too new to be called unused", day(u.CreateDate))
		}
		return since, false
	case !u.Known.Has(useFacts | moreFacts):
		c.unread(u.ARN, u.Name, (useFacts|moreFacts)&^u.Known)
		return since, false
	case unknown:
		c.leaveOut(u.ARN, "when it was last used is not known in whole")
		return since, false
	}
	if what := untracked(u, c.now); what != "" {
		c.leaveOut(u.ARN, "it has an active %s, and AWS does not tell when that was last used", what)
		return since, false
	}
	if lastUse(u).At.IsZero() {
		since = latest(since, keysTracked)
	}
	return since, c.unused(since)
}

// untracked names an active credential whose use AWS does not tell; empty for none.
func untracked(u *nhiscan.User, now time.Time) string {
	for _, k := range u.SSHPublicKeys {
		if k.Active {
			return "SSH public key"
		}
	}
	for _, s := range u.SigningCertificates {
		if s.Active {
			return "signing certificate"
		}
	}
	for _, s := range u.ServiceSpecificCredentials {
		if s.Active && (s.ExpirationDate.IsZero() || s.ExpirationDate.After(now)) {
			return "credential for " + s.Service
		}
	}
	return ""
}

// credentials proposes what is to be done about single credentials of a user.
func (c *cleanup) credentials(u *nhiscan.User) {
	if u.Known.Has(nhiscan.FactAccessKeys) {
		for i := range u.AccessKeys {
			c.key(u, &u.AccessKeys[i])
		}
	} else {
		c.unread(u.ARN, u.Name, nhiscan.FactAccessKeys)
	}
	if u.Known.Has(nhiscan.FactPassword | nhiscan.FactPasswordLastUsed) {
		c.password(u)
	} else if !u.Known.Has(nhiscan.FactPassword) || u.Password.Enabled {
		c.unread(u.ARN, u.Name, (nhiscan.FactPassword|nhiscan.FactPasswordLastUsed)&^u.Known)
	}
}

func (c *cleanup) key(u *nhiscan.User, k *nhiscan.AccessKey) {
	since := latest(k.CreateDate, k.LastUsed.At)
	switch {
	case !c.unused(since):
		return
	case !k.LastUsed.Known:
		c.leaveOut(u.ARN, "when access key %s was last used is not known", keyName(k))
		return
	case k.CreateDate.IsZero():
		c.leaveOut(u.ARN, "when access key %s was created is not known", keyName(k))
		return
	case k.ID == "":
		c.leaveOut(u.ARN, "its access key created on %s %s, and its id was not read", day(k.CreateDate), c.neverSince(since, k.LastUsed, k.CreateDate))
		return
	}
	since = latest(since, keysTracked)
	if k.Active {
		c.propose(UpdateAccessKey{UserName: u.Name, AccessKeyID: k.ID, Status: "Inactive"}, since,
			"Access key %s of user %s %s.", k.ID, u.Name, c.neverSince(since, k.LastUsed, k.CreateDate))
		return
	}
	c.propose(DeleteAccessKey{UserName: u.Name, AccessKeyID: k.ID}, since,
		"Access key %s of user %s is inactive and %s.", k.ID, u.Name, c.neverSince(since, k.LastUsed, k.CreateDate))
}

func keyName(k *nhiscan.AccessKey) string {
	if k.ID != "" {
		return k.ID
	}
	return "with unread id"
}

func (c *cleanup) password(u *nhiscan.User) {
	p := u.Password
	since := latest(p.LastUsed.At, p.LastChanged)
	switch {
	case !p.Enabled:
	case !p.LastUsed.Known || p.LastChanged.IsZero():
		// A password may be younger than its user, and than the use of one before it.
		if c.unused(latest(since, u.CreateDate)) {
			c.leaveOut(u.ARN, "when its console password was set or last used is not known: the credential report tells")
		}
	case c.unused(since):
		since = latest(since, passwordsTracked)
		c.propose(DeleteLoginProfile{UserName: u.Name}, since,
			"The console password of user %s %s. IAM knows no inactive password: deleting it is its deactivation.", u.Name, c.neverSince(since, p.LastUsed, p.LastChanged))
	}
}

// neverSince says how long something has not been used, as the end of a sentence.
func (c *cleanup) neverSince(since time.Time, use nhiscan.LastUse, made time.Time) string {
	var words string
	switch {
	case use.At.IsZero() && since.Equal(made):
		words = "was made on " + day(made) + " and never used"
	case use.At.IsZero() && (since.Equal(keysTracked) || since.Equal(passwordsTracked)):
		words = "was never used since AWS tracks it, from " + day(since)
	case use.At.IsZero():
		words = "was never used, and last changed on " + day(since)
	case since.After(use.At):
		words = "was last used on " + day(use.At) + " and last changed on " + day(since)
	default:
		words = "was last used on " + day(use.At)
	}
	return fmt.Sprintf("%s (%d days ago)", words, days(c.now.Sub(since)))
}

// lastUse is the last use of anything of the user's.
func lastUse(u *nhiscan.User) nhiscan.LastUse {
	last := u.Password.LastUsed
	for _, k := range u.AccessKeys {
		if k.LastUsed.At.After(last.At) {
			last = k.LastUsed
		}
	}
	return last
}

func hasActiveKey(u *nhiscan.User) bool {
	for _, k := range u.AccessKeys {
		if k.Active {
			return true
		}
	}
	return false
}

func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}
