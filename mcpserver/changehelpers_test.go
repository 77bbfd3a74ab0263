package mcpserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

// Versions of MCP before and since questions are results of calls.
const (
	askingByRequest = "2025-11-25"
	askingByResult  = "2026-07-28"
)

// changeCaller is who changes the fake AWS.
const changeCaller = "arn:aws:sts::123456789012:assumed-role/nhiscan/nhiscan-mcp"

// changingAWS returns a client with the settings of a call, permissions to call
// among them, and without pauses.
func changingAWS(ctx context.Context, fake *fakeiam.Server, opts *session.Options) (*mcpserver.Connection, error) {
	o := *opts
	o.HTTPClient, o.Profile, o.RoleARN = fake.HTTPClient(), "", ""
	o.AccessKeyID, o.SecretAccessKey = "AKIAEXAMPLE000000001", session.NewSecret("secret")
	cfg, err := session.Config(ctx, &o)
	if err != nil {
		return nil, err
	}
	cfg.Retryer = func() aws.Retryer {
		return retry.NewStandard(func(o *retry.StandardOptions) {
			o.RateLimiter = ratelimit.None
			o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
		})
	}
	client := iam.NewFromConfig(cfg)
	return &mcpserver.Connection{IAM: client, STS: sts.NewFromConfig(cfg), Manage: client}, nil
}

// changingOptions serve the fake AWS to be changed.
func changingOptions(fake *fakeiam.Server) *mcpserver.Options {
	return &mcpserver.Options{AllowWrite: true, Connect: func(ctx context.Context, opts *session.Options) (*mcpserver.Connection, error) {
		return changingAWS(ctx, fake, opts)
	}}
}

// A person answers the questions of a server.
type person struct {
	answer func(mcp.ElicitationParams) *mcp.ElicitationResult

	mu    sync.Mutex
	asked []mcp.ElicitationParams
}

// Elicit implements [client.ElicitationHandler] and [server.ElicitationHandler].
func (p *person) Elicit(_ context.Context, request mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	p.mu.Lock()
	p.asked = append(p.asked, request.Params)
	p.mu.Unlock()
	return p.answer(request.Params), nil
}

func (p *person) questions() []mcp.ElicitationParams {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

// message is that of the only question.
func (p *person) message(t *testing.T) string {
	t.Helper()
	require.Len(t, p.questions(), 1)
	return p.questions()[0].Message
}

func replied(action mcp.ElicitationResponseAction, content any) *mcp.ElicitationResult {
	return &mcp.ElicitationResult{ElicitationResponse: mcp.ElicitationResponse{Action: action, Content: content}}
}

// filledIn is the form as one who agrees fills it in.
func filledIn(asked any) map[string]any {
	text, err := json.Marshal(asked)
	if err != nil {
		panic(err)
	}
	var form struct {
		Properties map[string]struct{ Type, Title string }
	}
	if err := json.Unmarshal(text, &form); err != nil {
		panic(err)
	}
	if name, ok := form.Properties["name"]; ok {
		typed := strings.TrimSuffix(strings.TrimPrefix(name.Title, "Type "), " to confirm")
		return map[string]any{"name": typed}
	}
	return map[string]any{"confirm": true}
}

func agreeing() *person {
	return &person{answer: func(p mcp.ElicitationParams) *mcp.ElicitationResult {
		return replied(mcp.ElicitationResponseActionAccept, filledIn(p.RequestedSchema))
	}}
}

func answering(action mcp.ElicitationResponseAction, content any) *person {
	return &person{answer: func(mcp.ElicitationParams) *mcp.ElicitationResult { return replied(action, content) }}
}

// newClientWith is a client of a version of MCP with a person behind it; nil for
// one that cannot ask anybody.
func newClientWith(t *testing.T, s *mcpserver.Server, version string, p *person) *client.Client {
	t.Helper()
	var ofTransport []transport.InProcessOption
	var ofClient []client.ClientOption
	if p != nil {
		ofTransport = append(ofTransport, transport.WithElicitationHandler(p))
		ofClient = append(ofClient, client.WithElicitationHandler(p))
	}
	ofClient = append(ofClient, client.WithProtocolVersion(version))
	c := client.NewClient(recording{transport.NewInProcessTransportWithOptions(s.MCP(), ofTransport...)}, ofClient...)
	require.NoError(t, c.Start(t.Context()))
	t.Cleanup(func() { _ = c.Close() })
	result, err := c.Initialize(t.Context(), mcp.InitializeRequest{Params: mcp.InitializeParams{
		ProtocolVersion: version, ClientInfo: mcp.Implementation{Name: "test", Version: "1"},
	}})
	require.NoError(t, err)
	require.Equal(t, version, result.ProtocolVersion)
	return c
}

// A rawAnswer is the result of a call as a client of 2026-07-28 reads it.
type rawAnswer struct {
	ResultType    string
	RequestState  string
	InputRequests map[string]struct {
		Method string
		Params mcp.ElicitationParams
	}
	IsError bool
	Content []struct{ Text string }
}

// failure is the error of the answer.
func (r rawAnswer) failure(t *testing.T) toolError {
	t.Helper()
	require.True(t, r.IsError, "%+v", r)
	var e struct{ Error toolError }
	require.NoError(t, json.Unmarshal([]byte(r.Content[0].Text), &e))
	return e.Error
}

// callRaw sends a call as a client of 2026-07-28 may put it together.
func callRaw(t *testing.T, s *mcpserver.Server, clientName, tool string, arguments map[string]any, more map[string]any) rawAnswer {
	t.Helper()
	params := map[string]any{"name": tool, "arguments": arguments, "_meta": map[string]any{
		"io.modelcontextprotocol/protocolVersion":    askingByResult,
		"io.modelcontextprotocol/clientInfo":         map[string]any{"name": clientName, "version": "1"},
		"io.modelcontextprotocol/clientCapabilities": map[string]any{"elicitation": map[string]any{}},
	}}
	for name, value := range more {
		params[name] = value
	}
	message, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
	require.NoError(t, err)
	ctx := s.MCP().WithContext(t.Context(), server.NewInProcessSessionWithHandlers("raw", nil, nil, nil))
	text, err := json.Marshal(s.MCP().HandleMessage(ctx, message))
	require.NoError(t, err)
	var response struct {
		Result *rawAnswer
		Error  any
	}
	require.NoError(t, json.Unmarshal(text, &response))
	require.NotNil(t, response.Result, "%s", text)
	return *response.Result
}

// answerTo is what a client sends with the call when the person agrees.
func answerTo(asked rawAnswer) map[string]any {
	return map[string]any{"requestState": asked.RequestState, "inputResponses": map[string]any{
		"confirm": map[string]any{"action": "accept", "content": filledIn(asked.InputRequests["confirm"].Params.RequestedSchema)},
	}}
}

// An auditText collects the lines of an audit log.
type auditText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (a *auditText) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.text.Write(p)
}

type auditLine struct {
	Tool, Decision, Outcome, Target string
	ErrorCode                       string `json:"error_code"`
	AWSIdentity                     string `json:"aws_identity"`
	StepsDone                       int    `json:"steps_done"`
	Arguments                       map[string]any
}

func (a *auditText) lines(t *testing.T) []auditLine {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	var lines []auditLine
	for text := range bytes.Lines(a.text.Bytes()) {
		var line auditLine
		require.NoError(t, json.Unmarshal(text, &line))
		lines = append(lines, line)
	}
	return lines
}

// decisions are those of the lines, in order.
func (a *auditText) decisions(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, line := range a.lines(t) {
		all = append(all, line.Decision)
	}
	return all
}
