package mcpserver

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
)

// iamTools are the tools that show IAM as it is.
func iamTools() []*tool {
	return slices.Concat(listTools(), wholeTools(), policyTextTools(), accountTools(), useTools(), simulateTools())
}

// defineIAM makes a tool that answers from AWS or from the saved account. It calls
// what the functions of package collect call.
func defineIAM[In credentialed, Out result](t Tool, functions string, run func(context.Context, iamSource, In) (Out, error)) *tool {
	return defineSource(t, functions, (*call).iam, run)
}

// defineLive makes a tool that only AWS can answer.
func defineLive[In credentialed, Out result](t Tool, functions string, run func(context.Context, *liveIAM, In) (Out, error)) *tool {
	t.NeedsAWS = true
	return defineSource(t, functions, (*call).live, run)
}

func defineSource[In credentialed, Out result, Source any](t Tool, functions string,
	open func(*call, context.Context, credentialArguments) (Source, error), run func(context.Context, Source, In) (Out, error)) *tool {
	t.Toolset = ToolsetIAM
	t.Actions = []string{"sts:GetCallerIdentity"}
	for _, function := range strings.Fields(functions) {
		t.Actions = append(t.Actions, collect.Actions()[function]...)
	}
	slices.Sort(t.Actions)
	t.Actions = slices.Compact(t.Actions)
	return define(t, func(ctx context.Context, c *call, in In) (none Out, err error) {
		source, err := open(c, ctx, in.credentials())
		if err != nil {
			return none, err
		}
		out, err := run(ctx, source, in)
		if errors.Is(err, collect.ErrCredentials) {
			c.server.connections.forget(in.credentials())
		}
		return out, withHint(ctx, err, source, in)
	})
}

// An entity is a value whose members the schema does not list: they are IAM's own,
// and the schemas of twenty tools would say them again and again.
type entity[T any] struct{ value T }

// JSONSchema implements [toolschema.Describer].
func (entity[T]) JSONSchema() *toolschema.Schema { return &toolschema.Schema{Type: "object"} }

// MarshalJSONTo implements json.MarshalerTo.
func (e entity[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	return json.MarshalEncode(enc, &e.value, jsonOptions)
}

// iamInfo says what an answer lacks and, in its text, where it is from.
type iamInfo struct {
	Gaps []string `json:"gaps" doc:"What could not be read"`

	savedAt string
}

func newIAMInfo(source iamSource, gaps []nhiscan.Gap) iamInfo {
	return iamInfo{Gaps: atMost(render.GroupGaps(gaps), maxGaps, "and %d more"), savedAt: savedAt(source)}
}

// savedAt is the sentence that says that an answer is not of now; empty for AWS's.
func savedAt(source iamSource) string {
	switch a := source.saved(); {
	case a == nil:
		return ""
	case a.CollectedAt.IsZero():
		return "From a saved account, which does not tell when it was read."
	default:
		return "From the account as it was at " + a.CollectedAt.UTC().Format(time.RFC3339) + "."
	}
}

// text is the end of an answer in words.
func (i *iamInfo) text(lines ...string) string {
	if i.savedAt != "" {
		lines = append(lines, i.savedAt)
	}
	if len(i.Gaps) > 0 {
		lines = append(lines, say("Not all could be read: %s", i.Gaps[0]))
		lines = addMore(lines, len(i.Gaps)-1, "gap", "gaps")
	}
	return strings.Join(lines, "\n")
}

// entityName returns the name in an argument that is a name or an ARN: names are
// what IAM asks for. An ARN of another account is not that of the like-named
// entity in this one.
func entityName(source iamSource, kind collect.IdentityKind, nameOrARN string) (string, error) {
	argument := string(kind) + "_name"
	if nameOrARN == "" {
		return "", invalid("%s is empty", argument)
	}
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return nameOrARN, nil
	}
	arn, ok := nhiscan.ParseARN(nameOrARN)
	if !ok || arn.Service != "iam" || !strings.HasPrefix(arn.Resource, string(kind)+"/") {
		return "", invalid("%s: want the name or the ARN of a %s", argument, kind)
	}
	if err := inAccount(source, argument, arn.Account); err != nil {
		return "", err
	}
	return arn.Resource[strings.LastIndexByte(arn.Resource, '/')+1:], nil
}

func inAccount(source iamSource, argument, account string) error {
	if own := source.accountID(); own != "" && account != own {
		e := notFound("%s is of account %s, and this is account %s", argument, account, own)
		e.Hint = "profile or role_arn choose another account"
		return e
	}
	return nil
}
