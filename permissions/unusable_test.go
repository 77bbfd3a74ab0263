package permissions_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

func TestUnusable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		accessCase
		want []string // "actions: part of the reason"
	}{
		{accessCase{name: "all usable", own: []string{allow("s3:GetObject sqs:*", "*")}}, nil},
		{accessCase{name: "denied", own: []string{allow("s3:GetObject sqs:SendMessage", "*"), deny("s3:*", "*")}}, []string{"s3:GetObject: it is denied by statement 2 of policy own"}},
		{accessCase{name: "denied in part", own: []string{allow("s3:GetObject", "*"), deny("s3:*", objects)}}, nil},
		{accessCase{name: "perhaps denied", own: []string{allow("s3:GetObject", "*"), deny("s3:*", "*", mfa)}}, nil},
		{accessCase{name: "a pattern of which something is left", own: []string{allow("s3:*", "*"), deny("s3:Put*", "*")}}, nil},
		{accessCase{name: "boundary", own: []string{allow("s3:GetObject sqs:*", "*")}, boundary: []string{allow("s3:*", "*")}}, []string{"sqs:*: the permissions boundary dev does not allow it"}},
		{accessCase{name: "boundary of other resources", own: []string{allow("s3:GetObject", objects)}, boundary: []string{allow("s3:*", "arn:aws:s3:::c/*")}}, []string{"s3:GetObject: what is left"}},
		{accessCase{name: "SCP", own: []string{allow("iam:GetUser", "*")}, scps: [][]string{{allow("s3:*", "*")}}}, []string{"iam:GetUser: the service control policies of ou-ab12-12345670"}},
		{accessCase{name: "SCP denies", own: []string{allow("iam:GetUser", "*")}, scps: [][]string{{allow("*", "*"), deny("iam:*", "*")}}}, []string{"iam:GetUser: it is denied by statement 2 of the service control policy guard"}},
		{accessCase{name: "takes no resources", own: []string{allow("s3:ListAllMyBuckets s3:ListBucket", bucket)}}, []string{"s3:ListAllMyBuckets: the statement's Resource"}},
		{accessCase{name: "the objects for the bucket", own: []string{allow("s3:ListBucket s3:GetObject", objects)}}, []string{"s3:ListBucket: the statement's Resource"}},
		{accessCase{name: "a condition that cannot hold", own: []string{allow("s3:GetObject", "*", equals("aws:username", "bob"))}}, []string{"s3:GetObject: its conditions"}},
		{accessCase{name: "a tag that is not there", own: []string{allow("s3:GetObject", "arn:aws:s3:::b/${aws:PrincipalTag/Level}")}}, []string{"s3:GetObject: the policy variables of its Resource"}},
		{accessCase{name: "NotAction, all denied", own: []string{notAction("s3:*"), statementOf("Deny", "NotAction", "s3:*", "Resource", "*", nil)}}, []string{"NotAction: it is denied"}},
		{accessCase{name: "unknown actions may be newer than the catalogue", own: []string{allow("s3:GrabObject", "*"), deny("*", "*")}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, _ := c.analysis().Identity(aliceARN)
			require.Len(t, p.Unusable, len(c.want), "%+v", p.Unusable)
			for i, u := range p.Unusable {
				require.Contains(t, fmt.Sprintf("%s: %s", strings.Join(u.Actions, " "), u.Reason), c.want[i])
				require.Equal(t, "own", u.Policy.Name)
			}
		})
	}
}

