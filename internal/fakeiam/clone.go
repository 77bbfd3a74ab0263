package fakeiam

import (
	"maps"
	"slices"

	"github.com/nhiscan/nhiscan"
)

// clone returns a copy that shares nothing with the index that can be written to.
func (ix *index) clone() *index {
	return newIndex(cloneAccount(ix.account), ix.beside.clone())
}

func (b beside) clone() beside {
	b.profiles = slices.Clone(b.profiles)
	b.devices = slices.Clone(b.devices)
	b.offered = slices.Clone(b.offered)
	b.profileTags = cloneMap(b.profileTags)
	b.logins = cloneMap(b.logins)
	b.versions = cloneMap(b.versions)
	return b
}

// cloneMap returns a copy that is never nil.
func cloneMap[V any](m map[string]V) map[string]V {
	c := make(map[string]V, len(m))
	maps.Copy(c, m)
	return c
}

func cloneAccount(a *nhiscan.Account) *nhiscan.Account {
	c := *a
	c.Aliases = slices.Clone(a.Aliases)
	c.Gaps = slices.Clone(a.Gaps)
	if a.Root != nil {
		root := *a.Root
		cloneCredentials(&root.Credentials)
		c.Root = &root
	}
	c.Users = slices.Clone(a.Users)
	for i := range c.Users {
		u := &c.Users[i]
		u.Tags, u.Groups = slices.Clone(u.Tags), slices.Clone(u.Groups)
		u.AttachedPolicies, u.InlinePolicies = slices.Clone(u.AttachedPolicies), slices.Clone(u.InlinePolicies)
		cloneCredentials(&u.Credentials)
	}
	c.Groups = slices.Clone(a.Groups)
	for i := range c.Groups {
		g := &c.Groups[i]
		g.AttachedPolicies, g.InlinePolicies = slices.Clone(g.AttachedPolicies), slices.Clone(g.InlinePolicies)
		g.Members = slices.Clone(g.Members)
	}
	c.Roles = slices.Clone(a.Roles)
	for i := range c.Roles {
		r := &c.Roles[i]
		r.InstanceProfiles, r.Tags = slices.Clone(r.InstanceProfiles), slices.Clone(r.Tags)
		r.AttachedPolicies, r.InlinePolicies = slices.Clone(r.AttachedPolicies), slices.Clone(r.InlinePolicies)
	}
	c.Policies = slices.Clone(a.Policies)
	for i := range c.Policies {
		p := &c.Policies[i]
		p.Versions, p.Tags = slices.Clone(p.Versions), slices.Clone(p.Tags)
	}
	return &c
}

func cloneCredentials(c *nhiscan.Credentials) {
	c.AccessKeys = slices.Clone(c.AccessKeys)
	c.MFADevices = slices.Clone(c.MFADevices)
	c.SigningCertificates = slices.Clone(c.SigningCertificates)
	c.SSHPublicKeys = slices.Clone(c.SSHPublicKeys)
	c.ServiceSpecificCredentials = slices.Clone(c.ServiceSpecificCredentials)
}
