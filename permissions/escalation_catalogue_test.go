package permissions_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

const (
	account   = "123456789012"
	iamARN    = "arn:aws:iam::" + account + ":"
	allowAll  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	knowsAll  = ^nhiscan.Facts(0)
	trustRoot = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + iamARN + `root"},"Action":"sts:AssumeRole"}]}`
)

// A catalogueEntry is a path as the data file has it.
type catalogueEntry struct {
	ID, Gives, Service string
	Actions            []struct{ Action, On string }
}

func catalogueEntries(t *testing.T) []catalogueEntry {
	t.Helper()
	text, err := os.ReadFile("data/escalation-paths.json")
	require.NoError(t, err)
	var file struct{ Paths []catalogueEntry }
	require.NoError(t, json.Unmarshal(text, &file))
	return file.Paths
}

type statementText struct {
	Effect, Action, Resource string
}

func documentOf(statements ...statementText) nhiscan.PolicyDocument {
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		panic(err)
	}
	return nhiscan.NewPolicyDocument(string(text))
}

func inline(d nhiscan.PolicyDocument) []nhiscan.InlinePolicy {
	return []nhiscan.InlinePolicy{{Name: "inline", Document: d}}
}

func trusting(kind, who, action string) nhiscan.PolicyDocument {
	return nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"` + kind + `":"` + who + `"},"Action":"` + action + `"}]}`)
}

func managed(name string, documents ...nhiscan.PolicyDocument) nhiscan.ManagedPolicy {
	p := nhiscan.ManagedPolicy{Name: name, ARN: iamARN + "policy/" + name, Attachable: true}
	for i, d := range documents {
		p.Versions = append(p.Versions, nhiscan.PolicyVersion{ID: "v" + string(rune('1'+i)), Default: i == len(documents)-1, Document: d})
	}
	p.DefaultVersionID = p.Versions[len(documents)-1].ID
	return p
}

func attached(p nhiscan.ManagedPolicy) []nhiscan.AttachedPolicy {
	return []nhiscan.AttachedPolicy{{Name: p.Name, ARN: p.ARN}}
}

// A scene is an account in which the user or role mallory has one path.
type scene struct {
	entry   catalogueEntry
	account nhiscan.Account
	caller  string
	// grants are the statements that make the path; they are put in last.
	grants   []statementText
	boundary string
}

func newScene(e catalogueEntry) *scene {
	s := &scene{entry: e, caller: iamARN + "user/mallory"}
	s.account.ID, s.account.Partition = account, "aws"
	admins := nhiscan.Group{Name: "admins", ARN: iamARN + "group/admins", Known: knowsAll}
	admins.InlinePolicies = inline(nhiscan.NewPolicyDocument(allowAll))
	staff := nhiscan.Group{Name: "staff", ARN: iamARN + "group/staff", Known: knowsAll}
	s.account.Groups = []nhiscan.Group{admins, staff}
	harmless := documentOf(statementText{"Allow", "s3:ListAllMyBuckets", "*"})
	own, tool := managed("own", harmless), managed("tool", harmless)
	if e.Gives == "stored version" {
		own = managed("own", nhiscan.NewPolicyDocument(allowAll), harmless)
	}
	s.account.Policies = []nhiscan.ManagedPolicy{own, tool}

	victim := nhiscan.User{Name: "victim", ARN: iamARN + "user/victim", Known: knowsAll}
	target := nhiscan.Role{Name: "target", ARN: iamARN + "role/target", Known: knowsAll, AttachedPolicies: attached(tool)}
	target.InstanceProfiles = []nhiscan.InstanceProfile{{Name: "target", ARN: iamARN + "instance-profile/target"}}
	if !strings.HasPrefix(e.Gives, "raised") {
		victim.InlinePolicies = inline(nhiscan.NewPolicyDocument(allowAll))
		target.InlinePolicies = inline(nhiscan.NewPolicyDocument(allowAll))
	}
	switch e.ID {
	case "iam.rotate-access-key":
		victim.AccessKeys = make([]nhiscan.AccessKey, 2)
	case "iam.update-login-profile":
		victim.Password.Enabled = true
	}
	target.TrustPolicy = trusting("AWS", "arn:aws:iam::999999999999:root", "sts:AssumeRole")
	switch {
	case e.Service == "cognito-identity.amazonaws.com":
		target.TrustPolicy = trusting("Federated", e.Service, "sts:AssumeRoleWithWebIdentity")
	case e.Service != "":
		target.TrustPolicy = trusting("Service", e.Service, "sts:AssumeRole")
	case e.uses("sts:AssumeRole") && !e.uses("iam:UpdateAssumeRolePolicy"):
		target.TrustPolicy = nhiscan.NewPolicyDocument(trustRoot)
	}
	if e.Gives == "role without boundary" {
		s.account.Policies = append(s.account.Policies, managed("narrow", harmless))
		target.PermissionsBoundary = iamARN + "policy/narrow"
	}
	s.account.Users, s.account.Roles = []nhiscan.User{victim}, []nhiscan.Role{target}
	s.grant()
	return s
}

func (e *catalogueEntry) uses(action string) bool {
	return slices.ContainsFunc(e.Actions, func(a struct{ Action, On string }) bool { return a.Action == action })
}

// grant writes the statements that the path takes, each with the one resource that
// it is about.
func (s *scene) grant() {
	for _, a := range s.entry.Actions {
		resource := "*"
		switch a.On {
		case "own user":
			resource = s.caller
		case "own role":
			s.caller = iamARN + "role/mallory"
			resource = s.caller
		case "own group":
			resource = iamARN + "group/staff"
		case "other group":
			resource = iamARN + "group/admins"
		case "own policy":
			resource = iamARN + "policy/own"
		case "role policy":
			resource = iamARN + "policy/tool"
		case "user":
			resource = iamARN + "user/victim"
		case "role", "passed role":
			resource = iamARN + "role/target"
		case "new role":
			resource = iamARN + "role/ci-*"
		}
		s.grants = append(s.grants, statementText{"Allow", a.Action, resource})
	}
}

// analyse adds mallory with the grants and further statements.
func (s *scene) analyse(further ...statementText) *permissions.Analysis {
	a := s.account
	list := inline(documentOf(append(slices.Clone(s.grants), further...)...))
	boundary := s.boundary
	own := attached(a.Policies[0])
	switch s.entry.Gives {
	case "no boundary":
		list = append(list, nhiscan.InlinePolicy{Name: "wide", Document: nhiscan.NewPolicyDocument(allowAll)})
		a.Policies = append(slices.Clone(a.Policies), managed("limit", documentOf(append(slices.Clone(s.grants), further...)...)))
		boundary = iamARN + "policy/limit"
	case "no deny":
		// Allowed is everything, and denied everything but the action of the path.
		kept := s.grants
		list = []nhiscan.InlinePolicy{{Name: "wide", Document: nhiscan.NewPolicyDocument(allowAll)}}
		if len(further) > 0 {
			list = append(list, nhiscan.InlinePolicy{Name: "further", Document: documentOf(further...)})
		}
		except := `"sts:GetCallerIdentity"`
		for _, g := range kept {
			except += `,"` + g.Action + `"`
		}
		deny := nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotAction":[` + except + `],"Resource":"*"}]}`)
		if s.entry.uses("iam:DetachUserPolicy") {
			a.Policies = append(slices.Clone(a.Policies), managed("stop", deny))
			own = attached(a.Policies[len(a.Policies)-1])
		} else {
			list = append(list, nhiscan.InlinePolicy{Name: "stop", Document: deny})
		}
	}
	if strings.Contains(s.caller, ":user/") {
		a.Users = append(slices.Clone(a.Users), nhiscan.User{
			Name: "mallory", ARN: s.caller, Known: knowsAll, Groups: []string{"staff"},
			InlinePolicies: list, AttachedPolicies: own, PermissionsBoundary: boundary,
		})
	} else {
		a.Roles = append(slices.Clone(a.Roles), nhiscan.Role{
			Name: "mallory", ARN: s.caller, Known: knowsAll, TrustPolicy: trusting("Service", "example.amazonaws.com", "sts:AssumeRole"),
			InlinePolicies: list, AttachedPolicies: own, PermissionsBoundary: boundary,
		})
	}
	sortAccount(&a)
	return permissions.New(&a, nil)
}

