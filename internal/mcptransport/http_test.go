package mcptransport_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

func TestHandlerRefuses(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{MaxBody: 4096, AllowedHosts: []string{"mcp.example.com"}, AllowedOrigins: []string{"https://app.example.com"}})
	ping := request(1, "ping", "{}")
	deep := strings.Repeat(`{"a":`, 101) + "1" + strings.Repeat("}", 101)
	for name, c := range map[string]struct {
		method, path, body string
		header             header
		status             int
		contains           string
	}{
		"Host rebound to another name":     {header: header{"Host": "evil.example"}, status: 403},
		"Host that ends like localhost":    {header: header{"Host": "localhost.evil.example"}, status: 403},
		"Host listed":                      {header: header{"Host": "mcp.example.com:8443"}, status: 400, contains: "initialize"},
		"Host loopback with another port":  {header: header{"Host": "[::1]:1"}, status: 400, contains: "initialize"},
		"Origin of a web page":             {header: header{"Origin": "https://evil.example"}, status: 403},
		"Origin null":                      {header: header{"Origin": "null"}, status: 403},
		"Origin of another local port":     {header: header{"Origin": "http://127.0.0.1:1"}, status: 403},
		"Origin listed":                    {header: header{"Origin": "https://app.example.com"}, status: 400, contains: "initialize"},
		"other path":                       {path: "/other", status: 404},
		"token in the query":               {path: "/mcp?access_token=x", status: 400},
		"GET":                              {method: "GET", status: 405},
		"GET to resume a stream":           {method: "GET", header: header{"Last-Event-ID": "1"}, status: 405},
		"PUT":                              {method: "PUT", status: 405},
		"OPTIONS without a listed origin":  {method: "OPTIONS", status: 405},
		"DELETE of 2026-07-28":             {method: "DELETE", header: header{"Mcp-Protocol-Version": "2026-07-28"}, status: 405},
		"DELETE of no session":             {method: "DELETE", status: 404},
		"content type text":                {header: header{"Content-Type": "text/plain"}, status: 415},
		"content type form":                {header: header{"Content-Type": "application/x-www-form-urlencoded"}, status: 415},
		"compressed body":                  {header: header{"Content-Encoding": "gzip"}, status: 415},
		"long body":                        {body: `{"a":"` + strings.Repeat("x", 5000) + `"}`, status: 413},
		"empty body":                       {body: " ", status: 400, contains: "-32700"},
		"not JSON":                         {body: "{", status: 400, contains: "-32700"},
		"not UTF-8":                        {body: "{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}", status: 400, contains: "-32700"},
		"deep nesting":                     {body: deep, status: 400, contains: "-32700"},
		"batch":                            {body: "[" + ping + "]", status: 400, contains: "-32600"},
		"a number":                         {body: "1", status: 400, contains: "-32600"},
		"id null":                          {body: `{"jsonrpc":"2.0","id":null,"method":"ping"}`, status: 400, contains: "-32600"},
		"id object":                        {body: `{"jsonrpc":"2.0","id":{},"method":"ping"}`, status: 400, contains: "-32600"},
		"id fraction":                      {body: `{"jsonrpc":"2.0","id":1.5,"method":"ping"}`, status: 400, contains: "-32600"},
		"id long":                          {body: request(strings.Repeat("x", 300), "ping", "{}"), status: 400, contains: "-32600"},
		"no version":                       {body: `{"id":1,"method":"ping"}`, status: 400, contains: `"id":1`},
		"method and result":                {body: `{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}`, status: 400, contains: "-32600"},
		"no session":                       {status: 400, contains: "initialize"},
		"forged session":                   {header: header{"Mcp-Session-Id": "mcp-session-00000000-0000-0000-0000-000000000000"}, status: 404},
		"unknown version":                  {header: header{"Mcp-Protocol-Version": "1999-01-01"}, status: 400},
		"2026-07-28 in the header only":    {header: modernHeader("ping", ""), status: 400},
		"2026-07-28 in _meta only":         {body: request(1, "tools/list", `{"_meta":`+modernMeta+`}`), status: 400, contains: "-32020"},
		"2026-07-28 with another method":   {body: request(1, "tools/list", `{"_meta":`+modernMeta+`}`), header: modernHeader("ping", ""), status: 400, contains: "-32020"},
		"2026-07-28 with another name":     {body: call(1, "echo", "{}", modernMeta), header: modernHeader("tools/call", "panic"), status: 400, contains: "-32020"},
		"2026-07-28 and Last-Event-ID":     {body: request(1, "tools/list", `{"_meta":`+modernMeta+`}`), header: header{"Mcp-Protocol-Version": "2026-07-28", "Last-Event-ID": "1"}, status: 400},
		"2026-07-28 response":              {body: `{"jsonrpc":"2.0","id":1,"result":{}}`, header: header{"Mcp-Protocol-Version": "2026-07-28"}, status: 400},
		"2026-07-28 initialize":            {body: request(1, "initialize", `{"_meta":`+modernMeta+`}`), header: modernHeader("initialize", ""), status: 404, contains: "-32601"},
		"2026-07-28 undeclared capability": {body: call(1, "ask", "{}", modernMeta), header: modernHeader("tools/call", "ask"), status: 400, contains: `"requiredCapabilities":{"elicitation":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			method, path, body := c.method, c.path, c.body
			if method == "" {
				method = http.MethodPost
			}
			if body == "" {
				body = ping
			}
			url := e.url
			if path != "" {
				url = strings.TrimSuffix(e.url, "/mcp") + path
			}
			r := e.do(t, method, url, body, c.header)
			answer := text(t, r)
			require.Equal(t, c.status, r.StatusCode, answer)
			require.Contains(t, answer, c.contains)
			if c.status == http.StatusMethodNotAllowed {
				require.Contains(t, r.Header.Get("Allow"), "POST")
			}
			if c.header["Origin"] != "https://app.example.com" {
				require.Empty(t, r.Header.Get("Access-Control-Allow-Origin"))
			}
		})
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{AllowedOrigins: []string{"https://app.example.com"}, Authenticator: token(t)})
	r := e.do(t, http.MethodOptions, e.url, "", header{
		"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST",
		"Access-Control-Request-Headers": "authorization, mcp-session-id, x-evil",
	})
	require.Equal(t, http.StatusNoContent, r.StatusCode)
	require.Equal(t, "https://app.example.com", r.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "Authorization, Mcp-Session-Id", r.Header.Get("Access-Control-Allow-Headers"))
	require.Empty(t, r.Header.Get("Access-Control-Allow-Credentials"))
}

func TestRevisions(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{})
	for _, version := range []string{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			r := e.post(t, strings.ReplaceAll(initialize, "2025-11-25", version), nil)
			require.Contains(t, text(t, r), `"protocolVersion":"`+version+`"`)
			session := header{"Mcp-Session-Id": r.Header.Get("Mcp-Session-Id"), "Mcp-Protocol-Version": version}
			require.Equal(t, http.StatusAccepted, e.post(t, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, session).StatusCode)
			require.Contains(t, text(t, e.post(t, call("c", "caller", "{}", "{}"), session)), "Client:Test/1")
		})
	}
	t.Run("2026-07-28", func(t *testing.T) {
		t.Parallel()
		r := e.post(t, call(9007199254740993, "caller", "{}", modernMeta), modernHeader("tools/call", "caller"))
		answer := text(t, r)
		require.Contains(t, answer, `"id":9007199254740993`, "an id above 2^53 comes back whole")
		require.Contains(t, answer, "Method:none Scopes: Client:Modern/2")
		require.Empty(t, r.Header.Get("Mcp-Session-Id"))
	})
}

func TestPanicIsNotTold(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{})
	session := e.open(t, nil)
	tool := text(t, e.post(t, call(1, "panic", `{"a":"argument-value"}`, "{}"), session))
	require.Contains(t, tool, `"isError":true`)
	prompt := text(t, e.post(t, request(2, "prompts/get", `{"name":"panic"}`), session))
	require.Contains(t, prompt, `-32603`)
	require.NotContains(t, tool+prompt+e.logs.String(), secret)
	require.NotContains(t, e.logs.String(), "argument-value")
	require.Contains(t, e.logs.String(), "fixture_test.go", "the log says where")
}

func TestLimits(t *testing.T) {
	t.Parallel()
	t.Run("rate", func(t *testing.T) {
		t.Parallel()
		e := newEndpoint(t, mcptransport.HTTPOptions{Rate: 0.001, Burst: 2})
		session := e.open(t, nil)
		require.Equal(t, http.StatusOK, e.post(t, request(1, "ping", "{}"), session).StatusCode)
		r := e.post(t, request(2, "ping", "{}"), session)
		require.Equal(t, http.StatusTooManyRequests, r.StatusCode)
		require.NotEmpty(t, r.Header.Get("Retry-After"))
	})
	t.Run("concurrency", func(t *testing.T) {
		t.Parallel()
		e := newEndpoint(t, mcptransport.HTTPOptions{Concurrency: 1})
		session := e.open(t, nil)
		go e.try(t.Context(), http.MethodPost, e.url, call(1, "block", "{}", "{}"), session)
		receive(t, "start", e.started)
		require.Equal(t, http.StatusTooManyRequests, e.post(t, call(2, "echo", "{}", "{}"), session).StatusCode)
		cancel := `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`
		require.Equal(t, http.StatusAccepted, e.post(t, cancel, session).StatusCode)
		receive(t, "end", e.ended)
		waitFor(t, "the place is free again", func() bool {
			return e.post(t, call(3, "echo", "{}", "{}"), session).StatusCode == http.StatusOK
		})
	})
}

func TestNewHandlerRefuses(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]mcptransport.HTTPOptions{
		"endpoint":  {Endpoint: "mcp"},
		"origin":    {AllowedOrigins: []string{"*"}},
		"limit":     {MaxBody: -1},
		"metadata":  {ResourceMetadata: &mcptransport.ResourceMetadata{Resource: "not a url"}},
		"injection": {ResourceMetadata: &mcptransport.ResourceMetadata{Resource: `https://a/"b`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := mcptransport.NewHandler(newFixture().MCPServer, &o)
			require.Error(t, err)
		})
	}
}

func TestForbiddenIsLogged(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{})
	for name, value := range map[string]string{"Host": "evil.example", "Origin": "https://page.example"} {
		require.Equal(t, http.StatusForbidden, e.post(t, initialize, header{name: value}).StatusCode)
		require.Regexp(t, `level=WARN msg="request refused" status=403 .*`+strings.ToLower(name)+`=`+value, e.logs.String())
	}
}
