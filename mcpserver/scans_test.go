package mcpserver

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/session"
)

func (x *scans) kept() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.byID) + len(x.readings)
}

// TestScansAreFreed requires that a server that nobody calls keeps no account for
// longer than it says, and that one which is forgotten before leaves no timer.
func TestScansAreFreed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := New(&Options{CacheTTL: 7 * time.Minute})
		require.NoError(t, err)
		first := s.scans.newScan(&nhiscan.Account{}, time.Time{}, "")
		s.scans.keep(first)
		for range maxScans {
			time.Sleep(time.Second)
			s.scans.keep(s.scans.newScan(&nhiscan.Account{}, time.Time{}, ""))
		}
		require.Equal(t, maxScans, s.scans.kept())
		require.False(t, first.forgotten.Stop(), "the oldest was forgotten, and its timer stopped")
		time.Sleep(7*time.Minute - maxScans*time.Second)
		synctest.Wait()
		require.Equal(t, maxScans, s.scans.kept())
		time.Sleep(maxScans * time.Second)
		synctest.Wait()
		require.Zero(t, s.scans.kept())
	})
}

// TestReadingsAreBounded has more calls than may read at a time: those over wait,
// and give up when they are told to.
func TestReadingsAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		failure := errors.New("no AWS here")
		release := make(chan struct{})
		s, err := New(&Options{Connect: func(ctx context.Context, _ *session.Options) (*Connection, error) {
			running.Add(1)
			defer running.Add(-1)
			<-release
			return nil, failure
		}})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		results := make(chan error, maxReadings+2)
		begin := func(ctx context.Context, profile string) {
			creds := credentialArguments{accountArguments: accountArguments{Profile: profile}}
			go func() {
				_, err := s.scans.of(ctx, &call{server: s, redactor: s.redactor, tool: &tool{}}, creds, false)
				results <- err
			}()
		}
		for i := range maxReadings {
			begin(t.Context(), string(rune('a'+i)))
		}
		synctest.Wait()
		begin(t.Context(), "over")
		begin(ctx, "gives up")
		synctest.Wait()
		require.EqualValues(t, maxReadings, running.Load())
		cancel()
		require.ErrorIs(t, <-results, context.Canceled)
		close(release)
		for range maxReadings + 1 {
			require.ErrorIs(t, <-results, failure)
		}
		synctest.Wait()
		require.Empty(t, s.scans.running)
	})
}
