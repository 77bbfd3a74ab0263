// Package mcptransport serves an MCP server over standard input and output and
// over streamable HTTP, to clients of every protocol revision from 2024-11-05
// to 2026-07-28 on one endpoint.
//
// Build the server with [ServerOptions], then call [ServeStdio], or
// [NewHandler] and [Serve]. Handlers report progress through
// [ProgressReporter] and learn who is asking from [CallerFromContext].
//
// The package drives [server.MCPServer.HandleMessage] and does everything else
// that a transport owes its clients itself: framing, sessions, cancellation,
// the order of notifications and results, authentication and limits. It does
// not offer the standalone GET stream or resumption (both optional before
// 2026-07-28, removed by it). JSON-RPC batches are taken from clients of
// 2025-03-26, the only revision that has them.
//
// Specification: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports
package mcptransport
