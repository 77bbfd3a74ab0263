package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
)

// What policy readers are known to get wrong about policies together.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
func TestTrapsOfLayers(t *testing.T) {
	t.Parallel()
	const everything = `{"Effect": "Allow", "Action": "*", "Resource": "*"}`
	const key = "arn:aws:kms:us-east-1:111111111111:key/1"
	type texts struct{ identity, boundary, session, scp, rcp, resource string }
	for _, c := range []struct {
		name, principal, action, on string
		texts
		want    permissions.Outcome
		missing []permissions.PolicyType
	}{
		{name: "a boundary narrows", texts: texts{identity: everything, boundary: `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`},
			action: "iam:GetUser", on: trapUser, want: permissions.Denied, missing: []permissions.PolicyType{permissions.PermissionsBoundary}},
		{name: "a boundary grants nothing", texts: texts{boundary: everything},
			action: "iam:GetUser", on: trapUser, want: permissions.Denied, missing: []permissions.PolicyType{permissions.IdentityPolicy}},
		{name: "an SCP narrows", texts: texts{identity: everything, scp: `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`},
			action: "iam:GetUser", on: trapUser, want: permissions.Denied, missing: []permissions.PolicyType{permissions.ServiceControlPolicy}},
		{name: "an SCP grants nothing", texts: texts{scp: everything},
			action: "iam:GetUser", on: trapUser, want: permissions.Denied, missing: []permissions.PolicyType{permissions.IdentityPolicy}},
		{name: "a session policy narrows", principal: "arn:aws:sts::111111111111:assumed-role/Deploy/x",
			texts:  texts{identity: everything, session: `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`},
			action: "iam:GetUser", on: trapUser, want: permissions.Denied, missing: []permissions.PolicyType{permissions.SessionPolicy}},
		{name: "an RCP denies an administrator", texts: texts{identity: everything, rcp: `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}`},
			action: "s3:GetObject", on: "arn:aws:s3:::data/x", want: permissions.Denied},
		{name: "an RCP is not about services that do not support them", texts: texts{identity: everything, rcp: `{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}`},
			action: "iam:GetUser", on: trapUser, want: permissions.Allowed},
		{name: "a resource policy that names the user is enough", texts: texts{resource: `{"Effect": "Allow", "Principal": {"AWS": "` + trapUser + `"}, "Action": "s3:*", "Resource": "*"}`},
			action: "s3:GetObject", on: "arn:aws:s3:::data/x", want: permissions.Allowed},
		{name: "a resource policy that names the account delegates", texts: texts{resource: `{"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "s3:*", "Resource": "*"}`},
			action: "s3:GetObject", on: "arn:aws:s3:::data/x", want: permissions.Denied, missing: []permissions.PolicyType{permissions.IdentityPolicy}},
		{name: "a grant to a user gets past its boundary",
			texts:  texts{boundary: `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`, resource: `{"Effect": "Allow", "Principal": {"AWS": "` + trapUser + `"}, "Action": "s3:*", "Resource": "*"}`},
			action: "s3:GetObject", on: "arn:aws:s3:::data/x", want: permissions.Allowed},
		{name: "a grant to a role does not get past its boundary", principal: "arn:aws:sts::111111111111:assumed-role/Deploy/x",
			texts:  texts{boundary: `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`, resource: `{"Effect": "Allow", "Principal": {"AWS": "` + trapRole + `"}, "Action": "s3:*", "Resource": "*"}`},
			action: "s3:GetObject", on: "arn:aws:s3:::data/x", want: permissions.Denied, missing: []permissions.PolicyType{permissions.PermissionsBoundary}},
		{name: "a grant to a session gets past the boundary and the session policy", principal: "arn:aws:sts::111111111111:assumed-role/Deploy/x",
			texts: texts{boundary: `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`, session: `{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}`,
				resource: `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:sts::111111111111:assumed-role/Deploy/x"}, "Action": "s3:*", "Resource": "*"}`},
			action: "s3:GetObject", on: "arn:aws:s3:::data/x", want: permissions.Allowed},
		{name: "another account needs both sides", principal: "arn:aws:iam::222222222222:user/alice",
			texts:  texts{resource: `{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}`},
			action: "s3:GetObject", on: "arn:aws:s3:::data/x", want: permissions.Denied, missing: []permissions.PolicyType{permissions.IdentityPolicy}},
		{name: "another account with both sides", principal: "arn:aws:iam::222222222222:user/alice",
			texts:  texts{identity: everything, resource: `{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}`},
			action: "s3:GetObject", on: "arn:aws:s3:::data/x", want: permissions.Allowed},
		{name: "a key policy decides whether identity policies count", texts: texts{identity: everything, resource: `{"Effect": "Allow", "Principal": {"AWS": "` + trapRole + `"}, "Action": "kms:*", "Resource": "*"}`},
			action: "kms:Decrypt", on: key, want: permissions.Denied, missing: []permissions.PolicyType{permissions.ResourcePolicy}},
		{name: "a key policy with the account's root lets them count", texts: texts{identity: everything, resource: `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "kms:*", "Resource": "*"}`},
			action: "kms:Decrypt", on: key, want: permissions.Allowed},

		{name: "AssumeRole without the trust policy's consent", texts: texts{identity: everything, resource: `{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}`},
			action: "sts:AssumeRole", on: trapRole, want: permissions.Denied, missing: []permissions.PolicyType{permissions.TrustPolicy}},
		{name: "a trust policy that names the user is enough", texts: texts{resource: `{"Effect": "Allow", "Principal": {"AWS": "` + trapUser + `"}, "Action": "sts:AssumeRole"}`},
			action: "sts:AssumeRole", on: trapRole, want: permissions.Allowed},
		{name: "a trust policy that names the account is not", texts: texts{resource: `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "sts:AssumeRole"}`},
			action: "sts:AssumeRole", on: trapRole, want: permissions.Denied, missing: []permissions.PolicyType{permissions.IdentityPolicy}},
		{name: "a trust policy that names the account with an identity policy", texts: texts{identity: everything, resource: `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:root"}, "Action": "sts:AssumeRole"}`},
			action: "sts:AssumeRole", on: trapRole, want: permissions.Allowed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			list := func(kind permissions.PolicyType, text string) []*permissions.Policy {
				if text == "" {
					return nil
				}
				return []*permissions.Policy{trapPolicy(t, kind, text)}
			}
			policies := &permissions.Policies{
				Identity: list(permissions.IdentityPolicy, c.identity),
				Session:  list(permissions.SessionPolicy, c.session),
			}
			if c.boundary != "" {
				policies.Boundary = trapPolicy(t, permissions.PermissionsBoundary, c.boundary)
			}
			if c.scp != "" {
				policies.ServiceControl = []permissions.Level{
					{Target: "r-1", Policies: list(permissions.ServiceControlPolicy, everything)},
					{Target: "111111111111", Policies: list(permissions.ServiceControlPolicy, c.scp)},
				}
			}
			if c.rcp != "" {
				policies.ResourceControl = []permissions.Level{{Target: "r-1", Policies: list(permissions.ResourceControlPolicy, c.rcp)}}
			}
			if c.resource != "" {
				kind := permissions.ResourcePolicy
				if c.action == "sts:AssumeRole" {
					kind = permissions.TrustPolicy
				}
				policies.Resource = trapPolicy(t, kind, c.resource)
			}
			principal := c.principal
			if principal == "" {
				principal = trapUser
			}
			request := trapRequest(t, principal, c.action, c.on, nil)
			request.ResourceAccount = "111111111111"
			decision := permissions.Evaluate(policies, request)
			require.Equal(t, c.want, decision.Outcome)
			var missing []permissions.PolicyType
			for _, m := range decision.Missing {
				missing = append(missing, m.Type)
			}
			if c.missing != nil {
				require.Equal(t, c.missing, missing)
			}
			require.Equal(t, c.want == permissions.Denied && c.missing == nil, decision.Explicit())
		})
	}
}

// A key whose value is not known makes an answer depend on it, and is not guessed.
func TestTrapUnknownContext(t *testing.T) {
	t.Parallel()
	deny := `{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}`
	allow := `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}`
	for _, c := range []struct {
		name, policy, action string
		want                 permissions.Outcome
		keys                 []string
	}{
		{"an allowed action hangs on a conditional Deny", allow + "," + deny, "s3:GetObject", permissions.Depends, []string{"aws:MultiFactorAuthPresent"}},
		{"what nothing allows does not", allow + "," + deny, "sqs:SendMessage", permissions.Denied, nil},
		{"an operator that does not exist is not guessed", `{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringIs": {"aws:UserAgent": "x"}}}`,
			"s3:GetObject", permissions.Depends, []string{"aws:UserAgent"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			request := trapRequest(t, trapUser, c.action, "arn:aws:s3:::data/x", nil)
			request.Context = permissions.NewContext(nil, false)
			decision := permissions.Evaluate(&permissions.Policies{Identity: []*permissions.Policy{trapPolicy(t, permissions.IdentityPolicy, c.policy)}}, request)
			require.Equal(t, c.want, decision.Outcome)
			require.Equal(t, c.keys, decision.Keys)
		})
	}
}
