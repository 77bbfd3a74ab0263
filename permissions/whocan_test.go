package permissions_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

// outcomesOf says who can, by ARN.
func outcomesOf(grants []permissions.Grant) map[string]permissions.Outcome {
	found := map[string]permissions.Outcome{}
	for _, g := range grants {
		found[g.Principal] = g.Outcome
	}
	return found
}

func trustOf(principal string, conditions ...string) nhiscan.PolicyDocument {
	condition := ""
	if len(conditions) > 0 {
		condition = `,"Condition":{` + conditions[0] + `}`
	}
	return policyOf(`{"Effect":"Allow","Principal":{"AWS":"` + principal + `"},"Action":"sts:AssumeRole"` + condition + `}`)
}

func TestWhoCan(t *testing.T) {
	t.Parallel()
	const root = "arn:aws:iam::123456789012:root"
	const key = "arn:aws:kms:eu-west-1:123456789012:key/1"
	type outcomes = map[string]permissions.Outcome
	for _, c := range []struct {
		name             string
		own, boundary    []string
		trust            nhiscan.PolicyDocument
		action, resource string
		want             outcomes
	}{
		{name: "granted", own: []string{allow("s3:GetObject", objects)}, action: "s3:GetObject", want: outcomes{aliceARN: permissions.Allowed}},
		{name: "in other case", own: []string{allow("s3:getobject", objects)}, action: "S3:GetObject", resource: "arn:aws:s3:::b/k", want: outcomes{aliceARN: permissions.Allowed}},
		{name: "another resource", own: []string{allow("s3:GetObject", objects)}, action: "s3:GetObject", resource: "arn:aws:s3:::c/k", want: outcomes{}},
		{name: "with MFA", own: []string{allow("s3:*", "*", mfa)}, action: "s3:GetObject", want: outcomes{aliceARN: permissions.Depends}},
		{name: "denied", own: []string{allow("s3:*", "*"), deny("*", "*")}, action: "s3:GetObject", want: outcomes{}},
		{name: "an action newer than the catalogue", own: []string{allow("s3:*", "*")}, action: "s3:GrabObject", want: outcomes{aliceARN: permissions.Allowed}},
		{name: "an action of a new service", own: []string{allow("*", "*")}, action: "newservice:Do", want: outcomes{aliceARN: permissions.Allowed}},
		{name: "a pattern is nobody's", own: []string{allow("*", "*")}, action: "s3:Get*", want: outcomes{}},
		{name: "boundary", own: []string{allow("*", "*")}, boundary: []string{allow("s3:*", "*")}, action: "iam:PassRole", want: outcomes{}},
		{name: "KMS on any key", own: []string{allow("kms:Decrypt", "*")}, action: "kms:Decrypt", want: outcomes{aliceARN: permissions.Depends}},
		{name: "KMS on a key", own: []string{allow("kms:Decrypt", "*")}, action: "kms:Decrypt", resource: key, want: outcomes{aliceARN: permissions.Depends}},
		{name: "KMS without keys", own: []string{allow("kms:ListKeys", "*")}, action: "kms:ListKeys", want: outcomes{aliceARN: permissions.Allowed}},

		{name: "trusted by name", trust: trustOf(aliceARN), action: "sts:AssumeRole", resource: deployARN, want: outcomes{aliceARN: permissions.Allowed}},
		{name: "trusted by account, and granted", own: []string{allow("sts:AssumeRole", "*")}, trust: trustOf(root), action: "sts:AssumeRole", resource: deployARN, want: outcomes{aliceARN: permissions.Allowed}},
		{name: "trusted by account alone", trust: trustOf(root), action: "sts:AssumeRole", resource: deployARN, want: outcomes{}},
		{name: "granted and not trusted", own: []string{allow("*", "*")}, trust: trustOf("arn:aws:iam::123456789012:user/bob"), action: "sts:AssumeRole", resource: deployARN, want: outcomes{}},
		{name: "trusted and denied", own: []string{deny("sts:*", "*")}, trust: trustOf(aliceARN), action: "sts:AssumeRole", resource: deployARN, want: outcomes{}},
		{name: "trusted with MFA", trust: trustOf(aliceARN, mfa), action: "sts:AssumeRole", resource: deployARN, want: outcomes{aliceARN: permissions.Depends}},
		{name: "a role granted another role", own: []string{allow("sts:AssumeRole", "arn:aws:iam::*:role/other")}, trust: trustOf(root), action: "sts:AssumeRole", resource: deployARN, want: outcomes{}},
		{name: "a role of another account", own: []string{allow("sts:AssumeRole", "*")}, action: "sts:AssumeRole", resource: "arn:aws:iam::999999999999:role/x", want: outcomes{aliceARN: permissions.Depends}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := accountOf(c.own...)
			if c.boundary != nil {
				bound(a, c.boundary...)
			}
			trust := c.trust
			if trust.IsZero() {
				trust = policyOf(`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`)
			}
			a.Roles = append(a.Roles, roleOf(deployARN, trust, `{"Effect":"Allow","Action":"x:Y","Resource":"*"}`))
			require.Equal(t, c.want, outcomesOf(permissions.New(a, nil).WhoCan(c.action, c.resource, nil)))
		})
	}
}

