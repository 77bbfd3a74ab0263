package mcpserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// TestQuestionShowsAllArguments has nothing confirmed that the person was not shown.
func TestQuestionShowsAllArguments(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	sentences := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::` + strings.Repeat("a", 4000) + `","arn:aws:s3:::last/*"]}]}`
	for name, tt := range map[string]struct {
		tool      string
		arguments arguments
		shown     []string
	}{
		"user": {"create_user", arguments{"user_name": "fresh", "path": "/bots/", "tags": arguments{"team": "a", "env": "prod"}}, []string{"With path: /bots/", "With tags: env=prod, team=a"}},
		"role": {"create_role", arguments{"role_name": "fresh", "description": "jobs\nRisk: none\u202e", "max_session_duration": 43200, "tags": arguments{"team": "a"}, "assume_role_policy_document": trustEC2},
			[]string{`With description: jobs\nRisk: none\u202e`, "With max session duration: 43200", "With tags: team=a"}},
		"policy":      {"create_policy", arguments{"policy_name": "fresh", "description": "what for", "policy_document": readBucket}, []string{"With description: what for", "arn:aws:s3:::reports/*"}},
		"long policy": {"create_policy", arguments{"policy_name": "fresh", "policy_document": sentences}, []string{"arn:aws:s3:::last/*"}},
		"many tags":   {"tag_identity", arguments{"identity_name": "ci", "tags": arguments{"a": long, "b": long, "c": long, "d": long, "z": "last"}}, []string{"a=" + long, "z=last"}},
		"said":        {"tag_identity", arguments{"identity_name": "ci", "tags": arguments{"a": "b"}}, []string{"tag user ci with a=b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := agreeing()
			out := callTool(t, newClientWith(t, newServer(t, changingOptions(smallAWS(t))), askingByResult, p), tt.tool, tt.arguments)
			require.False(t, out.IsError, "%+v", out.Error)
			for _, part := range tt.shown {
				require.Contains(t, p.message(t), part)
			}
			require.NotContains(t, p.message(t), "\nRisk: none")
			if name == "said" {
				require.NotContains(t, p.message(t), "With ")
			}
		})
	}
}

// TestStoppedMeanwhile says why a change stopped: the client, the time, or AWS.
func TestStoppedMeanwhile(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		stop func(cancel context.CancelFunc, denied func())
		code string
	}{
		"cancelled":            {func(cancel context.CancelFunc, _ func()) { cancel() }, mcpserver.CodeCancelled},
		"too long":             {nil, mcpserver.CodeTimeout},
		"denied and cancelled": {func(cancel context.CancelFunc, denied func()) { denied(); cancel() }, "AccessDenied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, audit := smallAWS(t), &auditText{}
			opts := changingOptions(fake)
			opts.NoConfirmation, opts.AuditLog = true, audit
			if tt.stop == nil {
				opts.CallTimeout = 2 * time.Second
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			fake.OnRequest(func(operation string, _ url.Values) {
				switch {
				case operation != "DeleteAccessKey":
				case tt.stop == nil:
					<-time.After(opts.CallTimeout + time.Second) // on a busy machine the end is noticed late
				default:
					tt.stop(cancel, func() { fake.Deny("DeleteAccessKey") })
				}
			})
			out := callToolContext(ctx, t, newClient(t, newServer(t, opts)), "delete_user", deleteCI)
			require.Equal(t, tt.code, out.Error.Code)
			require.Contains(t, out.Error.Remaining, "delete user ci")
			lines := audit.lines(t)
			require.Equal(t, tt.code, lines[len(lines)-1].ErrorCode)
		})
	}
}

// A brokenShelf breaks when a key exists.
type brokenShelf struct{ shelfSlot }

func (b brokenShelf) Reserve(string, string) (manage.KeySlot, error) { return b, nil }

func (brokenShelf) Save(key manage.NewAccessKey) error { panic("cannot keep " + key.Secret.Reveal()) }

// TestPanicDuringChange reads the account anew: nobody knows what was done.
func TestPanicDuringChange(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	opts := changingOptions(fake)
	opts.NoConfirmation, opts.Keys = true, brokenShelf{}
	c := newClient(t, newServer(t, opts))
	require.False(t, callTool(t, c, "scan_iam_identities", nil).IsError)
	before := fake.Calls()["GetAccountAuthorizationDetails"]
	require.Equal(t, mcpserver.CodeInternal, callTool(t, c, "create_access_key", newKey).Error.Code)
	require.False(t, callTool(t, c, "scan_iam_identities", nil).IsError)
	require.Greater(t, fake.Calls()["GetAccountAuthorizationDetails"], before)
	require.False(t, callTool(t, c, "create_user", map[string]any{"user_name": "next"}).IsError, "the next change has its turn")
}

// TestQuestionShowsTheGravestRisk has no administrator among the risks that are left out.
func TestQuestionShowsTheGravestRisk(t *testing.T) {
	t.Parallel()
	opts := changingOptions(smallAWS(t))
	opts.AllowPrivilegedGrants = true
	statements := strings.Repeat(`{"Effect":"Allow","Action":["s3:Nothing","nothing:At","all:Is","meant:Here"],"Resource":"arn:aws:s3:::x"},`, 12)
	document := `{"Version":"2012-10-17","Statement":[` + statements + `{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	p := agreeing()
	out := callTool(t, newClientWith(t, newServer(t, opts), askingByResult, p), "put_user_policy", arguments{"user_name": "idle", "policy_name": "own", "policy_document": document})
	require.False(t, out.IsError, "%+v", out.Error)
	require.Regexp(t, `(?m)^Risk: .*administrator`, p.message(t))
	require.Contains(t, p.message(t), "more risks")
}

// TestNewSessionOfTheRole counts an answer though the session has another name now.
func TestNewSessionOfTheRole(t *testing.T) {
	t.Parallel()
	fake := smallAWS(t)
	p := agreeing()
	agree := p.answer
	p.answer = func(asked mcp.ElicitationParams) *mcp.ElicitationResult {
		fake.CallerARN("arn:aws:sts::123456789012:assumed-role/nhiscan/1763805600000000000")
		return agree(asked)
	}
	out := callTool(t, newClientWith(t, newServer(t, changingOptions(fake)), askingByResult, p), "delete_user", deleteCI)
	require.Equal(t, "done", out.Structured["status"], "%+v", out.Error)
}

// A fillingDisk has room for a part of the second line, and then is emptied.
type fillingDisk struct {
	auditText
	lines int
}

func (d *fillingDisk) Write(line []byte) (int, error) {
	d.lines++
	if d.lines == 2 {
		n, _ := d.auditText.Write(line[:20])
		return n, errors.New("no space left on device")
	}
	return d.auditText.Write(line)
}

// TestTornAuditLine begins the next line where a line begins.
func TestTornAuditLine(t *testing.T) {
	t.Parallel()
	disk := &fillingDisk{}
	opts := changingOptions(smallAWS(t))
	opts.AuditLog = disk
	c := newClient(t, newServer(t, opts))
	for range 4 {
		callTool(t, c, "get_user", map[string]any{"user_name": "ci"})
	}
	lines := strings.Split(strings.TrimSuffix(disk.text.String(), "\n"), "\n")
	require.Len(t, lines, 4)
	for i, line := range lines {
		require.Equal(t, i != 1, json.Valid([]byte(line)), line)
	}
}
