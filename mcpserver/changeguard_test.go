package mcpserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

// TestReadOnlyServer requires that without AllowWrite no tool changes anything: those
// that would are not listed and refuse to be called, and no other call of AWS that
// changes something leaves the server.
func TestReadOnlyServer(t *testing.T) {
	t.Parallel()
	fake, r := changeableAWS(t)
	before := len(fake.Mutations())
	fake.ForbidWrites()
	opts := changingOptions(fake)
	opts.AllowWrite = false
	p := agreeing()
	s := newServer(t, opts)
	c := newClientWith(t, s, askingByResult, p)
	list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
	require.NoError(t, err)
	require.Len(t, list.Tools, len(s.Tools()))
	for _, tool := range list.Tools {
		require.True(t, *tool.Annotations.ReadOnlyHint, tool.Name)
		_ = callTool(t, c, tool.Name, readArguments(tool))
	}
	for _, test := range changeCases {
		out := callTool(t, c, test.tool, filled(r, test.arguments))
		require.Equal(t, mcpserver.CodeRefused, out.Error.Code)
		require.Contains(t, out.Error.Message, "only reads; the operator can allow it: --allow-write")
	}
	require.Empty(t, p.questions())
	require.Zero(t, fake.RefusedWrites())
	require.Empty(t, changed(fake, before))
}

// readArguments are some that a tool which reads takes.
func readArguments(tool mcp.Tool) map[string]any {
	known := map[string]any{
		"user_name": "ci", "role_name": "worker", "group_name": "devs", "policy_name": "own", "policy_arn": readerARN, "identity_name": "ci",
		"principal": "ci", "action": "s3:GetObject", "access_key_id": "AKIA0000000000000000", "arn": "arn:aws:iam::123456789012:user/ci",
		"policy_source_arn": "arn:aws:iam::123456789012:user/ci", "action_names": []any{"s3:GetObject"}, "policy_documents": []any{readBucket}, "policy_document": readBucket,
	}
	in := map[string]any{}
	for _, name := range tool.InputSchema.Required {
		if value, ok := known[name]; ok {
			in[name] = value
		}
	}
	return in
}

// TestNothingChangesOutsideACall requires of the connections that the server makes
// that they change nothing by themselves, whatever code has them.
func TestNothingChangesOutsideACall(t *testing.T) {
	t.Parallel()
	for _, allow := range []bool{false, true} {
		fake := smallAWS(t)
		before := len(fake.Mutations())
		opts := changingOptions(fake)
		opts.AllowWrite = allow
		var made *mcpserver.Connection
		connect := opts.Connect
		opts.Connect = func(ctx context.Context, o *session.Options) (c *mcpserver.Connection, err error) {
			made, err = connect(ctx, o)
			return made, err
		}
		require.False(t, callTool(t, newClient(t, newServer(t, opts)), "list_users", nil).IsError)
		requests := fake.Total()
		refused, permitted := 0, 0
		api := reflect.TypeFor[manage.API]()
		for i := range api.NumMethod() {
			method := api.Method(i)
			err := callMethod(t, made.Manage, method)
			var denied interface{ ErrorCode() string }
			if errors.As(err, &denied) && denied.ErrorCode() == session.CallRefused {
				refused++
				continue
			}
			permitted++
			require.Regexp(t, "^(Get|List|Generate|Simulate)", method.Name)
		}
		require.Greater(t, refused, 40)
		require.Greater(t, permitted, 20)
		require.LessOrEqual(t, fake.Total()-requests, permitted)
		require.Empty(t, changed(fake, before))
	}
}

// callMethod calls a method of the SDK's client with an empty input.
func callMethod(t *testing.T, api manage.API, method reflect.Method) error {
	t.Helper()
	input := reflect.New(method.Type.In(1).Elem())
	out := reflect.ValueOf(api).MethodByName(method.Name).Call([]reflect.Value{reflect.ValueOf(t.Context()), input})
	err, _ := out[1].Interface().(error)
	return err
}