// What the caller says of the request decides.
func TestWhoCanWithContext(t *testing.T) {
	t.Parallel()
	x := permissions.New(accountOf(allow("s3:GetObject", "*", mfa)), nil)
	for value, want := range map[string]int{"true": 1, "false": 0} {
		ctx := permissions.NewContext(map[string][]string{"aws:MultiFactorAuthPresent": {value}}, false)
		for _, resource := range []string{"", "arn:aws:s3:::b/k"} {
			grants := x.WhoCan("s3:GetObject", resource, ctx)
			require.Len(t, grants, want)
			for _, g := range grants {
				require.Equal(t, permissions.Allowed, g.Outcome)
			}
		}
	}
}

// Nobody with a policy that was not read is passed over, unless what is known is
// enough to say no.
func TestUnreadPolicies(t *testing.T) {
	t.Parallel()
	attach := func(u *nhiscan.User) {
		u.AttachedPolicies = []nhiscan.AttachedPolicy{{Name: "gone", ARN: "arn:aws:iam::123456789012:policy/gone"}}
	}
	for _, c := range []struct {
		name  string
		own   []string
		bound []string
		hide  func(*nhiscan.User)
		want  permissions.Outcome
		gap   string
	}{
		{"all read", []string{allow("s3:*", "*")}, nil, func(*nhiscan.User) {}, permissions.Allowed, ""},
		{"attached policy", nil, nil, attach, permissions.Depends, "iam:GetPolicyVersion"},
		{"attached beside one that allows", []string{allow("s3:*", "*")}, nil, attach, permissions.Depends, "iam:GetPolicyVersion"},
		{"attached beside one that denies", []string{deny("s3:*", "*")}, nil, attach, permissions.Denied, "iam:GetPolicyVersion"},
		{"within a boundary that allows", nil, []string{allow("s3:*", "*")}, attach, permissions.Depends, "iam:GetPolicyVersion"},
		{"within a boundary that does not", nil, []string{allow("iam:*", "*")}, attach, permissions.Denied, "iam:GetPolicyVersion"},
		{"malformed inline", nil, nil, func(u *nhiscan.User) { u.InlinePolicies[0].Document = nhiscan.NewPolicyDocument(`{`) }, permissions.Depends, "iam:GetUserPolicy"},
		{"inline policies not listed", nil, nil, func(u *nhiscan.User) { u.Known &^= nhiscan.FactInlinePolicies }, permissions.Depends, "iam:ListUserPolicies"},
		{"groups not listed", nil, nil, func(u *nhiscan.User) { u.Known &^= nhiscan.FactGroups }, permissions.Depends, "iam:ListGroupsForUser"},
		{"group not read", nil, nil, func(u *nhiscan.User) { u.Groups = []string{"ghosts"} }, permissions.Depends, "iam:GetGroup"},
		{"boundary not read", []string{allow("s3:*", "*")}, nil, func(u *nhiscan.User) { u.PermissionsBoundary = "arn:aws:iam::123456789012:policy/gone" }, permissions.Depends, "iam:GetPolicyVersion"},
		{"boundary not read of one who has nothing", []string{allow("ec2:*", "*")}, nil, func(u *nhiscan.User) { u.PermissionsBoundary = "arn:aws:iam::123456789012:policy/gone" }, permissions.Denied, "iam:GetPolicyVersion"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := accountOf(c.own...)
			if c.own == nil {
				a = accountOf(allow("ec2:*", "*"))
			}
			if c.bound != nil {
				bound(a, c.bound...)
			}
			c.hide(&a.Users[0])
			x := permissions.New(a, nil)
			p, _ := x.Identity(aliceARN)
			if c.gap == "" {
				require.Empty(t, p.Unresolved)
			} else {
				require.Equal(t, c.gap, p.Unresolved[0].Operation)
			}
			g, _ := x.Grant(aliceARN, "s3:GetObject")
			d, err := x.CanIdentity(aliceARN, "s3:GetObject", "arn:aws:s3:::b/k")
			require.NoError(t, err)
			require.Equal(t, c.want, g.Outcome)
			require.Equal(t, c.want, d.Outcome)
			if c.want == permissions.Depends {
				require.Equal(t, []string{permissions.KeyUnreadPolicy}, g.Keys)
				require.Equal(t, []string{permissions.KeyUnreadPolicy}, d.Keys)
				require.NotEmpty(t, d.Allows[0].Policy.Source.Name)
			}
			require.Equal(t, c.want != permissions.Denied, len(x.WhoCan("s3:GetObject", "", nil)) == 1)
			require.Equal(t, c.want != permissions.Denied, len(x.WhoCan("s3:GetObject", "arn:aws:s3:::b/k", nil)) == 1)
		})
	}
}

