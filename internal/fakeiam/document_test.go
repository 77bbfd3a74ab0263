package fakeiam_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestMalformedPolicies(t *testing.T) {
	t.Parallel()
	var tests []refusal
	add := func(name, document, message string) {
		tests = append(tests, refusal{name, nil, do((*iam.Client).CreatePolicy, &iam.CreatePolicyInput{PolicyName: str("p"), PolicyDocument: str(document)}), "MalformedPolicyDocument", 400, message})
	}
	const version = `{"Version":"2012-10-17",`
	add("not JSON", "{", "Syntax errors in policy.")
	add("no statement", `{"Version":"2012-10-17"}`, "Syntax errors in policy.")
	add("empty statement list", version+`"Statement":[]}`, "Syntax errors in policy.")
	add("no version", `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`, "Policy document must be version 2012-10-17 or greater.")
	add("no effect", version+`"Statement":{"Action":"s3:*","Resource":"*"}}`, "Syntax errors in policy.")
	add("principal", version+`"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}`, "Policy document should not specify a principal.")
	add("no action", version+`"Statement":{"Effect":"Allow","Resource":"*"}}`, "Policy statement must contain actions.")
	add("no resource", version+`"Statement":{"Effect":"Allow","Action":"s3:*"}}`, "Policy statement must contain resources.")
	add("no service", version+`"Statement":{"Effect":"Allow","Action":"Get*","Resource":"*"}}`, "Actions/Conditions must be prefaced by a vendor")
	add("no ARN", version+`"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}}`, `Resource bucket must be in ARN format or "*".`)
	add("statement ids", version+`"Statement":[{"Sid":"A","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]}`, "Statement IDs (SID) in a single policy must be unique.")
	checkRefusals(t, tests)
}

// TestInlinePolicyWithoutVersion may be, unlike a managed policy without one.
func TestInlinePolicyWithoutVersion(t *testing.T) {
	t.Parallel()
	run(t, iamClient(fakeiam.New(account())), do((*iam.Client).PutUserPolicy, &iam.PutUserPolicyInput{
		UserName: str("Bob"), PolicyName: str("p"), PolicyDocument: str(`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`),
	}))
}

func trusting(principal string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"}]}`
}

func updateTrust(document string) call {
	return do((*iam.Client).UpdateAssumeRolePolicy, &iam.UpdateAssumeRolePolicyInput{RoleName: str("idle"), PolicyDocument: str(document)})
}

func TestMalformedTrustPolicies(t *testing.T) {
	t.Parallel()
	var tests []refusal
	add := func(name, document, message string) {
		tests = append(tests, refusal{name, nil, updateTrust(document), "MalformedPolicyDocument", 400, message})
	}
	add("not JSON", "{", "This policy contains invalid Json")
	add("no statement", "{}", "Missing required field Statement")
	add("no principal", `{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}`, "Missing required field Principal")
	add("no action", `{"Statement":{"Effect":"Allow","Principal":"*"}}`, "Missing required field Action")
	add("resource", `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}}`, "Has prohibited field Resource")
	add("other actions", `{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}}`, "AssumeRole policy may only specify STS AssumeRole actions.")
	for name, arn := range map[string]string{
		"unknown role": arnPrefix + "role/nobody", "unknown user": arnPrefix + "user/nobody", "another path": arnPrefix + "role/deploy",
		"group": arnPrefix + "group/developers", "wildcard": "arn:aws:iam::999999999999:role/*", "id of someone gone": "AROAGONE000000000000", "name": "alice",
	} {
		add(name, trusting(`{"AWS":["`+arnPrefix+`root","`+arn+`"]}`), `Invalid principal in policy: "AWS":"`+arn+`"`)
	}
	add("unknown kind", trusting(`{"Alien":"x"}`), `Invalid principal in policy: "Alien":"x"`)
	checkRefusals(t, tests)
}

func TestTrustPolicies(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	for _, principal := range []string{
		`"*"`, `{"AWS":"*"}`, `{"AWS":"999999999999"}`, `{"AWS":"arn:aws:iam::999999999999:role/theirs"}`, `{"AWS":"` + arnPrefix + `role/ci/deploy"}`,
		`{"AWS":["` + arnPrefix + `root","AIDAALICE00000000000"]}`, `{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}`, `{"Federated":"cognito-identity.amazonaws.com"}`,
	} {
		run(t, c, updateTrust(trusting(principal)))
		role, _ := server.Account().Role("idle")
		require.Equal(t, trusting(principal), role.TrustPolicy.Text())
	}
}

// TestDeletedPrincipals deletes the user whom a trust policy names, and makes
// another of the same name.
func TestDeletedPrincipals(t *testing.T) {
	t.Parallel()
	server := fakeiam.New(account())
	c := iamClient(server)
	trust := func(principal string) string {
		return `{"Statement":{"Effect":"Allow","Principal":{"AWS":["` + principal + `"]},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalArn":"` + arnPrefix + `user/Bob"}}}}`
	}
	run(t, c, updateTrust(trust(arnPrefix+"user/Bob")), removeFromGroup("Bob", "developers"), deleteUser("Bob"), createUser("Bob"))
	role, _ := server.Account().Role("idle")
	require.Equal(t, trust("AIDABOB0000000000000"), role.TrustPolicy.Text())
	requireAPIError(t, updateTrust(role.TrustPolicy.Text())(t.Context(), c), "MalformedPolicyDocument", 400)
}
