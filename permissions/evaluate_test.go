package permissions_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

const (
	hereID  = "111122223333"
	thereID = "444455556666"

	userARN    = "arn:aws:iam::111122223333:user/team/ann"
	roleARN    = "arn:aws:iam::111122223333:role/path/app"
	sessionARN = "arn:aws:sts::111122223333:assumed-role/app/i-1"
	rootARN    = "arn:aws:iam::111122223333:root"
	guestARN   = "arn:aws:sts::111122223333:federated-user/guest"
	objectARN  = "arn:aws:s3:::bucket/key"
	keyARN     = "arn:aws:kms:eu-west-1:111122223333:key/k"
	targetARN  = "arn:aws:iam::111122223333:role/target"
	abroadARN  = "arn:aws:iam::444455556666:role/target"
)

// compilePolicy makes a policy of statements in JSON.
func compilePolicy(t testing.TB, kind permissions.PolicyType, statements ...string) *permissions.Policy {
	t.Helper()
	return compilePolicyVersion(t, kind, "2012-10-17", statements...)
}

func compilePolicyVersion(t testing.TB, kind permissions.PolicyType, version string, statements ...string) *permissions.Policy {
	t.Helper()
	text := fmt.Sprintf(`{"Version": %q, "Statement": [%s]}`, version, strings.Join(statements, ","))
	doc, err := policydoc.Parse(text)
	require.NoError(t, err, text)
	return permissions.Compile(doc, permissions.Source{Type: kind, Name: string(kind)})
}

func mustPrincipal(t testing.TB, s string) permissions.Principal {
	t.Helper()
	p, err := permissions.ParsePrincipal(s)
	require.NoError(t, err)
	return p
}

const (
	allowAnything = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	allowS3       = `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`
	allowEC2      = `{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}`
	denyS3        = `{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}`
)

