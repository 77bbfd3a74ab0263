package fakeiam

import "strings"

// A FaultShape is a way in which an answer goes wrong. The zero value is an AWS error.
type FaultShape string

const (
	// ShapeError answers with Fault.Code, Fault.Message and Fault.Status.
	ShapeError FaultShape = ""
	// ShapeTruncatedXML sends the first half of the right answer.
	ShapeTruncatedXML FaultShape = "truncated XML"
	// ShapeEmpty sends status 200 and no body.
	ShapeEmpty FaultShape = "empty body"
	// ShapeNoMarker says IsTruncated without giving a Marker. It does nothing to
	// an operation without pages.
	ShapeNoMarker FaultShape = "IsTruncated without Marker"
	// ShapeRepeatedMarker gives a Marker that leads to the same page again, so
	// that a reader who follows it never ends. It does nothing to an operation
	// without pages.
	ShapeRepeatedMarker FaultShape = "repeated Marker"
	// ShapeHang answers nothing until the request's context ends.
	ShapeHang FaultShape = "hang"
	// ShapeBadGateway sends status 502 and an HTML page, as a proxy does.
	ShapeBadGateway FaultShape = "bad gateway"
	// ShapeReset resets the connection.
	ShapeReset FaultShape = "connection reset"
)

// A Fault makes requests fail.
type Fault struct {
	// Operation is the operation that fails, such as ListUsers; empty for every one.
	Operation string
	// Skip is how many requests are let through first.
	Skip int
	// Times is how many requests then fail; zero for all.
	Times int
	// Code is the AWS error code. Empty means ServiceFailure.
	Code string
	// Message is the error message. Empty means what AWS says with that code.
	Message string
	// Status is the HTTP status. Zero means the one that AWS sends with that code.
	Status int
	// Shape is the kind of fault.
	Shape FaultShape
	// AfterEffect makes the fault the loss of an answer: the operation is carried
	// out, or refused, as without the fault, and then the fault is what the caller
	// sees. Shapes that change the right answer are so anyway.
	AfterEffect bool
}

// Inject adds a fault. Faults are tried in the order in which they were added,
// and the first that fires is the answer; the later ones do not see the request.
func (s *Server) Inject(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &activeFault{Fault: f})
}

// ClearFaults removes every fault.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// An activeFault is a fault with the count of the requests that it has seen.
type activeFault struct {
	Fault
	seen int
}

// fires counts a request and reports whether it fails.
func (f *activeFault) fires(operation string) bool {
	if f.Operation != "" && f.Operation != operation {
		return false
	}
	f.seen++
	return f.seen > f.Skip && (f.Times == 0 || f.seen <= f.Skip+f.Times)
}

// error is the AWS error that the fault asks for; refusal is the message of an
// AccessDenied that has none of its own.
func (f Fault) error(refusal string) *apiError {
	e := &apiError{code: f.Code, message: f.Message, status: f.Status}
	if e.code == "" {
		e.code = "ServiceFailure"
	}
	known := knownErrors()[e.code]
	if e.status == 0 {
		e.status = known.status
	}
	if e.status == 0 {
		e.status = 400
	}
	switch {
	case e.message != "":
	case strings.HasPrefix(e.code, "AccessDenied"):
		e.message = refusal
	default:
		e.message = known.message
	}
	return e
}
