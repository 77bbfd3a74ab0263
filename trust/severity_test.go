package trust_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/trust"
)

func TestSeverityAtLeast(t *testing.T) {
	t.Parallel()
	all := trust.Severities()
	for i, a := range all {
		for j, b := range all {
			require.Equal(t, i <= j, a.AtLeast(b), "%s, %s", a, b)
		}
		require.True(t, trust.Severity("").AtLeast(a), "what was not judged is not harmless")
	}
}
