package mcpserver

import "github.com/mark3labs/mcp-go/server"

// featureOptions are those of resources, prompts and completion.
func (s *Server) featureOptions() []server.ServerOption {
	known := completer{s}
	return []server.ServerOption{
		server.WithResourceCapabilities(false, false),
		server.WithPromptCapabilities(false),
		server.WithCompletions(),
		server.WithPromptCompletionProvider(known),
		server.WithResourceCompletionProvider(known),
	}
}
