package policydoc_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

const managedPolicies = "testdata/aws-managed-policies"

// TestAWSManagedPolicies reads documents that AWS wrote, and compares what it
// finds in them with what encoding/json finds. NHISCAN_MANAGED_POLICIES may name
// a directory with more of them; internal/tools/fetchpolicies fills one.
func TestAWSManagedPolicies(t *testing.T) {
	t.Parallel()
	directories := []string{managedPolicies}
	if all := os.Getenv("NHISCAN_MANAGED_POLICIES"); all != "" {
		directories = append(directories, all)
	}
	for _, dir := range directories {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			files, err := filepath.Glob(filepath.Join(dir, "*.json"))
			require.NoError(t, err)
			require.GreaterOrEqual(t, len(files), 30)
			for _, file := range files {
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				d, err := policydoc.Parse(string(text))
				require.NoError(t, err, file)
				requireReprints(t, d)
				require.Equal(t, normal(t, text), normal(t, []byte(d.String())), file)
			}
			t.Logf("%d policies parse", len(files))
		})
	}
}

// normal decodes a policy document without policydoc, with all that may be
// written in more than one way written in one.
func normal(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var document map[string]any
	require.NoError(t, json.Unmarshal(text, &document))
	document["Statement"] = list(document["Statement"])
	for _, s := range document["Statement"].([]any) {
		statement := s.(map[string]any)
		for _, name := range []string{"Action", "NotAction", "Resource", "NotResource"} {
			if value, ok := statement[name]; ok {
				statement[name] = list(value)
			}
		}
		operators, _ := statement["Condition"].(map[string]any)
		for _, o := range operators {
			keys := o.(map[string]any)
			for key, value := range keys {
				var values []string
				for _, v := range list(value) {
					values = append(values, fmt.Sprint(v))
				}
				keys[key] = values
			}
		}
	}
	return document
}

func list(value any) []any {
	if values, ok := value.([]any); ok {
		return values
	}
	return []any{value}
}
