package fakeiam

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
)

const (
	contentTypeXML  = "text/xml"
	contentTypeHTML = "text/html"
)

// A response is an answer before it is sent. Its body is shared with the cache
// and must not be written to.
type response struct {
	status      int
	id          string
	contentType string
	body        []byte
	tail        string
	// hang and reset are answers that never come.
	hang, reset bool
}

func (a response) length() int { return len(a.body) + len(a.tail) }

func (a response) reader() io.Reader {
	return io.MultiReader(bytes.NewReader(a.body), strings.NewReader(a.tail))
}

func (a response) header() http.Header {
	h := http.Header{}
	h.Set("Content-Type", a.contentType)
	h.Set("Content-Length", strconv.Itoa(a.length()))
	if a.id != "" {
		h.Set("X-Amzn-Requestid", a.id)
	}
	return h
}

// cut leaves the first half of the answer. The length that goes with it is that
// of the half, so that only a reader of the XML can tell.
func (a *response) cut() {
	a.body, a.tail = a.body[:len(a.body)/2], ""
}

// badGateway is what a proxy between client and AWS answers.
func badGateway() response {
	return response{
		status:      http.StatusBadGateway,
		contentType: contentTypeHTML,
		body:        []byte("<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n"),
	}
}
