package nhiscan_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/synth"
)

func TestWriteToFullDisk(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer full.Close()
	account := synth.Account(synth.Size{Users: 1}, 1)
	require.ErrorIs(t, account.Write(full), syscall.ENOSPC)
	require.EqualError(t, account.WriteFile("/dev/full"), "write account /dev/full: write /dev/full: no space left on device")
}

func TestWriteFileThroughLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target.json"), filepath.Join(dir, "link.json")
	require.NoError(t, os.WriteFile(target, nil, 0o600))
	require.NoError(t, os.Symlink(target, link))
	require.NoError(t, synth.Account(synth.Size{Users: 1}, 1).WriteFile(link))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.Equal(t, os.ModeSymlink, info.Mode().Type())
	text, err := os.ReadFile(target)
	require.NoError(t, err)
	require.NotEmpty(t, text)
}
