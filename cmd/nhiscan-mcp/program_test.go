package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long a test waits for something that takes milliseconds, on a
// machine that does much else.
const patience = time.Minute

// A program is the built program while it runs.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	lines  chan string // of standard output
	stdout *buffer
	stderr *buffer
	nextID int
	exited chan struct{}
}

// A buffer is written by the program and read by the test.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// start runs the program with these arguments and, beside what a program needs,
// these variables.
func start(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	p := &program{t: t, cmd: exec.Command("nhiscan-mcp", args...), lines: make(chan string, 1000),
		stdout: &buffer{}, stderr: &buffer{}, exited: make(chan struct{})}
	p.cmd.Dir = t.TempDir()
	p.cmd.Env = slices.Concat([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + p.cmd.Dir, "AWS_EC2_METADATA_DISABLED=true",
		// A program built with -race otherwise waits a second before it exits.
		"GORACE=atexit_sleep_ms=10",
	}, env)
	var err error
	p.stdin, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	out, outWriter := io.Pipe()
	p.cmd.Stdout = io.MultiWriter(p.stdout, outWriter)
	p.cmd.Stderr = p.stderr
	require.NoError(t, p.cmd.Start())
	go p.read(out)
	go func() {
		_ = p.cmd.Wait() // the tests look at the exit status
		outWriter.Close()
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it has ended in most tests
		<-p.exited
	})
	return p
}

func (p *program) read(out io.Reader) {
	scanner := bufio.NewScanner(out)
	scanner.Buffer(nil, 64<<20)
	for scanner.Scan() {
		p.lines <- scanner.Text()
	}
	close(p.lines)
}

// status waits for the end and returns the exit status.
func (p *program) status() int {
	p.t.Helper()
	select {
	case <-p.exited:
	case <-time.After(patience):
		p.t.Fatalf("the program does not end; it said:\n%s", p.stderr)
	}
	return p.cmd.ProcessState.ExitCode()
}

// send writes one line.
func (p *program) send(line string) {
	p.t.Helper()
	_, err := io.WriteString(p.stdin, line+"\n")
	require.NoError(p.t, err)
}

// A message is what the server sends.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      any             `json:"id"`
	Method  string          `json:"method"`
	Result  json.RawMessage `json:"result"`
	Error   *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// receive returns the next message; every line of standard output is one.
func (p *program) receive() message {
	p.t.Helper()
	select {
	case line, ok := <-p.lines:
		require.True(p.t, ok, "the program ended; it said:\n%s", p.stderr)
		var m message
		require.NoError(p.t, json.Unmarshal([]byte(line), &m), "standard output has %q", line)
		require.Equal(p.t, "2.0", m.Version)
		return m
	case <-time.After(patience):
		p.t.Fatalf("no answer; the program said:\n%s", p.stderr)
		return message{}
	}
}

// ask sends a request without waiting for its answer.
func (p *program) ask(method string, params any) (id int) {
	p.t.Helper()
	p.nextID++
	p.send(request(p.t, p.nextID, method, params))
	return p.nextID
}

// call sends a request and returns its answer.
func (p *program) call(method string, params any) message {
	p.t.Helper()
	id := p.ask(method, params)
	for {
		if m := p.receive(); m.Method == "" {
			require.EqualValues(p.t, id, m.ID)
			return m
		}
	}
}

func request(t *testing.T, id int, method string, params any) string {
	t.Helper()
	text, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": id, "method": method, "params": params})
	require.NoError(t, err)
	return string(text)
}

// The beginning of a conversation by the older revisions of MCP.
var hello = map[string]any{
	"protocolVersion": "2025-11-25", "capabilities": map[string]any{},
	"clientInfo": map[string]any{"name": "test", "version": "1"},
}

func (p *program) initialize() message {
	p.t.Helper()
	answer := p.call("initialize", hello)
	p.send(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	return answer
}

// result decodes an answer that is no error.
func result[T any](t *testing.T, m message) T {
	t.Helper()
	require.Nil(t, m.Error)
	var v T
	require.NoError(t, json.Unmarshal(m.Result, &v))
	return v
}

type toolList struct {
	Tools []struct {
		Name        string `json:"name"`
		InputSchema struct {
			Properties map[string]any `json:"properties"`
			Required   []string       `json:"required"`
		} `json:"inputSchema"`
	} `json:"tools"`
}

func (l *toolList) has(name string) bool {
	for _, t := range l.Tools {
		if t.Name == name {
			return true
		}
	}
	return false
}

type toolResult struct {
	Content []struct {
		Text string `json:"text"`
	} `json:"content"`
	Structured map[string]any `json:"structuredContent"`
	IsError    bool           `json:"isError"`
}

func useTool(name string, arguments map[string]any) map[string]any {
	return map[string]any{"name": name, "arguments": arguments}
}
