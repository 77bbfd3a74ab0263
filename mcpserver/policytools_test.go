package mcpserver_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/mcpserver"
)

const brokenPolicy = `{"Version":"2012-10-17","Statement":[
  {"Sid":"Read","Effect":"Allow","Action":"s3:GetObjct","Resource":"*"},
  {"Effect":"Allow","Action":["iam:*","s3:GetObject"],"Resource":"arn:aws:s3:::books/*"}
]}`

func TestPolicyToolsAnswers(t *testing.T) {
	t.Parallel()
	object := map[string]any{"Version": "2012-10-17", "Statement": []any{
		map[string]any{"Effect": "Allow", "Action": "s3:GetObjct", "Resource": "*"},
	}}
	c := newClient(t, demoServer(t))
	for _, test := range []struct {
		name, tool string
		arguments  map[string]any
	}{
		{"lint_policy/text", "lint_policy", map[string]any{"policy_document": brokenPolicy}},
		{"lint_policy/object", "lint_policy", map[string]any{"policy_document": object, "policy_type": "boundary"}},
		{"lint_policy/no_json", "lint_policy", map[string]any{"policy_document": "{\n  \"Version\": 2012,"}},
		{"lint_policy/empty", "lint_policy", map[string]any{"policy_document": ""}},
		{"lint_policy/encoded", "lint_policy", map[string]any{"policy_document": "%7B%22Statement%22%3A%5B%5D%7D"}},
		{"lint_policy/trust", "lint_policy", map[string]any{
			"policy_type":     "trust",
			"policy_document": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}`,
		}},
		{"lint_policy/clean", "lint_policy", map[string]any{
			"policy_type":     "identity",
			"policy_document": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::books/*"}]}`,
		}},
		{"explain_policy/text", "explain_policy", map[string]any{"policy_document": brokenPolicy}},
		{"explain_policy/object", "explain_policy", map[string]any{"policy_document": object}},
		{"explain_policy/aws", "explain_policy", map[string]any{"policy_arn": "arn:aws:iam::aws:policy/IAMFullAccess"}},
		{"explain_policy/account", "explain_policy", map[string]any{"policy_arn": "arn:aws:iam::123456789012:policy/DeployLambdaFunctions"}},
		{"explain_policy/principal", "explain_policy", map[string]any{
			"policy_document": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out := callTool(t, c, test.tool, test.arguments)
			goldenAnswer(t, "answers/"+test.name, out)
			require.LessOrEqual(t, strings.Count(out.Text, "\n"), 8, out.Text)
		})
	}
}

func TestPolicyToolsErrors(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	long := strings.Repeat("x", 200<<10)
	for _, test := range []struct {
		name, tool, code, message string
		arguments                 map[string]any
	}{
		{"nothing to lint", "lint_policy", mcpserver.CodeInvalidArgument, "policy_document: is missing", nil},
		{"unknown type", "lint_policy", mcpserver.CodeInvalidArgument, "one of identity", map[string]any{"policy_document": "{}", "policy_type": "bucket"}},
		{"long text", "lint_policy", mcpserver.CodeInvalidArgument, "longer than 131072", map[string]any{"policy_document": long}},
		{"long object", "lint_policy", mcpserver.CodeInvalidArgument, "reads at most 131072", map[string]any{"policy_document": map[string]any{"Id": long}}},
		{"a list", "lint_policy", mcpserver.CodeInvalidArgument, "want a string or an object", map[string]any{"policy_document": []any{}}},
		{"nothing to explain", "explain_policy", mcpserver.CodeInvalidArgument, "one of the two", nil},
		{"both", "explain_policy", mcpserver.CodeInvalidArgument, "one of the two", map[string]any{"policy_document": "{}", "policy_arn": "x"}},
		{"document and profile", "explain_policy", mcpserver.CodeInvalidArgument, "go with policy_arn", map[string]any{"policy_document": "{}", "profile": "x"}},
		{"no document", "explain_policy", mcpserver.CodeInvalidArgument, "policy_document: ", map[string]any{"policy_document": `{"Statement":[{"Effect":"allow"}]}`}},
		{"no policy ARN", "explain_policy", mcpserver.CodeInvalidArgument, "want the ARN of a managed policy", map[string]any{"policy_arn": "arn:aws:iam::123456789012:role/x"}},
		{"no such policy", "explain_policy", mcpserver.CodeNotFound, "there is no policy", map[string]any{"policy_arn": "arn:aws:iam::123456789012:policy/DeployLambdaFunction"}},
		{"no such policy of AWS", "explain_policy", mcpserver.CodeNotFound, "there is no policy", map[string]any{"policy_arn": "arn:aws:iam::aws:policy/NoSuchAccess"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out := callTool(t, c, test.tool, test.arguments)
			require.True(t, out.IsError, out.Text)
			require.Equal(t, test.code, out.Error.Code)
			require.Contains(t, out.Error.Message, test.message)
		})
	}
}

// TestFindingsAreCut requires that a document with very many faults has a short
// answer that says so.
func TestFindingsAreCut(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	var statements []string
	for range 500 {
		statements = append(statements, `{"Effect":"Allow","Action":"s3:NoSuch","Resource":"*"}`)
	}
	out := callTool(t, c, "lint_policy", map[string]any{"policy_document": `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`})
	require.Len(t, out.Structured["findings"], 100)
	total := out.Structured["errors"].(float64) + out.Structured["warnings"].(float64) + out.Structured["suggestions"].(float64)
	require.EqualValues(t, total-100, out.Structured["omitted"])
	require.Greater(t, total, 500.0)
}

// TestLongPolicies requires that documents which AWS would not take for their size
// are read, and said to be too long.
func TestLongPolicies(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	statement := `{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::books/*"}`
	document := `{"Version":"2012-10-17","Statement":[` + strings.Repeat(statement+",", 1000) + statement + `]}`
	out := callTool(t, c, "lint_policy", map[string]any{"policy_document": document, "policy_type": "identity"})
	require.Contains(t, string(out.Raw), "6144")
	require.Equal(t, false, out.Structured["valid"])
	out = callTool(t, c, "explain_policy", map[string]any{"policy_document": document})
	require.Len(t, out.Structured["statements"], 40)
	require.Contains(t, out.Structured["notes"], "and 961 more statements")
}

// TestFindingsHavePlaces requires that offsets are those of the text that was given.
func TestFindingsHavePlaces(t *testing.T) {
	t.Parallel()
	c := newClient(t, demoServer(t))
	out := callTool(t, c, "lint_policy", map[string]any{"policy_document": brokenPolicy})
	for _, item := range out.Structured["findings"].([]any) {
		f := item.(map[string]any)
		if f["rule"] == "unknown-action" {
			require.True(t, strings.HasPrefix(brokenPolicy[int(f["offset"].(float64)):], `"s3:GetObjct"`))
			require.EqualValues(t, 2, f["line"])
			return
		}
	}
	require.Fail(t, "the unknown action was not found")
}

// TestExplainAWSManagedAsksNoAWS: the policies of AWS are built in.
func TestExplainAWSManagedAsksNoAWS(t *testing.T) {
	t.Parallel()
	fake := demoIAM(t)
	fake.Allow()
	c := newClient(t, newServer(t, liveOptions(fake)))
	out := callTool(t, c, "explain_policy", map[string]any{"policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"})
	require.False(t, out.IsError, "%+v", out.Error)
}
