package synth

import (
	"fmt"
	"time"

	"github.com/nhiscan/nhiscan"
)

const (
	credentialFacts = nhiscan.FactPassword | nhiscan.FactPasswordLastUsed | nhiscan.FactAccessKeys |
		nhiscan.FactMFADevices | nhiscan.FactSigningCertificates
	userFacts = credentialFacts | nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies |
		nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary
)

// A userKind is a kind of user, with how many of 100 are of it.
type userKind struct {
	percent int
	person  bool
	path    string
	name    func(g *generator, i int) string
}

var userKinds = []userKind{
	{30, true, "/people/", func(g *generator, i int) string {
		return fmt.Sprintf("%s.%s%d", g.one(givenNames), g.one(familyNames), i)
	}},
	{15, true, "/", func(g *generator, i int) string {
		return fmt.Sprintf("%s.%s.%d@example.com", g.one(givenNames), g.one(familyNames), i)
	}},
	{25, false, "/service/", func(g *generator, i int) string {
		return fmt.Sprintf("svc-%s-%s-%d", g.one(applications), g.one(environments), i)
	}},
	{12, false, "/", func(g *generator, i int) string {
		return fmt.Sprintf("%s-%s-%d", g.one(ciTools), g.one(applications), i)
	}},
	{8, false, "/", func(g *generator, i int) string {
		return fmt.Sprintf("%s-integration-%d", g.one(vendors), i)
	}},
	{5, false, "/", func(g *generator, i int) string {
		return fmt.Sprintf("ses-smtp-user.20%02d0%d11-%06d", 18+g.rand.IntN(8), 1+g.rand.IntN(9), i)
	}},
	{5, false, "/", func(g *generator, i int) string { return fmt.Sprintf("%s-%s-%d", g.one(applications), g.one(jobs), i) }},
}

// userKind picks one of the user kinds by its share; the last takes the rest.
func (g *generator) userKind() *userKind {
	n := g.rand.IntN(100)
	for i := range userKinds {
		if n -= userKinds[i].percent; n < 0 {
			return &userKinds[i]
		}
	}
	return &userKinds[len(userKinds)-1]
}

// A userPlan is what is settled about a user before policies name it.
type userPlan struct {
	kind *userKind
	name string
}

func (p *userPlan) arn() string { return arn("user", p.kind.path, p.name) }

func (g *generator) user(i int) nhiscan.User {
	plan := &g.users[i]
	kind := plan.kind
	u := nhiscan.User{
		Name: plan.name, ID: g.id("AIDA"), ARN: plan.arn(), Path: kind.path, CreateDate: g.date(3000),
		Tags: g.tags(), Known: userFacts,
	}
	if kind.person && g.size.Groups > 0 {
		u.Groups = []string{groupName(g.rand.IntN(g.size.Groups))}
	}
	g.userPermissions(&u, i)
	if kind.person {
		g.personCredentials(&u)
	} else {
		g.machineCredentials(&u)
	}
	return u
}

func (g *generator) userPermissions(u *nhiscan.User, i int) {
	u.AttachedPolicies = g.attached(2, userPolicies)
	if g.chance(25) {
		u.InlinePolicies = g.inline()
	}
	power := g.power(i, everyAdministratorUser, everyChangerUser)
	u.AttachedPolicies = attach(u.AttachedPolicies, power.attached...)
	u.InlinePolicies = append(u.InlinePolicies, power.inline...)
	if !power.administrator {
		u.PermissionsBoundary = g.boundary()
	}
}

func (g *generator) personCredentials(u *nhiscan.User) {
	u.Password = nhiscan.Password{Enabled: g.chance(92), LastUsed: nhiscan.LastUse{Known: true}}
	if u.Password.Enabled {
		u.Password.LastChanged = u.CreateDate.Add(time.Hour)
		if g.chance(80) {
			u.Password.LastUsed.At = g.after(u.CreateDate)
		}
	}
	if u.Password.Enabled && g.chance(65) {
		u.MFADevices = []nhiscan.MFADevice{{}}
	}
	if g.chance(55) {
		u.AccessKeys = []nhiscan.AccessKey{g.accessKey(u)}
	}
}

func (g *generator) machineCredentials(u *nhiscan.User) {
	u.Password.LastUsed.Known = true
	u.AccessKeys = []nhiscan.AccessKey{g.accessKey(u)}
	if g.chance(25) {
		u.AccessKeys = append(u.AccessKeys, g.accessKey(u))
	}
	if g.chance(1) {
		u.SigningCertificates = []nhiscan.SigningCertificate{{Active: true, UploadDate: g.after(u.CreateDate)}}
	}
}

// accessKey makes a key as a credential report tells it: without its id.
func (g *generator) accessKey(u *nhiscan.User) nhiscan.AccessKey {
	key := nhiscan.AccessKey{Active: g.chance(88), CreateDate: g.after(u.CreateDate), LastUsed: nhiscan.LastUse{Known: true}}
	if g.chance(85) {
		key.LastUsed.At = g.after(key.CreateDate)
		key.LastUsed.Region = g.one(regions)
		key.LastUsed.Service = g.one(keyServices)
	}
	return key
}

// after returns a time between one and when the account was read.
func (g *generator) after(t time.Time) time.Time {
	return t.Add(time.Duration(g.rand.Int64N(max(int64(CollectedAt.Sub(t)/time.Second), 1))) * time.Second)
}

func (g *generator) root() *nhiscan.RootUser {
	return &nhiscan.RootUser{
		ARN:        "arn:" + Partition + ":iam::" + AccountID + ":root",
		CreateDate: CollectedAt.AddDate(-9, 0, 0),
		Credentials: nhiscan.Credentials{
			Password:   nhiscan.Password{Enabled: true, LastUsed: nhiscan.LastUse{Known: true, At: CollectedAt.AddDate(0, -7, 0)}},
			MFADevices: []nhiscan.MFADevice{{}},
		},
		Known: credentialFacts,
	}
}
