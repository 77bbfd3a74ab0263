package e2e_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/testcache"
)

// Clients are the MCP clients that others wrote, beside the programs of clients/.
type clients struct {
	t   *testing.T
	dir string
}

// installed returns the clients, where they are installed.
func installed(t *testing.T) *clients {
	t.Helper()
	require.NoError(t, testcache.DependOn(".."))
	from := os.Getenv("NHISCAN_MCP_CLIENTS")
	if from == "" {
		if os.Getenv("NHISCAN_E2E") != "" {
			t.Fatal("NHISCAN_MCP_CLIENTS does not name a directory where e2e/clients/package.json is installed")
		}
		t.Skip("NHISCAN_MCP_CLIENTS does not name a directory where e2e/clients/package.json is installed: npm ci there")
	}
	modules, err := filepath.Abs(filepath.Join(from, "node_modules"))
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(modules, "node", "bin", "node"))
	// Node.js looks for modules beside the program: the programs are copied so that
	// the sources that are tested need no such directory.
	dir := t.TempDir()
	require.NoError(t, os.Symlink(modules, filepath.Join(dir, "node_modules")))
	programs, err := filepath.Glob("clients/*.mjs")
	require.NoError(t, err)
	for _, name := range programs {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o600))
	}
	return &clients{t, dir}
}

// node runs a program, by its name or by its path in node_modules, and returns its
// exit status and standard output.
func (c *clients) node(env []string, program string, args ...string) (int, string) {
	c.t.Helper()
	cmd := exec.Command(filepath.Join(c.dir, "node_modules/node/bin/node"), append([]string{program}, args...)...)
	cmd.Dir = c.dir
	cmd.Env = mcpEnvironment(c.t.TempDir(), env)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	require.NotNil(c.t, cmd.ProcessState, "%v", err)
	status := cmd.ProcessState.ExitCode()
	if status != 0 {
		c.t.Logf("%s: %v\n%.4000s\n%.2000s", cmd, err, stderr.String(), stdout.String())
	}
	return status, stdout.String()
}

// run is node for a program that has to succeed.
func (c *clients) run(env []string, program string, args ...string) string {
	c.t.Helper()
	status, stdout := c.node(env, program, args...)
	require.Equal(c.t, 0, status)
	return stdout
}

var clientKinds = []string{"v1", "v2-legacy", "v2-modern"}

func TestClientsTour(t *testing.T) {
	t.Parallel()
	for _, kind := range clientKinds {
		for account, args := range map[string][]string{"demo": {"--demo"}, "AWS": nil} {
			t.Run(fmt.Sprintf("%s, %s, stdio", kind, account), func(t *testing.T) {
				t.Parallel()
				c, env := installed(t), newGate(t).environment()
				t.Log(c.run(env, "tour.mjs", append([]string{kind, mcpBinary}, args...)...))
			})
			t.Run(fmt.Sprintf("%s, %s, HTTP", kind, account), func(t *testing.T) {
				t.Parallel()
				c := installed(t)
				p, url := serve(t, newGate(t).environment(), args...)
				c.run(nil, "tour.mjs", kind, url)
				p.stop()
			})
		}
	}
}

func TestClientsLongCalls(t *testing.T) {
	t.Parallel()
	for _, kind := range clientKinds {
		t.Run(kind+", stdio", func(t *testing.T) {
			t.Parallel()
			c, g := installed(t), newGate(t)
			t.Log(c.run(g.environment(), "long.mjs", kind, mcpBinary))
		})
		t.Run(kind+", HTTP", func(t *testing.T) {
			t.Parallel()
			c, g := installed(t), newGate(t)
			p, url := serve(t, g.environment())
			t.Log(c.run(g.environment(), "long.mjs", kind, url))
			p.stop()
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	c := installed(t)
	status, table := c.node(nil, "tokens.mjs", mcpBinary)
	t.Logf("\n%s", table)
	require.Equal(t, 0, status, "the list of tools costs a model too much")

	// Those who have an assistant change IAM pay what that costs.
	status, table = c.node([]string{"LIMIT=0"}, "tokens.mjs", mcpBinary, "--allow-write")
	t.Logf("with --allow-write:\n%s", table)
	require.Equal(t, 0, status)
}

const inspectorProgram = "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js"

// The exit status of the inspector for a result with isError.
const inspectorToolError = 5

func TestInspector(t *testing.T) {
	t.Parallel()
	for _, era := range []string{"legacy", "modern"} {
		t.Run(era, func(t *testing.T) {
			t.Parallel()
			c := installed(t)
			p, url := serve(t, nil, "--demo")
			for transport, target := range map[string][]string{
				"stdio": {"--", mcpBinary, "--demo"},
				"HTTP":  {"--transport", "http", "--server-url", url},
			} {
				inspect := func(args ...string) (int, string) {
					args = append([]string{"--cli", "--protocol-era", era, "--format", "json"}, args...)
					return c.node(nil, inspectorProgram, append(args, target...)...)
				}
				status, list := inspect("--method", "tools/list", "--strict")
				require.Equal(t, 0, status, "%s: a schema that clients may not take", transport)
				require.Contains(t, list, `"scan_iam_identities"`)
				status, answer := inspect("--method", "tools/call", "--tool-name", "list_nhi_identities", "--tool-args-json", `{"max_items":1}`)
				require.Equal(t, 0, status, transport)
				require.Contains(t, answer, `"structuredContent"`)
				status, _ = inspect("--method", "tools/call", "--tool-name", "list_nhi_identities", "--tool-args-json", `{"max_itmes":1}`)
				require.Equal(t, inspectorToolError, status, transport)
			}
			p.stop()

			status, list := c.node(nil, inspectorProgram, "--cli", "--protocol-era", era, "--format", "json",
				"--method", "tools/list", "--strict", "--", mcpBinary, "--allow-write")
			require.Equal(t, 0, status, "a schema that clients may not take")
			require.Contains(t, list, `"delete_user"`)
		})
	}
}

const conformanceProgram = "node_modules/@modelcontextprotocol/conformance/dist/index.js"

// TestConformance has the MCP project's own suite look at the program, and at the
// transport with the fixtures that most of the suite needs. The baselines name what
// may fail, and the suite fails too when something of them does not.
func TestConformance(t *testing.T) {
	t.Parallel()
	for _, revision := range []string{"2025-11-25", "2026-07-28"} {
		t.Run(revision+", program", func(t *testing.T) {
			t.Parallel()
			c := installed(t)
			p, url := serve(t, nil, "--demo", "--rate-limit", "0")
			c.conformance(url, revision, "clients")
			p.stop()
		})
		t.Run(revision+", transport", func(t *testing.T) {
			t.Parallel()
			c := installed(t)
			p := start(t, nil, conformanceBinary, "-addr", "127.0.0.1:0")
			c.conformance(p.url(), revision, "../internal/tools/mcpconformance")
		})
	}
}

func (c *clients) conformance(url, revision, baselines string) {
	c.t.Helper()
	baseline, err := filepath.Abs(filepath.Join(baselines, "baseline-"+revision+".yml"))
	require.NoError(c.t, err)
	c.run(nil, conformanceProgram, "server", "--url", url, "--requirements", revision,
		"--expected-failures", baseline, "-o", c.t.TempDir())
}
