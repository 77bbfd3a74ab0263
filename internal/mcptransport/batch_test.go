package mcptransport_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

var initializeBatch = strings.Replace(initialize, "2025-11-25", "2025-03-26", 1)

func array(messages ...string) string { return "[" + strings.Join(messages, ",") + "]" }

// manyPings is a batch of so many requests.
func manyPings(n int) string {
	var pings []string
	for i := range n {
		pings = append(pings, request(i, "ping", "{}"))
	}
	return array(pings...)
}

const note = `{"jsonrpc":"2.0","method":"notifications/none"}`

// batches are what a client of 2025-03-26 may send, and what is answered: the
// answers by id, or the one code for the whole.
var batches = map[string]struct {
	text string
	want map[string]float64 // codes by id, 0 for a result
	code string
}{
	"requests and a notice": {array(request(1, "ping", "{}"), note, request("b", "no/such", "{}")), map[string]float64{"1": 0, "b": -32601}, ""},
	"a cancelled request":   {array(call(7, "block", "{}", "{}"), request(8, "ping", "{}"), cancelSeven), map[string]float64{"8": 0}, ""},
	"an id twice":           {array(call(7, "block", "{}", "{}"), request(7, "ping", "{}"), cancelSeven), map[string]float64{"7": -32600}, ""},
	"initialize":            {array(initializeBatch), map[string]float64{"0": -32600}, ""},
	"a batch in a batch":    {array(array(request(1, "ping", "{}"))), map[string]float64{"null": -32600}, ""},
	"what is no message":    {array("1", "{}", request(1, "ping", "{}")), map[string]float64{"null": -32600, "1": 0}, ""},
	"empty":                 {"[]", nil, "-32600"},
	"too many":              {manyPings(65), nil, "-32600"},
	"not JSON":              {"[1", nil, "-32700"},
}

// codes decodes the answers to a batch.
func codes(t *testing.T, text string) map[string]float64 {
	t.Helper()
	var answers []struct {
		ID    any `json:"id"`
		Error struct {
			Code float64 `json:"code"`
		} `json:"error"`
	}
	require.NoError(t, json.Unmarshal([]byte(text), &answers), text)
	byID := map[string]float64{}
	for _, a := range answers {
		id, err := json.Marshal(a.ID)
		require.NoError(t, err)
		byID[strings.Trim(string(id), `"`)] = a.Error.Code
	}
	return byID
}

func TestStdioBatch(t *testing.T) {
	t.Parallel()
	for name, c := range batches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			in := strings.NewReader(initializeBatch + "\n" + c.text + "\n" + array(note) + "\n")
			require.NoError(t, mcptransport.ServeStdio(t.Context(), newFixture().MCPServer, in, &out, nil))
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			require.Len(t, lines, 2, "nothing answers a notice")
			if c.code != "" {
				require.Contains(t, lines[1], c.code)
				return
			}
			require.Equal(t, c.want, codes(t, lines[1]))
		})
	}
}

func TestHTTPBatch(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{Rate: 1000, Burst: 1000})
	for name, c := range batches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := e.openBatch(t)
			r := e.post(t, c.text, session)
			if c.code != "" {
				require.Equal(t, http.StatusBadRequest, r.StatusCode)
				require.Contains(t, text(t, r), c.code)
				return
			}
			require.Equal(t, http.StatusOK, r.StatusCode)
			require.Equal(t, c.want, codes(t, text(t, r)))
		})
	}
	t.Run("notices only", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, http.StatusAccepted, e.post(t, array(note, note), e.openBatch(t)).StatusCode)
	})
	t.Run("progress precedes the answers", func(t *testing.T) {
		t.Parallel()
		r := e.post(t, array(call(1, "steps", `{"n":3}`, `{"progressToken":"p"}`), request(2, "ping", "{}")), e.openBatch(t))
		stream := text(t, r)
		require.Equal(t, 3, strings.Count(stream, "notifications/progress"), stream)
		_, answers, found := strings.Cut(stream, "data: [")
		require.True(t, found, stream)
		require.Equal(t, map[string]float64{"1": 0, "2": 0}, codes(t, "["+strings.TrimSpace(answers)))
	})
	t.Run("of another revision", func(t *testing.T) {
		t.Parallel()
		r := e.post(t, array(request(1, "ping", "{}")), e.open(t, nil))
		require.Equal(t, http.StatusBadRequest, r.StatusCode)
		require.Contains(t, text(t, r), "-32600")
	})
}

func TestHTTPBatchCountsEachMessage(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t, mcptransport.HTTPOptions{Rate: 0.001, Burst: 12, Concurrency: 3})
	session := e.openBatch(t)
	require.Equal(t, http.StatusOK, e.post(t, manyPings(10), session).StatusCode)
	require.Equal(t, http.StatusTooManyRequests, e.post(t, manyPings(2), session).StatusCode)
}

func (e *endpoint) openBatch(t *testing.T) header {
	t.Helper()
	r := e.post(t, initializeBatch, nil)
	require.Equal(t, http.StatusOK, r.StatusCode)
	return header{"Mcp-Session-Id": r.Header.Get("Mcp-Session-Id")}
}
