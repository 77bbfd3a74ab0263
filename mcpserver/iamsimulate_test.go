package mcpserver_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// TestSimulationContext requires that the simulator is told the type that a key
// has, whatever JSON its value is, unless the call says another.
func TestSimulationContext(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	c := newClient(t, newServer(t, liveOptions(fake)))
	for key, test := range map[string]struct {
		value any
		kind  string
		sent  []string
	}{
		"aws:SourceIp":                {"192.0.2.1", "ip", []string{"192.0.2.1"}},
		"AWS:sourceip":                {[]any{"192.0.2.1", "2001:db8::/32"}, "ipList", []string{"192.0.2.1", "2001:db8::/32"}},
		"aws:MultiFactorAuthPresent":  {true, "boolean", []string{"true"}},
		"aws:multifactorauthpresent":  {"false", "boolean", []string{"false"}},
		"aws:MultiFactorAuthAge":      {300, "numeric", []string{"300"}},
		"aws:CurrentTime":             {"2026-10-05T09:00:00Z", "date", []string{"2026-10-05T09:00:00Z"}},
		"aws:PrincipalArn":            {demoUser, "string", []string{demoUser}},
		"aws:PrincipalTag/age":        {7, "string", []string{"7"}},
		"aws:TagKeys":                 {[]any{"team"}, "stringList", []string{"team"}},
		"aws:RequestedRegion":         {[]any{"eu-west-1"}, "string", []string{"eu-west-1"}},
		"unheardof:Truth":             {true, "boolean", []string{"true"}},
		"unheardof:Count":             {[]any{1, 2.5}, "numericList", []string{"1", "2.5"}},
		"unheardof:Word":              {"w", "string", []string{"w"}},
		"aws:EpochTime":               {map[string]any{"value": 1, "type": "numeric"}, "numeric", []string{"1"}},
		"unheardof:Addresses":         {map[string]any{"values": []any{"192.0.2.1", "192.0.2.2"}, "type": "ip"}, "ipList", []string{"192.0.2.1", "192.0.2.2"}},
		"unheardof:ListOfOne":         {map[string]any{"values": "x", "type": "stringList"}, "stringList", []string{"x"}},
		"unheardof:UntypedInAnObject": {map[string]any{"values": []any{"x"}}, "string", []string{"x"}},
	} {
		out := callTool(t, c, "simulate_custom_policy", map[string]any{
			"policy_documents": []any{readAll}, "action_names": []any{"s3:GetObject"}, "context_entries": map[string]any{key: test.value},
		})
		require.False(t, out.IsError, "%s: %+v", key, out.Error)
		sent := fake.LastRequest("SimulateCustomPolicy")
		const entry = "ContextEntries.member.1."
		require.Equal(t, key, sent.Get(entry+"ContextKeyName"))
		require.Equal(t, test.kind, sent.Get(entry+"ContextKeyType"), key)
		for i, value := range test.sent {
			require.Equal(t, value, sent.Get(fmt.Sprintf("%sContextKeyValues.member.%d", entry, i+1)))
		}
	}
}

// TestSimulationDocuments requires that documents are sent as they were given, text
// or object, with the boundary in its place.
func TestSimulationDocuments(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	c := newClient(t, newServer(t, liveOptions(fake)))
	object := map[string]any{"Version": "2012-10-17", "Statement": []any{map[string]any{"Effect": "Deny", "Action": "*", "Resource": "*"}}}
	out := callTool(t, c, "simulate_custom_policy", map[string]any{
		"policy_documents": []any{readAll, object}, "permissions_boundary": readAll, "action_names": []any{"s3:GetObject"},
	})
	require.False(t, out.IsError, "%+v", out.Error)
	sent := fake.LastRequest("SimulateCustomPolicy")
	require.Equal(t, readAll, sent.Get("PolicyInputList.member.1"))
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`, sent.Get("PolicyInputList.member.2"))
	require.Equal(t, readAll, sent.Get("PermissionsBoundaryPolicyInputList.member.1"))
}

// TestSimulationOfMany requires that what is left out of a long answer is counted.
func TestSimulationOfMany(t *testing.T) {
	t.Parallel()
	fake := iamAWS(t)
	fake.PageSize(7)
	fake.Simulate(func(call fakeiam.SimulatedCall) fakeiam.SimulatedDecision {
		if strings.HasSuffix(call.Resource, "/1") {
			return fakeiam.SimulatedDecision{Decision: "allowed"}
		}
		return fakeiam.SimulatedDecision{}
	})
	var actions, resources []any
	for i := range 20 {
		actions = append(actions, fmt.Sprintf("s3:Action%d", i))
		resources = append(resources, fmt.Sprintf("arn:aws:s3:::bucket/%d", i))
	}
	out := callTool(t, newClient(t, newServer(t, liveOptions(fake))), "simulate_principal_policy", map[string]any{
		"policy_source_arn": demoUser, "action_names": actions, "resource_arns": resources,
	})
	require.EqualValues(t, 400, out.Structured["count"])
	require.EqualValues(t, 200, out.Structured["left_out"])
	require.Len(t, out.Structured["results"], 200)
	require.Equal(t, map[string]any{"allowed": 20.0, "implicitDeny": 380.0}, out.Structured["decisions"])
	require.Contains(t, out.Text, "more results")
}
