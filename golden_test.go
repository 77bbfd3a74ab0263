package nhiscan_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(name, []byte(got), 0o644))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err, "run the test with -update to make it")
	require.Equal(t, string(want), got)
}

// written returns the account as Write writes it.
func written(t *testing.T, a *nhiscan.Account) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, a.Write(&b))
	return b.String()
}

// What Read makes of a file shows in what Write writes, facts and gaps included.
func TestReadGolden(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"testdata/read/*.json", "testdata/accounts/*.json"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				account, err := nhiscan.ReadFile(file)
				require.NoError(t, err)
				text := written(t, account)
				golden(t, strings.TrimSuffix(file, ".json")+".golden", text)

				again, err := nhiscan.Read(strings.NewReader(text))
				require.NoError(t, err)
				require.Equal(t, account, again, "reading what was written gives the same account")
			})
		}
	}
}
