package session

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// maxAnswer is many times the longest answer that IAM gives, a page of a thousand
// entities with all their policies.
const maxAnswer = 64 << 20

// A refusedAnswer is one that AWS does not give. Asking again brings the same, so
// the SDK is told not to.
type refusedAnswer string

func (e refusedAnswer) Error() string { return string(e) }

// RetryableError is what the SDK's retryers look for.
func (refusedAnswer) RetryableError() bool { return false }

// answerLimit bounds the memory that an answer can take: the SDK reads all of it,
// and a proxy or an endpoint of the environment may be anybody's.
type answerLimit struct{}

// add puts the limit next to the connection, where the SDK has read nothing yet.
func (l answerLimit) add(stack *middleware.Stack) error {
	return stack.Deserialize.Add(l, middleware.After)
}

// ID implements [middleware.DeserializeMiddleware].
func (answerLimit) ID() string { return "nhiscanAnswerLimit" }

// HandleDeserialize implements [middleware.DeserializeMiddleware].
func (answerLimit) HandleDeserialize(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (
	middleware.DeserializeOutput, middleware.Metadata, error) {
	out, metadata, err := next.HandleDeserialize(ctx, in)
	response, ok := out.RawResponse.(*smithyhttp.Response)
	if err != nil || !ok || response.Body == nil {
		return out, metadata, err
	}
	body := &limitedBody{response.Body, maxAnswer, tooLong(operationName(ctx))}
	response.Body = body
	if response.ContentLength > maxAnswer {
		return out, metadata, body.refused
	}
	return out, metadata, nil
}

func tooLong(operation string) error {
	return refusedAnswer(fmt.Sprintf("%s: the answer is longer than %d MB", operation, maxAnswer>>20))
}

// A limitedBody fails after so many bytes, where an [io.LimitReader] would end as
// if the answer did.
type limitedBody struct {
	io.ReadCloser
	left    int64
	refused error
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, b.refused
	}
	return n, err
}

// stayOnHost makes a transport refuse to follow an answer to another host, which
// would be told what AWS is asked. It stands in Proxy, since the SDK's client has
// no place for a CheckRedirect: the transport calls Proxy before each request.
func stayOnHost(t *http.Transport) {
	proxy := t.Proxy
	t.Proxy = func(r *http.Request) (*url.URL, error) {
		if from := r.Response; from != nil && (from.Request.URL.Host != r.URL.Host || from.Request.URL.Scheme != r.URL.Scheme) {
			return nil, refusedAnswer("the answer redirects to another host, " + r.URL.Host)
		}
		if proxy == nil {
			return nil, nil
		}
		return proxy(r)
	}
}
