// Package e2e drives the built programs with what nobody here wrote: AWS endpoints
// of moto, the AWS mock server (pip install 'moto[server]'), and the MCP clients and
// the conformance suite of clients/package.json (npm ci, and NHISCAN_MCP_CLIENTS
// names the directory). Tests skip where these are not installed; NHISCAN_E2E=1
// turns that skip into a failure.
package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/testcache"
)

// The programs, as TestMain built them.
var binary, mcpBinary, conformanceBinary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "nhiscan-e2e-")
		if err != nil {
			log.Fatal(err)
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "nhiscan")
		mcpBinary = filepath.Join(dir, "nhiscan-mcp")
		conformanceBinary = filepath.Join(dir, "mcpconformance")
		for _, build := range [][]string{
			{"-o", binary, "../cmd/nhiscan"},
			// The server is concurrent: races in it are found here too.
			append(raceFlags, "-o", mcpBinary, "../cmd/nhiscan-mcp"),
			{"-o", conformanceBinary, "../internal/tools/mcpconformance"},
		} {
			cmd := exec.Command("go", append([]string{"build"}, build...)...)
			cmd.Stderr = os.Stderr
			if err := cmd.Run(); err != nil {
				log.Printf("%s: %v", cmd, err)
				return 1
			}
		}
		return m.Run()
	}())
}

// A moto is a running mock of AWS.
type moto struct {
	Endpoint string               `json:"endpoint"`
	Keys     map[string][2]string `json:"keys"`
}

// startMoto starts a mock that ends with the test.
func startMoto(t *testing.T, users, roles int, more ...string) *moto {
	t.Helper()
	python, err := exec.LookPath("python3")
	if err == nil {
		err = exec.Command(python, "-c", "import moto.server").Run()
	}
	if err != nil {
		if os.Getenv("NHISCAN_E2E") != "" {
			t.Fatalf("moto is not installed: %v", err)
		}
		t.Skip("moto is not installed: pip install 'moto[server]'")
	}
	cmd := exec.Command(python, append([]string{"-B", "moto_seeded.py", "--users", strconv.Itoa(users), "--roles", strconv.Itoa(roles)}, more...)...)
	cmd.Stderr = t.Output()
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		require.NoError(t, stdin.Close())
		require.NoError(t, cmd.Wait())
	})
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	require.NoError(t, err)
	m := new(moto)
	require.NoError(t, json.Unmarshal(line, m))
	return m
}

// enforce makes the mock check permissions from the next request on.
func (m *moto) enforce(t *testing.T) {
	t.Helper()
	resp, err := http.Post(m.Endpoint+"/moto-api/reset-auth", "text/plain", strings.NewReader("0"))
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)
}

// as returns the environment of one of the seeded users.
func (m *moto) as(user string) []string {
	key := m.Keys[user]
	return environment(m.Endpoint, key[0], key[1])
}

// environment holds nothing of the machine's own AWS settings.
func environment(endpoint, keyID, secret string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"),
		"HOME=" + os.DevNull,
		"AWS_ENDPOINT_URL=" + endpoint,
		"AWS_ACCESS_KEY_ID=" + keyID,
		"AWS_SECRET_ACCESS_KEY=" + secret,
		"AWS_EC2_METADATA_DISABLED=true",
	}
}

type result struct {
	status         int
	stdout, stderr string
}

func command(t *testing.T, env []string, args ...string) (*exec.Cmd, *bytes.Buffer, *bytes.Buffer) {
	t.Helper()
	require.NoError(t, testcache.DependOn(".."))
	cmd := exec.Command(binary, args...)
	cmd.Env = env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	return cmd, &stdout, &stderr
}

func run(t *testing.T, env []string, args ...string) result {
	t.Helper()
	cmd, stdout, stderr := command(t, env, args...)
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return result{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// A scan is what these tests read of the JSON that nhiscan scan prints.
type scan struct {
	Schema    string `json:"schema"`
	AccountID string `json:"account_id"`
	Complete  bool   `json:"complete"`
	Gaps      []struct {
		Operation string `json:"operation"`
		Code      string `json:"code"`
	} `json:"gaps"`
	Summary struct {
		Users, Roles, NHI, Human, Mixed, Uncertain int
	} `json:"summary"`
	Identities []struct {
		Name           string `json:"name"`
		Type           string `json:"type"`
		Classification struct {
			Verdict    string   `json:"verdict"`
			Category   string   `json:"category"`
			Confidence *float64 `json:"confidence"`
		} `json:"classification"`
	} `json:"identities"`
}

func (r result) scan(t *testing.T) scan {
	t.Helper()
	var s scan
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &s), "%s%s", r.stdout, r.stderr)
	require.Equal(t, "nhiscan/scan/v1", s.Schema)
	return s
}

// verdicts counts verdicts of the identities whose name begins with prefix.
func (s scan) verdicts(prefix string) map[string]int {
	n := map[string]int{}
	for _, id := range s.Identities {
		if strings.HasPrefix(id.Name, prefix) {
			n[id.Classification.Verdict]++
		}
	}
	return n
}
