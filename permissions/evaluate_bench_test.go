package permissions_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
)

// A decided is one request with its compiled policies.
type decided struct {
	policies *permissions.Policies
	request  *permissions.Request
}

// realisticRequest is a role with ten policies of five statements each, a boundary
// and three levels of SCPs, that reads an object: what an engineer's role is like.
func realisticRequest(tb testing.TB) decided {
	tb.Helper()
	s := &simulation{}
	s.Request.Principal = "arn:aws:sts::111111111111:assumed-role/Deploy/alice"
	s.Request.Action = "s3:GetObject"
	s.Request.Resource.Resource = "arn:aws:s3:::data/alice/report.csv"
	s.Request.Resource.Account = accountA
	s.Request.Context = map[string]any{"aws:SecureTransport": "true", "aws:PrincipalTag/Team": "alice", "aws:RequestedRegion": "us-east-1"}
	allow := func(resource string, actions ...string) simulatedStatement {
		return simulatedStatement{Effect: "Allow", Action: actions, Resource: []string{resource}}
	}
	for i := range 10 {
		s.Identity = append(s.Identity, namedPolicy{Name: fmt.Sprint("policy-", i), Policy: simulatedPolicy{Version: "2012-10-17", Statements: []simulatedStatement{
			allow("*", "ec2:Describe*", "ec2:Get*", "elasticloadbalancing:Describe*", "autoscaling:Describe*"),
			allow(fmt.Sprintf("arn:aws:dynamodb:*:111111111111:table/service-%d-*", i), "dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"),
			allow(fmt.Sprintf("arn:aws:s3:::bucket-%d/*", i), "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
			allow(fmt.Sprintf("arn:aws:iam::111111111111:role/service-%d-*", i), "iam:PassRole"),
			allow("arn:aws:logs:*:*:*", "logs:CreateLogStream", "logs:PutLogEvents"),
		}}})
	}
	team := allow("arn:aws:s3:::data/${aws:PrincipalTag/Team}/*", "s3:GetObject*")
	s.Identity[9].Policy.Statements = append(s.Identity[9].Policy.Statements, team)
	insecure := simulatedStatement{
		Effect: "Deny", Action: []string{"s3:*"}, Resource: []string{"*"},
		Condition: map[string]map[string][]string{"Bool": {"aws:SecureTransport": {"false"}}},
	}
	region := simulatedStatement{
		Effect: "Deny", NotAction: []string{"iam:*", "sts:*", "organizations:*", "support:*"}, Resource: []string{"*"},
		Condition: map[string]map[string][]string{"StringNotEquals": {"aws:RequestedRegion": {"us-east-1", "eu-west-1"}}},
	}
	s.Boundary = []namedPolicy{{Name: "boundary", Policy: simulatedPolicy{Version: "2012-10-17", Statements: []simulatedStatement{
		allow("*", "s3:*", "dynamodb:*", "logs:*", "ec2:*"), insecure,
	}}}}
	for i := range 3 {
		level := simulationLevel{Target: fmt.Sprint("level-", i), Policies: []namedPolicy{{Name: "FullAWSAccess", Policy: everything()}}}
		level.Policies = append(level.Policies, namedPolicy{Name: "region", Policy: simulatedPolicy{Version: "2012-10-17", Statements: []simulatedStatement{region}}})
		s.ServiceControl = append(s.ServiceControl, level)
	}
	policies, request, err := s.input()
	require.NoError(tb, err)
	return decided{policies, request}
}

// BenchmarkDecision decides one request over policies that are compiled already.
func BenchmarkDecision(b *testing.B) {
	d := realisticRequest(b)
	decision := permissions.Evaluate(d.policies, d.request)
	require.Equal(b, permissions.Allowed, decision.Outcome)
	b.ReportAllocs()
	for b.Loop() {
		permissions.Evaluate(d.policies, d.request)
	}
}

// BenchmarkOracle decides the same random requests in the oracle, by its own clock,
// and here, and reports the time of one decision and how many times faster we are:
// compiled with policies that are compiled before, as those of an account are, and
// parsed with reading and compiling all of them for each request, as the oracle does.
func BenchmarkOracle(b *testing.B) {
	const requests, seed = 1000, 1
	var simulations []*simulation
	var text bytes.Buffer
	for i := range uint64(requests) {
		s := newGenerator(seed, i).simulation()
		simulations = append(simulations, s)
		text.WriteString(s.text() + "\n")
	}
	command := oracleCommand(b, "--time")
	command.Stdin = &text
	out, err := command.Output()
	require.NoError(b, err)
	var theirs struct {
		Simulations int
		Nanoseconds float64
	}
	require.NoError(b, json.Unmarshal(out, &theirs))
	require.Equal(b, requests, theirs.Simulations)

	compiled := make([]decided, requests)
	started := time.Now()
	for i, s := range simulations {
		policies, request, err := s.input()
		require.NoError(b, err)
		compiled[i] = decided{policies, request}
	}
	compiling := float64(time.Since(started).Nanoseconds()) / requests
	rounds := 0
	for b.Loop() {
		for _, d := range compiled {
			permissions.Evaluate(d.policies, d.request)
		}
		rounds++
	}
	ours := float64(b.Elapsed().Nanoseconds()) / float64(rounds*requests)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ours, "compiled-ns/decision")
	b.ReportMetric(ours+compiling, "parsed-ns/decision")
	b.ReportMetric(theirs.Nanoseconds, "oracle-ns/decision")
	b.ReportMetric(theirs.Nanoseconds/ours, "times-faster")
	b.ReportMetric(theirs.Nanoseconds/(ours+compiling), "times-faster-parsed")
}
