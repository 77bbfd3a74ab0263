package fakeiam

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// A Mutation is a request that changed the account.
type Mutation struct {
	// Operation is its name, such as DetachUserPolicy.
	Operation string
	// Parameters are those of the request, lists as they are sent
	// (Tags.member.1.Key), passwords as "***".
	Parameters map[string]string
}

func newMutation(r *request) Mutation {
	m := Mutation{r.operation, map[string]string{}}
	for name, values := range r.form {
		switch name {
		case "Action", "Version":
		case "Password":
			m.Parameters[name] = "***"
		default:
			m.Parameters[name] = strings.Join(values, " ")
		}
	}
	return m
}

// String returns the operation and its parameters in the order of their names,
// without policy documents: "DetachUserPolicy PolicyArn=ARN UserName=alice".
func (m Mutation) String() string {
	text := m.Operation
	for _, name := range slices.Sorted(maps.Keys(m.Parameters)) {
		if !strings.HasSuffix(name, "PolicyDocument") {
			text += " " + name + "=" + m.Parameters[name]
		}
	}
	return text
}

// Mutations returns the requests that changed something, in the order in which
// they did. Not among them are those that were refused or failed, and those that
// asked for what was so already. A request whose answer a Fault lost after its
// effect is.
func (s *Server) Mutations() []Mutation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mutations)
}

// ForbidWrites makes every request that would change something, whether it could
// or not, fail the way AWS denies, before any Fault; [Server.RefusedWrites] counts
// them. It cannot be taken back.
func (s *Server) ForbidWrites() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readOnly = true
}

// RefusedWrites returns how many requests failed because of [Server.ForbidWrites].
func (s *Server) RefusedWrites() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

func (s *Server) refuseWrite(r *request) *apiError {
	s.mu.Lock()
	forbidden := s.readOnly && r.op.mutates
	if forbidden {
		s.refused++
	}
	s.mu.Unlock()
	if !forbidden {
		return nil
	}
	return errAccessDenied(s.refusal(r))
}

// OnRequest sets a function that is called with every request before it is
// counted, given a fault or answered, in the goroutine that waits for the answer.
// It may use the server in any way, make requests of its own (for which it is
// called too) and cancel the request's context: the request is then carried out
// and its answer lost, as when a caller gives up on what it has sent. The form is
// the function's own. Nil, the default, calls nothing.
func (s *Server) OnRequest(observe func(operation string, form url.Values)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.observe = observe
}

func (s *Server) announce(r *request) {
	s.mu.Lock()
	observe := s.observe
	s.mu.Unlock()
	if observe != nil {
		observe(r.operation, maps.Clone(r.form))
	}
}
