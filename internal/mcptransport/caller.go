package mcptransport

import (
	"context"
	"strings"
	"unicode"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// A Method is how a caller was told from others. Its zero value is unknown.
type Method string

const (
	MethodStdio Method = "stdio" // the process that started this one
	MethodNone  Method = "none"  // HTTP without an [Authenticator]
	MethodToken Method = "token" // [StaticToken]
	MethodOAuth Method = "oauth" // [OAuth]
)

// A Caller is who sent a request. Callers can be compared with ==.
type Caller struct {
	// Subject names the caller among those of its Method: for OAuth the sub
	// claim, else a constant.
	Subject string
	Method  Method
	// Scopes are what an access token grants, sorted and separated by spaces;
	// empty without OAuth.
	Scopes string
	// Client is the name and version that the client software gives itself,
	// cleaned of invisible characters and cut to a short line. It is a claim
	// that nothing verifies. Authenticators leave it empty.
	Client string
}

// key tells callers apart; no Method contains a zero byte.
func (c Caller) key() string { return string(c.Method) + "\x00" + c.Subject }

type callerKey struct{}

func withCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerFromContext returns who sent the request that a handler's context
// belongs to, or the zero Caller when no transport of this package serves it.
func CallerFromContext(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	// Read late: a request of 2026-07-28 names its client in its own _meta,
	// which the server reads after the transport has made the context.
	if session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		c.Client = clientName(session.GetClientInfo())
	}
	return c
}

func clientName(info mcp.Implementation) string {
	name, version := clean(info.Name), clean(info.Version)
	if name == "" || version == "" {
		return name + version
	}
	return name + "/" + version
}

// maxNameRunes bounds each part of a client's name: it ends in logs and prompts.
const maxNameRunes = 64

// clean drops what a reader does not see or what reorders what they see
// (controls, bidirectional marks, tags, variation selectors).
func clean(s string) string { return cleanTo(s, maxNameRunes) }

func cleanTo(s string, limit int) string {
	kept := 0
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if kept >= limit || r == unicode.ReplacementChar || !unicode.IsPrint(r) ||
			unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		kept++
		return r
	}, s))
}
