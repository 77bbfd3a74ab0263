package permissions_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/nhiscan/nhiscan"
)

const (
	userFacts = nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies |
		nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary
	roleFacts = userFacts&^nhiscan.FactGroups | nhiscan.FactTrustPolicy
)

// policyOf makes a document of statements.
func policyOf(statements ...string) nhiscan.PolicyDocument {
	return nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
}

func inlineOf(statements ...string) []nhiscan.InlinePolicy {
	return []nhiscan.InlinePolicy{{Name: "own", Document: policyOf(statements...)}}
}

const (
	theAccount = "123456789012"
	aliceARN   = "arn:aws:iam::123456789012:user/alice"
	deployARN  = "arn:aws:iam::123456789012:role/deploy"
)

// accountOf makes an account of one user, alice, with the statements inline.
func accountOf(statements ...string) *nhiscan.Account {
	return &nhiscan.Account{
		ID: theAccount, Partition: "aws",
		Users: []nhiscan.User{{Name: "alice", ARN: aliceARN, Path: "/", Known: userFacts, InlinePolicies: inlineOf(statements...)}},
	}
}

// bound gives alice a permissions boundary.
func bound(a *nhiscan.Account, statements ...string) *nhiscan.Account {
	arn := "arn:aws:iam::123456789012:policy/dev"
	a.Policies = append(a.Policies, nhiscan.ManagedPolicy{
		Name: "dev", ARN: arn, DefaultVersionID: "v1",
		Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true, Document: policyOf(statements...)}},
	})
	a.Users[0].PermissionsBoundary = arn
	return a
}

// controlled makes SCPs of one level.
func controlled(statements ...string) *nhiscan.OrganizationPolicies {
	return &nhiscan.OrganizationPolicies{Targets: []nhiscan.OrganizationTarget{{
		ID:             "r-ab12",
		ServiceControl: []nhiscan.OrganizationPolicy{{ID: "p-1", Name: "guard", Document: policyOf(statements...)}},
	}}}
}

// Random statements are about few actions and resources, so that they meet.
var (
	lawActions   = []string{"s3:GetObject", "s3:PutObject", "s3:*", "s3:*Object", "*", "sqs:SendMessage", "iam:PassRole"}
	lawResources = []string{
		"*", "arn:aws:s3:::*", "arn:aws:s3:::a/*", "arn:aws:s3:::a*", "arn:aws:s3:::*/x", "arn:aws:s3:::b/x", "arn:aws:s3:::?/y",
		"arn:aws:s3:::${aws:username}/*", "arn:aws:sqs:*:123456789012:a*", "arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:role/ab*",
	}
	lawConditions = []string{
		`"Bool":{"aws:MultiFactorAuthPresent":"true"}`, `"StringEquals":{"aws:username":"alice"}`,
		`"StringNotEquals":{"aws:username":"alice"}`, `"StringEquals":{"aws:PrincipalTag/Team":"a"}`, `"StringLike":{"s3:prefix":"a*"}`,
	}
)

func pickOf(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func listOf(r *rand.Rand, from []string) string {
	n := 1 + r.IntN(2)
	quoted := make([]string, n)
	for i := range quoted {
		quoted[i] = fmt.Sprintf("%q", pickOf(r, from))
	}
	return "[" + strings.Join(quoted, ",") + "]"
}

func randomStatement(r *rand.Rand) string {
	effect, action, resource := "Allow", "Action", "Resource"
	if r.IntN(4) == 0 {
		effect = "Deny"
	}
	if r.IntN(8) == 0 {
		action = "NotAction"
	}
	if r.IntN(6) == 0 {
		resource = "NotResource"
	}
	condition := ""
	if r.IntN(4) == 0 {
		condition = `,"Condition":{` + pickOf(r, lawConditions) + `}`
	}
	return fmt.Sprintf(`{"Effect":%q,%q:%s,%q:%s%s}`, effect, action, listOf(r, lawActions), resource, listOf(r, lawResources), condition)
}

func randomStatements(r *rand.Rand) []string {
	list := make([]string, 1+r.IntN(3))
	for i := range list {
		list[i] = randomStatement(r)
	}
	return list
}

// randomAccount is of alice with a boundary or an SCP at times.
func randomAccount(r *rand.Rand) (*nhiscan.Account, *nhiscan.OrganizationPolicies) {
	a := accountOf(randomStatements(r)...)
	if r.IntN(3) == 0 {
		a = bound(a, randomStatements(r)...)
	}
	if r.IntN(3) == 0 {
		return a, controlled(append(randomStatements(r), `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`)...)
	}
	return a, nil
}

// roleOf makes a role with statements inline.
func roleOf(arn string, trust nhiscan.PolicyDocument, statements ...string) nhiscan.Role {
	return nhiscan.Role{
		Name: arn[strings.LastIndexByte(arn, '/')+1:], ARN: arn, Known: roleFacts, TrustPolicy: trust,
		InlinePolicies: inlineOf(statements...),
	}
}
