// Package examples_test builds the example programs and runs them the way a
// reader does.
package examples_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/testcache"
)

var update = flag.Bool("update", false, "write the golden files again")

// bin is the directory with the built examples.
var bin string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "nhiscan-examples-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	bin = dir
	build := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./basic_scan", "./permission_analysis", "./rotate_access_key", "./user_vs_nhi")
	build.Stdout, build.Stderr = os.Stdout, os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	return m.Run()
}

type result struct {
	stdout, stderr string
	code           int
}

// runExample runs an example without any credentials of AWS within its reach.
func runExample(t *testing.T, name string, args ...string) result {
	t.Helper()
	return runExampleWith(t, name, nil, args...)
}

// runExampleWith is runExample with more environment.
func runExampleWith(t *testing.T, name string, env []string, args ...string) result {
	t.Helper()
	require.NoError(t, testcache.DependOn(".."))
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, name), args...)
	cmd.Env = append([]string{
		"SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
		"HOME=" + home, "USERPROFILE=" + home, "AWS_EC2_METADATA_DISABLED=true",
	}, env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); !failed {
		require.NoError(t, err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestExamples(t *testing.T) {
	t.Parallel()
	small := filepath.Join("testdata", "small.json")
	for _, example := range []string{"basic_scan", "user_vs_nhi"} {
		t.Run(example, func(t *testing.T) {
			t.Parallel()
			t.Run("the demo without credentials", func(t *testing.T) {
				t.Parallel()
				got := runExample(t, example)
				require.Zero(t, got.code, got.stderr)
				require.Equal(t, "No AWS credentials: this is the demo account.\n", got.stderr)
				golden(t, example+".demo.txt", got.stdout)
			})
			t.Run("a file", func(t *testing.T) {
				t.Parallel()
				got := runExample(t, example, small)
				require.Zero(t, got.code, got.stderr)
				require.Empty(t, got.stderr)
				require.NotContains(t, got.stdout, "\x1b", "names must not reach a terminal raw")
				require.Contains(t, got.stdout, `\x1b[31mred`)
				require.Contains(t, got.stdout, "CredentialReport", "the credentials are a gap")
			})
			t.Run("no such file", func(t *testing.T) {
				t.Parallel()
				got := runExample(t, example, "missing.json")
				require.Equal(t, 1, got.code)
				require.Empty(t, got.stdout)
				require.Contains(t, got.stderr, example+": ")
				require.Contains(t, got.stderr, "missing.json")
			})
			t.Run("a file of another kind", func(t *testing.T) {
				t.Parallel()
				got := runExample(t, example, filepath.Join("testdata", "policy.json"))
				require.Equal(t, 1, got.code)
				require.Contains(t, got.stderr, "aws iam get-account-authorization-details")
			})
			t.Run("a file and its credential report", func(t *testing.T) {
				t.Parallel()
				got := runExample(t, example, small, filepath.Join("testdata", "small.csv"))
				require.Zero(t, got.code, got.stderr)
				require.NotContains(t, got.stdout, "CredentialReport", "the report closes the gap")
			})
			t.Run("a credential report of another account", func(t *testing.T) {
				t.Parallel()
				got := runExample(t, example, small, filepath.Join("testdata", "other.csv"))
				require.Equal(t, 1, got.code)
				require.Empty(t, got.stdout)
				require.Contains(t, got.stderr, "444455556666")
			})
			t.Run("too many arguments", func(t *testing.T) {
				t.Parallel()
				got := runExample(t, example, small, small, small)
				require.Equal(t, 1, got.code)
				require.Contains(t, got.stderr, "got 3 arguments")
			})
			t.Run("a hint", func(t *testing.T) {
				t.Parallel()
				got := runExampleWith(t, example, []string{"AWS_PROFILE=nobody"})
				require.Equal(t, 1, got.code)
				require.Contains(t, got.stderr, example+": ")
				require.Contains(t, got.stderr, "\nhint: ")
			})
		})
	}
}

func TestPermissionAnalysis(t *testing.T) {
	t.Parallel()
	const example = "permission_analysis"
	demo := runExample(t, example)
	require.Zero(t, demo.code, demo.stderr)
	require.Empty(t, demo.stderr)
	golden(t, example+".demo.txt", demo.stdout)

	file := runExample(t, example, "-snapshot", filepath.Join("testdata", "small.json"))
	require.Zero(t, file.code, file.stderr)
	require.NotContains(t, file.stdout, "\x1b", "names must not reach a terminal raw")
	require.Contains(t, file.stdout, "Can pass every role")

	for argument, want := range map[string]string{"missing.json": "missing.json", filepath.Join("testdata", "policy.json"): "get-account-authorization-details"} {
		failed := runExample(t, example, "-snapshot", argument)
		require.Equal(t, 1, failed.code)
		require.Empty(t, failed.stdout)
		require.Contains(t, failed.stderr, want)
	}
	extra := runExample(t, example, "account.json")
	require.Equal(t, 1, extra.code)
	require.Contains(t, extra.stderr, "-snapshot")
}
