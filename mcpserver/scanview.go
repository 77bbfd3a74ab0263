package mcpserver

import (
	"context"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/nhi"
)

// classified returns all identities of the account, with what they can do when
// that is asked for.
func (c *call) classified(ctx context.Context, s *scan, withPermissions bool) (*render.Scan, error) {
	report, err := c.report(ctx, s)
	if err != nil {
		return nil, err
	}
	view := &render.Scan{Report: report, Threshold: answer.DefaultThreshold, Identities: make([]*nhi.Identity, len(report.Identities))}
	for i := range report.Identities {
		view.Identities[i] = &report.Identities[i]
	}
	if !withPermissions {
		return view, nil
	}
	if view.Permissions, err = s.permissions(ctx, c); err != nil {
		return nil, err
	}
	view.Gaps = answer.Without(s.Analysis().Gaps(), report.Gaps)
	return view, nil
}

// report classifies the account's identities.
func (c *call) report(ctx context.Context, s *scan) (*nhi.Report, error) {
	return calculate(ctx, c, func() (*nhi.Report, error) { return s.Report(), nil })
}

// counts are the summary of the published document.
type counts struct{ render.Summary }

// JSONSchema implements [toolschema.Describer].
func (counts) JSONSchema() *toolschema.Schema { return objectSchema() }

func objectSchema() *toolschema.Schema { return &toolschema.Schema{Type: "object"} }
