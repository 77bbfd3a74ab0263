package nhi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

const (
	console  = `{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}`
	needsMFA = `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`
	external = `{"StringEquals":{"sts:ExternalId":"a1b2"}}`
)

func TestRoles(t *testing.T) {
	t.Parallel()
	const other = `{"AWS":"arn:aws:iam::111122223333:root"}`
	for name, c := range map[string]struct {
		role     string
		trust    string
		verdict  nhi.Verdict
		category nhi.Category
		signal   string
	}{
		"lambda":                 {"orders", allowTrust(`{"Service":"lambda.amazonaws.com"}`, ""), nhi.NonHuman, nhi.CategoryLambdaExecution, "trusts-service"},
		"ec2":                    {"admin", allowTrust(`{"Service":"ec2.amazonaws.com"}`, ""), nhi.NonHuman, nhi.CategoryEC2InstanceProfile, "trusts-service"},
		"ecs":                    {"web", allowTrust(`{"Service":"ecs-tasks.amazonaws.com"}`, ""), nhi.NonHuman, nhi.CategoryECSTask, "trusts-service"},
		"other service":          {"x", allowTrust(`{"Service":"glue.amazonaws.com"}`, ""), nhi.NonHuman, nhi.CategoryServiceRole, "trusts-service"},
		"agent":                  {"x", allowTrust(`{"Service":"bedrock-agentcore.amazonaws.com"}`, ""), nhi.NonHuman, nhi.CategoryAgent, "trusts-service"},
		"GitHub":                 {"x", allowTrust(`{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}`, `{"StringEquals":{"token.actions.githubusercontent.com:sub":"repo:acme/shop:ref:refs/heads/main"}}`), nhi.NonHuman, nhi.CategoryFederatedOIDC, "trusts-workload-identity"},
		"EKS, called admin":      {"admin-pod-role", allowTrust(`{"Federated":"arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"}`, `{"StringEquals":{"oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE:sub":"system:serviceaccount:shop:api"}}`), nhi.NonHuman, nhi.CategoryEKSIRSA, "trusts-workload-identity"},
		"external id":            {"x", allowTrust(other, external), nhi.NonHuman, nhi.CategoryCrossAccountUnknown, "external-id"},
		"SAML console":           {"storefront-dev", allowTrust(`{"Federated":"arn:aws:iam::123456789012:saml-provider/okta"}`, console), nhi.Human, nhi.CategoryFederatedSAML, "saml-console"},
		"MFA":                    {"x", allowTrust(other, needsMFA), nhi.Human, nhi.CategoryCrossAccountUnknown, "trust-requires-mfa"},
		"own name in session":    {"x", allowTrust(other, `{"StringLike":{"sts:RoleSessionName":"${aws:username}"}}`), nhi.Human, nhi.CategoryCrossAccountUnknown, "user-name-session"},
		"account, job":           {"team-developer", allowTrust(other, ""), nhi.Human, nhi.CategoryCrossAccountUnknown, "job-role"},
		"account, job, thing":    {"cargo-read_only", allowTrust(other, ""), nhi.Human, nhi.CategoryCrossAccountUnknown, "job-role"},
		"account, software":      {"team-ci", allowTrust(other, ""), nhi.NonHuman, nhi.CategoryCrossAccountUnknown, "strong-word"},
		"account, job, software": {"billing-ci", allowTrust(other, ""), nhi.NonHuman, nhi.CategoryCrossAccountUnknown, "strong-word"},
		"account, software, job": {"ci-admin", allowTrust(other, ""), nhi.Uncertain, nhi.CategoryCrossAccountUnknown, "job-role"},
		"account, a given name":  {"otto", allowTrust(other, ""), nhi.Uncertain, nhi.CategoryCrossAccountUnknown, "given-name"},
		"account, nothing":       {"xqzvk", allowTrust(other, ""), nhi.Uncertain, nhi.CategoryCrossAccountUnknown, ""},
		"person elsewhere":       {"x", allowTrust(`{"AWS":"arn:aws:iam::111122223333:user/anna.kowalska"}`, ""), nhi.Human, nhi.CategoryCrossAccountUnknown, "named-person"},
		"software elsewhere":     {"x", allowTrust(`{"AWS":"arn:aws:iam::111122223333:role/ci-deployer"}`, ""), nhi.NonHuman, nhi.CategoryCrossAccountUnknown, "named-workload"},
		"people and software":    {"x", allowTrust(`{"Federated":"arn:aws:iam::123456789012:saml-provider/okta","Service":"ec2.amazonaws.com"}`, ""), nhi.Mixed, nhi.CategoryFederatedSAML, "trusts-service"},
		"organization":           {"OrganizationAccountAccessRole", allowTrust(other, ""), nhi.Mixed, nhi.CategoryOrganizationAdmin, "organization-admin"},
		"organization by name":   {"OrganizationAccountAccessRole", allowTrust(`{"Service":"ec2.amazonaws.com"}`, ""), nhi.NonHuman, nhi.CategoryEC2InstanceProfile, "trusts-service"},
		"Control Tower":          {"AWSControlTowerExecution", allowTrust(other, ""), nhi.Mixed, nhi.CategoryOrganizationAdmin, "organization-admin"},
		"StackSets":              {"AWSCloudFormationStackSetExecutionRole", allowTrust(other, ""), nhi.NonHuman, nhi.CategoryCrossAccountUnknown, "deployment-role"},
		"end users":              {"app", allowTrust(`{"Federated":"cognito-identity.amazonaws.com"}`, `{"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:11111111-2222-3333-4444-555555555555"},"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}`), nhi.Mixed, nhi.CategoryCognito, "trusts-end-users"},
		"anyone":                 {"x", allowTrust(`"*"`, ""), nhi.Mixed, nhi.CategoryPublic, "trusts-anyone"},
		"break-glass":            {"emergency-admin", allowTrust(other, ""), nhi.Human, nhi.CategoryBreakGlass, "break-glass"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := nhi.Classify(account(nil, []nhiscan.Role{roleTrusting(c.role, c.trust)}), nil)
			got := report.Identities[0]
			require.Equal(t, c.verdict, got.Verdict, "%v", got.Signals)
			require.Equal(t, c.category, got.Category)
			require.NotNil(t, got.Trust)
			if c.signal != "" {
				require.Contains(t, names(got.Classification), c.signal)
			}
			require.Empty(t, report.Gaps)
		})
	}
}

