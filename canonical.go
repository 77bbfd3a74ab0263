package nhiscan

import (
	"cmp"
	"slices"
	"strings"
)

// Sort puts every list of the account in its order: entities by ARN, what they
// have by name, ARN or date. Read does so; whoever builds an Account calls it at
// the end.
func (a *Account) Sort() {
	slices.Sort(a.Aliases)
	slices.SortStableFunc(a.Users, func(x, y User) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortStableFunc(a.Groups, func(x, y Group) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortStableFunc(a.Roles, func(x, y Role) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortStableFunc(a.Policies, func(x, y ManagedPolicy) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortStableFunc(a.Gaps, compareGaps)

	if a.Root != nil {
		a.Root.Credentials.sort()
	}
	for i := range a.Users {
		u := &a.Users[i]
		slices.SortStableFunc(u.Tags, compareTags)
		slices.Sort(u.Groups)
		slices.SortStableFunc(u.AttachedPolicies, compareAttached)
		slices.SortStableFunc(u.InlinePolicies, compareInline)
		u.Credentials.sort()
	}
	for i := range a.Groups {
		g := &a.Groups[i]
		slices.SortStableFunc(g.AttachedPolicies, compareAttached)
		slices.SortStableFunc(g.InlinePolicies, compareInline)
		slices.Sort(g.Members)
	}
	for i := range a.Roles {
		r := &a.Roles[i]
		slices.SortStableFunc(r.InstanceProfiles, func(x, y InstanceProfile) int { return strings.Compare(x.ARN, y.ARN) })
		slices.SortStableFunc(r.Tags, compareTags)
		slices.SortStableFunc(r.AttachedPolicies, compareAttached)
		slices.SortStableFunc(r.InlinePolicies, compareInline)
	}
	for i := range a.Policies {
		p := &a.Policies[i]
		slices.SortStableFunc(p.Versions, compareVersions)
		slices.SortStableFunc(p.Tags, compareTags)
	}
}

func (c *Credentials) sort() {
	slices.SortStableFunc(c.AccessKeys, func(x, y AccessKey) int {
		return cmp.Or(x.CreateDate.Compare(y.CreateDate), strings.Compare(x.ID, y.ID))
	})
	slices.SortStableFunc(c.MFADevices, func(x, y MFADevice) int { return strings.Compare(x.SerialNumber, y.SerialNumber) })
	slices.SortStableFunc(c.SigningCertificates, func(x, y SigningCertificate) int {
		return cmp.Or(x.UploadDate.Compare(y.UploadDate), strings.Compare(x.ID, y.ID))
	})
	slices.SortStableFunc(c.SSHPublicKeys, func(x, y SSHPublicKey) int { return strings.Compare(x.ID, y.ID) })
	slices.SortStableFunc(c.ServiceSpecificCredentials, func(x, y ServiceSpecificCredential) int { return strings.Compare(x.ID, y.ID) })
}

func compareTags(x, y Tag) int { return strings.Compare(x.Key, y.Key) }

func compareAttached(x, y AttachedPolicy) int {
	return cmp.Or(strings.Compare(x.ARN, y.ARN), strings.Compare(x.Name, y.Name))
}

func compareInline(x, y InlinePolicy) int { return strings.Compare(x.Name, y.Name) }

// compareVersions puts the newest version first, v10 before v9.
func compareVersions(x, y PolicyVersion) int {
	return cmp.Or(cmp.Compare(len(y.ID), len(x.ID)), strings.Compare(y.ID, x.ID))
}

func compareGaps(x, y Gap) int {
	return cmp.Or(
		strings.Compare(x.Operation, y.Operation),
		strings.Compare(x.Resource, y.Resource),
		strings.Compare(x.Code, y.Code),
		strings.Compare(x.Message, y.Message),
	)
}

// sorted returns a copy of the account in order, which shares with it only what
// sorting does not touch.
func (a *Account) sorted() *Account {
	c := *a
	c.Aliases = slices.Clone(a.Aliases)
	c.Gaps = slices.Clone(a.Gaps)
	if a.Root != nil {
		root := *a.Root
		root.Credentials = root.Credentials.clone()
		c.Root = &root
	}
	c.Users = slices.Clone(a.Users)
	for i := range c.Users {
		u := &c.Users[i]
		u.Tags, u.Groups = slices.Clone(u.Tags), slices.Clone(u.Groups)
		u.AttachedPolicies, u.InlinePolicies = slices.Clone(u.AttachedPolicies), slices.Clone(u.InlinePolicies)
		u.Credentials = u.Credentials.clone()
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
	c.Sort()
	return &c
}

func (c Credentials) clone() Credentials {
	c.AccessKeys = slices.Clone(c.AccessKeys)
	c.MFADevices = slices.Clone(c.MFADevices)
	c.SigningCertificates = slices.Clone(c.SigningCertificates)
	c.SSHPublicKeys = slices.Clone(c.SSHPublicKeys)
	c.ServiceSpecificCredentials = slices.Clone(c.ServiceSpecificCredentials)
	return c
}