func TestBoundaryEffect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		accessCase
		granted, allowed int
	}{
		{accessCase{name: "one of two", own: []string{allow("s3:GetObject iam:GetUser", "*")}, boundary: []string{allow("s3:*", "*")}}, 2, 1},
		{accessCase{name: "a Deny of the boundary", own: []string{allow("s3:GetObject iam:GetUser", "*")}, boundary: []string{allow("*", "*"), deny("iam:*", "*")}}, 2, 1},
		{accessCase{name: "an own Deny is not the boundary's", own: []string{allow("s3:GetObject iam:GetUser", "*"), deny("iam:*", "*")}, boundary: []string{allow("*", "*")}}, 1, 1},
		{accessCase{name: "nothing left", own: []string{allow("s3:GetObject", "*")}, boundary: []string{allow("sqs:*", "*")}}, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, _ := c.analysis().Identity(aliceARN)
			require.NotNil(t, p.Boundary)
			require.Equal(t, c.granted, p.Boundary.Granted)
			require.Equal(t, c.allowed, p.Boundary.Allowed)
			require.Equal(t, "dev", p.Boundary.Policy.Name)
			require.False(t, p.Boundary.Unresolved)
		})
	}
	a := accountOf(allow("s3:GetObject", "*"))
	a.Users[0].PermissionsBoundary = "arn:aws:iam::123456789012:policy/gone"
	p, _ := permissions.New(a, nil).Identity(aliceARN)
	require.True(t, p.Boundary.Unresolved)
	require.Equal(t, "--R-", levels(p.Access))
	without, _ := permissions.New(accountOf(), nil).Identity(aliceARN)
	require.Nil(t, without.Boundary)
}

func TestWildcards(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		accessCase
		want string
	}{
		{accessCase{name: "none", own: []string{allow("s3:GetObject", "*")}}, ""},
		{accessCase{name: "the widest first", own: []string{allow("s3:GetObj?ct", "*"), allow("sqs:*Message", "*")}}, "sqs:*Message 3 true, s3:GetObj?ct 1 true"},
		{accessCase{name: "what is left counts", own: []string{allow("sqs:Send*", "*"), deny("sqs:SendMessage", "*")}}, ""},
		{accessCase{name: "of which something is left", own: []string{allow("sqs:*Message", "*"), deny("sqs:Send*", "*")}}, "sqs:*Message 2 true"},
		{accessCase{name: "named", own: []string{allow("sqs:*Message", "arn:aws:sqs:*:*:q")}}, "sqs:*Message 3 false"},
		{accessCase{name: "a Deny is none", own: []string{deny("s3:*", "*")}}, ""},
		{accessCase{name: "a condition that cannot hold", own: []string{allow("s3:*", "*", equals("aws:username", "bob"))}}, ""},
		{accessCase{name: "NotAction", own: []string{notAction("iam:*")}, boundary: []string{allow("sqs:SendMessage s3:GetObject", "*")}}, "NotAction 2 true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p, _ := c.analysis().Identity(aliceARN)
			var got []string
			for _, w := range p.Wildcards {
				got = append(got, fmt.Sprintf("%s %d %t", w.Pattern, w.Actions, w.AllResources))
			}
			require.Equal(t, c.want, strings.Join(got, ", "))
		})
	}
}

// What AWS wrote is known although the account does not hold it; another policy's
// absence is named once for the account and for each whom it concerns.
func TestGaps(t *testing.T) {
	t.Parallel()
	a := accountOf(allow("s3:GetObject", "*"))
	gone := nhiscan.AttachedPolicy{Name: "gone", ARN: "arn:aws:iam::123456789012:policy/gone"}
	a.Users[0].AttachedPolicies = []nhiscan.AttachedPolicy{gone, {Name: "ReadOnlyAccess", ARN: "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
	x := permissions.New(a, nil)
	p, _ := x.Identity(aliceARN)
	require.Len(t, p.Unresolved, 1)
	require.Equal(t, gone.ARN, p.Unresolved[0].Resource)
	require.Equal(t, nhiscan.GapNotInFile, p.Unresolved[0].Code)
	require.Equal(t, p.Unresolved, x.Gaps())
	require.Equal(t, p.Unresolved, x.Unresolved(aliceARN))
	require.Greater(t, p.Access.Actions, 1000)

	_, ok := x.Identity("arn:aws:iam::123456789012:user/nobody")
	require.False(t, ok)
	_, ok = x.Grant("arn:aws:iam::123456789012:user/nobody", "s3:GetObject")
	require.False(t, ok)
	_, err := x.Can(&permissions.Request{Principal: permissions.Principal{ARN: "arn:aws:iam::123456789012:user/nobody"}, Action: "s3:GetObject", Resource: "*"})
	require.ErrorContains(t, err, "no user or role")
	require.Empty(t, permissions.New(nil, nil).Identities())
}
