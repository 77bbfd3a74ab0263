package fakeiam

import (
	"reflect"
	"time"

	"github.com/nhiscan/nhiscan"
)

// change carries out a request that writes: on a copy, which becomes the account
// when the request succeeds and something is different.
func (s *Server) change(r *request) ([]byte, *apiError) {
	s.changing.Lock()
	defer s.changing.Unlock()
	before := s.current.Load().counted()
	r.index, r.time = before.clone(), s.clock()
	body, err := s.render(r)
	if err != nil {
		return nil, err
	}
	after := newIndex(r.index.account, r.index.beside).counted()
	if reflect.DeepEqual(before.account, after.account) && reflect.DeepEqual(before.beside, after.beside) {
		return body, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Store(after)
	s.mutations = append(s.mutations, newMutation(r))
	return body, nil
}

// clock returns the time of a change. IAM's dates are in whole seconds.
func (s *Server) clock() time.Time {
	s.mu.Lock()
	now := s.now
	s.mu.Unlock()
	return now().UTC().Truncate(time.Second)
}

// counted returns the index with the use counts of its policies as they follow
// from who has which. Those that an Account came with are what its author wrote.
func (ix *index) counted() *index {
	attached, bounds := map[string]int{}, map[string]int{}
	count := func(policies []nhiscan.AttachedPolicy, boundary string) {
		for _, p := range policies {
			attached[p.ARN]++
		}
		if boundary != "" {
			bounds[boundary]++
		}
	}
	for _, u := range ix.users {
		count(u.AttachedPolicies, u.PermissionsBoundary)
	}
	for _, g := range ix.groups {
		count(g.AttachedPolicies, "")
	}
	for _, role := range ix.roles {
		count(role.AttachedPolicies, role.PermissionsBoundary)
	}
	right := true
	for _, p := range ix.policies {
		right = right && p.AttachmentCount == attached[p.ARN] && p.BoundaryUsageCount == bounds[p.ARN]
	}
	if right {
		return ix
	}
	c := ix.clone()
	for _, p := range c.policies {
		p.AttachmentCount, p.BoundaryUsageCount = attached[p.ARN], bounds[p.ARN]
	}
	return c
}

// without returns the items that are not to go; nil when none is left, like a list
// that never had one.
func without[T any](items []T, gone func(T) bool) []T {
	var left []T
	for _, item := range items {
		if !gone(item) {
			left = append(left, item)
		}
	}
	return left
}
