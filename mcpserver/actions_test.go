package mcpserver_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// TestReadOnlyAccessIsEnough holds what the README says: the AWS managed policy
// IAMReadOnlyAccess allows all that the tools ask of AWS.
func TestReadOnlyAccessIsEnough(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
	text, _, ok := awsmanaged.Document(arn)
	require.True(t, ok)
	doc, err := policydoc.Parse(text)
	require.NoError(t, err)
	policies := &permissions.Policies{Identity: []*permissions.Policy{
		permissions.Compile(doc, permissions.Source{Type: permissions.IdentityPolicy, ARN: arn, Name: "IAMReadOnlyAccess"}),
	}}
	s, err := mcpserver.New(nil)
	require.NoError(t, err)
	asked := 0
	for _, tool := range s.Tools() {
		for _, action := range tool.Actions {
			if action == "sts:GetCallerIdentity" {
				continue // nobody needs a permission for it
			}
			asked++
			decision := permissions.Evaluate(policies, &permissions.Request{
				Principal: permissions.Principal{ARN: "arn:aws:iam::123456789012:role/nhiscan"},
				Action:    action, Resource: "*",
			})
			require.Equal(t, permissions.Allowed, decision.Outcome, "%s calls %s", tool.Name, action)
		}
	}
	require.Greater(t, asked, 30)
}
