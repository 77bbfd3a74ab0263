package mcptransport

import (
	"container/list"
	"crypto/rand"
	"sync"
	"time"
)

// A session is what a client older than 2026-07-28 opens with initialize.
type session struct {
	id    string // the secret that the client sends
	name  string // what logs and handlers may see
	owner string
	facts *facts
	calls calls
	asks  *asks

	used time.Time // guarded by sessions.mu, like busy
	busy int       // requests that run in it
}

func (s *session) end() {
	s.calls.close()
	s.asks.close()
}

// sessions are bounded in number and in idle time without a goroutine: the
// least recently used stand first, so each use looks only at the front.
type sessions struct {
	mu    sync.Mutex
	byID  map[string]*list.Element
	order *list.List
	max   int
	idle  time.Duration
	now   func() time.Time
}

func newSessions(limit int, idle time.Duration, now func() time.Time) *sessions {
	return &sessions{byID: map[string]*list.Element{}, order: list.New(), max: limit, idle: idle, now: now}
}

// open makes a session. When there are too many, the owner's own least recently
// used one makes room, or else the least recently used of all; its client gets
// 404 and initializes anew.
func (t *sessions) open(owner string) *session {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expire()
	if t.order.Len() >= t.max {
		t.remove(t.victim(owner))
	}
	s := &session{
		id: rand.Text() + rand.Text(), name: rand.Text(), owner: owner,
		facts: newFacts(), asks: newAsks(), used: t.now(), busy: 1,
	}
	t.byID[s.id] = t.order.PushBack(s)
	return s
}

func (t *sessions) victim(owner string) *list.Element {
	var idle *list.Element
	for e := t.order.Front(); e != nil; e = e.Next() {
		switch s := e.Value.(*session); {
		case s.owner == owner && s.busy == 0:
			return e
		case idle == nil && s.busy == 0:
			idle = e
		}
	}
	if idle == nil {
		return t.order.Front()
	}
	return idle
}

// use returns the owner's session of this id, which release must follow, or
// nil. Another caller's session is told from none in no way.
func (t *sessions) use(id, owner string) *session {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expire()
	e, ok := t.byID[id]
	if !ok || e.Value.(*session).owner != owner {
		return nil
	}
	s := e.Value.(*session)
	s.busy++
	s.used = t.now()
	t.order.MoveToBack(e)
	return s
}

func (t *sessions) release(s *session) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.busy--
	s.used = t.now()
	if e, ok := t.byID[s.id]; ok {
		t.order.MoveToBack(e)
	}
}

// drop ends the owner's session of this id and reports whether there was one.
func (t *sessions) drop(id, owner string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.byID[id]
	if !ok || e.Value.(*session).owner != owner {
		return false
	}
	t.remove(e)
	return true
}

func (t *sessions) expire() {
	deadline := t.now().Add(-t.idle)
	for e := t.order.Front(); e != nil; {
		s, next := e.Value.(*session), e.Next()
		if s.used.After(deadline) {
			return
		}
		if s.busy == 0 {
			t.remove(e)
		}
		e = next
	}
}

func (t *sessions) remove(e *list.Element) {
	s := t.order.Remove(e).(*session)
	delete(t.byID, s.id)
	s.end()
}
