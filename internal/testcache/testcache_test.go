package testcache_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/testcache"
)

const dependentTest = `package m

import "testing"

func TestDependent(t *testing.T) {
	if err := DependOn("."); err != nil {
		t.Fatal(err)
	}
}
`

// TestDependOn asks the go command itself, of a module with a copy of DependOn.
func TestDependOn(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("testcache.go")
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name, text string) {
		file := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		past := time.Now().Add(-time.Hour) // the go command keeps no result that depends on a file of the last seconds
		for _, path := range []string{file, filepath.Dir(file), dir} {
			require.NoError(t, os.Chtimes(path, past, past))
		}
	}
	cached := func() bool {
		cmd := exec.Command("go", "test", ".")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		return strings.Contains(string(out), "(cached)")
	}
	write("go.mod", "module m\n")
	write("testcache.go", strings.Replace(string(source), "\npackage testcache\n", "\npackage m\n", 1))
	write("testcache_test.go", dependentTest)
	write("program/data.txt", "one")
	require.False(t, cached())
	require.True(t, cached())
	write("program/data.txt", "three")
	require.False(t, cached(), "a file that the test may be about has changed")
	require.True(t, cached())

	require.Error(t, testcache.DependOn(filepath.Join(dir, "missing")))
}
