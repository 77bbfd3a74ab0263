package mcpserver_test

import (
	"context"
	"fmt"
	"log"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// A program serves the demo account to a client of its own. For other programs,
// give s.MCP() to a transport of mcp-go, such as server.ServeStdio.
func Example() {
	account, err := demo.Account()
	if err != nil {
		log.Fatal(err)
	}
	s, err := mcpserver.New(&mcpserver.Options{
		Snapshot: &mcpserver.Snapshot{Account: account, Now: demo.Now()},
		Toolsets: []mcpserver.Toolset{mcpserver.ToolsetPermissions},
	})
	if err != nil {
		log.Fatal(err)
	}
	for _, tool := range s.Tools() {
		fmt.Println(tool.Name)
	}

	ctx := context.Background()
	c, err := client.NewInProcessClient(s.MCP())
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Initialize(ctx, mcp.InitializeRequest{}); err != nil {
		log.Fatal(err)
	}
	var call mcp.CallToolRequest
	call.Params.Name = "evaluate_access"
	call.Params.Arguments = map[string]any{"principal": "terraform", "action": "iam:CreateUser"}
	result, err := c.CallTool(ctx, call)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Content[0].(mcp.TextContent).Text)
	// Output:
	// evaluate_access
	// who_can
	// find_escalation_paths
	// classify_role_trust
	// Allowed: user terraform may do iam:CreateUser on all resources.
	// allows: policy IdentityAdministration, statement 1, line 4
}
