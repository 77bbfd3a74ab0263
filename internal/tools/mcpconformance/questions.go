package main

import (
	"context"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

type properties = map[string]any

// addQuestions adds the tools that ask the client as revisions before
// 2026-07-28 do it, by requests of the server.
func addQuestions(s *server.MCPServer) {
	addTool(s, "test_sampling", func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		//lint:ignore SA1019 the suite asks for it at 2025-11-25
		answer, err := s.RequestSampling(ctx, mcp.CreateMessageRequest{CreateMessageParams: sampling(r.GetString("prompt", ""), 100)})
		if err != nil {
			return mcp.NewToolResultError(err.Error()), nil
		}
		return mcp.NewToolResultText("LLM response: " + contentText(answer.Content)), nil
	}, mcp.WithString("prompt", mcp.Required()))
	addElicitation(s, "test_elicitation", properties{
		"username": properties{"type": "string", "description": "User's response"},
		"email":    properties{"type": "string", "description": "User's email address"},
	}, []string{"username", "email"}, mcp.WithString("message", mcp.Required()))
	addElicitation(s, "test_elicitation_sep1034_defaults", properties{
		"name":     properties{"type": "string", "default": "John Doe"},
		"age":      properties{"type": "integer", "default": 30},
		"score":    properties{"type": "number", "default": 95.5},
		"status":   properties{"type": "string", "enum": []string{"active", "inactive", "pending"}, "default": "active"},
		"verified": properties{"type": "boolean", "default": true},
	}, nil)
	plain := []string{"option1", "option2"}
	titled := []properties{{"const": "value1", "title": "Value One"}, {"const": "value2", "title": "Value Two"}}
	addElicitation(s, "test_elicitation_sep1330_enums", properties{
		"untitledSingle": properties{"type": "string", "enum": plain},
		"titledSingle":   properties{"type": "string", "oneOf": titled},
		"legacyEnum":     properties{"type": "string", "enum": []string{"opt1", "opt2"}, "enumNames": []string{"Option One", "Option Two"}},
		"untitledMulti":  properties{"type": "array", "items": properties{"type": "string", "enum": plain}},
		"titledMulti":    properties{"type": "array", "items": properties{"anyOf": titled}},
	}, nil)
}

func addElicitation(s *server.MCPServer, name string, fields properties, required []string, options ...mcp.ToolOption) {
	addTool(s, name, func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		answer, err := s.RequestElicitation(ctx, mcp.ElicitationRequest{
			Params: question(r.GetString("message", "Please answer"), fields, required),
		})
		if err != nil {
			return mcp.NewToolResultError(err.Error()), nil
		}
		return mcp.NewToolResultText(fmt.Sprintf("User response: action=%s, content=%v", answer.Action, answer.Content)), nil
	}, options...)
}

func question(message string, fields properties, required []string) mcp.ElicitationParams {
	schema := properties{"type": "object", "properties": fields}
	if required != nil {
		schema["required"] = required
	}
	return mcp.ElicitationParams{Message: message, RequestedSchema: schema}
}

func sampling(prompt string, tokens int) mcp.CreateMessageParams {
	return mcp.CreateMessageParams{
		Messages:  []mcp.SamplingMessage{{Role: mcp.RoleUser, Content: text(prompt)}},
		MaxTokens: tokens,
	}
}

func contentText(content any) string {
	switch c := content.(type) {
	case mcp.TextContent:
		return c.Text
	case map[string]any:
		return fmt.Sprint(c["text"])
	}
	return "no text"
}
