package mcpserver_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

// smallAWS is an AWS with the users ci, who has a key and an inline policy, and idle.
func smallAWS(t *testing.T) *fakeiam.Server {
	t.Helper()
	fake := fakeiam.New(&nhiscan.Account{ID: "123456789012", Partition: "aws"})
	fake.ReportPolls(0)
	fake.CallerARN(changeCaller)
	c := directly(t, fake)
	for _, name := range []string{"ci", "idle"} {
		_, err := c.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name})
		require.NoError(t, err)
	}
	_, err := c.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: aws.String("ci")})
	require.NoError(t, err)
	_, err = c.PutUserPolicy(t.Context(), &iam.PutUserPolicyInput{UserName: aws.String("ci"), PolicyName: aws.String("own"), PolicyDocument: aws.String(readAll)})
	require.NoError(t, err)
	return fake
}

// directly is AWS without a server of ours between.
func directly(t *testing.T, fake *fakeiam.Server) *iam.Client {
	t.Helper()
	connection, err := changingAWS(t.Context(), fake, &session.Options{})
	require.NoError(t, err)
	return connection.Manage.(*iam.Client)
}

// changed are the operations that changed the fake since a number of mutations.
func changed(fake *fakeiam.Server, since int) []string {
	var operations []string
	for _, m := range fake.Mutations()[since:] {
		operations = append(operations, m.Operation)
	}
	return operations
}

var deleteCI = map[string]any{"user_name": "ci", "force": true}

func TestConfirmed(t *testing.T) {
	t.Parallel()
	for _, version := range []string{askingByRequest, askingByResult} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			fake, audit, p := smallAWS(t), &auditText{}, agreeing()
			before := len(fake.Mutations())
			opts := changingOptions(fake)
			opts.AuditLog = audit
			c := newClientWith(t, newServer(t, opts), version, p)

			out := callTool(t, c, "delete_user", deleteCI)
			require.False(t, out.IsError, "%+v", out.Error)
			require.Equal(t, "done", out.Structured["status"])
			require.Equal(t, []string{"DeleteAccessKey", "DeleteUserPolicy", "DeleteUser"}, changed(fake, before))
			question := p.message(t)
			for _, part := range []string{"account 123456789012", "delete user ci with 1 access key and 1 inline policy", "arn:aws:iam::123456789012:user/ci", changeCaller, "cannot be undone", "3 calls", "delete inline policy own", "delete_user", "test/1"} {
				require.Contains(t, question, part)
			}
			require.Equal(t, []string{"asked", "confirmed"}, audit.decisions(t))
			for _, line := range audit.lines(t) {
				require.Equal(t, "arn:aws:iam::123456789012:user/ci", line.Target)
				require.Equal(t, changeCaller, line.AWSIdentity)
			}
			require.Equal(t, 3, audit.lines(t)[1].StepsDone)

			out = callTool(t, c, "create_user", map[string]any{"user_name": "fresh", "tags": map[string]any{"team": "a"}})
			require.False(t, out.IsError, "%+v", out.Error)
			require.Equal(t, "arn:aws:iam::123456789012:user/fresh", out.Structured["created"].(map[string]any)["arn"])
		})
	}
}

func TestNotConfirmed(t *testing.T) {
	t.Parallel()
	accept := mcp.ElicitationResponseActionAccept
	for name, test := range map[string]struct {
		person          *person
		tool            string
		code, decision2 string
	}{
		"declined":                {answering(mcp.ElicitationResponseActionDecline, nil), "delete_user", mcpserver.CodeDeclined, "declined"},
		"cancelled":               {answering(mcp.ElicitationResponseActionCancel, nil), "create_user", mcpserver.CodeDeclined, "declined"},
		"another name":            {answering(accept, map[string]any{"name": "idle"}), "delete_user", mcpserver.CodeRefused, "refused"},
		"the name in other case":  {answering(accept, map[string]any{"name": "CI"}), "delete_user", mcpserver.CodeRefused, "refused"},
		"a yes where a name goes": {answering(accept, map[string]any{"confirm": true}), "delete_user", mcpserver.CodeRefused, "refused"},
		"nothing typed":           {answering(accept, nil), "delete_user", mcpserver.CodeRefused, "refused"},
		"a no":                    {answering(accept, map[string]any{"confirm": false}), "create_user", mcpserver.CodeDeclined, "declined"},
		"a yes as text":           {answering(accept, map[string]any{"confirm": "true"}), "create_user", mcpserver.CodeDeclined, "declined"},
		"an unknown action":       {answering("maybe", nil), "create_user", mcpserver.CodeRefused, "refused"},
	} {
		for _, version := range []string{askingByRequest, askingByResult} {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				fake, audit := smallAWS(t), &auditText{}
				before := len(fake.Mutations())
				opts := changingOptions(fake)
				opts.AuditLog = audit
				arguments := deleteCI
				if test.tool == "create_user" {
					arguments = map[string]any{"user_name": "fresh"}
				}
				out := callTool(t, newClientWith(t, newServer(t, opts), version, test.person), test.tool, arguments)
				require.Equal(t, test.code, out.Error.Code)
				require.Contains(t, out.Error.Message, "nothing was changed")
				require.Empty(t, changed(fake, before))
				require.Equal(t, []string{"asked", test.decision2}, audit.decisions(t))
			})
		}
	}
}

