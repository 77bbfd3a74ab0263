package mcptransport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

var errFinished = errors.New("the request has been answered")

// An exchange is one request being answered, and the session that mcp-go sees.
// A session per request rather than per client is what keeps notifications in
// order: they have a single way out, which is drained before the result
// follows and can never carry another request's.
type exchange struct {
	*facts
	name  string
	out   func([]byte) error // writes one message to the client
	beat  func()             // called now and then while the request runs; may be nil
	every time.Duration      // between beats
	asks  *asks              // nil when the client takes no requests

	// subscription is the id of a subscriptions/listen request, which every
	// notification on its stream has to carry.
	subscription json.RawMessage
	filterMu     sync.RWMutex
	filter       mcp.SubscriptionFilter

	mu   sync.Mutex
	done bool

	// What mcp-go queues, which for most requests is nothing: the queue, and who
	// forwards it, are made when they are first asked for.
	queueMu sync.Mutex
	notes   chan mcp.JSONRPCNotification
	pumping bool
	stop    chan struct{} // nil while nobody forwards
	stopped chan struct{}
}

var (
	_ server.SessionWithClientInfo         = (*exchange)(nil)
	_ server.SessionWithLogging            = (*exchange)(nil)
	_ server.SessionWithProtocolVersion    = (*exchange)(nil)
	_ server.SessionWithElicitation        = (*exchange)(nil)
	_ server.SessionWithSampling           = (*exchange)(nil)
	_ server.SessionWithRoots              = (*exchange)(nil)
	_ server.SessionWithSubscriptionFilter = (*exchange)(nil)
)

func newExchange(name string, f *facts, a *asks, out func([]byte) error) *exchange {
	return &exchange{facts: f, name: name, out: out, asks: a}
}

func (x *exchange) SessionID() string { return x.name }

// NotificationChannel implements [server.ClientSession].
func (x *exchange) NotificationChannel() chan<- mcp.JSONRPCNotification {
	x.queueMu.Lock()
	defer x.queueMu.Unlock()
	x.makeQueue()
	if x.pumping && x.stop == nil {
		x.startForwarding()
	}
	return x.notes
}

func (x *exchange) SubscriptionFilter() (f mcp.SubscriptionFilter, own bool) {
	x.filterMu.RLock()
	defer x.filterMu.RUnlock()
	return x.filter, x.subscription != nil
}

func (x *exchange) SetSubscriptionFilter(f mcp.SubscriptionFilter) {
	x.filterMu.Lock()
	defer x.filterMu.Unlock()
	x.filter = f
}

// send writes one message to the client at once, unless the request has been
// answered: nothing may follow a result.
func (x *exchange) send(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.done {
		return errFinished
	}
	return x.out(body)
}

// pump forwards the notifications that mcp-go queues until the returned
// function is called, which returns when none is left and none can follow.
func (x *exchange) pump() (finish func()) {
	x.queueMu.Lock()
	defer x.queueMu.Unlock()
	x.pumping = true
	if x.notes != nil || x.beat != nil {
		x.startForwarding()
	}
	return x.finish
}

// makeQueue must be called with queueMu held.
func (x *exchange) makeQueue() {
	if x.notes == nil {
		x.notes = make(chan mcp.JSONRPCNotification, 64)
	}
}

// startForwarding must be called with queueMu held.
func (x *exchange) startForwarding() {
	x.makeQueue()
	x.stop, x.stopped = make(chan struct{}), make(chan struct{})
	go func(queue <-chan mcp.JSONRPCNotification) {
		defer close(x.stopped)
		x.forward(queue, x.stop)
	}(x.notes)
}

func (x *exchange) finish() {
	x.queueMu.Lock()
	x.pumping = false
	started := x.stop != nil
	x.queueMu.Unlock()
	if started {
		close(x.stop)
		<-x.stopped
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.done = true
}

func (x *exchange) forward(queue <-chan mcp.JSONRPCNotification, stop <-chan struct{}) {
	var ticks <-chan time.Time
	if x.beat != nil {
		ticker := time.NewTicker(x.every)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for {
		select {
		case n := <-queue:
			x.forwardOne(n)
		case <-ticks:
			x.beat()
		case <-stop:
			for {
				select {
				case n := <-queue:
					x.forwardOne(n)
				default:
					return
				}
			}
		}
	}
}

func (x *exchange) forwardOne(n mcp.JSONRPCNotification) {
	if x.subscription != nil {
		// A broadcast shares its map with the copies for other sessions.
		meta := maps.Clone(n.Params.Meta)
		if meta == nil {
			meta = map[string]any{}
		}
		meta[mcp.MetaKeySubscriptionID] = x.subscription
		n.Params.Meta = meta
	}
	_ = x.send(n) // a client that is gone ends the request by its context
}

// ask sends a request to the client and waits for its answer.
func (x *exchange) ask(ctx context.Context, method mcp.MCPMethod, params, result any) error {
	if x.asks == nil {
		return fmt.Errorf("%s: this client takes no requests", method)
	}
	id, answer := x.asks.open()
	defer x.asks.forget(id)
	request := struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Method  mcp.MCPMethod   `json:"method"`
		Params  any             `json:"params,omitempty"`
	}{mcp.JSONRPC_VERSION, id, method, params}
	if err := x.send(request); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case m := <-answer:
		if m.err != nil && !bytes.Equal(m.err, []byte("null")) {
			return fmt.Errorf("%s: the client answered with an error", method)
		}
		if err := json.Unmarshal(m.result, result); err != nil {
			return fmt.Errorf("%s: the client's answer does not have the expected form", method)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, context.Cause(ctx))
	case <-x.asks.done:
		return fmt.Errorf("%s: %w", method, errGone)
	}
}

// RequestElicitation refuses a client that has not declared the capability:
// asked anyway, it may never answer.
func (x *exchange) RequestElicitation(ctx context.Context, r mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	if !canElicit(x.GetClientCapabilities(), r.Params.Mode) {
		return nil, server.ErrElicitationNotSupported
	}
	var result mcp.ElicitationResult
	if err := x.ask(ctx, mcp.MethodElicitationCreate, r.Params, &result); err != nil {
		return nil, err
	}
	return &result, nil
}

// RequestSampling implements [server.SessionWithSampling].
func (x *exchange) RequestSampling(ctx context.Context, r mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) {
	if x.GetClientCapabilities().Sampling == nil {
		return nil, errors.New("the client does not support sampling")
	}
	var result mcp.CreateMessageResult
	if err := x.ask(ctx, mcp.MethodSamplingCreateMessage, r.CreateMessageParams, &result); err != nil {
		return nil, err
	}
	content, err := mcp.ParseSamplingContent(result.Content)
	if err != nil {
		return nil, fmt.Errorf("%s: the client's answer has no usable content", mcp.MethodSamplingCreateMessage)
	}
	result.Content = content
	return &result, nil
}

// ListRoots implements [server.SessionWithRoots].
func (x *exchange) ListRoots(ctx context.Context, _ mcp.ListRootsRequest) (*mcp.ListRootsResult, error) {
	if x.GetClientCapabilities().Roots == nil {
		return nil, errors.New("the client does not support roots")
	}
	var result mcp.ListRootsResult
	if err := x.ask(ctx, mcp.MethodListRoots, nil, &result); err != nil {
		return nil, err
	}
	return &result, nil
}
