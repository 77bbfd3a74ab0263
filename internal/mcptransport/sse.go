package mcptransport

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

var errNoStream = errors.New("the client does not accept an event stream")

// A stream is the answer to one POST: plain JSON, or an event stream from the
// moment something has to be said before the result.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration // of one write
	accepts bool          // event streams
	failed  func(error)   // called when the client does not take what is written

	mu      sync.Mutex
	started bool
	ended   bool
}

// send writes one message as an event.
func (s *stream) send(message []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.accepts {
		return errNoStream
	}
	if s.ended {
		return errFinished
	}
	s.start()
	return s.event(message)
}

// beat writes a comment, so that nothing on the way takes a long call's silence
// for a dead connection, and a dead one is noticed.
func (s *stream) beat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.accepts || s.ended {
		return
	}
	s.start()
	_ = s.write([]byte(": working\n\n"))
}

// finish writes the answer and ends the stream; nil says nothing more.
func (s *stream) finish(status int, answer []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	switch {
	case s.started && answer == nil:
	case s.started:
		_ = s.event(answer)
	case answer == nil:
		s.start()
	default:
		s.w.Header().Set("Content-Type", "application/json")
		s.w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		s.extend()
		s.w.WriteHeader(status)
		_ = s.write(answer)
	}
	// The connection may serve another request, later than this deadline.
	_ = s.control.SetWriteDeadline(time.Time{})
}

func (s *stream) start() {
	if s.started {
		return
	}
	s.started = true
	h := s.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx would hold progress back until the end
	s.w.WriteHeader(http.StatusOK)
}

func (s *stream) event(message []byte) error {
	event := make([]byte, 0, len(message)+len("event: message\ndata: \n\n"))
	event = append(event, "event: message\ndata: "...)
	event = append(event, message...) // JSON as encoding/json prints it has no line breaks
	return s.write(append(event, "\n\n"...))
}

func (s *stream) write(b []byte) error {
	s.extend()
	_, err := s.w.Write(b)
	if err == nil {
		err = s.control.Flush()
	}
	if err != nil {
		s.failed(err)
	}
	return err
}

// extend gives each write its own time: a deadline for the whole answer would
// cut long calls, none would let a client that does not read hold them forever.
func (s *stream) extend() {
	if s.timeout > 0 {
		_ = s.control.SetWriteDeadline(time.Now().Add(s.timeout))
	}
}

// acceptsEvents reads the Accept header; a client without one, or with any
// wildcard, takes everything.
func acceptsEvents(r *http.Request) bool {
	values := r.Header.Values("Accept")
	if len(values) == 0 {
		return true
	}
	for part := range strings.SplitSeq(strings.Join(values, ","), ",") {
		kind, _, err := mime.ParseMediaType(part)
		if err == nil && (kind == "text/event-stream" || kind == "text/*" || kind == "*/*") {
			return true
		}
	}
	return false
}