// TestNobodyToAsk refuses clients that cannot put a question before a person.
func TestNobodyToAsk(t *testing.T) {
	t.Parallel()
	for _, version := range []string{askingByRequest, askingByResult} {
		fake := smallAWS(t)
		before := len(fake.Mutations())
		c := newClientWith(t, newServer(t, changingOptions(fake)), version, nil)
		out := callTool(t, c, "delete_user", deleteCI)
		require.Equal(t, mcpserver.CodeRefused, out.Error.Code)
		require.Contains(t, out.Error.Hint, "elicitation")
		require.Contains(t, out.Error.Hint, "--no-confirmation")

		out = callTool(t, c, "delete_user", map[string]any{"user_name": "ci", "force": true, "preview": true})
		require.Equal(t, "preview", out.Structured["status"])
		require.Len(t, out.Structured["steps"], 3)
		require.Empty(t, changed(fake, before))
	}
	fake, audit := smallAWS(t), &auditText{}
	opts := changingOptions(fake)
	opts.NoConfirmation, opts.AuditLog = true, audit
	out := callTool(t, newClient(t, newServer(t, opts)), "delete_user", deleteCI)
	require.Equal(t, "done", out.Structured["status"])
	require.Equal(t, []string{"unconfirmed", "unconfirmed"}, audit.decisions(t), "before the change, and after")
}

// TestConfirmationIsOfOneCall lets no answer count but the one to the question, once.
func TestConfirmationIsOfOneCall(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	s := newServer(t, changingOptions(fake))
	before := len(fake.Mutations())
	asked := callRaw(t, s, "claude", "delete_user", deleteCI, nil)
	require.Equal(t, "input_required", asked.ResultType)
	require.Equal(t, "elicitation/create", asked.InputRequests["confirm"].Method)
	elsewhere := callRaw(t, newServer(t, changingOptions(fake)), "claude", "delete_user", deleteCI, nil)
	answer := answerTo(asked)
	with := func(state string) map[string]any {
		return map[string]any{"requestState": state, "inputResponses": answer["inputResponses"]}
	}
	payload, mac, _ := strings.Cut(asked.RequestState, ".")
	for name, test := range map[string]struct {
		client, tool string
		arguments    map[string]any
		answer       map[string]any
		says         string
	}{
		"other arguments":    {"claude", "delete_user", map[string]any{"user_name": "idle", "force": true}, answer, "other arguments"},
		"fewer arguments":    {"claude", "delete_user", map[string]any{"user_name": "ci"}, answer, "other arguments"},
		"other credentials":  {"claude", "delete_user", map[string]any{"user_name": "ci", "force": true, "profile": "prod"}, answer, "other arguments"},
		"another tool":       {"claude", "create_user", map[string]any{"user_name": "ci"}, answer, "other arguments"},
		"another client":     {"cursor", "delete_user", deleteCI, answer, "another client"},
		"no state":           {"claude", "delete_user", deleteCI, with(""), "not belong"},
		"a changed state":    {"claude", "delete_user", deleteCI, with("e" + asked.RequestState), "not belong"},
		"another signature":  {"claude", "delete_user", deleteCI, with(payload + "." + mac[:len(mac)-4] + "AAAA"), "not belong"},
		"no signature":       {"claude", "delete_user", deleteCI, with(payload + "."), "not belong"},
		"a long state":       {"claude", "delete_user", deleteCI, with(strings.Repeat("A", 1<<16) + ".AA"), "not belong"},
		"of another server":  {"claude", "delete_user", deleteCI, with(elsewhere.RequestState), "not belong"},
		"an answer of forms": {"claude", "delete_user", deleteCI, map[string]any{"requestState": "x", "inputResponses": map[string]any{"confirm": []any{1}}}, "not belong"},
	} {
		out := callRaw(t, s, test.client, test.tool, test.arguments, test.answer).failure(t)
		require.Equal(t, mcpserver.CodeRefused, out.Code, name)
		require.Contains(t, out.Message, test.says, name)
	}
	require.Empty(t, changed(fake, before))
	// An answer to another question is none.
	again := callRaw(t, s, "claude", "delete_user", deleteCI, map[string]any{"inputResponses": map[string]any{"else": map[string]any{"action": "accept"}}})
	require.Equal(t, "input_required", again.ResultType)

	done := callRaw(t, s, "claude", "delete_user", deleteCI, answer)
	require.False(t, done.IsError, "%+v", done)
	require.Len(t, changed(fake, before), 3)
	_, err := directly(t, fake).CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("ci")})
	require.NoError(t, err)
	before = len(fake.Mutations())
	replayed := callRaw(t, s, "claude", "delete_user", deleteCI, answer).failure(t)
	require.Contains(t, replayed.Message, "used before")
	require.Empty(t, changed(fake, before))
}

