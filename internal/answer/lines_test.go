package answer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/permissions"
)

func TestLines(t *testing.T) {
	t.Parallel()
	account := stocked()
	spread := strings.ReplaceAll(trustLambda, ",", ",\n")
	account.Roles[0].TrustPolicy = nhiscan.NewPolicyDocument(spread)
	inline := []nhiscan.InlinePolicy{{Name: "read", Document: nhiscan.NewPolicyDocument(allowRead)}}
	account.Users[0].InlinePolicies, account.Groups[0].InlinePolicies = inline, inline
	account.Policies = account.Policies[:1]
	aws, _, ok := awsmanaged.Document(readOnlyAccess)
	require.True(t, ok)
	lines := answer.Lines(account, map[permissions.Source]string{{Type: permissions.SessionPolicy}: allowRead})

	for name, c := range map[string]struct {
		source    permissions.Source
		text      string
		statement int
		want      int
	}{
		"a trust policy":             {permissions.Source{Type: permissions.TrustPolicy, ARN: roleApp}, spread, 1, 2},
		"a role's inline policy":     {permissions.Source{Type: permissions.IdentityPolicy, Holder: roleApp, Name: "read"}, allowRead, 2, 3},
		"a user's inline policy":     {permissions.Source{Type: permissions.IdentityPolicy, Holder: userTwin, Name: "read"}, allowRead, 1, 2},
		"a group's inline policy":    {permissions.Source{Type: permissions.IdentityPolicy, Holder: account.Groups[0].ARN, Name: "read"}, allowRead, 1, 2},
		"a managed policy":           {permissions.Source{Type: permissions.PermissionsBoundary, ARN: account.Policies[0].ARN}, allowRead, 2, 3},
		"one that only AWS has":      {permissions.Source{Type: permissions.IdentityPolicy, ARN: readOnlyAccess}, aws, 1, 1},
		"one that was given":         {permissions.Source{Type: permissions.SessionPolicy}, allowRead, 2, 3},
		"one that is not there":      {permissions.Source{Type: permissions.ResourcePolicy}, allowRead, 2, 0},
		"an inline one not there":    {permissions.Source{Type: permissions.IdentityPolicy, Holder: roleApp, Name: "gone"}, allowRead, 2, 0},
		"a role that is not there":   {permissions.Source{Type: permissions.TrustPolicy, ARN: roleApp + "s"}, trustLambda, 1, 0},
		"a statement not there":      {permissions.Source{Type: permissions.SessionPolicy}, allowRead, 3, 0},
		"a text that became another": {permissions.Source{Type: permissions.SessionPolicy}, aws, 9, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, lines(permissions.Match{Policy: compile(t, c.text, c.source), Statement: c.statement}))
		})
	}
	require.Zero(t, lines(permissions.Match{}))
}