// whoCanAgrees compares who can with what each principal can.
func whoCanAgrees(t *testing.T, x *permissions.Analysis, action, resource string) (found int) {
	t.Helper()
	who := outcomesOf(x.WhoCan(action, resource, nil))
	onAny := outcomesOf(x.WhoCan(action, "", nil))
	for _, arn := range x.Principals() {
		d, err := x.Can(&permissions.Request{Principal: permissions.Principal{ARN: arn}, Action: action, Resource: resource})
		require.NoError(t, err)
		want := d.Outcome
		if d.ResourcePolicyUnseen { // which alone is nobody's grant
			own, err := x.CanIdentity(arn, action, resource)
			require.NoError(t, err)
			if own.Outcome == permissions.Denied {
				want = permissions.Denied
			}
		}
		if want == permissions.Denied {
			require.NotContains(t, who, arn, "%s %s: %+v", action, resource, d)
			continue
		}
		found++
		require.Equal(t, want, who[arn], "%s %s %s: %+v", arn, action, resource, d)
		if g, _ := x.Grant(arn, action); action != "sts:AssumeRole" {
			require.Contains(t, onAny, arn)
			require.Equal(t, onAny[arn], g.Outcome)
		}
	}
	return found
}

func TestWhoCanAgreesWithCan(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 1))
	found := 0
	for range 300 {
		a, o := randomAccount(r)
		trusted := pickOf(r, []string{aliceARN, "arn:aws:iam::123456789012:root", "*"})
		a.Roles = append(a.Roles, roleOf(deployARN, trustOf(trusted), randomStatements(r)...))
		x := permissions.New(a, &permissions.Options{Organization: o})
		for _, q := range lawRequests {
			found += whoCanAgrees(t, x, q.action, q.resource)
		}
		found += whoCanAgrees(t, x, "sts:AssumeRole", deployARN)
	}
	require.Greater(t, found, 1000)
}
