// Package mcpserver serves an AWS account's identities to AI assistants over the
// Model Context Protocol: which are not people, what they can do, and why.
//
// Call [New] with what to serve, and [Server.MCP] for the server that a transport
// of mcp-go takes. The command nhiscan-mcp does that over stdio and HTTP.
//
// All tools only read, unless [Options.AllowWrite] serves those that change IAM, by
// the plans of package manage: a person is asked before each change, through the
// client and not through the model. Each answer is JSON that holds to the tool's output schema,
// and a short text. Names, tags, descriptions and policies are written by
// strangers: they are only ever JSON values, with control, bidirectional and
// invisible characters shown as escapes, and long ones cut and marked. Secrets
// never leave: every answer, error and log line goes through one redaction.
//
// See https://modelcontextprotocol.io/specification/.
package mcpserver