func resourceAllows(principal string) string {
	return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "*", "Resource": "*"}`
}

func trusts(principal string) string {
	return `{"Effect": "Allow", "Principal": ` + principal + `, "Action": "sts:*"}`
}

// A layerCase says in JSON statements what each layer holds; empty is no policy.
type layerCase struct {
	name              string
	principal         string
	action, resource  string // s3:GetObject on object by default
	account           string // the resource's; here by default
	identity          string
	boundary, session string
	scps              []string // one a level
	rcp               string
	policy            string // of the resource
	unseen            bool

	want    permissions.Outcome
	missing []permissions.PolicyType
}

// The rules are those of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-cross-account.html.
func TestEvaluateLayers(t *testing.T) {
	t.Parallel()
	const (
		identity = permissions.IdentityPolicy
		boundary = permissions.PermissionsBoundary
		sessions = permissions.SessionPolicy
		scp      = permissions.ServiceControlPolicy
		resource = permissions.ResourcePolicy
		trust    = permissions.TrustPolicy
	)
	type kinds = []permissions.PolicyType
	tests := []layerCase{
		{name: "nothing allows", want: "denied", missing: kinds{identity}},
		{name: "identity policy", identity: allowS3, want: "allowed"},
		{name: "identity policy for something else", identity: allowEC2, want: "denied", missing: kinds{identity}},
		{name: "identity deny", identity: allowS3 + "," + denyS3, want: "denied"},
		{name: "boundary leaves it out", identity: allowS3, boundary: allowEC2, want: "denied", missing: kinds{boundary}},
		{name: "boundary alone gives nothing", boundary: allowS3, want: "denied", missing: kinds{identity}},
		{name: "boundary denies", identity: allowS3, boundary: allowS3 + "," + denyS3, want: "denied"},
		{name: "session policy leaves it out", principal: sessionARN, identity: allowS3, session: allowEC2, want: "denied", missing: kinds{sessions}},
		{name: "everything leaves it out", principal: sessionARN, boundary: allowEC2, session: allowEC2, scps: []string{allowEC2}, want: "denied",
			missing: kinds{identity, boundary, sessions, scp}},
		{name: "SCPs of all levels allow", identity: allowS3, scps: []string{allowAnything, allowS3}, want: "allowed"},
		{name: "SCP of one level leaves it out", identity: allowS3, scps: []string{allowAnything, allowEC2, allowAnything}, want: "denied", missing: kinds{scp}},
		{name: "SCP denies", identity: allowS3, scps: []string{allowAnything + "," + denyS3}, want: "denied"},
		{name: "RCP denies", identity: allowS3, rcp: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}`, want: "denied"},
		{name: "RCP for a service without RCPs", identity: allowAnything, action: "iam:ListUsers", resource: "*",
			rcp: `{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}`, want: "allowed"},
		{name: "RCP without an allow", identity: allowS3, rcp: `{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}`, want: "allowed"},

		{name: "resource names the user", policy: resourceAllows(`{"AWS": "` + userARN + `"}`), want: "allowed"},
		{name: "resource names the user, past the boundary", boundary: allowEC2, policy: resourceAllows(`{"AWS": "` + userARN + `"}`), want: "allowed"},
		{name: "resource names the user, boundary denies", boundary: denyS3, policy: resourceAllows(`{"AWS": "` + userARN + `"}`), want: "denied"},
		{name: "resource names the user, not past the SCP", scps: []string{allowEC2}, policy: resourceAllows(`{"AWS": "` + userARN + `"}`), want: "denied", missing: kinds{scp}},
		{name: "resource names the role", principal: sessionARN, policy: resourceAllows(`{"AWS": "` + roleARN + `"}`), want: "allowed"},
		{name: "resource names the role, whose session is not known", principal: roleARN, policy: resourceAllows(`{"AWS": "` + roleARN + `"}`), want: "allowed"},
		{name: "resource names the role, not past the boundary", principal: sessionARN, boundary: allowEC2, policy: resourceAllows(`{"AWS": "` + roleARN + `"}`), want: "denied", missing: kinds{boundary}},
		{name: "resource names the role, not past the session policy", principal: sessionARN, session: allowEC2, policy: resourceAllows(`{"AWS": "` + roleARN + `"}`), want: "denied", missing: kinds{sessions}},
		{name: "resource names the session, past both", principal: sessionARN, boundary: allowEC2, session: allowEC2, policy: resourceAllows(`{"AWS": "` + sessionARN + `"}`), want: "allowed"},
		{name: "resource names another session", principal: sessionARN, policy: resourceAllows(`{"AWS": "` + sessionARN + `2"}`), want: "denied", missing: kinds{identity}},
		{name: "resource names a session of the role", principal: roleARN, policy: resourceAllows(`{"AWS": "` + sessionARN + `"}`), want: "depends"},
		{name: "resource names everyone, past both", principal: sessionARN, boundary: allowEC2, session: allowEC2, policy: resourceAllows(`"*"`), want: "allowed"},
		{name: "resource names the account", policy: resourceAllows(`{"AWS": "` + hereID + `"}`), want: "denied", missing: kinds{identity}},
		{name: "resource names the account and an identity policy allows", identity: allowS3, policy: resourceAllows(`{"AWS": "` + rootARN + `"}`), want: "allowed"},
		{name: "resource denies", identity: allowAnything, policy: `{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}`, want: "denied"},
		{name: "resource names nobody", identity: allowEC2, policy: `{"Effect": "Allow", "Action": "*", "Resource": "*"}`, want: "denied", missing: kinds{identity}},
		{name: "federated user has the session policy's part", principal: guestARN, identity: allowAnything, session: allowS3, want: "allowed"},
		{name: "federated user without a session policy", principal: guestARN, identity: allowAnything, want: "denied", missing: kinds{sessions}},
		{name: "resource names the federated user", principal: guestARN, policy: resourceAllows(`{"AWS": "` + guestARN + `"}`), want: "allowed"},

		{name: "cross account, both", account: thereID, identity: allowS3, policy: resourceAllows(`{"AWS": "` + userARN + `"}`), want: "allowed"},
		{name: "cross account, both, by account", account: thereID, identity: allowS3, policy: resourceAllows(`{"AWS": "` + hereID + `"}`), want: "allowed"},
		{name: "cross account, resource alone", account: thereID, policy: resourceAllows(`{"AWS": "` + userARN + `"}`), want: "denied", missing: kinds{identity}},
		{name: "cross account, identity alone", account: thereID, identity: allowS3, want: "denied", missing: kinds{resource}},
		{name: "cross account, not past the boundary", account: thereID, identity: allowS3, boundary: allowEC2, policy: resourceAllows(`"*"`), want: "denied", missing: kinds{boundary}},
		{name: "cross account, resource not seen", account: thereID, identity: allowS3, unseen: true, want: "depends"},
		{name: "cross account, resource not seen, identity does not allow", account: thereID, unseen: true, want: "denied", missing: kinds{identity}},
		{name: "same account, resource not seen", identity: allowS3, unseen: true, want: "allowed"},
		{name: "same account, resource not seen, identity does not allow", unseen: true, want: "depends"},
		{name: "same account, resource not seen, SCP does not allow", unseen: true, scps: []string{allowEC2}, want: "denied", missing: kinds{identity, scp}},

		{name: "root user", principal: rootARN, want: "allowed"},
		{name: "root user, SCP leaves it out", principal: rootARN, scps: []string{allowEC2}, want: "denied", missing: kinds{scp}},
		{name: "root user, resource denies", principal: rootARN, policy: `{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}`, want: "denied"},
		{name: "root user of another account", principal: rootARN, account: thereID, want: "denied", missing: kinds{resource}},
		{name: "root user of another account that is let in", principal: rootARN, account: thereID, policy: resourceAllows(`{"AWS": "` + hereID + `"}`), want: "allowed"},
		{name: "root user cannot assume roles", principal: rootARN, action: "sts:AssumeRole", resource: targetARN, policy: trusts(`{"AWS": "` + rootARN + `"}`), want: "denied"},
		{name: "service", principal: "lambda.amazonaws.com", policy: resourceAllows(`{"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}`), want: "allowed"},
		{name: "service, SCPs do not count", principal: "lambda.amazonaws.com", scps: []string{allowEC2}, policy: resourceAllows(`{"Service": "lambda.amazonaws.com"}`), want: "allowed"},
		{name: "other service", principal: "lambda.amazonaws.com", policy: resourceAllows(`{"Service": "ec2.amazonaws.com"}`), want: "denied", missing: kinds{resource}},
		{name: "anonymous", principal: "*", policy: resourceAllows(`"*"`), want: "allowed"},
		{name: "anonymous is not in an account", principal: "*", policy: resourceAllows(`{"AWS": "` + hereID + `"}`), want: "denied", missing: kinds{resource}},
		{name: "service-linked role, SCPs do not count", principal: "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
			identity: allowS3, scps: []string{allowEC2}, want: "allowed"},

		{name: "KMS needs the key policy", action: "kms:Decrypt", resource: keyARN, identity: allowAnything, policy: resourceAllows(`{"AWS": "` + roleARN + `"}`), want: "denied", missing: kinds{resource}},
		{name: "KMS key policy hands on", action: "kms:Decrypt", resource: keyARN, identity: allowAnything, policy: resourceAllows(`{"AWS": "` + rootARN + `"}`), want: "allowed"},
		{name: "KMS key policy alone", action: "kms:Decrypt", resource: keyARN, policy: resourceAllows(`{"AWS": "` + userARN + `"}`), want: "allowed"},
		{name: "KMS key policy not seen", action: "kms:Decrypt", resource: keyARN, identity: allowAnything, unseen: true, want: "depends"},
		{name: "KMS without a key", action: "kms:ListKeys", resource: "*", identity: allowAnything, want: "allowed"},
		{name: "KMS root user needs the key policy", principal: rootARN, action: "kms:Decrypt", resource: keyARN, policy: resourceAllows(`{"AWS": "` + roleARN + `"}`), want: "denied", missing: kinds{resource}},

		{name: "assume role without trust", action: "sts:AssumeRole", resource: targetARN, identity: allowAnything, want: "denied", missing: kinds{trust}},
		{name: "assume role, trust names the user", action: "sts:AssumeRole", resource: targetARN, policy: trusts(`{"AWS": "` + userARN + `"}`), want: "allowed"},
		{name: "assume role, trust names the account", action: "sts:AssumeRole", resource: targetARN, policy: trusts(`{"AWS": "` + rootARN + `"}`), want: "denied", missing: kinds{identity}},
		{name: "assume role, trust names the account and identity allows", action: "STS:assumerole", resource: targetARN, identity: allowAnything, policy: trusts(`{"AWS": "` + rootARN + `"}`), want: "allowed"},
		{name: "assume role, cross account", action: "sts:AssumeRole", resource: abroadARN, account: " ", identity: allowAnything, policy: trusts(`{"AWS": "` + userARN + `"}`), want: "allowed"},
		{name: "assume role, cross account, trust alone", action: "sts:AssumeRole", resource: abroadARN, account: " ", policy: trusts(`{"AWS": "` + userARN + `"}`), want: "denied", missing: kinds{identity}},
		{name: "tag session needs the trust policy", action: "sts:TagSession", resource: targetARN, identity: allowAnything, policy: `{"Effect": "Allow", "Principal": {"AWS": "` + userARN + `"}, "Action": "sts:AssumeRole"}`, want: "denied", missing: kinds{trust}},
		{name: "web identity", principal: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", action: "sts:AssumeRoleWithWebIdentity", resource: targetARN,
			policy: trusts(`{"Federated": "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}`), want: "allowed"},
		{name: "SAML of another provider", principal: "arn:aws:iam::111122223333:saml-provider/a", action: "sts:AssumeRoleWithSAML", resource: targetARN,
			policy: trusts(`{"Federated": "arn:aws:iam::111122223333:saml-provider/b"}`), want: "denied", missing: kinds{trust}},
		{name: "a service assumes a role", principal: "ec2.amazonaws.com", action: "sts:AssumeRole", resource: targetARN, policy: trusts(`{"Service": "ec2.amazonaws.com"}`), want: "allowed"},
		{name: "get caller identity needs nothing", action: "sts:GetCallerIdentity", resource: "*", identity: `{"Effect": "Deny", "Action": "*", "Resource": "*"}`, want: "allowed"},

		{name: "NotPrincipal excepts user and account", identity: allowAnything, policy: denyBut(userARN, rootARN), want: "allowed"},
		{name: "NotPrincipal without the account", identity: allowAnything, policy: denyBut(userARN), want: "denied"},
		{name: "NotPrincipal, session and role and account", principal: sessionARN, identity: allowAnything, policy: denyBut(sessionARN, roleARN, rootARN), want: "allowed"},
		{name: "NotPrincipal without the session", principal: sessionARN, identity: allowAnything, policy: denyBut(roleARN, rootARN), want: "denied"},
		{name: "NotPrincipal, session not known", principal: roleARN, identity: allowAnything, policy: denyBut(sessionARN, roleARN, rootARN), want: "depends"},
		{name: "NotPrincipal with a boundary", identity: allowAnything, boundary: allowAnything, policy: denyBut(userARN, rootARN), want: "denied"},
		{name: "unique id", policy: resourceAllows(`{"AWS": "AIDAEXAMPLE"}`), want: "denied", missing: kinds{identity}},
		{name: "canonical user", policy: resourceAllows(`{"CanonicalUser": "79a5"}`), account: thereID, identity: allowAnything, want: "depends"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := tt.decide(t)
			require.Equal(t, tt.want, d.Outcome, "%+v", d)
			var missing []permissions.PolicyType
			for _, m := range d.Missing {
				missing = append(missing, m.Type)
			}
			require.Equal(t, tt.missing, missing)
			if tt.want == permissions.Depends {
				require.True(t, len(d.Keys) > 0 || d.ResourcePolicyUnseen, "%+v", d)
			}
		})
	}
}

