package e2e_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/testcache"
)

// patience is how long a test waits for something that takes milliseconds, on a
// machine that does much else.
const patience = time.Minute

// A program is a server while it runs.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *buffer
	stderr *buffer
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

// start runs a program with nothing of the machine's environment; it is killed with
// the test unless it has ended.
func start(t *testing.T, env []string, name string, args ...string) *program {
	t.Helper()
	require.NoError(t, testcache.DependOn(".."))
	p := &program{t: t, cmd: exec.Command(name, args...), stdout: &buffer{}, stderr: &buffer{}, exited: make(chan struct{})}
	p.cmd.Dir = t.TempDir()
	p.cmd.Env = mcpEnvironment(p.cmd.Dir, env)
	p.cmd.Stdout, p.cmd.Stderr = p.stdout, p.stderr
	var err error
	p.stdin, err = p.cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait() // the tests look at the exit status
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it has ended in most tests
		<-p.exited
	})
	return p
}

func mcpEnvironment(home string, env []string) []string {
	return slices.Concat([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + home, "TMPDIR=" + os.TempDir(), "AWS_EC2_METADATA_DISABLED=true",
		// A program built with -race otherwise waits a second before it exits.
		"GORACE=atexit_sleep_ms=10",
	}, env)
}

// serve runs nhiscan-mcp over HTTP on a free port.
func serve(t *testing.T, env []string, args ...string) (*program, string) {
	t.Helper()
	p := start(t, env, mcpBinary, append([]string{"--http", "127.0.0.1:0"}, args...)...)
	return p, p.url()
}

var servingLine = regexp.MustCompile(`serving (?:MCP )?on (https?://\S+)`)

// url returns the address that the program says it serves on.
func (p *program) url() string {
	p.t.Helper()
	var found []string
	require.Eventually(p.t, func() bool {
		found = servingLine.FindStringSubmatch(p.stderr.String())
		return found != nil
	}, patience, time.Millisecond, "the program said: %s", p.stderr)
	return found[1]
}

// stop asks the program to end, as a service manager does, and holds it to an
// orderly end. One built with -race that found a race ends with another status.
func (p *program) stop() {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-p.exited:
	case <-time.After(patience):
		p.t.Fatalf("the program does not end; it said:\n%s", p.stderr)
	}
	require.Equal(p.t, 0, p.cmd.ProcessState.ExitCode(), "it said:\n%s", p.stderr)
	require.NotContains(p.t, p.stderr.String(), "panic")
}
