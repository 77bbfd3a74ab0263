package fakeiam

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"sync"

	"github.com/nhiscan/nhiscan"
)

// A Server is the IAM of one account. All methods may be called at any time,
// from many goroutines; a setting holds from the next request on.
type Server struct {
	index *index

	mu         sync.Mutex
	pageSize   int
	callerARN  string
	permission permission
	faults     []*activeFault
	calls      map[string]int
	last       map[string]url.Values
	lastKeys   map[string]string
	requests   int
	pages      map[string][]byte
	report     credentialReport
	sessions   map[string]session

	lastAccessed lastAccessed
	simulator    func(SimulatedCall) SimulatedDecision
}

// New returns a Server of the account, which must not change afterwards. The
// groups of a user are those in User.Groups; Group.Members is not looked at. What
// a user's Known set says makes no difference: IAM knows everything.
//
// The caller is the user "scanner" of the account until [Server.CallerARN] says
// otherwise, everything is permitted, and no credential report exists yet.
func New(a *nhiscan.Account) *Server {
	ix := newIndex(a)
	return &Server{
		index:     ix,
		callerARN: ix.arn("user/scanner"),
		calls:     map[string]int{},
		last:      map[string]url.Values{},
		lastKeys:  map[string]string{},
		pages:     map[string][]byte{},
		report:    credentialReport{polls: 1},
		sessions:  map[string]session{},
	}
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

// Reset forgets the requests counted so far. Faults, permissions and the
// credential report stay as they are.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.calls)
	clear(s.last)
	clear(s.lastKeys)
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
	for _, f := range s.faults {
		if f.fires(r.operation) {
			return f.Fault, true
		}
	}
	return Fault{}, false
}

// answer is the whole of what the server does with a request.
func (s *Server) answer(r *request) response {
	fault, faulty := s.accept(r)
	if faulty {
		switch fault.Shape {
		case ShapeError:
			return fault.error(s.refusal(r)).response(r)
		case ShapeBadGateway:
			return badGateway()
		case ShapeEmpty:
			return response{status: 200, id: r.id, contentType: contentTypeXML}
		case ShapeHang:
			return response{hang: true}
		case ShapeReset:
			return response{reset: true}
		}
		r.shape = fault.Shape
	}
	result := s.perform(r)
	if r.shape == ShapeTruncatedXML {
		result.cut()
	}
	return result
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
	key := ""
	if r.op.cached && r.shape == "" {
		key = strconv.Itoa(r.pageSize) + "?" + r.form.Encode()
		s.mu.Lock()
		body, ok := s.pages[key]
		s.mu.Unlock()
		if ok {
			return body, nil
		}
	}
	x := &xmlWriter{}
	x.raw("<" + r.operation + `Response xmlns="` + r.op.namespace() + `">`)
	x.open(r.operation + "Result")
	if err := r.op.write(s, r, x); err != nil {
		return nil, err
	}
	x.close(r.operation + "Result")
	if key != "" {
		s.mu.Lock()
		s.pages[key] = x.bytes
		s.mu.Unlock()
	}
	return x.bytes, nil
}

// tail is the end of an answer: what differs between two equal requests.
func (r *request) tail() string {
	return "<ResponseMetadata><RequestId>" + r.id + "</RequestId></ResponseMetadata></" + r.operation + "Response>"
}
