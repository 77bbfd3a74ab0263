package mcptransport

import (
	"sync"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
)

// facts are what a client has said about itself: once per session before
// 2026-07-28, with every request since. It is the part of a mcp-go session
// that outlives a request.
type facts struct {
	mu          sync.RWMutex
	info        mcp.Implementation
	caps        mcp.ClientCapabilities
	version     string
	level       mcp.LoggingLevel
	initialized atomic.Bool
}

func newFacts() *facts { return &facts{level: mcp.LoggingLevelError} }

func (f *facts) Initialize()       { f.initialized.Store(true) }
func (f *facts) Initialized() bool { return f.initialized.Load() }

func (f *facts) GetClientInfo() mcp.Implementation {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.info
}

func (f *facts) SetClientInfo(info mcp.Implementation) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.info = info
}

func (f *facts) GetClientCapabilities() mcp.ClientCapabilities {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.caps
}

func (f *facts) SetClientCapabilities(caps mcp.ClientCapabilities) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.caps = caps
}

func (f *facts) ProtocolVersion() string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.version
}

func (f *facts) SetProtocolVersion(version string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.version = version
}

func (f *facts) GetLogLevel() mcp.LoggingLevel {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.level
}

func (f *facts) SetLogLevel(level mcp.LoggingLevel) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.level = level
}
