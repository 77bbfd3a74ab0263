package permissions_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// An oracle is the other evaluator, running.
type oracle struct {
	in  io.WriteCloser
	out *bufio.Reader
}

// An oracleAnswer is what testdata/oracle/simulate.mjs prints for a simulation.
type oracleAnswer struct {
	Error   string   `json:"error"`
	Result  string   `json:"result"`
	Ignored []string `json:"ignored"`
	// Layers are by policy type; the statements of policy p are p#1, p#2, ….
	Layers map[string]struct {
		Result string   `json:"result"`
		Allows []string `json:"allows"`
		Denies []string `json:"denies"`
	} `json:"layers"`
}

// oracleCommand returns the command that runs simulate.mjs in the directory
// NHISCAN_ORACLE, which holds the packages of testdata/oracle/package.json. It
// skips the test where it can't run, unless NHISCAN_E2E is set.
func oracleCommand(tb testing.TB, args ...string) *exec.Cmd {
	tb.Helper()
	directory := os.Getenv("NHISCAN_ORACLE")
	missing := ""
	if directory == "" {
		missing = "NHISCAN_ORACLE is not set to a directory made from testdata/oracle/package.json by npm install"
	} else if _, err := os.Stat(filepath.Join(directory, "node_modules/@cloud-copilot/iam-simulate")); err != nil {
		missing = err.Error()
	} else if _, err := exec.LookPath("node"); err != nil {
		missing = err.Error()
	}
	if missing != "" {
		if os.Getenv("NHISCAN_E2E") == "1" {
			tb.Fatal(missing)
		}
		tb.Skip(missing)
	}
	script, err := os.ReadFile("testdata/oracle/simulate.mjs")
	require.NoError(tb, err)
	// Node looks for packages from where the script is.
	file, err := os.CreateTemp(directory, "simulate-*.mjs")
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = os.Remove(file.Name()) })
	_, err = file.Write(script)
	require.NoError(tb, err)
	require.NoError(tb, file.Close())
	command := exec.Command("node", append([]string{file.Name()}, args...)...)
	command.Stderr = os.Stderr
	return command
}

func startOracle(t *testing.T) *oracle {
	t.Helper()
	command := oracleCommand(t)
	in, err := command.StdinPipe()
	require.NoError(t, err)
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = in.Close()
		_ = command.Wait()
	})
	return &oracle{in: in, out: bufio.NewReader(out)}
}

// ask returns the answers to simulations, in order.
func (o *oracle) ask(t *testing.T, simulations ...*simulation) []oracleAnswer {
	t.Helper()
	written := make(chan error, 1)
	go func() {
		var text bytes.Buffer
		for _, s := range simulations {
			text.WriteString(s.text() + "\n")
		}
		_, err := o.in.Write(text.Bytes())
		written <- err
	}()
	answers := make([]oracleAnswer, len(simulations))
	for i := range answers {
		line, err := o.out.ReadBytes('\n')
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(line, &answers[i]), string(line))
	}
	require.NoError(t, <-written)
	return answers
}