// TestDeclinedIsNoYesLater requires that an answer counts once, a no too.
func TestDeclinedIsNoYesLater(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	s := newServer(t, changingOptions(fake))
	before := len(fake.Mutations())
	asked := callRaw(t, s, "claude", "delete_user", deleteCI, nil)
	no := map[string]any{"requestState": asked.RequestState, "inputResponses": map[string]any{"confirm": map[string]any{"action": "decline"}}}
	require.Equal(t, mcpserver.CodeDeclined, callRaw(t, s, "claude", "delete_user", deleteCI, no).failure(t).Code)
	require.Contains(t, callRaw(t, s, "claude", "delete_user", deleteCI, answerTo(asked)).failure(t).Message, "used before")
	require.Empty(t, changed(fake, before))
}

func TestConfirmationExpires(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	opts := changingOptions(fake)
	opts.ConfirmFor = time.Nanosecond
	before := len(fake.Mutations())
	out := callTool(t, newClientWith(t, newServer(t, opts), askingByRequest, agreeing()), "delete_user", deleteCI)
	require.Equal(t, mcpserver.CodeRefused, out.Error.Code)
	require.Contains(t, out.Error.Message, "expired")
	require.Empty(t, changed(fake, before))
}

// TestAccountChangesMeanwhile does nothing but what was confirmed.
func TestAccountChangesMeanwhile(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(t *testing.T, fake *fakeiam.Server){
		"another key": func(t *testing.T, fake *fakeiam.Server) {
			_, err := directly(t, fake).CreateAccessKey(context.Background(), &iam.CreateAccessKeyInput{UserName: aws.String("ci")})
			require.NoError(t, err)
		},
		"other credentials": func(_ *testing.T, fake *fakeiam.Server) {
			fake.CallerARN("arn:aws:sts::123456789012:assumed-role/other/x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := smallAWS(t)
			p, before := agreeing(), 0
			agree := p.answer
			p.answer = func(asked mcp.ElicitationParams) *mcp.ElicitationResult {
				meanwhile(t, fake)
				before = len(fake.Mutations())
				return agree(asked)
			}
			out := callTool(t, newClientWith(t, newServer(t, changingOptions(fake)), askingByResult, p), "delete_user", deleteCI)
			require.Equal(t, mcpserver.CodeRefused, out.Error.Code)
			require.Contains(t, out.Error.Message, "nothing was changed")
			require.Empty(t, changed(fake, before))
		})
	}
}

// TestNoArgumentConfirms requires that a model cannot answer for a person.
func TestNoArgumentConfirms(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	before := len(fake.Mutations())
	c := newClientWith(t, newServer(t, changingOptions(fake)), askingByResult, nil)
	for _, name := range []string{"confirm", "confirmed", "yes", "name", "inputResponses", "requestState", "no_confirmation"} {
		out := callTool(t, c, "delete_user", map[string]any{"user_name": "ci", "force": true, name: true})
		require.Equal(t, mcpserver.CodeInvalidArgument, out.Error.Code, name)
	}
	require.Empty(t, changed(fake, before))
}

// TestReadmeQuestion holds that the README shows a question as it is; -update writes it.
func TestReadmeQuestion(t *testing.T) {
	t.Parallel()
	const readme, begin, end = "../README.md", "<!-- question -->\n", "<!-- /question -->"
	p := agreeing()
	callTool(t, newClientWith(t, newServer(t, changingOptions(smallAWS(t))), askingByResult, p), "delete_user", deleteCI)
	want := "\n```text\n" + string(steady([]byte(p.message(t)))) + "\n\n" + p.questions()[0].RequestedSchema.(map[string]any)["properties"].(map[string]any)["name"].(map[string]any)["title"].(string) + ": ▁\n```\n\n"
	text, err := os.ReadFile(readme)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(text), begin)
	require.True(t, found)
	shown, after, found := strings.Cut(rest, end)
	require.True(t, found)
	if *update && shown != want {
		require.NoError(t, os.WriteFile(readme, []byte(before+begin+want+end+after), 0o644))
		return
	}
	require.Equal(t, want, shown, "run go test ./mcpserver -update")
}
