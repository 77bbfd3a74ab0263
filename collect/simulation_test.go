package collect_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// simulator serves an account whose simulator allows s3:GetObject on one object,
// denies s3:DeleteObject by a statement, and allows nothing else.
func simulator() (s *fakeiam.Server, role string) {
	a := synth.Account(tiny, 1)
	s = newServer(a)
	yes, no := true, false
	s.Simulate(func(c fakeiam.SimulatedCall) fakeiam.SimulatedDecision {
		statement := []fakeiam.SimulatedStatement{{PolicyID: "inline", PolicyType: "IAM Policy", Start: [2]int{3, 17}, End: [2]int{9, 6}}}
		switch {
		case c.Action == "s3:GetObject" && c.Resource == "arn:aws:s3:::a/open":
			return fakeiam.SimulatedDecision{Decision: "allowed", Statements: statement, Boundary: &yes, Organization: &yes}
		case c.Action == "s3:DeleteObject":
			return fakeiam.SimulatedDecision{Decision: "explicitDeny", Statements: statement, Boundary: &no, Organization: &no,
				Details: map[string]string{"IAM Policy": "explicitDeny"}}
		}
		return fakeiam.SimulatedDecision{MissingKeys: []string{"aws:SourceIp"}}
	})
	return s, a.Roles[0].ARN
}

func TestSimulatePrincipal(t *testing.T) {
	t.Parallel()
	s, role := simulator()
	s.PageSize(1)
	got, err := collect.SimulatePrincipal(context.Background(), iamAPI(s), &collect.SimulationRequest{
		PolicySourceARN: role, Actions: []string{"s3:GetObject", "s3:DeleteObject"}, Resources: []string{"arn:aws:s3:::a/open", "arn:aws:s3:::a/shut"}})
	require.NoError(t, err)
	matched := []collect.MatchedStatement{{PolicyID: "inline", PolicyType: "IAM Policy", StartLine: 3, StartColumn: 17, EndLine: 9, EndColumn: 6}}
	allowed := collect.Outcome{Decision: collect.DecisionAllowed, Matched: matched, Boundary: collect.LimitPasses}
	neither := collect.Outcome{Decision: collect.DecisionImplicitDeny, MissingContextKeys: []string{"aws:SourceIp"}}
	denied := collect.Outcome{Decision: collect.DecisionExplicitDeny, Matched: matched, Boundary: collect.LimitDenies,
		Details: map[string]collect.Decision{"IAM Policy": collect.DecisionExplicitDeny}}
	require.Equal(t, []collect.SimulationResult{
		{Action: "s3:GetObject", Resource: "*", Outcome: neither, Resources: []collect.ResourceOutcome{
			{Resource: "arn:aws:s3:::a/open", Outcome: allowed}, {Resource: "arn:aws:s3:::a/shut", Outcome: neither}}},
		{Action: "s3:DeleteObject", Resource: "*", Outcome: denied, Organization: collect.LimitDenies, Resources: []collect.ResourceOutcome{
			{Resource: "arn:aws:s3:::a/open", Outcome: denied}, {Resource: "arn:aws:s3:::a/shut", Outcome: denied}}},
	}, got)
	require.Equal(t, 2, s.Calls()["SimulatePrincipalPolicy"], "all pages")
}

func TestSimulationSendsTheWholeRequest(t *testing.T) {
	t.Parallel()
	s, role := simulator()
	request := collect.SimulationRequest{
		PolicySourceARN: role, Policies: []string{allowRead}, PermissionsBoundary: `{"Statement":[]}`, Actions: []string{"s3:GetObject"},
		ResourcePolicy: trustLambda, ResourceOwner: "arn:aws:iam::111122223333:root", CallerARN: "arn:aws:iam::123456789012:user/anna",
		Context: []collect.ContextEntry{{Key: "aws:SourceIp", Values: []string{"10.0.0.0/8"}, Type: collect.ContextIP}, {Key: "aws:TagKeys", Values: []string{"a", "b"}}},
	}
	_, err := collect.SimulatePrincipal(context.Background(), iamAPI(s), &request)
	require.NoError(t, err)
	request.PolicySourceARN = ""
	_, err = collect.SimulateCustom(context.Background(), iamAPI(s), &request)
	require.NoError(t, err)
	for operation, source := range map[string]string{"SimulatePrincipalPolicy": role, "SimulateCustomPolicy": ""} {
		sent := s.LastRequest(operation)
		for name, want := range map[string]string{
			"PolicySourceArn":                                   source,
			"PolicyInputList.member.1":                          allowRead,
			"PermissionsBoundaryPolicyInputList.member.1":       request.PermissionsBoundary,
			"ActionNames.member.1":                              "s3:GetObject",
			"ResourcePolicy":                                    trustLambda,
			"ResourceOwner":                                     request.ResourceOwner,
			"CallerArn":                                         request.CallerARN,
			"ContextEntries.member.1.ContextKeyName":            "aws:SourceIp",
			"ContextEntries.member.1.ContextKeyType":            "ip",
			"ContextEntries.member.1.ContextKeyValues.member.1": "10.0.0.0/8",
			"ContextEntries.member.2.ContextKeyType":            "stringList",
			"ContextEntries.member.2.ContextKeyValues.member.2": "b",
			"ResourceArns.member.1":                             "",
			"ResourceHandlingOption":                            "",
		} {
			require.Equal(t, want, sent.Get(name), "%s %s", operation, name)
		}
	}
}

