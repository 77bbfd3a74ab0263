package manage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nhiscan/nhiscan/manage"
)

func TestGuardTrust(t *testing.T) {
	role := func(name, document string) string {
		return `{"role_name":"` + name + `","policy_document":` + quoted(document) + `}`
	}
	create := func(document string) string {
		return `{"role_name":"new","assume_role_policy_document":` + quoted(document) + `}`
	}
	federated := func(provider, condition string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + provider + `"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{` + condition + `}}]}`
	}
	const update = "update_assume_role_policy"
	gitHub := guardIAM + "oidc-provider/token.actions.githubusercontent.com"
	audience := `"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"}`
	main := `"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:acme/app:ref:refs/heads/main"}`
	lockout := []manage.RiskCode{manage.RiskLockout}
	runGuardCases(t, []guardCase{
		{"everyone", update, role("plain", trusts(`"*"`)), append(slices.Clone(public), manage.RiskEscalation), "Every AWS account", nil},
		{"a new role for everyone", "create_role", create(trusts(`"*"`)), public, "Every AWS account", nil},
		{"AWS everyone", "create_role", create(trusts(`{"AWS":"*"}`)), public, "", nil},
		{"everyone federated", "create_role", create(federated("*", audience)), public, "", nil},
		{"a condition that always holds", "create_role", create(trusts(`{"AWS":"*"}`, `,"Condition":{"StringLike":{"aws:PrincipalArn":"*"}}`)), public, "", nil},
		{"any organization", "create_role", create(trusts(`"*"`, `,"Condition":{"StringLike":{"aws:PrincipalOrgID":"o-*"}}`)), public, "", nil},
		{"an organization, if there is one", "create_role", create(trusts(`"*"`, `,"Condition":{"ForAllValues:StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}`)), public, "", nil},
		{"no subject", "create_role", create(federated(gitHub, audience)), public, "", nil},
		{"any repository", "create_role", create(federated(gitHub, audience+`,"StringLike":{"token.actions.githubusercontent.com:sub":"repo:*"}`)), public, "", nil},
		{"guests", "create_role", create(federated("cognito-identity.amazonaws.com", `"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:12345678-1234-1234-1234-123456789012"}`)), public, "", nil},
		{"everyone but some", "create_role", create(strings.Replace(trusts(`{"AWS":"`+guardAccount+`"}`), `"Principal"`, `"NotPrincipal"`, 1)), public, "", nil},

		{"the organization", "create_role", create(trusts(`"*"`, `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}`)), nil, "", nil},
		{"the account by a condition", "create_role", create(trusts(`{"AWS":"*"}`, `,"Condition":{"StringEquals":{"aws:PrincipalAccount":"`+guardAccount+`"}}`)), nil, "", nil},
		{"services for the account", "create_role", create(trusts(`{"Service":"s3.amazonaws.com"}`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"`+guardAccount+`"}}`)), nil, "", nil},
		{"a repository", "create_role", create(federated(gitHub, main)), nil, "", nil},
		{"lambda", "create_role", create(guardLambda), nil, "", nil},
		{"another account", "create_role", create(trusts(`{"AWS":"999900001111"}`)), nil, "", []manage.RiskCode{manage.RiskTrust}},

		{"a user for an administrator's role", update, role("nobody", trusts(`{"AWS":"`+guardIAM+`user/bob"}`)), escalate, "user bob", nil},
		{"a role that can be passed", update, role("nobody", guardLambda), escalate, "user passer", nil},
		{"another account for an administrator's role", update, role("nobody", trusts(`{"AWS":"999900001111"}`)), escalate, "account 999900001111 can assume role nobody", nil},
		{"a repository for an administrator's role", update, role("nobody", federated(gitHub, main)), escalate, "GitHub", nil},
		{"a user for a role that reads", update, role("plain", trusts(`{"AWS":["`+guardIAM+`user/alice","`+guardIAM+`user/carol"]}`)), escalate, "user carol", nil},
		{"narrower", update, role("plain", trusts(`{"AWS":"`+guardIAM+`user/alice"}`, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`)), nil, "", nil},
		{"nobody", update, role("app", strings.Replace(guardLambda, "Allow", "Deny", 1)), nil, "", lockout},
	})
}
