package manage

import (
	"slices"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// relaxed returns the account without what keeps a way to more permissions closed
// for a while only: that a user has two access keys or an MFA device, that a role is
// in no instance profile, that a policy has as many versions as it can have. Else two
// harmless changes, such as a grant and then the deletion of a key, would open it.
//
// Policies for which the change itself makes room are left as they are, by ARN.
func relaxed(a *nhiscan.Account, roomMade []string) *nhiscan.Account {
	c := newDraft(a).account
	for i := range c.Users {
		c.Users[i].Credentials = nhiscan.Credentials{}
		c.Users[i].Known &^= nhiscan.FactPassword | nhiscan.FactAccessKeys | nhiscan.FactMFADevices
	}
	for i := range c.Roles {
		if r := &c.Roles[i]; len(r.InstanceProfiles) == 0 {
			r.Known &^= nhiscan.FactInstanceProfiles
		}
	}
	for i := range c.Policies {
		if p := &c.Policies[i]; len(p.Versions) >= maxVersions && !slices.Contains(roomMade, p.ARN) {
			p.Versions = withRoom(p)
		}
	}
	return c
}

// roomMade returns the policies that could have no further version, and can now.
func roomMade(before, after *nhiscan.Account, changed []string) []string {
	return without(changed, func(arn string) bool {
		b, had := before.Policy(arn)
		a, has := after.Policy(arn)
		return !had || !has || len(b.Versions) < maxVersions || len(a.Versions) >= maxVersions
	})
}

// withRoom makes one of two versions that are not in force when there is room for no
// other: what both of them allow, and nothing that they deny.
func withRoom(p *nhiscan.ManagedPolicy) []nhiscan.PolicyVersion {
	notDefault := func(v nhiscan.PolicyVersion) bool { return !v.Default && v.ID != p.DefaultVersionID }
	kept := slices.Clone(p.Versions)
	for len(kept) >= maxVersions {
		first := slices.IndexFunc(kept, notDefault)
		if first < 0 {
			return kept
		}
		rest := slices.IndexFunc(kept[first+1:], notDefault)
		if rest < 0 {
			return slices.Delete(kept, first, first+1)
		}
		second := first + 1 + rest
		kept[first].Document = bothAllow(kept[first].Document, kept[second].Document)
		kept = slices.Delete(kept, second, second+1)
	}
	return kept
}

func bothAllow(documents ...nhiscan.PolicyDocument) nhiscan.PolicyDocument {
	both := policydoc.Document{Version: policydoc.Version2012}
	for _, d := range documents {
		doc, err := d.Parse()
		if err != nil {
			continue
		}
		for _, s := range doc.Statements {
			if s.Effect == policydoc.Allow {
				s.SID = ""
				both.Statements = append(both.Statements, s)
			}
		}
	}
	return nhiscan.NewPolicyDocument(both.String())
}
