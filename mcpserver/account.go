package mcpserver

import (
	"context"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
)

// accountInfo says what account an answer is about, how old it is and what could
// not be read.
type accountInfo struct {
	AccountID string   `json:"account_id"`
	Scan      scanInfo `json:"scan" doc:"source, collected_at, age_seconds, cached"`
	Complete  bool     `json:"complete"`
	Gaps      []string `json:"gaps"`
}

// A scanInfo says where an account was read, and when.
type scanInfo struct {
	Source      string   `json:"source"`
	Partition   string   `json:"partition"`
	Aliases     []string `json:"aliases"`
	CollectedAt stamp    `json:"collected_at"`
	// AgeSeconds is 0 when it is not known when the account was read.
	AgeSeconds int64 `json:"age_seconds"`
	// Cached says that the account was read for an earlier call.
	Cached bool `json:"cached"`
}

// JSONSchema implements [toolschema.Describer]: it is part of most answers.
func (scanInfo) JSONSchema() *toolschema.Schema { return objectSchema() }

// maxGaps is how many lines about gaps an answer has.
const maxGaps = 20

func (c *call) accountInfo(s *scan, gaps []nhiscan.Gap) accountInfo {
	a := s.Account()
	info := accountInfo{
		AccountID: a.ID, Complete: len(gaps) == 0,
		Scan: scanInfo{Source: a.Source, Partition: a.Partition, Aliases: a.Aliases, CollectedAt: stamp(a.CollectedAt)},
		Gaps: atMost(render.GroupGaps(gaps), maxGaps, "and %d more"),
	}
	if !a.CollectedAt.IsZero() {
		info.Scan.AgeSeconds = max(0, int64(time.Since(a.CollectedAt)/time.Second))
	}
	c.note(func(r *record) { info.Scan.Cached = r.Cached })
	return info
}

// atMost cuts a list of texts and says how many are left out.
func atMost(list []string, n int, more string) []string {
	if len(list) <= n {
		return list
	}
	return append(list[:n-1:n-1], say(more, len(list)-n+1))
}

// account returns the account that a call is about.
func (c *call) account(ctx context.Context, from credentialed) (*scan, error) {
	return c.server.scans.of(ctx, c, from.credentials(), false)
}
