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

// page works out which of total items to answer with. The Marker of an answer is
// good for the same operation with the same parameters only, and refused elsewhere.
func (r *request) page(total int) (page, *apiError) {
	size, err := r.maxItems()
	if err != nil {
		return page{}, err
	}
	scope := r.scope()
	start := 0
	if m := r.param("Marker"); m != "" {
		if start, err = offset(m, scope); err != nil || start > total {
			return page{}, errValidationMessage("Invalid Marker.")
		}
	}
	p := page{start: start, end: min(start+size, total)}
	if p.end < total {
		p.truncated, p.marker = true, marker(scope, p.end)
	}
	switch r.shape {
	case ShapeNoMarker:
		p.truncated, p.marker = true, ""
	case ShapeRepeatedMarker:
		p.truncated, p.marker = true, marker(scope, p.start)
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

func marker(scope string, offset int) string {
	return base64.StdEncoding.EncodeToString([]byte(scope + "/" + strconv.Itoa(offset)))
}

// offset is the reverse of marker.
func offset(marker, scope string) (int, *apiError) {
	invalid := errValidationMessage("Invalid Marker.")
	text, err := base64.StdEncoding.DecodeString(marker)
	if err != nil {
		return 0, invalid
	}
	number, found := strings.CutPrefix(string(text), scope+"/")
	if !found {
		return 0, invalid
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 {
		return 0, invalid
	}
	return n, nil
}

// write writes the elements that say whether there is more.
func (p page) write(x *xmlWriter) {
	x.boolean("IsTruncated", p.truncated)
	x.optional("Marker", p.marker)
}

// writePage writes one page of a list and whether there is more.
func writePage[T any](r *request, x *xmlWriter, name string, items []T, write func(*xmlWriter, T)) *apiError {
	p, err := r.page(len(items))
	if err != nil {
		return err
	}
	members(x, name, items[p.start:p.end], write)
	p.write(x)
	return nil
}
