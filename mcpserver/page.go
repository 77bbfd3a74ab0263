package mcpserver

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// pageArguments are those of a tool whose answer is a list.
type pageArguments struct {
	MaxItems int    `json:"max_items,omitzero" doc:"Items per page" default:"50" min:"1" max:"1000"`
	Cursor   string `json:"cursor,omitzero" doc:"next_cursor of the last page" maxlen:"256"`
}

// A page says which part of a list an answer has.
type page struct {
	Total    int `json:"total" doc:"Items in the whole list"`
	Returned int `json:"returned"`
	// Remaining counts those after this page.
	Remaining  int    `json:"remaining"`
	NextCursor string `json:"next_cursor" doc:"Empty on the last page"`
}

// open returns the account that a page of a list is taken from, and where the page
// begins: with a cursor the account that the first page came from. The question is
// what tells one list from another, such as the arguments that choose its items.
func (c *call) open(ctx context.Context, from credentialed, refresh bool, p pageArguments, question ...any) (*scan, int, error) {
	if p.Cursor == "" {
		s, err := c.server.scans.of(ctx, c, from.credentials(), refresh)
		return s, 0, err
	}
	id, digest, offset, ok := splitCursor(p.Cursor)
	if !ok {
		return nil, 0, invalid("cursor: this is not a next_cursor of this tool")
	}
	if digest != c.digest(question) {
		return nil, 0, invalid("cursor: it belongs to a list that was asked for with other arguments")
	}
	s, ok := c.server.scans.find(id, c.caller)
	if !ok {
		return nil, 0, &Error{Code: CodeCursorExpired, Message: "the scan that this cursor belongs to is no longer kept", Hint: "call again without cursor"}
	}
	c.note(func(r *record) { r.Cached, r.AWSIdentity = true, s.caller })
	return s, offset, nil
}

// cut returns one page of a list.
func cutPage[T any](c *call, s *scan, list []T, offset int, p pageArguments, question ...any) ([]T, page) {
	offset = min(offset, len(list))
	end := min(offset+p.MaxItems, len(list))
	info := page{Total: len(list), Returned: end - offset, Remaining: len(list) - end}
	if end < len(list) {
		info.NextCursor = s.id + "." + c.digest(question) + "." + strconv.Itoa(end)
	}
	return list[offset:end], info
}

// digest tells the lists of one scan apart.
func (c *call) digest(question []any) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %#v", c.tool.Name, question))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

func splitCursor(cursor string) (id, digest string, offset int, ok bool) {
	parts := strings.Split(cursor, ".")
	if len(parts) != 3 {
		return "", "", 0, false
	}
	offset, err := strconv.Atoi(parts[2])
	return parts[0], parts[1], offset, err == nil && offset >= 0
}
