package permissions_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// dangersOf returns alice's dangers, one line each.
func dangersOf(t *testing.T, a *nhiscan.Account, o *nhiscan.OrganizationPolicies) []string {
	t.Helper()
	p, ok := permissions.New(a, &permissions.Options{Organization: o}).Identity(aliceARN)
	require.True(t, ok)
	lines := []string{}
	for _, d := range p.Dangerous {
		scope := "named"
		if d.AllResources {
			scope = "all"
		}
		actions := strings.Join(d.Actions, " ")
		if d.Count > 3 {
			actions = "…"
		}
		line := fmt.Sprintf("%s %d %s %s %s %s %s", d.Policy.Name, d.Statement, d.Severity, d.Category, d.Pattern, scope, actions)
		lines = append(lines, strings.TrimSpace(line+" "+strings.Join(d.Keys, " ")))
	}
	return lines
}

func TestDangers(t *testing.T) {
	t.Parallel()
	const (
		secrets   = `{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}`
		objects   = `{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`
		stop      = `{"Effect":"Allow","Action":["cloudtrail:StopL*","cloudtrail:DeleteTrail"],"Resource":"arn:aws:cloudtrail:*:123456789012:trail/app"}`
		all       = `{"Effect":"Allow","Action":"*","Resource":"*"}`
		withMFA   = `{"Effect":"Deny","NotAction":"iam:*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`
		secretAll = "own 1 high credentials_exposure secretsmanager:GetSecretValue all secretsmanager:GetSecretValue"
	)
	for name, c := range map[string]struct {
		account      *nhiscan.Account
		organization *nhiscan.OrganizationPolicies
		want         []string
	}{
		"as granted": {accountOf(secrets), nil, []string{secretAll}},
		"denied in another statement": {accountOf(secrets, `{"Effect":"Deny","Action":"secretsmanager:*","Resource":"*"}`), nil,
			[]string{}},
		"outside the boundary": {bound(accountOf(secrets, objects), objects), nil, []string{
			"own 2 medium data_exfiltration s3:GetObject all s3:GetObject"}},
		"narrowed by the boundary": {bound(accountOf(secrets), `{"Effect":"Allow","Action":"*","Resource":"arn:aws:secretsmanager:*:*:secret:app-*"}`), nil, []string{
			"own 1 medium credentials_exposure secretsmanager:GetSecretValue named secretsmanager:GetSecretValue"}},
		"narrowed and disjoint": {bound(accountOf(stop), `{"Effect":"Allow","Action":"*","Resource":"arn:aws:cloudtrail:*:*:trail/other"}`), nil,
			[]string{}},
		"denied by the organization": {accountOf(secrets, stop), controlled(all, `{"Effect":"Deny","Action":"cloudtrail:*","Resource":"*"}`), []string{secretAll}},
		"one of two denied": {accountOf(stop), controlled(all, `{"Effect":"Deny","Action":"cloudtrail:StopLogging","Resource":"*"}`), []string{
			"own 1 high defence_evasion cloudtrail:DeleteTrail named cloudtrail:DeleteTrail"}},
		"denied without MFA": {accountOf(secrets, withMFA), nil, []string{
			"own 1 medium credentials_exposure secretsmanager:GetSecretValue all secretsmanager:GetSecretValue aws:MultiFactorAuthPresent"}},
		"under a condition": {accountOf(`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}`), nil, []string{
			"own 1 medium credentials_exposure secretsmanager:GetSecretValue all secretsmanager:GetSecretValue aws:SourceVpc"}},
		"for somebody else": {accountOf(`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Condition":{"StringEquals":{"aws:username":"bob"}}}`), nil,
			[]string{}},
		"a wildcard that a boundary leaves little of": {bound(accountOf(`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`), objects), nil, []string{
			"own 1 medium data_exfiltration s3:* all s3:GetObject"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, dangersOf(t, c.account, c.organization))
		})
	}
}

// A managed policy and a group's are named as where the danger comes from.
func TestDangerSource(t *testing.T) {
	t.Parallel()
	const admin = "arn:aws:iam::aws:policy/AdministratorAccess"
	a := accountOf(`{"Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*"}`)
	a.Users[0].Groups = []string{"Admins"}
	a.Groups = []nhiscan.Group{{
		Name: "admins", ARN: "arn:aws:iam::123456789012:group/admins", Known: nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies,
		AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "AdministratorAccess", ARN: admin}},
	}}
	p, ok := permissions.New(a, nil).Identity(aliceARN)
	require.True(t, ok)
	require.Len(t, p.Dangerous, len(policydoc.DangerCategories()))
	for _, d := range p.Dangerous {
		require.Equal(t, admin, d.Policy.ARN)
		require.Equal(t, a.Groups[0].ARN, d.Policy.Holder)
		require.True(t, d.Policy.AWSManaged)
	}
}

// What is dangerous is allowed, and more limits never make it worse.
func TestDangerLaws(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 11))
	for range 100 {
		account, organization := randomAccount(r)
		x := permissions.New(account, &permissions.Options{Organization: organization})
		p, _ := x.Identity(aliceARN)
		for _, d := range p.Dangerous {
			require.NotEmpty(t, d.Actions)
			for _, action := range d.Actions {
				all, named, maybeAll, maybeNamed := x.Reach(aliceARN, action)
				require.True(t, all || named || maybeAll || maybeNamed, "%s\n%v", action, account.Users[0].InlinePolicies)
				require.True(t, !d.AllResources || all || maybeAll, "%s\n%v", action, account.Users[0].InlinePolicies)
			}
		}
		deny := strings.Replace(randomStatement(r), `"Allow"`, `"Deny"`, 1)
		account.Users[0].InlinePolicies = append(account.Users[0].InlinePolicies, nhiscan.InlinePolicy{Name: "deny", Document: policyOf(deny)})
		less, _ := permissions.New(account, &permissions.Options{Organization: organization}).Identity(aliceARN)
		require.LessOrEqual(t, len(less.Dangerous), len(p.Dangerous), deny)
		worst := map[string]policydoc.Severity{}
		for _, d := range p.Dangerous {
			worst[fmt.Sprint(d.Statement, d.Pattern, d.Category)] = d.Severity
		}
		for _, d := range less.Dangerous {
			before, ok := worst[fmt.Sprint(d.Statement, d.Pattern, d.Category)]
			require.True(t, ok, deny)
			require.LessOrEqual(t, d.Severity.Compare(before), 0, deny)
		}
	}
}
