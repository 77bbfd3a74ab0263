package mcpserver_test

import (
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// vanishing returns what deletes what a change is about, through a server of its own;
// nil for a change that creates it.
func vanishing(t *testing.T, test changeCase, fake *fakeiam.Server, in arguments) func() {
	if test.missing == nil {
		return nil
	}
	opts := revealingOptions(fake)
	opts.NoConfirmation, opts.AllowPrivilegedGrants = true, true
	c := newClient(t, newServer(t, opts))
	for _, kind := range []string{"user", "group", "role", "identity", "policy", "instance_profile"} {
		name, given := in[kind+"_name"]
		tool, argument := "delete_"+kind, kind+"_name"
		switch kind {
		case "policy":
			name, given = in["policy_arn"]
			argument = "policy_arn"
		case "identity":
			tool, argument = "delete_user", "user_name"
			if in["identity_type"] == "role" {
				tool, argument = "delete_role", "role_name"
			}
		}
		if given {
			return func() {
				if name == readerARN { // what bounds somebody cannot be deleted
					vanish(t, c, "delete_user", arguments{"user_name": "bounded", "force": true})
					vanish(t, c, "delete_user", arguments{"user_name": "boundadmin", "force": true})
				}
				vanish(t, c, tool, arguments{argument: name, "force": true})
			}
		}
	}
	t.Fatalf("what %s is about is not known", test.tool)
	return nil
}

func vanish(t *testing.T, c *client.Client, tool string, in arguments) {
	if tool == "delete_instance_profile" {
		delete(in, "force")
	}
	out := callTool(t, c, tool, in)
	require.False(t, out.IsError, "%+v", out.Error)
}

// TestVanishedBeforeTheAnswer has what a change is about be deleted while a person is asked.
func TestVanishedBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
		in, p, before := fill(test.arguments), agreeing(), 0
		gone := vanishing(t, test, fake, in)
		if gone == nil {
			return
		}
		agree := p.answer
		p.answer = func(asked mcp.ElicitationParams) *mcp.ElicitationResult {
			gone()
			before = len(fake.Mutations())
			return agree(asked)
		}
		out := callTool(t, newClientWith(t, newServer(t, revealingOptions(fake)), askingByResult, p), test.tool, in)
		require.Equal(t, mcpserver.CodeNotFound, out.Error.Code, "%+v", out)
		require.NotZero(t, before)
		require.Empty(t, changed(fake, before))
	})
}

// TestVanishedBeforeTheCall has it be deleted just before the first call that
// changes it arrives: what only removes is done, and the rest says that it is gone.
func TestVanishedBeforeTheCall(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, test changeCase, fake *fakeiam.Server, fill func(arguments) arguments) {
		in := fill(test.arguments)
		gone := vanishing(t, test, fake, in)
		if gone == nil {
			return
		}
		opts := revealingOptions(fake)
		opts.NoConfirmation = true
		c := newClient(t, newServer(t, opts))
		var begun atomic.Bool // the deletion makes such calls too
		before := 0
		fake.OnRequest(func(operation string, _ url.Values) {
			if operation == test.operations[0] && !begun.Swap(true) {
				gone()
				before = len(fake.Mutations())
			}
		})
		out := callTool(t, c, test.tool, in)
		require.NotZero(t, before)
		require.Empty(t, changed(fake, before))
		if first := test.operations[0]; strings.HasPrefix(first, "De") || strings.HasPrefix(first, "Remove") || strings.HasPrefix(first, "Untag") {
			require.Equal(t, "done", out.Structured["status"], "%+v", out.Error)
			return
		}
		require.Equal(t, mcpserver.CodeNotFound, out.Error.Code, "%+v", out)
	})
}