// TestPreviewChangesNothing calls each tool with preview on an AWS that takes no change.
func TestPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	fake, r := changeableAWS(t)
	fake.ForbidWrites()
	p := agreeing()
	c := newClientWith(t, newServer(t, revealingOptions(fake)), askingByResult, p)
	for _, test := range changeCases {
		in := filled(r, test.arguments)
		in["preview"] = true
		out := callTool(t, c, test.tool, in)
		require.Equal(t, "preview", out.Structured["status"], "%s: %+v", test.tool, out.Error)
	}
	require.Empty(t, p.questions())
	require.Zero(t, fake.RefusedWrites())
}

// TestWhoseCredentials refuses to change anything when AWS does not tell who does.
func TestWhoseCredentials(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	before := len(fake.Mutations())
	fake.Inject(fakeiam.Fault{Operation: "GetCallerIdentity", Code: "AccessDenied"})
	out := callTool(t, newClientWith(t, newServer(t, changingOptions(fake)), askingByResult, agreeing()), "delete_user", deleteCI)
	require.Equal(t, "AccessDenied", out.Error.Code)
	require.Contains(t, out.Error.Hint, "sts:GetCallerIdentity")
	require.Empty(t, changed(fake, before))
}

// TestNextScanShowsTheChange requires that no answer from before a change is given after it.
func TestNextScanShowsTheChange(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	c := newClientWith(t, newServer(t, changingOptions(fake)), askingByResult, agreeing())
	count := func() any {
		out := callTool(t, c, "scan_iam_identities", nil)
		require.False(t, out.IsError, "%+v", out.Error)
		text, err := json.Marshal(out.Structured)
		require.NoError(t, err)
		return strings.Count(string(text), `"arn":"arn:aws:iam::123456789012:user/`)
	}
	require.Equal(t, 2, count())
	require.False(t, callTool(t, c, "delete_user", deleteCI).IsError)
	require.Equal(t, 1, count())
}

func TestOptionsOfChanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		opts mcpserver.Options
		want string
	}{
		"nobody asked":      {mcpserver.Options{NoConfirmation: true}, "goes with AllowWrite"},
		"privileged grants": {mcpserver.Options{AllowPrivilegedGrants: true}, "goes with AllowWrite"},
		"revealed secrets":  {mcpserver.Options{RevealSecrets: true}, "goes with AllowWrite"},
		"kept secrets":      {mcpserver.Options{Keys: &keyShelf{}}, "goes with AllowWrite"},
		"two places":        {mcpserver.Options{AllowWrite: true, RevealSecrets: true, Keys: &keyShelf{}}, "choose one"},
		"a saved account":   {mcpserver.Options{AllowWrite: true, Snapshot: &mcpserver.Snapshot{Account: smallAWS(t).Account()}}, "cannot be changed"},
		"a toolset":         {mcpserver.Options{Toolsets: []mcpserver.Toolset{mcpserver.ToolsetManage}}, "--allow-write"},
		"a tool":            {mcpserver.Options{Tools: []string{"delete_user"}}, "--allow-write"},
	} {
		_, err := mcpserver.New(&test.opts)
		require.ErrorContains(t, err, test.want, name)
	}
}

// A fullDisk takes no line of an audit log.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestNoChangeWithoutAudit changes nothing, and asks nobody, when that cannot be noted.
func TestNoChangeWithoutAudit(t *testing.T) {
	t.Parallel()
	for _, unasked := range []bool{false, true} {
		fake, p := smallAWS(t), agreeing()
		before := len(fake.Mutations())
		opts := changingOptions(fake)
		opts.AuditLog, opts.NoConfirmation = fullDisk{}, unasked
		out := callTool(t, newClientWith(t, newServer(t, opts), askingByResult, p), "delete_user", deleteCI)
		require.Equal(t, mcpserver.CodeRefused, out.Error.Code)
		require.Contains(t, out.Error.Message, "audit log")
		require.Empty(t, p.questions())
		require.Empty(t, changed(fake, before))
	}
}
