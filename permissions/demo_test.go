package permissions_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/permissions"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err, "run the test with -update to make it")
	require.Equal(t, string(want), got)
}

// summary writes what an identity can do in a few lines.
func summary(p *permissions.Permissions) string {
	var b strings.Builder
	_, name, _ := strings.Cut(p.ARN, "123456789012:")
	fmt.Fprintf(&b, "%s %s %d actions of %d services", name, levels(p.Access), p.Access.Actions, len(p.Services))
	if p.Admin.Is() {
		fmt.Fprintf(&b, ", admin %s %s", p.Admin.Kind, strings.Join(p.Admin.Keys, " "))
	}
	b.WriteString("\n")
	for _, l := range p.Admin.Limits {
		fmt.Fprintf(&b, "  limit: %s\n", l)
	}
	for _, s := range p.Services[:min(4, len(p.Services))] {
		fmt.Fprintf(&b, "  %s %s %d/%d\n", s.Service, levels(s.Access), s.Actions, s.Of)
	}
	if e := p.Boundary; e != nil {
		fmt.Fprintf(&b, "  boundary %s: %d of %d\n", e.Policy.Name, e.Allowed, e.Granted)
	}
	for _, w := range p.Wildcards[:min(2, len(p.Wildcards))] {
		fmt.Fprintf(&b, "  wildcard %s in %s: %d, all %t\n", w.Pattern, w.Policy.Source.Name, w.Actions, w.AllResources)
	}
	for _, u := range p.Unusable {
		fmt.Fprintf(&b, "  unusable %s in %s: %s\n", strings.Join(u.Actions, " "), u.Policy.Name, u.Reason)
	}
	for _, g := range p.Unresolved {
		fmt.Fprintf(&b, "  unresolved %s: %s\n", g.Operation, g.Message)
	}
	return b.String()
}

func demoAnalysis(t testing.TB) *permissions.Analysis {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	return permissions.New(account, nil)
}

func TestDemoGolden(t *testing.T) {
	t.Parallel()
	all := demoAnalysis(t).Identities()
	var b strings.Builder
	for i := range all {
		b.WriteString(summary(&all[i]))
	}
	golden(t, "testdata/demo.golden", b.String())
}

func TestDemoWhoCanAgreesWithCan(t *testing.T) {
	t.Parallel()
	x := demoAnalysis(t)
	for _, q := range []struct{ action, resource string }{
		{"iam:PassRole", "arn:aws:iam::123456789012:role/terraform"}, {"iam:CreateUser", "arn:aws:iam::123456789012:user/new"},
		{"s3:GetObject", "arn:aws:s3:::larkspur-finance/x"}, {"ec2:RunInstances", "arn:aws:ec2:eu-west-1:123456789012:instance/i-1"},
		{"lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:123456789012:function:f"}, {"iam:ListUsers", "*"},
	} {
		require.Positive(t, whoCanAgrees(t, x, q.action, q.resource), q.action)
	}
	for _, arn := range x.Principals() {
		if strings.Contains(arn, ":role/") {
			whoCanAgrees(t, x, "sts:AssumeRole", arn)
		}
	}
}
