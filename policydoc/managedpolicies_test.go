package policydoc_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/policydoc"
)

// TestAWSManagedPolicies reads the documents that AWS wrote, and compares what it
// finds in them with what encoding/json finds.
func TestAWSManagedPolicies(t *testing.T) {
	t.Parallel()
	for arn, text := range awsmanaged.All() {
		d, err := policydoc.Parse(text)
		require.NoError(t, err, arn)
		requireReprints(t, d)
		require.Equal(t, normal(t, []byte(text)), normal(t, []byte(d.String())), arn)
	}
}

// The expansion of every statement that AWS wrote is what matching its patterns
// with each action gives.
func TestAWSManagedPoliciesExpand(t *testing.T) {
	t.Parallel()
	actions := allNames()
	named := map[string]policydoc.ActionSet{} // by name in small letters
	for _, action := range actions {
		named[strings.ToLower(action)] = policydoc.ActionsMatching(action)
	}
	matching := map[string]policydoc.ActionSet{} // by pattern
	union := func(patterns []string) policydoc.ActionSet {
		var all policydoc.ActionSet
		for _, pattern := range patterns {
			set, ok := matching[pattern]
			if !ok {
				set = named[strings.ToLower(pattern)]
				if strings.ContainsAny(pattern, "*?") {
					set = matchingOneByOne(actions, pattern)
				}
				matching[pattern] = set
			}
			all = all.Union(set)
		}
		return all
	}
	for arn, text := range awsmanaged.All() {
		d, err := policydoc.Parse(text)
		require.NoError(t, err, arn)
		for i := range d.Statements {
			s := &d.Statements[i]
			want := union(s.Actions)
			if s.NotActions != nil {
				want = policydoc.AllActions().Subtract(union(s.NotActions))
			}
			require.True(t, want.Equal(s.ActionSet()), "%s: statement %d", arn, i+1)
		}
	}
	require.Greater(t, len(matching), 10_000, "patterns")
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
