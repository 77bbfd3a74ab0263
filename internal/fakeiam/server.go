package fakeiam

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nhiscan/nhiscan"
)

// A Server is the IAM of one account. All methods may be called at any time,
// from many goroutines; a setting holds from the next request on.
type Server struct {
	// current is what the account is now. An index never changes: a write makes
	// another and puts it here, so that a read sees the account of one moment.
	current atomic.Pointer[index]
	// changing is held by the one request that writes.
	changing sync.Mutex

	mu         sync.Mutex
	pageSize   int
	callerARN  string
	permission permission
	faults     []*activeFault
	calls      map[string]int
	last       map[string]url.Values
	lastKeys   map[string]string
	requests   int
	report     credentialReport
	sessions   map[string]session
	now        func() time.Time
	observe    func(operation string, form url.Values)
	mutations  []Mutation
	readOnly   bool
	refused    int

	lastAccessed lastAccessed
	simulator    func(SimulatedCall) SimulatedDecision
}

// New returns a Server of the account, which must not change afterwards: the
// server does not change it either, what is written goes into a copy. The groups
// of a user are those in User.Groups; Group.Members is not looked at. What a
// user's Known set says makes no difference: IAM knows everything.
//
// The caller is the user "scanner" of the account until [Server.CallerARN] says
// otherwise, everything is permitted, and no credential report exists yet.
func New(a *nhiscan.Account) *Server {
	ix := newIndex(a, beside{})
	s := &Server{
		callerARN: ix.arn("user/scanner"),
		calls:     map[string]int{},
		last:      map[string]url.Values{},
		lastKeys:  map[string]string{},
		report:    credentialReport{polls: 1},
		sessions:  map[string]session{},
		now:       time.Now,
	}
	s.current.Store(ix)
	return s
}

// PageSize makes every list answer with at most n items a page, whatever
// MaxItems says, as AWS may. Zero, the default, honours MaxItems up to 1,000.
func (s *Server) PageSize(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pageSize = n
}

// CallerARN says who the caller is when the request is not signed with
// credentials that AssumeRole of this server gave out: the ARN of a user, of the
// root user, or of a role session (arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION).
func (s *Server) CallerARN(arn string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.callerARN = arn
}

// Calls returns how many requests came in for each operation, refused and
// retried ones included.
func (s *Server) Calls() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.calls)
}

// Total returns how many requests came in.
func (s *Server) Total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	total := 0
	for _, n := range s.calls {
		total += n
	}
	return total
}

// LastRequest returns the parameters of the latest request for the operation,
// nil when there was none.
func (s *Server) LastRequest(operation string) url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.last[operation])
}

// LastAccessKeyID returns the access key id that the latest request for the
// operation was signed with, empty when there was none.
func (s *Server) LastAccessKeyID(operation string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lastKeys[operation]
}

// Reset forgets the requests counted so far, [Server.Mutations] and
// [Server.RefusedWrites] among them. The account, faults, permissions and the
// credential report stay as they are.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.calls)
	clear(s.last)
	clear(s.lastKeys)
	s.mutations, s.refused = nil, 0
}

// accept counts a request and returns the fault to answer it with, if any.
func (s *Server) accept(r *request) (fault Fault, faulty bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.calls[r.operation]++
	s.last[r.operation] = r.form
	s.lastKeys[r.operation] = r.accessKeyID
	r.id = fmt.Sprintf("7d0a3a5e-0000-4000-8000-%012x", s.requests)
	r.caller = s.callerARN
	if session, ok := s.sessions[r.accessKeyID]; ok {
		r.caller = session.arn
	}
	r.pageSize = s.pageSize
	r.index = s.current.Load()
	for _, f := range s.faults {
		if f.fires(r.operation) {
			return f.Fault, true
		}
	}
	return Fault{}, false
}

// answer is the whole of what the server does with a request.
func (s *Server) answer(r *request) response {
	s.announce(r)
	fault, faulty := s.accept(r)
	if err := s.refuseWrite(r); err != nil {
		return err.response(r)
	}
	if faulty {
		if instead, ok := s.instead(r, fault); ok {
			if fault.AfterEffect {
				s.perform(r)
			}
			return instead
		}
		r.shape = fault.Shape
	}
	result := s.perform(r)
	if r.shape == ShapeTruncatedXML {
		result.cut()
	}
	return result
}

// instead returns what a fault answers in place of the right answer; false for a
// fault that only spoils that.
func (s *Server) instead(r *request, fault Fault) (response, bool) {
	switch fault.Shape {
	case ShapeError:
		return fault.error(s.refusal(r)).response(r), true
	case ShapeBadGateway:
		return badGateway(), true
	case ShapeEmpty:
		return response{status: 200, id: r.id, contentType: contentTypeXML}, true
	case ShapeHang:
		return response{hang: true}, true
	case ShapeReset:
		return response{reset: true}, true
	}
	return response{}, false
}

// perform answers a request to which no fault applies.
func (s *Server) perform(r *request) response {
	switch {
	case r.op.write == nil || r.op.version != r.version:
		return errInvalidAction(r).response(r)
	case r.accessKeyID == "":
		return errKnown("MissingAuthenticationToken").response(r)
	}
	if err := s.checkSession(r); err != nil {
		return err.response(r)
	}
	if err := s.checkPermission(r); err != nil {
		return err.response(r)
	}
	body, err := s.body(r)
	if err != nil {
		return err.response(r)
	}
	return response{status: 200, id: r.id, contentType: contentTypeXML, body: body, tail: r.tail()}
}

// body returns the answer up to its request id, from the cache where the
// operation reads the whole account and is therefore large.
func (s *Server) body(r *request) ([]byte, *apiError) {
	switch {
	case r.op.mutates:
		return s.change(r)
	case !r.op.cached || r.shape != "":
		return s.render(r)
	}
	key := strconv.Itoa(r.pageSize) + "?" + r.form.Encode()
	if body, ok := r.index.pages.Load(key); ok {
		return body.([]byte), nil
	}
	body, err := s.render(r)
	if err == nil {
		r.index.pages.Store(key, body)
	}
	return body, err
}

// render writes the answer up to its request id.
func (s *Server) render(r *request) ([]byte, *apiError) {
	x := &xmlWriter{}
	x.raw("<" + r.operation + `Response xmlns="` + r.op.namespace() + `">`)
	if r.op.void {
		return x.bytes, r.op.write(s, r, x)
	}
	x.open(r.operation + "Result")
	if err := r.op.write(s, r, x); err != nil {
		return nil, err
	}
	x.close(r.operation + "Result")
	return x.bytes, nil
}

// tail is the end of an answer: what differs between two equal requests.
func (r *request) tail() string {
	return "<ResponseMetadata><RequestId>" + r.id + "</RequestId></ResponseMetadata></" + r.operation + "Response>"
}
