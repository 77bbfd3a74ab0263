package mcpserver

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

// TestCalculationsAreFew is from inside: no tool's work is as long as one chooses.
func TestCalculationsAreFew(t *testing.T) {
	t.Parallel()
	s, err := New(&Options{Snapshot: &Snapshot{Account: &nhiscan.Account{}}})
	require.NoError(t, err)
	c := &call{server: s}
	began, release := make(chan struct{}), make(chan struct{})
	work := func() (int, error) { began <- struct{}{}; <-release; return 1, nil }
	for range maxCalculations() {
		ctx, cancel := context.WithCancel(context.Background())
		go func() { <-began; cancel() }()
		_, err := calculate(ctx, c, work)
		require.ErrorIs(t, err, context.Canceled)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = calculate(ctx, c, func() (int, error) { panic("work that was left behind was forgotten") })
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, s.calculating, maxCalculations())
	close(release)
	one, err := calculate(context.Background(), c, func() (int, error) { return 1, nil })
	require.NoError(t, err)
	require.Equal(t, 1, one)
}
