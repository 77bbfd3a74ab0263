package collect

import "sync"

// maxFailuresInARow is how often an operation may fail for one identity after
// another before it is taken to fail for all: a missing permission would
// otherwise cost a call for each of 10,000 identities.
const maxFailuresInARow = 10

// refusals remembers which operations keep failing, so that they are asked no more.
type refusals struct {
	mu    sync.Mutex
	inRow map[string]int
	last  map[string]*Error
}

// check returns the error that another call of the operation would return, if
// it failed so often that it is not worth asking.
func (r *refusals) check(operation, resource string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inRow[operation] < maxFailuresInARow {
		return nil
	}
	last := r.last[operation]
	return &Error{Operation: operation, Resource: resource, Code: last.Code, Message: last.Message, Err: last.Err}
}

func (r *refusals) failed(e *Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inRow == nil {
		r.inRow, r.last = map[string]int{}, map[string]*Error{}
	}
	if e.Is(ErrNotFound) {
		r.inRow[e.Operation] = 0
		return
	}
	r.inRow[e.Operation]++
	r.last[e.Operation] = e
}

func (r *refusals) accepted(operation string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inRow != nil {
		r.inRow[operation] = 0
	}
}
