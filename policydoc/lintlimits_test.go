package policydoc_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/policydoc"
)

// What AWS wrote has no errors, except that AWS does not hold its own policies to
// the limit of size.
func TestLintAWSManagedPolicies(t *testing.T) {
	t.Parallel()
	rules := map[string]int{}
	for arn, text := range awsmanaged.All() {
		for _, f := range lint(text, identity) {
			rules[f.Rule]++
			if f.Level == policydoc.FindingError {
				require.Equal(t, "policy-size", f.Rule, "%s: %+v", arn, f)
			}
			requirePosition(t, text, f)
		}
	}
	require.Less(t, rules["unknown-action"], 200, "all but a few retired services are in the catalogue")
	require.Equal(t, 1, rules["allow-all"], "AdministratorAccess")
	require.Less(t, rules["action-without-resource"], 30, "such as s3:ListBucket on objects")
	require.Zero(t, rules["unknown-operator"]+rules["malformed-variable"])
}

func requirePosition(t *testing.T, text string, f policydoc.Finding) {
	t.Helper()
	require.GreaterOrEqual(t, f.Offset, 0)
	require.LessOrEqual(t, f.Offset, len(text))
	line, column := (&policydoc.ParseError{Offset: f.Offset}).Position(text)
	require.Equal(t, []int{line, column}, []int{f.Line, f.Column}, "%+v", f)
}

// Documents that no one would write still come to an end, and in the memory of a
// small machine.
func TestLintHugeDocuments(t *testing.T) {
	t.Parallel()
	repeat := func(n int, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, ",")
	}
	stars := strings.Repeat("*", 6144)
	for name, text := range map[string]string{
		"stars":      does(`["`+stars+`","s3:`+stars+`","s3:`+strings.Repeat("*?", 3000)+`b"]`, `["`+stars+`","arn:aws:s3:::`+strings.Repeat("*a", 3000)+`"]`),
		"statements": version2012(repeat(100_000, `{"Sid":"s%d","Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::*","Condition":{"StringEquals":{"aws:username":"x*"}}}`)),
		"different":  version2012(repeat(20_000, `{"Effect":"Allow","Action":"s3:Get*%d","Resource":"arn:aws:s3:::b%[1]d*"}`)),
		"services":   does("["+repeat(20_000, `"*%d:Get*"`)+"]", `"*"`),
		"unknown":    does("["+repeat(20_000, `"s3:GetObjec%d"`)+"]", `"*"`),
		"resources":  does(`["s3:GetObject","s3:PutObject","ec2:*"]`, "["+repeat(20_000, `"arn:aws:s3:::b%d/*/x"`)+"]"),
		"keys":       when(`"StringEquals":{` + repeat(20_000, `"aws:usrname%d":"x"`) + `}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.NotPanics(t, func() { lint(text, identity) })
		})
	}
}

func FuzzLint(f *testing.F) {
	for _, c := range lintCases {
		f.Add(c.text, string(c.kind))
		f.Add(c.fine, string(c.kind))
	}
	f.Fuzz(func(t *testing.T, text, kind string) {
		findings := lint(text, policydoc.Kind(kind))
		last := 0
		for _, finding := range findings {
			requirePosition(t, text, finding)
			require.GreaterOrEqual(t, finding.Offset, last, "in the order of the text")
			require.True(t, utf8.ValidString(finding.Message))
			last = finding.Offset
		}
		doc, err := policydoc.Parse(text)
		if err != nil {
			require.Len(t, findings, 1)
			require.Equal(t, "syntax", findings[0].Rule)
			return
		}
		require.NotContains(t, ruleNames(findings), "syntax")
		_, err = json.Marshal(policydoc.Explain(doc))
		require.NoError(t, err)
		for _, s := range policydoc.Explain(doc).Statements {
			require.NotContains(t, s.Sentence, "\n")
		}
	})
}
