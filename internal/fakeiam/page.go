package fakeiam

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"
)

const (
	defaultMaxItems = 100
	maxMaxItems     = 1000
)

// A page is the part of a list that one answer holds.
type page struct {
	start, end int
	truncated  bool
	marker     string
}

// page works out which of total items to answer with, of which key tells one from
// another. The Marker of an answer is good for the same operation with the same
// parameters only, and refused elsewhere; it leads on from the last item of its
// page also when items before that have vanished meanwhile.
func (r *request) page(total int, key func(int) string) (page, *apiError) {
	size, err := r.maxItems()
	if err != nil {
		return page{}, err
	}
	l := list{r.scope(), total, key}
	start := 0
	if m := r.param("Marker"); m != "" {
		if start, err = l.resume(m); err != nil {
			return page{}, err
		}
	}
	p := page{start: start, end: min(start+size, total)}
	if p.end < total {
		p.truncated, p.marker = true, l.marker(p.end)
	}
	switch r.shape {
	case ShapeNoMarker:
		p.truncated, p.marker = true, ""
	case ShapeRepeatedMarker:
		p.truncated, p.marker = true, l.marker(p.start)
	}
	return p, nil
}

// maxItems returns how many items to answer with at most.
func (r *request) maxItems() (int, *apiError) {
	size := defaultMaxItems
	if text := r.param("MaxItems"); text != "" {
		n, err := strconv.Atoi(text)
		switch {
		case err != nil || n < 1:
			return 0, errValidation("Value '" + text + "' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1")
		case n > maxMaxItems:
			return 0, errValidation("Value '" + text + "' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000")
		}
		size = n
	}
	if r.pageSize > 0 {
		size = min(size, r.pageSize)
	}
	return size, nil
}

// scope identifies the list that a request reads, whatever page of it.
func (r *request) scope() string {
	rest := url.Values{}
	for name, values := range r.form {
		if name != "Marker" && name != "MaxItems" {
			rest[name] = values
		}
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(rest.Encode())) // a hash does not fail
	return fmt.Sprintf("%s/%x", r.operation, h.Sum64())
}

// A list is what a request reads, whatever page of it.
type list struct {
	scope string
	total int
	key   func(int) string
}

// marker names the place before an item, by its number in how many and by the two
// items that it is between.
func (l list) marker(at int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%s/%d/%d/%s/%s", l.scope, at, l.total, l.digest(at-1), l.digest(at)))
}

// digest is short for an item; empty before the first and after the last.
func (l list) digest(at int) string {
	if at < 0 || at >= l.total {
		return ""
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(l.key(at))) // a hash does not fail
	return strconv.FormatUint(h.Sum64(), 16)
}

// resume is the reverse of marker. From a place of which neither neighbour is left
// it goes back by as many items as have vanished: to tell an item twice is better
// than to leave one out.
func (l list) resume(marker string) (int, *apiError) {
	invalid := errValidationMessage("Invalid Marker.")
	text, err := base64.StdEncoding.DecodeString(marker)
	if err != nil {
		return 0, invalid
	}
	rest, found := strings.CutPrefix(string(text), l.scope+"/")
	parts := strings.Split(rest, "/")
	if !found || len(parts) != 4 {
		return 0, invalid
	}
	at, errAt := strconv.Atoi(parts[0])
	of, errOf := strconv.Atoi(parts[1])
	if errAt != nil || errOf != nil || at < 0 {
		return 0, invalid
	}
	before, after := parts[2], parts[3]
	if at <= l.total && l.digest(at-1) == before {
		return at, nil
	}
	for i := range l.total {
		switch l.digest(i) {
		case before:
			return i + 1, nil
		case after:
			return i, nil
		}
	}
	return min(max(0, at-max(0, of-l.total)), l.total), nil
}

// write writes the elements that say whether there is more.
func (p page) write(x *xmlWriter) {
	x.boolean("IsTruncated", p.truncated)
	x.optional("Marker", p.marker)
}

// writePage writes one page of a list and whether there is more.
func writePage[T any](r *request, x *xmlWriter, name string, items []T, write func(*xmlWriter, T)) *apiError {
	p, err := r.page(len(items), func(i int) string {
		var item xmlWriter
		write(&item, items[i])
		return string(item.bytes)
	})
	if err != nil {
		return err
	}
	members(x, name, items[p.start:p.end], write)
	p.write(x)
	return nil
}
