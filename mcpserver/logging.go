package mcpserver

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/nhiscan/nhiscan/internal/redact"
)

// redacting takes secrets out of what is logged: the server's, and those that the
// call brought in whose context it is logged.
type redacting struct {
	inner    slog.Handler
	redactor *redact.Redactor
}

func redactingLogger(l *slog.Logger, r *redact.Redactor) *slog.Logger {
	if l == nil {
		return nil
	}
	return slog.New(&redacting{l.Handler(), r})
}

// Enabled implements [slog.Handler].
func (h *redacting) Enabled(ctx context.Context, level slog.Level) bool {
	return h.inner.Enabled(ctx, level)
}

// Handle implements [slog.Handler].
func (h *redacting) Handle(ctx context.Context, r slog.Record) error {
	redactor := h.redactor
	if c := callFrom(ctx); c != nil {
		redactor = c.redactor
	}
	out := slog.NewRecord(r.Time, r.Level, redactor.String(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		out.AddAttrs(redactedAttr(a, redactor))
		return true
	})
	return h.inner.Handle(ctx, out)
}

// WithAttrs implements [slog.Handler].
func (h *redacting) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = redactedAttr(a, h.redactor)
	}
	return &redacting{h.inner.WithAttrs(clean), h.redactor}
}

// WithGroup implements [slog.Handler].
func (h *redacting) WithGroup(name string) slog.Handler {
	return &redacting{h.inner.WithGroup(name), h.redactor}
}

// redactedAttr returns the attribute with its texts redacted. What is no number,
// time or truth value becomes text.
func redactedAttr(a slog.Attr, r *redact.Redactor) slog.Attr {
	switch v := a.Value.Resolve(); v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(r.String(v.String()))
	case slog.KindAny:
		a.Value = slog.StringValue(r.String(fmt.Sprint(v.Any())))
	case slog.KindGroup:
		members := make([]slog.Attr, len(v.Group()))
		for i, member := range v.Group() {
			members[i] = redactedAttr(member, r)
		}
		a.Value = slog.GroupValue(members...)
	default:
		a.Value = v
	}
	return a
}
