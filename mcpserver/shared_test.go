package mcpserver

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// waiting is the outcome of a call's wait.
type waiting struct {
	value string
	err   error
}

func wait(ctx context.Context, w *shared[string], c *call) <-chan waiting {
	out := make(chan waiting, 1)
	go func() {
		value, err := w.wait(ctx, c)
		out <- waiting{value, err}
	}()
	return out
}

func progressing() *call {
	return &call{progress: &progressQueue{wake: make(chan struct{}, 1)}}
}

// TestSharedOutlivesWhoBeganIt has the call that began the work give up.
func TestSharedOutlivesWhoBeganIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := progressing(), progressing()
		step := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		w := share(ctx, first, func(ctx context.Context, tell func(progressNotice)) (string, error) {
			tell(progressNotice{message: "one"})
			<-step
			tell(progressNotice{message: "two"})
			return "whole", ctx.Err()
		})
		require.True(t, w.join(first))
		left := wait(ctx, w, first)
		synctest.Wait()
		require.True(t, w.join(second))
		stayed := wait(t.Context(), w, second)
		cancel()
		require.ErrorIs(t, (<-left).err, context.Canceled)
		_, ok := w.outcome()
		require.False(t, ok)
		close(step)
		require.Equal(t, waiting{"whole", nil}, <-stayed)
		require.Len(t, second.progress.notices, 2, "who joins late hears how far it is")
		require.True(t, w.join(first))
		require.Equal(t, waiting{"whole", nil}, <-wait(t.Context(), w, first))
		value, ok := w.outcome()
		require.True(t, ok)
		require.Equal(t, "whole", value)
	})
}

// TestSharedStopsWithTheLast requires that work for which nobody waits ends, and
// that nobody can wait for it any more.
func TestSharedStopsWithTheLast(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		first, second := &call{}, &call{}
		ctx, cancel := context.WithCancel(t.Context())
		w := share(ctx, first, func(ctx context.Context, _ func(progressNotice)) (string, error) {
			<-ctx.Done()
			return "", ctx.Err()
		})
		require.True(t, w.join(first))
		require.True(t, w.join(second))
		a, b := wait(ctx, w, first), wait(ctx, w, second)
		cancel()
		require.ErrorIs(t, (<-a).err, context.Canceled)
		require.ErrorIs(t, (<-b).err, context.Canceled)
		require.False(t, w.join(first))
		<-w.done
		require.False(t, w.join(first))
	})
}

func TestSharedFails(t *testing.T) {
	t.Parallel()
	failure := errors.New("no")
	s, err := New(&Options{})
	require.NoError(t, err)
	c := &call{server: s, redactor: s.redactor, tool: &tool{}}
	for name, work := range map[string]func() error{
		"error": func() error { return failure },
		"panic": func() error { panic("at the disco") },
	} {
		w := share(t.Context(), c, func(context.Context, func(progressNotice)) (string, error) { return "half", work() })
		w.join(c)
		value, err := w.wait(t.Context(), c)
		require.Empty(t, value, name)
		if name == "error" {
			require.Equal(t, failure, err)
		} else {
			require.Equal(t, CodeInternal, explain(t.Context(), err).Code)
		}
		require.False(t, w.join(c))
	}
}