func TestSimulationRequestsThatCannotBe(t *testing.T) {
	t.Parallel()
	s, role := simulator()
	actions := []string{"s3:GetObject"}
	both := map[string]collect.SimulationRequest{
		"no action":         {},
		"a wildcard":        {Actions: []string{"s3:*"}},
		"no service":        {Actions: []string{"GetObject"}},
		"half a name":       {Actions: []string{"s3:"}},
		"an empty policy":   {Actions: actions, Policies: []string{allowRead, " "}},
		"a key twice":       {Actions: actions, Context: []collect.ContextEntry{{Key: "aws:x", Values: []string{"1"}}, {Key: "AWS:X", Values: []string{"2"}}}},
		"a nameless key":    {Actions: actions, Context: []collect.ContextEntry{{Values: []string{"1"}}}},
		"a wrong type name": {Actions: actions, Context: []collect.ContextEntry{{Key: "aws:x", Values: []string{"1"}, Type: "int"}}},
	}
	for name, request := range both {
		request := request
		_, err := collect.SimulateCustom(context.Background(), iamAPI(s), &request)
		require.ErrorIs(t, err, collect.ErrInvalid, name)
		request.PolicySourceARN = role
		_, err = collect.SimulatePrincipal(context.Background(), iamAPI(s), &request)
		require.ErrorIs(t, err, collect.ErrInvalid, name)
	}
	_, err := collect.SimulatePrincipal(context.Background(), iamAPI(s), &collect.SimulationRequest{Actions: actions})
	require.ErrorIs(t, err, collect.ErrInvalid, "no principal")
	_, err = collect.SimulatePrincipal(context.Background(), iamAPI(s), nil)
	require.ErrorIs(t, err, collect.ErrInvalid)
	_, err = collect.SimulateCustom(context.Background(), iamAPI(s), &collect.SimulationRequest{Actions: actions})
	require.ErrorIs(t, err, collect.ErrInvalid, "no policy")
	_, err = collect.SimulateCustom(context.Background(), iamAPI(s), &collect.SimulationRequest{Actions: actions, Policies: []string{allowRead}, PolicySourceARN: role})
	require.ErrorIs(t, err, collect.ErrInvalid, "its policies would not be looked at")
	require.Zero(t, s.Total())

	_, err = collect.SimulatePrincipal(context.Background(), iamAPI(s), &collect.SimulationRequest{Actions: actions, PolicySourceARN: "arn:aws:iam::123456789012:role/none"})
	require.ErrorIs(t, err, collect.ErrNotFound)
}

func TestContextEntries(t *testing.T) {
	t.Parallel()
	tests := map[collect.ContextType]struct{ good, bad []string }{
		collect.ContextString:  {good: []string{"", "anything"}},
		collect.ContextNumeric: {good: []string{"0", "-3", "1.5"}, bad: []string{"", "one", "NaN", "Inf", "0x10"}},
		collect.ContextBoolean: {good: []string{"true", "False"}, bad: []string{"", "1", "yes"}},
		collect.ContextIP:      {good: []string{"10.0.0.1", "10.0.0.0/8", "2001:db8::1", "2001:db8::/32"}, bad: []string{"", "10.0.0", "10.0.0.1/33", "host"}},
		collect.ContextBinary:  {good: []string{"", "QmluYXJ5"}, bad: []string{"not base 64"}},
		collect.ContextDate:    {good: []string{"2026-01-02T03:04:05Z", "2026-01-02T03:04Z", "2026-01-02", "1767322800"}, bad: []string{"", "tomorrow", "2026-13-01"}},
	}
	s, _ := simulator()
	simulate := func(e collect.ContextEntry) error {
		_, err := collect.SimulateCustom(context.Background(), iamAPI(s), &collect.SimulationRequest{
			Policies: []string{allowRead}, Actions: []string{"s3:GetObject"}, Context: []collect.ContextEntry{e}})
		return err
	}
	covered := map[types.ContextKeyTypeEnum]bool{}
	for kind, tt := range tests {
		list := kind + "List"
		covered[types.ContextKeyTypeEnum(kind)], covered[types.ContextKeyTypeEnum(list)] = true, true
		for _, value := range tt.good {
			require.NoError(t, simulate(collect.ContextEntry{Key: "aws:x", Values: []string{value}, Type: kind}), "%s %q", kind, value)
		}
		require.NoError(t, simulate(collect.ContextEntry{Key: "aws:x", Values: tt.good, Type: list}))
		require.NoError(t, simulate(collect.ContextEntry{Key: "aws:x", Type: list}), "a list may be empty")
		for _, value := range tt.bad {
			require.ErrorIs(t, simulate(collect.ContextEntry{Key: "aws:x", Values: []string{value}, Type: kind}), collect.ErrInvalid, "%s %q", kind, value)
			require.ErrorIs(t, simulate(collect.ContextEntry{Key: "aws:x", Values: append([]string{value}, tt.good...), Type: list}), collect.ErrInvalid)
		}
		require.ErrorContains(t, simulate(collect.ContextEntry{Key: "aws:x", Type: kind}), "takes one value")
		require.ErrorContains(t, simulate(collect.ContextEntry{Key: "aws:x", Values: []string{"1", "2"}, Type: kind}), "takes one value")
	}
	require.NoError(t, simulate(collect.ContextEntry{Key: "aws:x", Values: []string{"a"}}))
	require.NoError(t, simulate(collect.ContextEntry{Key: "aws:x", Values: []string{"a", "b"}}))
	for _, kind := range types.ContextKeyTypeEnum("").Values() {
		require.True(t, covered[kind], "the SDK's type %s", kind)
	}
}
