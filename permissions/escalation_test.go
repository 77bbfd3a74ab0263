package permissions_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// A plot is an account written down in few words.
type plot struct {
	nhiscan.Account
	organization *nhiscan.OrganizationPolicies
}

func newPlot() *plot {
	return &plot{Account: nhiscan.Account{ID: account, Partition: "aws"}}
}

func (p *plot) user(name string, statements ...statementText) *nhiscan.User {
	p.Users = append(p.Users, nhiscan.User{Name: name, ARN: iamARN + "user/" + name, Known: knowsAll, InlinePolicies: inline(documentOf(statements...))})
	return &p.Users[len(p.Users)-1]
}

func (p *plot) role(name string, trust nhiscan.PolicyDocument, statements ...statementText) *nhiscan.Role {
	p.Roles = append(p.Roles, nhiscan.Role{
		Name: name, ARN: iamARN + "role/" + name, Known: knowsAll, TrustPolicy: trust,
		InlinePolicies: inline(documentOf(statements...)),
	})
	return &p.Roles[len(p.Roles)-1]
}

// of returns the escalations of a user by the path's id.
func (p *plot) of(t *testing.T, user string) map[string]permissions.Escalation {
	t.Helper()
	sortAccount(&p.Account)
	x := permissions.New(&p.Account, &permissions.Options{Organization: p.organization})
	found := map[string]permissions.Escalation{}
	for _, e := range escalations(t, x, iamARN+"user/"+user) {
		require.NotContains(t, found, e.Path.ID)
		found[e.Path.ID] = e
	}
	return found
}

var anything = statementText{"Allow", "*", "*"}

func tos(e permissions.Escalation) []string {
	var list []string
	for _, h := range e.Hops {
		list = append(list, h.Path.ID+" "+h.To)
	}
	return list
}

