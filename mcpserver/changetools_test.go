package mcpserver_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/mcpserver"
)

func tagged(key, value string) []types.Tag {
	return []types.Tag{{Key: aws.String(key), Value: aws.String(value)}}
}

// revealingOptions serve AWS to be changed, by new access keys too.
func revealingOptions(fake *fakeiam.Server) *mcpserver.Options {
	opts := changingOptions(fake)
	opts.RevealSecrets = true
	return opts
}

// TestEveryChangeHasACase requires a case of each tool that changes IAM.
func TestEveryChangeHasACase(t *testing.T) {
	t.Parallel()
	var kinds, cases []string
	for _, kind := range manage.Kinds() {
		kinds = append(kinds, kind.Name)
	}
	for _, test := range changeCases {
		cases = append(cases, test.tool)
	}
	require.ElementsMatch(t, kinds, cases)
}

// each runs a test for each tool, with an AWS of its own.
func each(t *testing.T, run func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments)) {
	t.Helper()
	for _, test := range changeCases {
		t.Run(test.tool, func(t *testing.T) {
			t.Parallel()
			fake, r := changeableAWS(t)
			run(t, test, fake, func(in arguments) arguments { return filled(r, in) })
		})
	}
}

func TestChangeSucceeds(t *testing.T) {
	t.Parallel()
	for _, version := range []string{askingByRequest, askingByResult} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
				audit, p, before := &auditText{}, agreeing(), len(fake.Mutations())
				opts := revealingOptions(fake)
				opts.AuditLog = audit
				c := newClientWith(t, newServer(t, opts), version, p)
				in := fill(test.arguments)

				in["preview"] = true
				out := callTool(t, c, test.tool, in)
				require.Equal(t, "preview", out.Structured["status"], "%+v", out.Error)
				require.Empty(t, p.questions())
				require.Empty(t, changed(fake, before))
				delete(in, "preview")

				out = callTool(t, c, test.tool, in)
				require.False(t, out.IsError, "%+v", out.Error)
				require.Equal(t, "done", out.Structured["status"])
				require.Equal(t, test.tool, out.Structured["change"])
				require.Equal(t, test.operations, changed(fake, before))
				require.Contains(t, p.message(t), out.Structured["target"])
				require.Contains(t, p.message(t), changeCaller)
				requirePrintable(t, p.message(t))
				require.Equal(t, []string{"preview", "asked", "confirmed"}, audit.decisions(t))
				require.Equal(t, len(test.operations), audit.lines(t)[2].StepsDone)
				if version == askingByResult {
					goldenChange(t, test.tool, p.message(t), out)
				}

				out = callTool(t, c, test.tool, in)
				if status, ok := out.Structured["status"]; ok {
					require.Equal(t, test.again, status)
				} else {
					require.Equal(t, test.again, out.Error.Code, "%+v", out.Error)
				}
			})
		})
	}
}

// goldenChange compares the question and the answer with testdata/manage/TOOL.txt.
func goldenChange(t *testing.T, tool, question string, out outcome) {
	t.Helper()
	text := strings.Join([]string{question, "----", out.Text, "----", string(indented(t, out.Raw))}, "\n")
	if key, ok := out.Structured["access_key"].(map[string]any); ok {
		text = strings.ReplaceAll(text, key["secret_access_key"].(string), "SECRET")
	}
	golden(t, "manage/"+tool+".txt", steady([]byte(text)))
}

func TestChangeOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
		before, p := len(fake.Mutations()), agreeing()
		c := newClientWith(t, newServer(t, revealingOptions(fake)), askingByResult, p)
		if test.missing != nil {
			out := callTool(t, c, test.tool, fill(test.missing))
			require.Equal(t, mcpserver.CodeNotFound, out.Error.Code, "%+v", out.Error)
			require.NotEmpty(t, out.Error.Hint)
		}
		out := callTool(t, c, test.tool, fill(test.bad))
		require.Equal(t, mcpserver.CodeInvalidArgument, out.Error.Code, "%+v", out.Error)
		require.Contains(t, out.Error.Message, test.badly)
		require.Empty(t, p.questions())
		require.Empty(t, changed(fake, before))
	})
}

// TestChangeRefusedByGuard requires that what is refused is not even asked, is shown
// by a preview, and is asked where the operator allows it.
func TestChangeRefusedByGuard(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
		if test.refused == nil {
			return
		}
		fake.CallerARN(changeCaller)
		if test.refused["user_name"] == "operator" {
			fake.CallerARN("arn:aws:iam::123456789012:user/operator")
		}
		before, p := len(fake.Mutations()), agreeing()
		in := fill(test.refused)
		c := newClientWith(t, newServer(t, revealingOptions(fake)), askingByResult, p)
		out := callTool(t, c, test.tool, in)
		require.Equal(t, mcpserver.CodeRefused, out.Error.Code, "%+v", out)
		require.Contains(t, out.Error.Hint, "--allow-privileged-grants")
		require.Empty(t, p.questions())
		require.Empty(t, changed(fake, before))

		in["preview"] = true
		out = callTool(t, c, test.tool, in)
		require.NotEmpty(t, out.Structured["refusals"])
		delete(in, "preview")

		opts := revealingOptions(fake)
		opts.AllowPrivilegedGrants = true
		out = callTool(t, newClientWith(t, newServer(t, opts), askingByResult, p), test.tool, in)
		require.False(t, out.IsError, "%+v", out.Error)
		require.Contains(t, p.message(t), "Risk: ")
	})
}

