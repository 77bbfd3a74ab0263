package demo_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/nhi"
)

var update = flag.Bool("update", false, "write the golden files again")

// TestVerdicts holds what the classifier says of each identity. The demo is
// where a change of weights shows first: read the difference one by one.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	report := nhi.Classify(read(t), &nhi.Options{Now: demo.Now()})
	require.Empty(t, report.Gaps)

	var table strings.Builder
	for _, identity := range report.Identities {
		fmt.Fprintf(&table, "%s  %-51s  %-9s  %s\n",
			identity.Type, identity.Name, identity.Verdict, identity.Category)
	}
	const golden = "testdata/verdicts.txt"
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(table.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), table.String())
}