func TestEscalationChains(t *testing.T) {
	t.Parallel()
	lambda := trusting("Service", "lambda.amazonaws.com", "sts:AssumeRole")
	root := nhiscan.NewPolicyDocument(trustRoot)

	t.Run("assumes a role that passes a role", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.user("ann", statementText{"Allow", "sts:AssumeRole", iamARN + "role/builder"})
		p.role("builder", root,
			statementText{"Allow", "iam:PassRole", iamARN + "role/deploy-*"},
			statementText{"Allow", "lambda:CreateFunction", "*"}, statementText{"Allow", "lambda:InvokeFunction", "*"})
		p.role("deploy-admin", lambda, anything)
		e := p.of(t, "ann")["sts.assume-role"]
		require.True(t, e.Admin)
		require.Equal(t, []string{"sts.assume-role " + iamARN + "role/builder", "lambda.create+invoke " + iamARN + "role/deploy-admin"}, tos(e))
	})
	t.Run("a cycle leads nowhere", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.user("ann", statementText{"Allow", "sts:AssumeRole", "*"})
		p.role("a", root, statementText{"Allow", "sts:AssumeRole", "*"})
		p.role("b", root, statementText{"Allow", "sts:AssumeRole", "*"})
		for _, e := range p.of(t, "ann") {
			require.False(t, e.Admin)
		}
	})
	t.Run("a trust policy that names the user needs no permission", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.user("ann", statementText{"Allow", "s3:ListAllMyBuckets", "*"})
		p.role("a", trusting("AWS", iamARN+"user/ann", "sts:AssumeRole"), anything)
		e := p.of(t, "ann")["sts.assume-role"]
		require.True(t, e.Admin && e.Certain())
		require.Equal(t, permissions.TrustPolicy, e.Hops[0].Grants[0].Policy.Source.Type)
	})
	t.Run("MFA is a key", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.user("ann", statementText{"Allow", "sts:AssumeRole", "*"})
		p.role("a", nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"`+account+`"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`), anything)
		e := p.of(t, "ann")["sts.assume-role"]
		require.True(t, e.Admin)
		require.Equal(t, []string{"aws:MultiFactorAuthPresent"}, e.Keys)
	})
	t.Run("a bounded target is no administrator", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.Policies = []nhiscan.ManagedPolicy{managed("limit", documentOf(statementText{"Allow", "s3:*", "*"}))}
		p.user("ann", statementText{"Allow", "sts:AssumeRole", "*"}, statementText{"Allow", "iam:AttachRolePolicy", "*"})
		p.role("a", root, anything).PermissionsBoundary = iamARN + "policy/limit"
		for id, e := range p.of(t, "ann") {
			require.False(t, e.Admin, id)
		}
	})
}

func TestEscalationLimits(t *testing.T) {
	t.Parallel()
	t.Run("two policies together, one of a group", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.Groups = []nhiscan.Group{{Name: "g", ARN: iamARN + "group/g", Known: knowsAll, InlinePolicies: inline(documentOf(statementText{"Allow", "iam:PassRole", "*"}))}}
		p.user("ann", statementText{"Allow", "glue:CreateDevEndpoint", "*"}).Groups = []string{"G"}
		p.role("a", trusting("Service", "glue.amazonaws.com", "sts:AssumeRole"), anything)
		e := p.of(t, "ann")["glue.create-dev-endpoint"]
		require.True(t, e.Admin && e.Certain())
		require.Equal(t, iamARN+"group/g", e.Hops[0].Grants[0].Policy.Source.Holder)
	})
	passing := func(service string) *plot {
		p := newPlot()
		u := p.user("ann")
		u.InlinePolicies = inline(nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"` + service + `"}}},
			{"Effect":"Allow","Action":["glue:CreateDevEndpoint","sagemaker:CreateTrainingJob"],"Resource":"*"}]}`))
		p.role("a", nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["glue.amazonaws.com","sagemaker.amazonaws.com"]},"Action":"sts:AssumeRole"}]}`), anything)
		return p
	}
	t.Run("iam:PassedToService", func(t *testing.T) {
		t.Parallel()
		found := passing("glue.amazonaws.com").of(t, "ann")
		require.Contains(t, found, "glue.create-dev-endpoint")
		require.NotContains(t, found, "sagemaker.training-job")
		e := found["glue.create-dev-endpoint"]
		require.True(t, e.Certain())
	})
	t.Run("an SCP", func(t *testing.T) {
		t.Parallel()
		p := passing("glue.amazonaws.com")
		p.organization = &nhiscan.OrganizationPolicies{Targets: []nhiscan.OrganizationTarget{{ID: "r-1", ServiceControl: []nhiscan.OrganizationPolicy{
			{Name: "all", Document: nhiscan.NewPolicyDocument(allowAll)},
			{Name: "no-pass", Document: documentOf(statementText{"Deny", "iam:PassRole", "*"})},
		}}}}
		require.Empty(t, p.of(t, "ann"))
	})
	t.Run("oneself by aws:username is not another", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.user("ann", statementText{"Allow", "iam:CreateAccessKey", iamARN + "user/${aws:username}"})
		p.user("bob", anything)
		require.Empty(t, p.of(t, "ann"))
	})
	t.Run("own permissions by aws:username", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.user("ann", statementText{"Allow", "iam:PutUserPolicy", iamARN + "user/${aws:username}"})
		e := p.of(t, "ann")["iam.put-user-policy"]
		require.True(t, e.Admin && e.Certain())
		require.Equal(t, "writes an inline policy for itself", e.Hops[0].Sentence)
	})
	t.Run("a boundary caps what a user gives itself", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.Policies = []nhiscan.ManagedPolicy{managed("limit", documentOf(statementText{"Allow", "iam:PutUserPolicy", "*"}, statementText{"Allow", "s3:*", "*"}))}
		p.user("ann", statementText{"Allow", "iam:PutUserPolicy", "*"}).PermissionsBoundary = iamARN + "policy/limit"
		require.False(t, p.of(t, "ann")["iam.put-user-policy"].Admin)
	})
	t.Run("unless it can be taken off", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		own := []statementText{{"Allow", "iam:PutUserPolicy", "*"}, {"Allow", "iam:DeleteUserPermissionsBoundary", "*"}}
		p.Policies = []nhiscan.ManagedPolicy{managed("limit", documentOf(own...))}
		p.user("ann", own...).PermissionsBoundary = iamARN + "policy/limit"
		e := p.of(t, "ann")["iam.delete-user-boundary"]
		require.True(t, e.Admin)
		require.Len(t, e.Hops, 2)
		require.Equal(t, "iam.put-user-policy", e.Hops[1].Path.ID)
	})
	t.Run("credentials that are not known are needs", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.user("ann", statementText{"Allow", "iam:CreateAccessKey", "*"})
		p.user("bob", anything).Known &^= nhiscan.FactAccessKeys
		e := p.of(t, "ann")["iam.create-access-key"]
		require.True(t, e.Admin)
		require.Equal(t, []string{"user bob must have fewer than two access keys"}, e.Needs)
	})
	t.Run("an administrator has none", func(t *testing.T) {
		t.Parallel()
		p := newPlot()
		p.user("ann", anything)
		p.user("bob", anything)
		require.Empty(t, p.of(t, "ann"))
	})
}

// Thousands of roles that may all assume each other, and hundreds in a row.
func TestEscalationsOfManyRoles(t *testing.T) {
	t.Parallel()
	x := permissions.New(mesh(3000), nil)
	require.NotZero(t, permissions.CountEscalations(x))

	const row = 500
	x = permissions.New(chain(row), nil)
	p, ok := x.Identity(iamARN + "role/role-00000")
	require.True(t, ok)
	require.True(t, p.Escalations[0].Admin)
	require.Equal(t, row-1, p.Escalations[0].HopCount())
}

// Of a long way the first hops are told and the last, and all that it hangs on.
func TestEscalationLeavesOutHops(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ roles, hops, leftOut int }{
		{permissions.MaxHops, permissions.MaxHops - 1, 0},
		{permissions.MaxHops + 1, permissions.MaxHops, 0},
		{permissions.MaxHops + 2, permissions.MaxHops, 1},
		{200, permissions.MaxHops, 199 - permissions.MaxHops},
	} {
		account := chain(tt.roles)
		late := &account.Roles[tt.roles-2].TrustPolicy
		*late = nhiscan.NewPolicyDocument(strings.Replace(late.Text(),
			`"Effect"`, `"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}},"Effect"`, 1))
		x := permissions.New(account, nil)
		p, ok := x.Identity(account.Roles[0].ARN)
		require.True(t, ok)
		require.Len(t, p.Escalations, 1)
		e := &p.Escalations[0]
		require.True(t, e.Admin)
		require.Len(t, e.Hops, tt.hops)
		require.Equal(t, tt.leftOut, e.HopsLeftOut)
		require.Equal(t, tt.roles-1, e.HopCount())
		require.Equal(t, account.Roles[tt.roles-1].ARN, e.Hops[len(e.Hops)-1].To)
		require.Equal(t, []string{"aws:SourceIp"}, e.Keys)
	}
}
