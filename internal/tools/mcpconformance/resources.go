package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

func addResources(s *server.MCPServer) {
	for _, contents := range []mcp.ResourceContents{
		mcp.TextResourceContents{URI: "test://static-text", MIMEType: "text/plain", Text: "This is the content of the static text resource."},
		mcp.BlobResourceContents{URI: "test://static-binary", MIMEType: "image/png", Blob: pixel},
	} {
		uri, kind := "test://static-text", "text/plain"
		if blob, ok := contents.(mcp.BlobResourceContents); ok {
			uri, kind = blob.URI, blob.MIMEType
		}
		resource := mcp.NewResource(uri, strings.TrimPrefix(uri, "test://"), mcp.WithMIMEType(kind))
		s.AddResource(resource, func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
			return []mcp.ResourceContents{contents}, nil
		})
	}
	template := mcp.NewResourceTemplate("test://template/{id}/data", "template", mcp.WithTemplateMIMEType("application/json"))
	s.AddResourceTemplate(template, func(_ context.Context, r mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		id := strings.TrimSuffix(strings.TrimPrefix(r.Params.URI, "test://template/"), "/data")
		return []mcp.ResourceContents{mcp.TextResourceContents{
			URI: r.Params.URI, MIMEType: "application/json",
			Text: fmt.Sprintf(`{"id":%q,"templateTest":true,"data":%q}`, id, "Data for ID: "+id),
		}}, nil
	})
}

func addPrompts(s *server.MCPServer) {
	addPrompt(s, newPrompt("test_simple_prompt"), func(map[string]string) []mcp.Content {
		return []mcp.Content{text("This is a simple prompt for testing.")}
	})
	addPrompt(s, newPrompt("test_prompt_with_arguments",
		mcp.WithArgument("arg1", mcp.RequiredArgument()), mcp.WithArgument("arg2", mcp.RequiredArgument()),
	), func(arguments map[string]string) []mcp.Content {
		return []mcp.Content{text(fmt.Sprintf("Prompt with arguments: arg1='%s', arg2='%s'", arguments["arg1"], arguments["arg2"]))}
	})
	addPrompt(s, newPrompt("test_prompt_with_embedded_resource", mcp.WithArgument("resourceUri", mcp.RequiredArgument())),
		func(arguments map[string]string) []mcp.Content {
			return []mcp.Content{
				embedded(arguments["resourceUri"], "text/plain", "Embedded resource content for testing."),
				text("Please process the embedded resource above."),
			}
		})
	addPrompt(s, newPrompt("test_prompt_with_image"), func(map[string]string) []mcp.Content {
		return []mcp.Content{mcp.NewImageContent(pixel, "image/png"), text("Please analyze the image above.")}
	})
}

func newPrompt(name string, options ...mcp.PromptOption) mcp.Prompt {
	return mcp.NewPrompt(name, append(options, mcp.WithPromptDescription("Fixture of the conformance suite"))...)
}

func addPrompt(s *server.MCPServer, prompt mcp.Prompt, content func(arguments map[string]string) []mcp.Content) {
	s.AddPrompt(prompt, func(_ context.Context, r mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		var messages []mcp.PromptMessage
		for _, c := range content(r.Params.Arguments) {
			messages = append(messages, mcp.PromptMessage{Role: mcp.RoleUser, Content: c})
		}
		return mcp.NewGetPromptResult("", messages), nil
	})
}