func sortAccount(a *nhiscan.Account) {
	slices.SortFunc(a.Users, func(x, y nhiscan.User) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortFunc(a.Roles, func(x, y nhiscan.Role) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortFunc(a.Groups, func(x, y nhiscan.Group) int { return strings.Compare(x.ARN, y.ARN) })
	slices.SortFunc(a.Policies, func(x, y nhiscan.ManagedPolicy) int { return strings.Compare(x.ARN, y.ARN) })
}

func escalations(t *testing.T, x *permissions.Analysis, arn string) []permissions.Escalation {
	t.Helper()
	p, ok := x.Identity(arn)
	require.True(t, ok)
	return p.Escalations
}

func ids(list []permissions.Escalation) []string {
	var names []string
	for i := range list {
		names = append(names, list[i].Path.ID)
	}
	return names
}

// answers reports whether the path or one that it contains is among the
// escalations: of two that lead to the same, only the lesser is reported. One that ends in administrator access comes before others.
func answers(e catalogueEntry, list []permissions.Escalation) *permissions.Escalation {
	var found *permissions.Escalation
	for i := range list {
		beyond := slices.ContainsFunc(list[i].Path.Actions, func(a string) bool { return !e.uses(a) })
		if !beyond && (found == nil || list[i].Admin && !found.Admin) {
			found = &list[i]
		}
	}
	return found
}

// Everyone who has the actions of a path on what it is about has the path.
func TestEscalationCatalogue(t *testing.T) {
	t.Parallel()
	for _, e := range catalogueEntries(t) {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			s := newScene(e)
			list := escalations(t, s.analyse(), s.caller)
			found := answers(e, list)
			require.NotNil(t, found, "%v", ids(list))
			require.Equal(t, e.Gives != "unknown", found.Admin)
			require.NotEmpty(t, found.Hops)
			require.Equal(t, s.caller, found.Hops[0].From)
			require.NotContains(t, found.Hops[0].Sentence, "{target}")
			require.Len(t, found.Hops[0].Grants, len(found.Hops[0].Path.Actions))
			require.Empty(t, found.Keys)
			if found.Path.Needs == "" {
				require.True(t, found.Certain(), "%v", found.Needs)
			}
			for _, other := range list {
				again := other.Path.ID == e.ID && found.Path.ID != e.ID && other.Admin
				require.False(t, again, "no path is reported twice: %v", ids(list))
			}
		})
	}
}