func TestChangeNotMade(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
		before, in := len(fake.Mutations()), fill(test.arguments)
		for name, ask := range map[string]struct {
			person *person
			code   string
		}{
			"nobody to ask": {nil, mcpserver.CodeRefused},
			"declined":      {answering(mcp.ElicitationResponseActionDecline, nil), mcpserver.CodeDeclined},
			"cancelled":     {answering(mcp.ElicitationResponseActionCancel, nil), mcpserver.CodeDeclined},
		} {
			out := callTool(t, newClientWith(t, newServer(t, revealingOptions(fake)), askingByResult, ask.person), test.tool, in)
			require.Equal(t, ask.code, out.Error.Code, "%s: %+v", name, out.Error)
		}
		expiring := revealingOptions(fake)
		expiring.ConfirmFor = 1
		out := callTool(t, newClientWith(t, newServer(t, expiring), askingByRequest, agreeing()), test.tool, in)
		require.Contains(t, out.Error.Message, "expired")

		s := newServer(t, revealingOptions(fake))
		asked := callRaw(t, s, "x", test.tool, in, nil)
		other := map[string]any{"profile": "prod"}
		for name, value := range in {
			other[name] = value
		}
		require.Contains(t, callRaw(t, s, "x", test.tool, other, answerTo(asked)).failure(t).Message, "other arguments")
		require.Empty(t, changed(fake, before))

		require.False(t, callRaw(t, s, "x", test.tool, in, answerTo(asked)).IsError)
		done := len(fake.Mutations())
		require.Contains(t, callRaw(t, s, "x", test.tool, in, answerTo(asked)).failure(t).Message, "used before")
		require.Empty(t, changed(fake, done))
	})
}

// TestChangeFails has each call of AWS fail, by itself, and finishes what was begun.
func TestChangeFails(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
		opts := revealingOptions(fake)
		opts.NoConfirmation = true
		c := newClient(t, newServer(t, opts))
		in, last := fill(test.arguments), test.operations[len(test.operations)-1]

		before := len(fake.Mutations())
		fake.Inject(fakeiam.Fault{Operation: test.operations[0], Code: "AccessDenied"})
		out := callTool(t, c, test.tool, in)
		require.Equal(t, "AccessDenied", out.Error.Code)
		require.Contains(t, out.Error.Hint, "iam:"+test.operations[0])
		require.Empty(t, changed(fake, before))
		fake.ClearFaults()

		fake.Inject(fakeiam.Fault{Operation: last, Code: "Throttling"})
		out = callTool(t, c, test.tool, in)
		require.Equal(t, "Throttling", out.Error.Code)
		require.True(t, out.Error.Retryable)
		require.Len(t, out.Error.Done, len(test.operations)-1)
		require.NotEmpty(t, out.Error.Failed)
		if len(test.operations) > 1 {
			require.Contains(t, out.Error.Hint, "the same call again finishes")
		}
		fake.ClearFaults()
		out = callTool(t, c, test.tool, in)
		require.False(t, out.IsError, "%+v", out.Error)
		require.ElementsMatch(t, test.operations, changed(fake, before))
	})
}

// TestAnswerIsLost has AWS make the change and not say so: what creates something is
// never sent twice, and the rest is finished.
func TestAnswerIsLost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
		opts := revealingOptions(fake)
		opts.NoConfirmation = true
		last, before := test.operations[len(test.operations)-1], len(fake.Mutations())
		fake.Inject(fakeiam.Fault{Operation: last, Times: 1, Shape: fakeiam.ShapeReset, AfterEffect: true})
		out := callTool(t, newClient(t, newServer(t, opts)), test.tool, fill(test.arguments))
		if strings.HasPrefix(last, "Create") {
			require.True(t, out.IsError)
			require.False(t, out.Error.Retryable)
			require.Contains(t, out.Error.Hint, "may or may not")
			require.Equal(t, test.operations, changed(fake, before))
			return
		}
		require.False(t, out.IsError, "%+v", out.Error)
	})
}

// TestSomebodyElseIsFaster has the same change made by another while a person is
// asked: it is not made again.
func TestSomebodyElseIsFaster(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
		opts := revealingOptions(fake)
		opts.NoConfirmation = true
		other, in, p := newClient(t, newServer(t, opts)), fill(test.arguments), agreeing()
		agree, before := p.answer, 0
		p.answer = func(asked mcp.ElicitationParams) *mcp.ElicitationResult {
			_ = callTool(t, other, test.tool, in)
			before = len(fake.Mutations())
			return agree(asked)
		}
		out := callTool(t, newClientWith(t, newServer(t, revealingOptions(fake)), askingByResult, p), test.tool, in)
		require.NotZero(t, before)
		if test.twice {
			return
		}
		require.Empty(t, changed(fake, before))
		require.True(t, out.IsError || out.Structured["status"] == "unchanged", "%+v", out)
	})
}
