package session

import (
	"bytes"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A bufferedClient sends requests whose body is in memory.
//
// The SDK's body is of a type that net/http does not know, so the transport
// copies it while the answer comes in already, and the SDK closes it under the
// copying: against a quick server about a third of the answers over 170 KB fail
// with "use of closed network connection". A bytes.Reader with its length is sent
// before the answer is read.
type bufferedClient struct {
	inner aws.HTTPClient
}

// Do implements [aws.HTTPClient].
func (c bufferedClient) Do(request *http.Request) (*http.Response, error) {
	if request.Body == nil || request.Body == http.NoBody {
		return c.inner.Do(request)
	}
	body, err := io.ReadAll(request.Body)
	if closeErr := request.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, err
	}
	buffered := request.Clone(request.Context())
	buffered.Body = io.NopCloser(bytes.NewReader(body))
	buffered.ContentLength = int64(len(body))
	buffered.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return c.inner.Do(buffered)
}
