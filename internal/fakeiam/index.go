package fakeiam

import (
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan"
)

const defaultAccountID = "123456789012"

// An index is an account prepared for look-ups. Once a request can see it, it does
// not change.
type index struct {
	account   *nhiscan.Account
	beside    beside
	id        string
	partition string

	users       []*nhiscan.User
	groups      []*nhiscan.Group
	roles       []*nhiscan.Role
	policies    []*nhiscan.ManagedPolicy
	customer    []*nhiscan.ManagedPolicy
	aws         []*nhiscan.ManagedPolicy
	userNamed   map[string]*nhiscan.User
	groupNamed  map[string]*nhiscan.Group
	roleNamed   map[string]*nhiscan.Role
	policyByARN map[string]*nhiscan.ManagedPolicy
	membersOf   map[string][]*nhiscan.User
	keyByID     map[string]accessKey
	mfaBySerial map[string]mfaDevice
	profiles    []instanceProfile

	// pages are the answers made so far that are worth keeping.
	pages sync.Map
}

// A beside is what IAM holds and an Account has no place for. It is part of an
// index, and changes no more than that.
type beside struct {
	// issued counts the ids given out.
	issued int
	// profiles are the instance profiles without a role.
	profiles []nhiscan.InstanceProfile
	// profileTags are the tags of instance profiles, by name.
	profileTags map[string][]nhiscan.Tag
	// devices are the virtual MFA devices that nobody has.
	devices []nhiscan.MFADevice
	// logins are the login profiles made or updated here, by user name.
	logins map[string]login
	// versions are the numbers of the newest versions that policies ever had, by
	// ARN: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html.
	versions map[string]int
	// offered are the AWS managed policies that the Account does not have yet.
	offered []nhiscan.ManagedPolicy
}

// An accessKey and an mfaDevice know whose they are.
type accessKey struct {
	nhiscan.AccessKey
	userName string
}

type mfaDevice struct {
	nhiscan.MFADevice
	user       *nhiscan.User // nil for the root user's, and when unassigned
	unassigned bool
}

func newIndex(a *nhiscan.Account, b beside) *index {
	ix := &index{
		account:     a,
		beside:      b,
		id:          a.ID,
		partition:   a.Partition,
		users:       pointers(a.Users),
		groups:      pointers(a.Groups),
		roles:       pointers(a.Roles),
		policies:    pointers(a.Policies),
		userNamed:   make(map[string]*nhiscan.User, len(a.Users)),
		groupNamed:  make(map[string]*nhiscan.Group, len(a.Groups)),
		roleNamed:   make(map[string]*nhiscan.Role, len(a.Roles)),
		policyByARN: make(map[string]*nhiscan.ManagedPolicy, len(a.Policies)),
		membersOf:   map[string][]*nhiscan.User{},
		keyByID:     map[string]accessKey{},
		mfaBySerial: map[string]mfaDevice{},
	}
	if ix.id == "" {
		ix.id = defaultAccountID
	}
	if ix.partition == "" {
		ix.partition = "aws"
	}
	for _, g := range ix.groups {
		ix.groupNamed[g.Name] = g
	}
	for _, r := range ix.roles {
		ix.roleNamed[r.Name] = r
	}
	ix.addPolicies()
	ix.addUsers()
	ix.addInstanceProfiles()
	return ix
}

func (ix *index) addPolicies() {
	for _, p := range ix.policies {
		ix.policyByARN[p.ARN] = p
		if isAWSManaged(p.ARN) {
			ix.aws = append(ix.aws, p)
		} else {
			ix.customer = append(ix.customer, p)
		}
	}
	for _, p := range pointers(ix.beside.offered) {
		ix.policyByARN[p.ARN] = p
	}
}

func (ix *index) addUsers() {
	for _, u := range ix.users {
		ix.userNamed[u.Name] = u
		for _, group := range u.Groups {
			ix.membersOf[group] = append(ix.membersOf[group], u)
		}
		ix.addCredentials(&u.Credentials, u.Name, u)
	}
	if root := ix.account.Root; root != nil {
		ix.addCredentials(&root.Credentials, rootName, nil)
	}
}

func (ix *index) addCredentials(c *nhiscan.Credentials, userName string, user *nhiscan.User) {
	for _, k := range c.AccessKeys {
		ix.keyByID[k.ID] = accessKey{k, userName}
	}
	for _, d := range c.MFADevices {
		ix.mfaBySerial[d.SerialNumber] = mfaDevice{MFADevice: d, user: user}
	}
}

// arn returns the ARN of something of IAM in the account, such as "user/alice".
func (ix *index) arn(resource string) string {
	return "arn:" + ix.partition + ":iam::" + ix.id + ":" + resource
}

// isAWSManaged reports whether a policy belongs to AWS, whose account id is "aws".
func isAWSManaged(arn string) bool { return strings.Contains(arn, ":iam::aws:") }

func pointers[T any](values []T) []*T {
	p := make([]*T, len(values))
	for i := range values {
		p[i] = &values[i]
	}
	return p
}

// pathOr returns the path of an identity or policy, which is "/" when it has none.
func pathOr(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

// underPath returns the items whose path begins with the prefix; an empty prefix
// means "/", which every path begins with.
func underPath[T any](items []T, prefix string, path func(T) string) []T {
	if prefix == "" || prefix == "/" {
		return items
	}
	var found []T
	for _, item := range items {
		if strings.HasPrefix(pathOr(path(item)), prefix) {
			found = append(found, item)
		}
	}
	return found
}
