package answer_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
)

const (
	userTwin = "arn:aws:iam::123456789012:user/people/twin"
	roleTwin = "arn:aws:iam::123456789012:role/twin"
	roleApp  = "arn:aws:iam::123456789012:role/service/app"

	trustLambda = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}`
	allowRead   = `{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"},
 {"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::books/*"}]}`
)

// known are the facts on which permissions hang.
const known = nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary | nhiscan.FactTrustPolicy

var readAt = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// twins is an account in which a user and a role have the same name.
func twins() *nhiscan.Account {
	return &nhiscan.Account{
		ID: "123456789012", CollectedAt: readAt,
		Users: []nhiscan.User{{Name: "twin", ARN: userTwin, Path: "/people/", Known: known}},
		Roles: []nhiscan.Role{
			{
				Name: "app", ARN: roleApp, Path: "/service/", Known: known, TrustPolicy: nhiscan.NewPolicyDocument(trustLambda),
				InlinePolicies: []nhiscan.InlinePolicy{{Name: "read", Document: nhiscan.NewPolicyDocument(allowRead)}},
			},
			{
				Name: "twin", ARN: roleTwin, Path: "/", Known: known, TrustPolicy: nhiscan.NewPolicyDocument(trustLambda),
				InlinePolicies: []nhiscan.InlinePolicy{{Name: "torn", Document: nhiscan.NewPolicyDocument(`{"Version":`)}},
			},
		},
	}
}

// demoSubject is the demo account as the subject of questions.
func demoSubject(t *testing.T) *answer.Subject {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	return answer.NewSubject(account, &answer.Options{Now: demo.Now()})
}

func query(t *testing.T, name string) *answer.Query {
	t.Helper()
	q, err := answer.NewQuery(name, "")
	require.NoError(t, err)
	return q
}

func action(t *testing.T, name string) render.Action {
	t.Helper()
	a, warning, err := answer.ParseAction(name)
	require.NoError(t, err)
	require.Empty(t, warning)
	return a
}

// requireInput fails unless err is an InputError that says want.
func requireInput(t *testing.T, err error, want string) {
	t.Helper()
	var input *answer.InputError
	require.ErrorAs(t, err, &input)
	require.ErrorContains(t, err, want)
}
