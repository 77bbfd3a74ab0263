package manage_test

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
)

// limitedDirectory is set in a child process that may write no more than a few bytes
// to a file.
const limitedDirectory = "NHISCAN_TEST_KEY_DIRECTORY"

// A real file system refuses the bytes when they are reserved, and not when there
// is a key.
func TestKeyDirectoryFileSize(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv(limitedDirectory); dir != "" {
		reserveLimited(t, dir)
		return
	}
	dir := filepath.Join(t.TempDir(), "keys")
	child := exec.Command(os.Args[0], "-test.run=^TestKeyDirectoryFileSize$", "-test.v")
	child.Env = append(os.Environ(), limitedDirectory+"="+dir)
	out, err := child.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "file too large")
	require.Empty(t, filesIn(t, dir))
}

func reserveLimited(t *testing.T, dir string) {
	signal.Ignore(syscall.SIGXFSZ)
	store, err := manage.KeyDirectory(dir)
	require.NoError(t, err)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 100, Max: 100}))
	_, err = store.Reserve(accountID, "bob")
	require.ErrorIs(t, err, syscall.EFBIG)
	t.Log(err)
}

// Root may write anywhere; a directory of somebody else is not for keys all the same.
func TestKeyDirectoryOfAnother(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "keys")
	mkdir(t, dir, 0o700)
	if os.Geteuid() != 0 {
		dir = "/root"
	} else {
		require.NoError(t, os.Chown(dir, 65534, 65534))
	}
	_, err := manage.KeyDirectory(dir)
	require.Error(t, err)
	if os.Geteuid() == 0 {
		require.ErrorContains(t, err, "belongs to the user with id 65534")
	}
}
