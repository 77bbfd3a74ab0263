package mcptransport

import (
	"sync"
	"time"
)

// A limiter bounds what each caller may send: a token bucket for messages, a
// count for requests that run.
type limiter struct {
	rate, burst float64 // messages per second, and at once; negative rate: unbounded
	concurrent  int
	now         func() time.Time

	mu      sync.Mutex
	callers map[string]*usage
}

type usage struct {
	tokens  float64
	at      time.Time
	running int
}

// maxCallers is when those who have been quiet for long are forgotten.
const maxCallers = 1024

// of must be called with the lock held.
func (l *limiter) of(caller string) *usage {
	now := l.now()
	u, ok := l.callers[caller]
	if !ok {
		if len(l.callers) >= maxCallers {
			l.forget(now)
		}
		u = &usage{tokens: l.burst, at: now}
		l.callers[caller] = u
	}
	u.tokens, u.at = l.refilled(u, now), now
	return u
}

func (l *limiter) refilled(u *usage, now time.Time) float64 {
	if l.rate < 0 {
		return l.burst
	}
	return min(l.burst, u.tokens+now.Sub(u.at).Seconds()*l.rate)
}

func (l *limiter) forget(now time.Time) {
	for caller, u := range l.callers {
		if u.running == 0 && l.refilled(u, now) >= l.burst {
			delete(l.callers, caller)
		}
	}
}

// allow takes one message from the caller's bucket. If there is none, it
// returns how long the next one takes.
func (l *limiter) allow(caller string) (wait time.Duration, ok bool) {
	if l.rate < 0 {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.of(caller)
	if u.tokens < 1 {
		return time.Duration((1 - u.tokens) / l.rate * float64(time.Second)), false
	}
	u.tokens--
	return 0, true
}

// enter counts a request that begins to run, which leave must follow.
func (l *limiter) enter(caller string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.of(caller)
	if l.concurrent >= 0 && u.running >= l.concurrent {
		return false
	}
	u.running++
	return true
}

func (l *limiter) leave(caller string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.callers[caller].running--
}
