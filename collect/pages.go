package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/nhiscan/nhiscan"
)

// A position is where a page leaves off.
type position struct {
	truncated bool
	marker    *string
}

// pages asks for one page after another and hands over the items of each. What
// was handed over before an error is good.
//
// The SDK's paginators look at the Marker alone: they end in silence when AWS
// says that there is more without saying where, and never when it says the same
// place again. Both are errors with the code nhiscan.GapTruncated here.
func pages[T any](ctx context.Context, r *reader, operation, resource string, ask func(marker *string) ([]T, position, error), use func([]T)) error {
	var c cursor
	for {
		items, at, err := onePage(ctx, r, operation, resource, func() ([]T, position, error) { return ask(c.marker) })
		if err != nil {
			return err
		}
		use(items)
		if err := c.advance(operation, resource, at); err != nil {
			return err
		}
		if c.marker == nil {
			return nil
		}
	}
}

// onePage asks for a page. AWS always sends the element that holds the items, so
// an answer without it is an empty one.
func onePage[T any](ctx context.Context, r *reader, operation, resource string, ask func() ([]T, position, error)) ([]T, position, error) {
	type page struct {
		items []T
		at    position
	}
	p, err := call(ctx, r, operation, resource, func() (page, error) {
		items, at, err := ask()
		if err == nil && items == nil && !at.truncated && aws.ToString(at.marker) == "" {
			err = errEmptyAnswer
		}
		return page{items, at}, err
	})
	return p.items, p.at, err
}

// A cursor is the way through a list that comes in pages.
type cursor struct {
	// marker is where the next page begins; nil before the first page and after the last.
	marker *string
	seen   map[string]bool
}

// advance moves to the page after the one that leaves off at the position.
func (c *cursor) advance(operation, resource string, at position) error {
	next := aws.ToString(at.marker)
	switch {
	case next == "" && !at.truncated:
		c.marker = nil
		return nil
	case next == "":
		return truncated(operation, resource, "AWS says that the list goes on and not where")
	case c.seen[next] || next == aws.ToString(c.marker):
		return truncated(operation, resource, "AWS continues the list at a place where it has been")
	}
	if c.seen == nil {
		c.seen = map[string]bool{}
	}
	c.seen[next] = true
	c.marker = at.marker
	return nil
}

func truncated(operation, resource, message string) *Error {
	return &Error{Operation: "iam:" + operation, Resource: resource, Code: nhiscan.GapTruncated, Message: message + "; the list is incomplete"}
}

// all is pages for lists of which only the whole is of use: it returns the items or an error.
func all[T any](ctx context.Context, r *reader, operation, resource string, ask func(marker *string) ([]T, position, error)) ([]T, error) {
	var items []T
	err := pages(ctx, r, operation, resource, ask, func(page []T) { items = append(items, page...) })
	return items, err
}

// readList reads a whole list of one identity into one of its fields and adds
// the fact to what is known of it.
func readList[From, To any](ctx context.Context, r *reader, operation, name string, ask func(marker *string) ([]From, position, error),
	f func(From) To, into *[]To, known *nhiscan.Facts, fact nhiscan.Facts) error {
	items, err := all(ctx, r, operation, name, ask)
	if err != nil {
		return err
	}
	*into = convert(items, f)
	*known |= fact
	return nil
}
