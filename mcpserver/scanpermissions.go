package mcpserver

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/nhiscan/nhiscan/permissions"
)

// abilities are what the identities of a scan can do, as far as it was worked out.
// What was worked out stays when those who asked for it leave.
type abilities struct {
	mu    sync.Mutex
	known map[string]*permissions.Permissions
	// work is what is under way, or done; nil when nobody asked for all.
	work *shared[map[string]*permissions.Permissions]
}

// permissions returns what every user and role of the account can do, by ARN. The
// caller must not change it. It is worked out once, by as many goroutines as there
// are processors; a call that gives up neither stops it for others nor undoes it.
func (s *scan) permissions(ctx context.Context, c *call) (map[string]*permissions.Permissions, error) {
	return s.join(ctx, c).wait(ctx, c)
}

// permissionsOf returns what one user or role can do; nil when the account has
// none with the ARN.
func (s *scan) permissionsOf(ctx context.Context, c *call, arn string) (*permissions.Permissions, error) {
	s.abilities.mu.Lock()
	known := s.abilities.known[arn]
	s.abilities.mu.Unlock()
	if known != nil {
		return known, nil
	}
	return calculate(ctx, c, func() (*permissions.Permissions, error) {
		p, _ := s.Analysis().Identity(arn)
		return p, nil
	})
}

// join returns the work that is under way, or done, and begins it when there is none.
func (s *scan) join(ctx context.Context, c *call) *shared[map[string]*permissions.Permissions] {
	a := &s.abilities
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.work == nil || !a.work.join(c) {
		a.work = share(ctx, c, func(ctx context.Context, tell func(progressNotice)) (map[string]*permissions.Permissions, error) {
			return s.workOut(ctx, c, tell)
		})
		a.work.join(c)
	}
	return a.work
}

// workOut finds what is not known yet. The call is the one that asked first.
func (s *scan) workOut(ctx context.Context, c *call, tell func(progressNotice)) (map[string]*permissions.Permissions, error) {
	list := s.Analysis().Principals()
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for _, arn := range list {
		workers.Go(func() error {
			return c.guard(func() error { return s.workOutOne(ctx, tell, arn, len(list)) })
		})
	}
	if err := workers.Wait(); err != nil {
		return nil, err
	}
	a := &s.abilities
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known, nil
}

func (s *scan) workOutOne(ctx context.Context, tell func(progressNotice), arn string, total int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	a := &s.abilities
	a.mu.Lock()
	_, seen := a.known[arn]
	a.mu.Unlock()
	if seen {
		return nil
	}
	p, _ := s.Analysis().Identity(arn)
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, seen := a.known[arn]; seen {
		return nil // a map that is whole is read by others: nothing may be written to it
	}
	if a.known == nil {
		a.known = make(map[string]*permissions.Permissions, total)
	}
	a.known[arn] = p
	if done := len(a.known); done%progressEvery == 0 || done == total {
		tell(progressNotice{float64(done), float64(total), fmt.Sprintf("worked out what %d of %d identities can do", done, total)})
	}
	return nil
}

// progressEvery is how many identities lie between two notices of progress.
const progressEvery = 25
