package mcpserver

import (
	"context"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
)

// maxCompletions is how many values MCP allows.
// https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/completion
const maxCompletions = 100

// A completer offers names and ARNs of the account that the server's own
// credentials read some minutes ago, or that is saved. It reads none.
type completer struct{ server *Server }

// CompletePromptArgument implements server.PromptCompletionProvider.
func (k completer) CompletePromptArgument(_ context.Context, name string, argument mcp.CompleteArgument, _ mcp.CompleteContext) (*mcp.Completion, error) {
	for _, p := range prompts {
		if p.name == name && p.argument != "" && p.argument == argument.Name && k.server.serves(p.tools...) {
			return k.complete(argument.Value, !strings.HasPrefix(argument.Value, "arn:")), nil
		}
	}
	return nil, nil
}

// CompleteResourceArgument implements server.ResourceCompletionProvider.
func (k completer) CompleteResourceArgument(_ context.Context, uri string, argument mcp.CompleteArgument, _ mcp.CompleteContext) (*mcp.Completion, error) {
	if k.server.serves(resourceToolOf(uriIdentity)) && uri == uriIdentity+"{+arn}" && argument.Name == "arn" {
		return k.complete(argument.Value, false), nil
	}
	return nil, nil
}

// complete returns what begins with the text, and then what has it elsewhere.
func (k completer) complete(text string, names bool) (completion *mcp.Completion) {
	defer func() {
		if p := recover(); p != nil {
			k.server.logPanic(k.server.redactor, "completion", p)
			completion = &mcp.Completion{Values: []string{}}
		}
	}()
	s := k.server.scans.latest()
	if s == nil {
		return &mcp.Completion{Values: []string{}}
	}
	text = strings.ToLower(text)
	var first, others []string
	for _, value := range k.candidates(s.Account(), names) {
		switch at := strings.Index(strings.ToLower(value), text); {
		case at == 0:
			first = append(first, value)
		case at > 0:
			others = append(others, value)
		}
	}
	slices.Sort(first)
	slices.Sort(others)
	all := append(first, others...)
	values, more := firstOf(all, maxCompletions)
	return &mcp.Completion{Values: values, Total: len(all), HasMore: more > 0}
}

// candidates are the ARNs of the users and roles, or their names; a name that a
// user and a role have stands for neither. What would have to be changed to be
// shown is left out: the value would not be that of the identity.
func (k completer) candidates(a *nhiscan.Account, names bool) []string {
	var arns, plain []string
	count := map[string]int{}
	see := func(name, arn string) {
		arns, plain = append(arns, arn), append(plain, name)
		count[name]++
	}
	for i := range a.Users {
		see(a.Users[i].Name, a.Users[i].ARN)
	}
	for i := range a.Roles {
		see(a.Roles[i].Name, a.Roles[i].ARN)
	}
	var out []string
	for i, value := range arns {
		if names && count[plain[i]] == 1 {
			value = plain[i]
		}
		if value != "" && len(value) <= maxArgumentOfPrompt && render.Printable(k.server.redactor.String(value)) == value {
			out = append(out, value)
		}
	}
	return out
}