func TestRolePaths(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path     string
		verdict  nhi.Verdict
		category nhi.Category
	}{
		"service-linked":  {"/aws-service-role/ecs.amazonaws.com/", nhi.NonHuman, nhi.CategoryServiceLinked},
		"Identity Center": {"/aws-reserved/sso.amazonaws.com/eu-west-1/", nhi.Human, nhi.CategoryIdentityCenter},
		"made by console": {"/service-role/", nhi.NonHuman, nhi.CategoryServiceRole},
		"no path":         {"/", nhi.Uncertain, nhi.CategoryUncertain},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			role := nhiscan.Role{Name: "xqzvk", ARN: roleARN("xqzvk"), Path: c.path}
			got := nhi.Classify(account(nil, []nhiscan.Role{role}), nil).Identities[0]
			require.Equal(t, c.verdict, got.Verdict, "%v", got.Signals)
			require.Equal(t, c.category, got.Category)
			require.Contains(t, got.Unseen, "trust policy")
			require.Less(t, got.Coverage, 0.5)
		})
	}
}

func TestPermissionSetNamedLikeSoftware(t *testing.T) {
	t.Parallel()
	role := roleTrusting("AWSReservedSSO_Terraform-Deployer_0123456789abcdef",
		allowTrust(`{"Federated":"arn:aws:iam::123456789012:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE"}`, console))
	role.Path = "/aws-reserved/sso.amazonaws.com/"
	got := nhi.Classify(account(nil, []nhiscan.Role{role}), nil).Identities[0]
	require.Equal(t, nhi.Human, got.Verdict)
	require.Equal(t, nhi.CategoryIdentityCenter, got.Category)
}

func TestMalformedTrustPolicy(t *testing.T) {
	t.Parallel()
	a := account(nil, []nhiscan.Role{roleTrusting("svc-broken", `{"Statement":`)})
	report := nhi.Classify(a, nil)
	require.Equal(t, nhi.Uncertain, report.Identities[0].Verdict)
	require.Equal(t, nhi.CategoryUncertain, report.Identities[0].Category)
	require.Len(t, report.Gaps, 1)
	require.Equal(t, nhiscan.GapMalformed, report.Gaps[0].Code)
	require.Equal(t, roleARN("svc-broken"), report.Gaps[0].Resource)
	require.Contains(t, report.Gaps[0].Message, "role svc-broken: the trust policy cannot be read")
	require.Empty(t, a.Gaps, "the account must not change")

	a.Gaps = report.Gaps
	require.Len(t, nhi.Classify(a, nil).Gaps, 1, "a gap that the account has is not said twice")
}

func TestKnownAccounts(t *testing.T) {
	t.Parallel()
	a := account(nil, []nhiscan.Role{roleTrusting("xqzvk", allowTrust(`{"AWS":"arn:aws:iam::111122223333:root"}`, ""))})
	vendor := &trust.Options{Accounts: map[string]trust.KnownAccount{"111122223333": {Name: "Acme Scanner", Relation: trust.RelationVendor}}}
	got := nhi.Classify(a, &nhi.Options{Trust: vendor}).Identities[0]
	require.Equal(t, nhi.NonHuman, got.Verdict)
	require.Equal(t, nhi.CategoryCrossAccountVendor, got.Category)
	said, _ := fact(got.Classification, "trusts-vendor")
	require.Equal(t, "trusts Acme Scanner, a third party", said)
}

func TestRoleTags(t *testing.T) {
	t.Parallel()
	role := roleTrusting("xqzvk", allowTrust(`{"AWS":"arn:aws:iam::111122223333:root"}`, ""))
	role.Known |= nhiscan.FactTags
	role.Tags = []nhiscan.Tag{{Key: "Usage", Value: "Agent"}}
	got := nhi.Classify(account(nil, []nhiscan.Role{role}), nil).Identities[0]
	require.Equal(t, nhi.NonHuman, got.Verdict)
	require.Equal(t, nhi.CategoryAgent, got.Category)
}
