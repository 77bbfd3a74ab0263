package main

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// The smallest PNG and WAV that a client can decode.
const (
	pixel   = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
	silence = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA="
)

func text(s string) mcp.TextContent { return mcp.TextContent{Type: "text", Text: s} }

func embedded(uri, kind, content string) mcp.Content {
	return mcp.NewEmbeddedResource(mcp.TextResourceContents{URI: uri, MIMEType: kind, Text: content})
}

func addTools(s *server.MCPServer) {
	for name, content := range map[string][]mcp.Content{
		"test_simple_text":       {text("This is a simple text response for testing.")},
		"test_image_content":     {mcp.NewImageContent(pixel, "image/png")},
		"test_audio_content":     {mcp.NewAudioContent(silence, "audio/wav")},
		"test_embedded_resource": {embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")},
		"test_multiple_content_types": {
			text("Multiple content types test:"),
			mcp.NewImageContent(pixel, "image/png"),
			embedded("test://mixed-content-resource", "application/json", `{"test":"data","value":123}`),
		},
	} {
		addTool(s, name, func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return &mcp.CallToolResult{Content: content}, nil
		})
	}
	addTool(s, "test_error_handling", func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return mcp.NewToolResultError("This tool intentionally returns an error for testing"), nil
	})
	addTool(s, "test_tool_with_progress", func(ctx context.Context, r mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		report := mcptransport.ProgressReporter(ctx, &r)
		for _, done := range []float64{0, 50, 100} {
			report(done, 100, "")
		}
		return mcp.NewToolResultText("progress reported"), nil
	})
	addTool(s, "test_tool_with_logging", func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		for _, line := range []string{"Tool execution started", "Tool processing data", "Tool execution completed"} {
			mcptransport.Notify(ctx, string(mcp.MethodNotificationMessage), map[string]any{
				"level": "info", "logger": "mcpconformance", "data": line,
			})
		}
		return mcp.NewToolResultText("Tool with logging executed successfully"), nil
	})
	addTool(s, "test_logging_tool", func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		line := mcp.NewLoggingMessageNotification(mcp.LoggingLevelInfo, "mcpconformance", "only for who asked")
		if err := s.SendLogMessageToClient(ctx, line); err != nil {
			return nil, err
		}
		return mcp.NewToolResultText("logged"), nil
	})
	addTrigger(s, "test_trigger_tool_change", mcp.MethodNotificationToolsListChanged)
	addTrigger(s, "test_trigger_prompt_change", mcp.MethodNotificationPromptsListChanged)
}

// addTrigger adds a tool that tells all subscribers that a list has changed.
func addTrigger(s *server.MCPServer, name, notification string) {
	addTool(s, name, func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		s.SendNotificationToAllClients(notification, nil)
		return mcp.NewToolResultText("announced"), nil
	})
}

func addTool(s *server.MCPServer, name string, handler server.ToolHandlerFunc, options ...mcp.ToolOption) {
	s.AddTool(mcp.NewTool(name, append(options, mcp.WithDescription("Fixture of the conformance suite"))...), handler)
}
