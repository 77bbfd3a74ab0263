package mcpserver

import (
	"context"
	"encoding/json"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/nhiscan/nhiscan/internal/toolschema"
)

// A Toolset is a group of tools that are served together.
type Toolset string

const (
	// ToolsetScan has the tools that tell people from non-human identities.
	ToolsetScan Toolset = "scan"
	// ToolsetPermissions has those that say who can do what, and how to become administrator.
	ToolsetPermissions Toolset = "permissions"
	// ToolsetPolicies has those that look at one policy document.
	ToolsetPolicies Toolset = "policies"
	// ToolsetIAM has those that read IAM as it is: users, roles, groups, policies.
	ToolsetIAM Toolset = "iam"
	// ToolsetManage has those that change IAM. They are there with Options.AllowWrite alone.
	ToolsetManage Toolset = "manage"
)

// Toolsets returns all toolsets, in the order in which they are documented.
func Toolsets() []Toolset {
	return []Toolset{ToolsetScan, ToolsetPermissions, ToolsetPolicies, ToolsetIAM, ToolsetManage}
}

// A Tool is what a client is told of a tool, and what documentation shows.
type Tool struct {
	Name, Title, Description string
	Toolset                  Toolset
	// NeedsAWS says that it is not there for a saved account.
	NeedsAWS bool
	// ReadOnly, Destructive, Idempotent and OpenWorld are MCP's hints.
	// https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations
	ReadOnly, Destructive, Idempotent, OpenWorld bool

	// Input and Output are the JSON Schemas of its arguments and of its
	// structured answer.
	Input, Output json.RawMessage
	// Actions are the IAM and STS actions that it may call, such as iam:ListUsers.
	Actions []string
}

// A tool is a Tool that can be called.
type tool struct {
	Tool
	input *toolschema.Schema
	run   func(ctx context.Context, c *call, arguments any) (result, error)
}

// A result is the structured answer of a tool. Its fields are the output schema.
type result interface {
	// summary is the answer in a few short lines for people, with everything
	// that strangers wrote made printable (see say).
	summary() string
}

// define makes a tool of a function. The schemas are those of the types.
func define[In any, Out result](t Tool, run func(context.Context, *call, In) (Out, error)) *tool {
	t.ReadOnly, t.Idempotent = true, true
	t.Output = marshalSchema(toolschema.Output[Out]())
	d := &tool{Tool: t}
	d.take(toolschema.Input[In]())
	d.run = func(ctx context.Context, c *call, arguments any) (result, error) {
		in, err := toolschema.Decode[In](d.input, arguments)
		if err != nil {
			return nil, err
		}
		return run(ctx, c, in)
	}
	return d
}

// take sets which arguments the tool has.
func (t *tool) take(input *toolschema.Schema) { t.input, t.Input = input, marshalSchema(input) }

// withoutInline is the tool without the arguments that bring access keys.
func (t *tool) withoutInline() *tool {
	c := *t
	c.take(t.input.Without(inlineArguments...))
	return &c
}

// wire is the tool as clients are told of it.
func (t *tool) wire() mcp.Tool {
	return mcp.Tool{
		Name: t.Name, Title: t.Title, Description: t.Description,
		RawInputSchema: t.Input, RawOutputSchema: t.Output,
		Annotations: mcp.ToolAnnotation{
			Title: t.Title, ReadOnlyHint: &t.ReadOnly, DestructiveHint: &t.Destructive,
			IdempotentHint: &t.Idempotent, OpenWorldHint: &t.OpenWorld,
		},
	}
}

func marshalSchema(s *toolschema.Schema) json.RawMessage {
	text, err := s.JSON()
	if err != nil {
		panic("mcpserver: a tool's schema: " + err.Error()) // it is made of constants
	}
	return text
}
