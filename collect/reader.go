package collect

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"golang.org/x/sync/errgroup"

	"github.com/nhiscan/nhiscan"
)

// A reader is one reading of an account: the API with the number of calls that
// may be under way, what was refused so far, and the gaps that leaves.
type reader struct {
	api      IAMAPI
	opts     Options
	pageSize *int32
	slots    chan struct{}
	refusals refusals
	gaps     gapList
	// abort ends the reading; its cause is a failure that every other call would share.
	abort context.CancelCauseFunc

	mu          sync.Mutex // guards what follows, and calls of opts.Progress
	calls       int
	done, total int
	groups      map[string]nhiscan.Group // by ARN, as ListGroupsForUser told them
}

// newReader returns a reader and the context that its calls must use.
func newReader(ctx context.Context, api IAMAPI, opts *Options) (*reader, context.Context) {
	o := opts.withDefaults()
	ctx, abort := context.WithCancelCause(ctx)
	return &reader{
		api:      api,
		opts:     o,
		pageSize: aws.Int32(int32(o.PageSize)),
		slots:    make(chan struct{}, o.Concurrency),
		abort:    abort,
	}, ctx
}

// fatal returns the failure that ended the reading: credentials that AWS does not accept.
func (r *reader) fatal(ctx context.Context) error {
	var e *Error
	if errors.As(context.Cause(ctx), &e) {
		return e
	}
	return nil
}

// call makes one call of the API: it waits for its turn, asks a second time when
// the answer was garbled or empty, tells the progress, and turns the error into an
// *Error. Operation is without its service prefix.
//
// The SDK retries what was throttled or not answered; it does not retry an answer
// that breaks off, and takes an empty one for success.
func call[T any](ctx context.Context, r *reader, operation, resource string, ask func() (T, error)) (T, error) {
	var none T
	operation = "iam:" + operation
	if err := r.refusals.check(operation, resource); err != nil {
		return none, err
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return none, r.failed(ctx, NewError(ctx, operation, resource, ctx.Err()))
	}
	answer, err := ask()
	if worthAnotherTry(ctx, err) {
		answer, err = ask()
	}
	r.progress(operation)
	if err != nil {
		return none, r.failed(ctx, NewError(ctx, operation, resource, err))
	}
	r.refusals.accepted(operation)
	return answer, nil
}

func worthAnotherTry(ctx context.Context, err error) bool {
	if err == nil || ctx.Err() != nil {
		return false
	}
	var garbled *smithy.DeserializationError
	return errors.Is(err, errEmptyAnswer) || errors.As(err, &garbled) || isGarbledError(err)
}

// isGarbledError reports whether AWS's answer is an error that cannot be read.
// One of a gateway (5xx) was tried again by the SDK already.
func isGarbledError(err error) bool {
	var response *smithyhttp.ResponseError
	var api smithy.APIError
	return errors.As(err, &response) && response.HTTPStatusCode() >= 400 && response.HTTPStatusCode() < 500 && !errors.As(err, &api)
}

// errEmptyAnswer is what an ask function returns for an answer without the
// element that AWS always sends.
var errEmptyAnswer = &Error{Code: CodeEmptyAnswer, Message: "AWS answered with success and nothing in it"}

// failed notes a failure, and ends the reading when all other calls would fail alike.
func (r *reader) failed(ctx context.Context, e *Error) *Error {
	r.opts.Logger.DebugContext(ctx, "call failed",
		"operation", e.Operation, "resource", e.Resource, "code", e.Code, "error", e.Message)
	r.refusals.failed(e)
	if e.Is(ErrCredentials) {
		r.abort(e)
	}
	return e
}

func (r *reader) progress(operation string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls++
	if r.opts.Progress != nil {
		r.opts.Progress(Progress{Operation: operation, Calls: r.calls, Done: r.done, Total: r.total})
	}
}

// expect adds n to the work that is done one by one.
func (r *reader) expect(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total += n
}

func (r *reader) finish() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done++
}

// each calls do for 0 to n-1, as many at once as calls may be under way, and
// returns how many it did before the context ended.
func (r *reader) each(ctx context.Context, n int, do func(i int)) (done int) {
	r.expect(n)
	var finished atomic.Int64
	var group errgroup.Group
	group.SetLimit(r.opts.Concurrency)
	for i := 0; i < n && ctx.Err() == nil; i++ {
		group.Go(func() error {
			do(i)
			r.finish()
			if ctx.Err() == nil {
				finished.Add(1)
			}
			return nil
		})
	}
	_ = group.Wait() // what failed is in the gaps
	return int(finished.Load())
}

// miss records that something could not be read. An entity that is gone is no
// gap, and an interruption is recorded once for all that it leaves undone.
func (r *reader) miss(err error) {
	var e *Error
	if !errors.As(err, &e) || e.Is(ErrNotFound) || e.Code == nhiscan.GapInterrupted {
		return
	}
	r.gaps.addError(e)
}
