package mcpserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/session"
)

var update = flag.Bool("update", false, "write the golden files again")

func newServer(t *testing.T, opts *mcpserver.Options) *mcpserver.Server {
	t.Helper()
	s, err := mcpserver.New(opts)
	require.NoError(t, err)
	return s
}

// demoServer serves the made-up account of package demo.
func demoServer(t *testing.T) *mcpserver.Server {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	return snapshotServer(t, account)
}

// snapshotServer serves the account as it would be on the demo's day.
func snapshotServer(t *testing.T, account *nhiscan.Account) *mcpserver.Server {
	t.Helper()
	return newServer(t, &mcpserver.Options{Snapshot: &mcpserver.Snapshot{Account: account, Now: demo.Now()}})
}

// demoIAM is an AWS that has the demo account, and whose credential report is there at once.
func demoIAM(t *testing.T) *fakeiam.Server {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	fake := fakeiam.New(account)
	fake.ReportPolls(0)
	return fake
}

// liveOptions reads the fake AWS, whoever's credentials a call names.
func liveOptions(fake *fakeiam.Server) *mcpserver.Options {
	cfg := aws.Config{
		Region:      "us-east-1",
		HTTPClient:  fake.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE000000001", "secret", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.RateLimiter = ratelimit.None
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
	}
	return &mcpserver.Options{Connect: func(context.Context, *session.Options) (*mcpserver.Connection, error) {
		return &mcpserver.Connection{IAM: iam.NewFromConfig(cfg), STS: sts.NewFromConfig(cfg)}, nil
	}}
}

// newClient is an MCP client in this process, initialized.
func newClient(t *testing.T, s *mcpserver.Server) *client.Client {
	t.Helper()
	return newClientOf(t, s, mcp.LATEST_PROTOCOL_VERSION)
}

// newClientOf is one that asks for a version of MCP.
func newClientOf(t *testing.T, s *mcpserver.Server, version string) *client.Client {
	t.Helper()
	c := client.NewClient(recording{transport.NewInProcessTransport(s.MCP())})
	ctx := context.Background()
	require.NoError(t, c.Start(ctx))
	t.Cleanup(func() { _ = c.Close() })
	_, err := c.Initialize(ctx, mcp.InitializeRequest{Params: mcp.InitializeParams{
		ProtocolVersion: version,
		ClientInfo:      mcp.Implementation{Name: "test", Version: "1"},
	}})
	require.NoError(t, err)
	return c
}

// recording keeps the answer as it was sent, for whoever puts an answerKey into
// the context: the client decodes it, and the order of members is lost.
type recording struct{ transport.Interface }

type answerKey struct{}

func (r recording) SendRequest(ctx context.Context, request transport.JSONRPCRequest) (*transport.JSONRPCResponse, error) {
	response, err := r.Interface.SendRequest(ctx, request)
	if into, ok := ctx.Value(answerKey{}).(*json.RawMessage); ok && err == nil {
		*into = response.Result
	}
	return response, err
}

// An outcome is what a call of a tool came to.
type outcome struct {
	// Structured is the structured content; nil with an error. Raw is it as sent.
	Structured map[string]any
	Raw        []byte
	Text       string
	IsError    bool
	Error      toolError
}

type toolError struct {
	Code, Message, Hint string
	RequestID           string `json:"request_id"`
	Retryable           bool
	Done, Remaining     []string
	Failed              string
}

// callTool calls a tool and checks what holds for each answer: structured content
// that fits the tool's output schema, or an error; no control characters.
func callTool(t *testing.T, c *client.Client, name string, arguments map[string]any) outcome {
	t.Helper()
	return callToolContext(context.Background(), t, c, name, arguments)
}

