package fakeiam

import "strings"

// A permission is what the caller may call.
type permission struct {
	restricted bool
	allowed    map[string]bool
	denied     map[string]bool
}

// Allow permits the operations (with or without the "iam:" of a policy) and
// nothing else; it replaces what an earlier Allow permitted. GetCallerIdentity
// needs no permission, as with AWS.
func (s *Server) Allow(operations ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permission.restricted = true
	s.permission.allowed = withOperations(nil, operations)
}

// Deny forbids the operations, also those that Allow permits. It adds to what
// was denied before.
func (s *Server) Deny(operations ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.permission.denied = withOperations(s.permission.denied, operations)
}

func withOperations(set map[string]bool, operations []string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	for _, name := range operations {
		if _, action, found := strings.Cut(name, ":"); found {
			name = action
		}
		set[name] = true
	}
	return set
}

// checkPermission returns AccessDenied for an operation that the caller may not
// call, in the words of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
func (s *Server) checkPermission(r *request) *apiError {
	if r.operation == "GetCallerIdentity" {
		return nil
	}
	s.mu.Lock()
	explicit := s.permission.denied[r.operation]
	implicit := s.permission.restricted && !s.permission.allowed[r.operation]
	s.mu.Unlock()
	switch {
	case explicit:
		return errAccessDenied(s.notAuthorized(r) + " with an explicit deny in an identity-based policy")
	case implicit:
		return errAccessDenied(s.refusal(r))
	}
	return nil
}

// refusal is the message of an implicit denial of the request.
func (s *Server) refusal(r *request) string {
	return s.notAuthorized(r) + " because no identity-based policy allows the " + r.op.action(r) + " action"
}

func (s *Server) notAuthorized(r *request) string {
	subject := "*"
	if r.op.subject != nil {
		subject = r.op.subject(r.index, r)
	}
	return "User: " + r.caller + " is not authorized to perform: " + r.op.action(r) + " on resource: " + subject
}