func denyBut(arns ...string) string {
	return `{"Effect": "Deny", "NotPrincipal": {"AWS": ["` + strings.Join(arns, `", "`) + `"]}, "Action": "*", "Resource": "*"}`
}

func (tt *layerCase) decide(t *testing.T) permissions.Decision {
	t.Helper()
	or := func(s, or string) string {
		if s == "" {
			return or
		}
		return strings.TrimSpace(s)
	}
	r := permissions.Request{
		Principal:       mustPrincipal(t, or(tt.principal, userARN)),
		Action:          or(tt.action, "s3:GetObject"),
		Resource:        or(tt.resource, objectARN),
		ResourceAccount: or(tt.account, hereID),
	}
	if r.Principal.Type == permissions.PrincipalSession {
		r.Principal.RoleARN = roleARN
	}
	if tt.account == "" && tt.resource != "" {
		r.ResourceAccount = ""
	}
	p := permissions.Policies{ResourceUnseen: tt.unseen}
	if tt.identity != "" {
		p.Identity = []*permissions.Policy{compilePolicy(t, permissions.IdentityPolicy, tt.identity)}
	}
	if tt.boundary != "" {
		p.Boundary = compilePolicy(t, permissions.PermissionsBoundary, tt.boundary)
	}
	if tt.session != "" {
		p.Session = []*permissions.Policy{compilePolicy(t, permissions.SessionPolicy, tt.session)}
	}
	for i, scp := range tt.scps {
		p.ServiceControl = append(p.ServiceControl, permissions.Level{
			Target:   fmt.Sprint("ou-", i),
			Policies: []*permissions.Policy{compilePolicy(t, permissions.ServiceControlPolicy, scp)},
		})
	}
	if tt.rcp != "" {
		p.ResourceControl = []permissions.Level{{Policies: []*permissions.Policy{compilePolicy(t, permissions.ResourceControlPolicy, tt.rcp)}}}
	}
	if tt.policy != "" {
		p.Resource = compilePolicy(t, permissions.ResourcePolicy, tt.policy)
	}
	return permissions.Evaluate(&p, &r)
}
