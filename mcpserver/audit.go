package mcpserver

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
	"github.com/nhiscan/nhiscan/internal/redact"
	"github.com/nhiscan/nhiscan/internal/render"
)

// A record is one line of the audit log.
type record struct {
	Time   time.Time    `json:"time"`
	Tool   string       `json:"tool"`
	Caller recordCaller `json:"caller"`
	// AWSIdentity is the ARN that AWS was asked with; empty when it was not asked.
	AWSIdentity string `json:"aws_identity"`
	// Arguments have no secrets, and long strings are cut.
	Arguments any `json:"arguments"`
	// Decision is one of the decisions below.
	Decision string `json:"decision"`
	// Target is the ARN of what a change is about, and StepsDone how many of its calls
	// were carried out; neither is there for what only reads.
	Target    string `json:"target,omitzero"`
	StepsDone int    `json:"steps_done,omitzero"`
	// Outcome is ok or error; ErrorCode says which. It is begun in the line before a
	// change that nobody is asked about.
	Outcome    string `json:"outcome"`
	ErrorCode  string `json:"error_code"`
	DurationMS int64  `json:"duration_ms"`
	// Cached says that the answer is from an account that was read for another call.
	Cached   bool `json:"cached"`
	AWSCalls int  `json:"aws_calls"`
	// RequestIDs are AWS's, the first hundred of them.
	RequestIDs []string `json:"aws_request_ids"`
}

// What was decided about a call. What only reads is allowed or refused.
const (
	decisionAllowed = "allowed"
	// decisionRefused is of what was not carried out.
	decisionRefused = "refused"
	// decisionPreview says what a change would do.
	decisionPreview = "preview"
	// decisionAsked is the question whether a change shall be carried out, and the
	// next two are the answers to it.
	decisionAsked     = "asked"
	decisionConfirmed = "confirmed"
	decisionDeclined  = "declined"
	// decisionUnconfirmed is of a change on a server that asks nobody.
	decisionUnconfirmed = "unconfirmed"
)

type recordCaller struct {
	Method  string `json:"method"`
	Subject string `json:"subject"`
	Client  string `json:"client"`
}

const maxRequestIDs = 100

func callerRecord(c mcptransport.Caller) recordCaller {
	return recordCaller{Method: string(c.Method), Subject: c.Subject, Client: c.Client}
}

func (r *record) add(requestID string) {
	r.AWSCalls++
	if requestID != "" && len(r.RequestIDs) < maxRequestIDs {
		r.RequestIDs = append(r.RequestIDs, requestID)
	}
}

// fail notes how the call ended. What was refused was not carried out.
func (r *record) fail(e *Error) {
	r.Outcome, r.ErrorCode = "error", e.Code
	if r.Decision == "" && (e.Code == CodeRefused || e.Code == CodeInvalidArgument) {
		r.Decision = decisionRefused
	}
}

// maxArgument is the greatest length of a string in the audit log.
const maxArgument = 512

// auditArguments returns the arguments as the audit log shows them.
func (c *call) auditArguments(arguments any) any {
	switch v := arguments.(type) {
	case string:
		return c.auditText(v)
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = c.auditArguments(item)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			if isSecretName(name) {
				out[c.auditText(name)] = redact.Mark
				continue
			}
			out[c.auditText(name)] = c.auditArguments(value)
		}
		return out
	}
	return arguments
}

// auditText redacts no more of a text than it may show: a stranger can make it as
// long as a message.
func (c *call) auditText(text string) string {
	// margin is longer than any secret, so that one that begins in what is shown is
	// whole. The end of the margin is never shown: a secret may be torn there.
	const margin = 16 << 10
	if len(text) <= maxArgument+margin {
		return cleanText(text, maxArgument, c.redactor)
	}
	head := render.Printable(c.redactor.String(text[:maxArgument+margin]))
	return firstBytes(head, min(maxArgument, max(0, len(head)-margin))) + fmt.Sprintf("… (cut: the whole is %d bytes)", len(text))
}

// An auditLog writes one line for each call, whole even when calls are concurrent.
type auditLog struct {
	mu sync.Mutex
	w  io.Writer
	// err is that of the last line; nil when it was written.
	err error
	// torn says that a part of the last line was written.
	torn bool
}

func newAuditLog(w io.Writer) *auditLog { return &auditLog{w: w} }

func (l *auditLog) write(r record, redactor *redact.Redactor) error {
	if l.w == nil {
		return nil
	}
	if r.Outcome == "" {
		r.Outcome = "ok"
	}
	if r.Decision == "" {
		r.Decision = decisionAllowed
	}
	line, err := json.Marshal(&r, jsonOptions)
	if err == nil {
		line, err = clean(line, redactor)
	}
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.torn {
		line = append([]byte{'\n'}, line...)
	}
	var n int
	n, l.err = l.w.Write(append(line, '\n'))
	l.torn = l.err != nil && (n > 0 || l.torn)
	return l.err
}

// logBegun makes sure that a change has a line in the audit log before it is made:
// its own, or that of the question whether to make it.
func (c *call) logBegun() error {
	if !c.server.options.NoConfirmation {
		return c.server.audit.broken()
	}
	var line record
	c.note(func(r *record) { line = *r })
	line.Outcome, line.RequestIDs = "begun", slices.Clone(line.RequestIDs)
	return c.server.audit.write(line, c.redactor)
}

// broken returns why the last line could not be written; nil when it was, or when
// there is no log.
func (l *auditLog) broken() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