func callToolContext(ctx context.Context, t *testing.T, c *client.Client, name string, arguments map[string]any) outcome {
	t.Helper()
	var sent json.RawMessage
	request := mcp.CallToolRequest{}
	request.Params.Name = name
	if arguments != nil {
		request.Params.Arguments = arguments
	}
	result, err := c.CallTool(context.WithValue(ctx, answerKey{}, &sent), request)
	require.NoError(t, err)
	require.NotEmpty(t, result.Content)
	text, ok := result.Content[0].(mcp.TextContent)
	require.True(t, ok, "the first content is not text")
	requirePrintable(t, text.Text)
	out := outcome{Text: text.Text, IsError: result.IsError}
	if result.IsError {
		require.Nil(t, result.StructuredContent)
		var e struct{ Error toolError }
		require.NoError(t, json.Unmarshal([]byte(text.Text), &e), text.Text)
		require.NotEmpty(t, e.Error.Code)
		require.NotEmpty(t, e.Error.Message)
		out.Error = e.Error
		return out
	}
	var raw struct{ StructuredContent json.RawMessage }
	require.NoError(t, json.Unmarshal(sent, &raw))
	out.Raw = raw.StructuredContent
	out.Structured, ok = result.StructuredContent.(map[string]any)
	require.True(t, ok, "the structured content is no object")
	requirePrintable(t, result.StructuredContent)
	requireValid(t, c, name, out.Raw)
	return out
}

// requirePrintable requires that no text has a character that acts, but for the
// line breaks of a text for people.
func requirePrintable(t *testing.T, value any) {
	t.Helper()
	switch v := value.(type) {
	case string:
		for _, r := range v {
			require.False(t, r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)), "%q in %q", r, v)
		}
	case []any:
		for _, item := range v {
			requirePrintable(t, item)
		}
	case map[string]any:
		for name, item := range v {
			requirePrintable(t, name)
			requirePrintable(t, item)
		}
	}
}

// requireValid requires that an answer fits the tool's output schema as it is listed.
func requireValid(t *testing.T, c *client.Client, name string, answer []byte) {
	t.Helper()
	text, ok := outputSchemas(t, c)[name]
	require.True(t, ok, "the tool is not listed: "+name)
	schema, ok := compiled.Load(string(text))
	if !ok {
		schema = compile(t, text)
		compiled.Store(string(text), schema)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(answer))
	require.NoError(t, err)
	require.NoError(t, schema.(*jsonschema.Schema).Validate(value))
}

// listed are the output schemas by client, and compiled are the schemas by text: a
// list of all tools costs more than most calls.
var listed, compiled sync.Map

// outputSchemas are those of the tools that the client is told of, by name.
func outputSchemas(t *testing.T, c *client.Client) map[string]json.RawMessage {
	t.Helper()
	if known, ok := listed.Load(c); ok {
		return known.(map[string]json.RawMessage)
	}
	var sent struct {
		Tools []struct {
			Name         string
			OutputSchema json.RawMessage
		}
	}
	var raw json.RawMessage
	_, err := c.ListTools(context.WithValue(context.Background(), answerKey{}, &raw), mcp.ListToolsRequest{})
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(raw, &sent))
	schemas := map[string]json.RawMessage{}
	for _, tool := range sent.Tools {
		schemas[tool.Name] = tool.OutputSchema
	}
	listed.Store(c, schemas)
	t.Cleanup(func() { listed.Delete(c) })
	return schemas
}

// compile reads a JSON Schema, which draft 2020-12 must accept.
func compile(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("mem:///schema.json", value))
	compiled, err := compiler.Compile("mem:///schema.json")
	require.NoError(t, err)
	return compiled
}

// golden compares with testdata/NAME, which -update writes.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if !bytes.HasSuffix(got, []byte("\n")) {
		got = append(bytes.Clone(got), '\n')
	}
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, got, 0o666))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "go test -update writes it")
	require.Equal(t, strings.ReplaceAll(string(want), "\r\n", "\n"), string(got))
}

// goldenAnswer compares the structured content and the text of an answer with
// testdata/NAME.json and .txt. What differs between runs is replaced.
func goldenAnswer(t *testing.T, name string, got outcome) {
	t.Helper()
	require.False(t, got.IsError, "%+v", got.Error)
	golden(t, name+".json", indented(t, steady(got.Raw)))
	golden(t, name+".txt", steady([]byte(got.Text)))
}

func indented(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, text, "", "  "))
	return out.Bytes()
}