// A path goes away with each of the things that it takes.
func TestEscalationCatalogueLacking(t *testing.T) {
	t.Parallel()
	without := func(t *testing.T, s *scene, action string, further ...statementText) {
		t.Helper()
		for _, found := range escalations(t, s.analyse(further...), s.caller) {
			require.NotContains(t, found.Path.Actions, action, found.Path.ID)
		}
	}
	for _, e := range catalogueEntries(t) {
		t.Run(e.ID, func(t *testing.T) {
			t.Parallel()
			for i, a := range e.Actions {
				s := newScene(e)
				s.grants = slices.Delete(s.grants, i, i+1)
				without(t, s, a.Action)
				without(t, newScene(e), a.Action, statementText{"Deny", a.Action, "*"})
				if a.On != "resource" && e.Gives != "no deny" {
					s := newScene(e)
					s.grants[i].Resource = strings.TrimSuffix(s.grants[i].Resource, "ci-*") + "-elsewhere"
					without(t, s, a.Action)
				}
			}
			if e.Gives != "no boundary" {
				s := newScene(e)
				s.account.Policies = append(s.account.Policies, managed("limit", documentOf(statementText{"Allow", "s3:*", "*"})))
				s.boundary = iamARN + "policy/limit"
				require.Empty(t, escalations(t, s.analyse(), s.caller))
			}
			if e.Service != "" {
				s := newScene(e)
				s.account.Roles[0].TrustPolicy = trusting("Service", "example.amazonaws.com", "sts:AssumeRole")
				require.Empty(t, escalations(t, s.analyse(), s.caller))
			}
		})
	}
}

// The catalogue agrees with the action catalogue, but for actions of services that
// AWS closed.
func TestEscalationPaths(t *testing.T) {
	t.Parallel()
	list := permissions.EscalationPaths()
	require.Len(t, list, 122)
	minimal, categories := 0, map[permissions.PathCategory]int{}
	for _, p := range list {
		if p.Minimal {
			minimal++
		}
		categories[p.Category]++
		require.Equal(t, slices.Contains(p.Actions, "iam:PassRole") || p.Category == permissions.ExistingPassRole, p.Service != "", p.ID)
		for _, action := range p.Actions {
			if _, ok := policydoc.LookupAction(action); !ok {
				require.Equal(t, "codestar:CreateProjectFromTemplate", action)
				require.Contains(t, p.Needs, "closed")
			}
		}
	}
	require.Equal(t, 78, minimal)
	require.Equal(t, map[permissions.PathCategory]int{
		permissions.NewPassRole: 61, permissions.ExistingPassRole: 25,
		permissions.PrincipalAccess: 21, permissions.SelfEscalation: 15,
	}, categories)
}
