package atomicfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/atomicfile"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "out")
	for _, content := range []string{"first", "second"} {
		require.NoError(t, atomicfile.Write(name, text(content)))
		got, err := os.ReadFile(name)
		require.NoError(t, err)
		require.Equal(t, content, string(got))
	}
	info, err := os.Stat(name)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, []string{"out"}, names(t, dir))
}

func TestWriteThatFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name := filepath.Join(dir, "out")
	require.NoError(t, atomicfile.Write(name, text("before")))
	full := errors.New("no space left")
	err := atomicfile.Write(name, func(w io.Writer) error {
		if err := text("half")(w); err != nil {
			return err
		}
		return full
	})
	require.ErrorIs(t, err, full)
	got, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "before", string(got))
	require.Equal(t, []string{"out"}, names(t, dir), "nothing half written stays behind")
}

func TestWriteThroughLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	require.NoError(t, os.WriteFile(target, []byte("before"), 0o644))
	require.NoError(t, os.Symlink(target, link))
	require.NoError(t, atomicfile.Write(link, text("after")))
	got, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, "after", string(got))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeSymlink)
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.ErrorContains(t, atomicfile.Write(dir, text("x")), "directory")
	require.ErrorIs(t, atomicfile.Write(filepath.Join(dir, "no", "such"), text("x")), os.ErrNotExist)
	err := atomicfile.Write(filepath.Join(dir, "no", "such"), text("x"))
	require.EqualError(t, err, "make a file in "+filepath.Join(dir, "no")+": no such file or directory", "the name of the temporary file tells nobody anything")
}

func TestWriteToDevice(t *testing.T) {
	t.Parallel()
	require.NoError(t, atomicfile.Write(os.DevNull, text("x")))
	info, err := os.Stat(os.DevNull)
	require.NoError(t, err)
	require.False(t, info.Mode().IsRegular(), "it is still the device")
}
