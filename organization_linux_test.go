package nhiscan_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

// A pipe to which nobody writes is refused, not waited for; through a link as well.
func TestReadOrganizationPoliciesPipe(t *testing.T) {
	t.Parallel()
	elsewhere := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(elsewhere, 0o600))
	direct, linked := t.TempDir(), t.TempDir()
	require.NoError(t, syscall.Mkfifo(filepath.Join(direct, "r-ab12.json"), 0o600))
	require.NoError(t, os.Symlink(elsewhere, filepath.Join(linked, "r-ab12.json")))
	for _, dir := range []string{direct, linked} {
		_, err := nhiscan.ReadOrganizationPolicies(os.DirFS(dir))
		require.ErrorContains(t, err, "r-ab12.json: this seems to be no regular file")
	}
}
