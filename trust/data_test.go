package trust_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/trust"
)

// rows reads a table of the data directory.
func rows(t *testing.T, name string, columns int) [][]string {
	t.Helper()
	text, err := os.ReadFile("data/" + name)
	require.NoError(t, err)
	var list [][]string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		row := strings.Split(line, "\t")
		require.GreaterOrEqual(t, len(row), columns, "%s: %s", name, line)
		list = append(list, row)
	}
	return list
}

func TestVendors(t *testing.T) {
	t.Parallel()
	seen := make(map[string]string)
	for _, row := range rows(t, "vendors.txt", 3) {
		require.Contains(t, []string{"vendor", "aws"}, row[1])
		for _, id := range row[2:] {
			require.Regexp(t, `^[0-9]{12}$`, id)
			require.NotContains(t, seen, id, "%s is listed twice", id)
			seen[id] = row[0]
		}
	}
	require.Greater(t, len(seen), 400)
	for id, name := range seen {
		c := trust.Classify(role("arn:aws:iam::123456789012:role/example", allowAWS(id)), nil)
		require.Len(t, c.Paths, 1)
		require.Equal(t, trust.RelationVendor, c.Paths[0].Relation)
		require.Contains(t, c.Paths[0].Vendor, name)
	}
}

func allowAWS(principal string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":%q},"Action":"sts:AssumeRole"}]}`, principal)
}

// TestProviders asks for an issuer of every line, so that no line hides another.
func TestProviders(t *testing.T) {
	t.Parallel()
	for _, row := range rows(t, "providers.txt", 7) {
		issuer := strings.ReplaceAll(row[0], "*", "q1")
		t.Run(issuer, func(t *testing.T) {
			t.Parallel()
			require.Len(t, row, 7)
			require.Contains(t, []string{"shared", "cluster", "tenant", "public"}, row[4])
			policy := fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow",
				"Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/%s"},"Action":"sts:AssumeRoleWithWebIdentity"}]}`, issuer)
			c := trust.Classify(role("arn:aws:iam::123456789012:role/example", policy), nil)
			require.Len(t, c.Paths, 1)
			require.Equal(t, row[1], c.Paths[0].Provider)
			require.Equal(t, trust.Kind(row[2]), c.Kind)
			require.Equal(t, trust.Who(strings.Trim(row[3], "-")), c.Paths[0].Who)
			require.NotEmpty(t, c.Dangers, "nothing narrows it")
		})
	}
}

func TestDeputies(t *testing.T) {
	t.Parallel()
	for _, row := range rows(t, "deputies.txt", 2) {
		require.Contains(t, []trust.Severity{trust.SeverityMedium, trust.SeverityLow}, trust.Severity(row[1]))
		policy := fmt.Sprintf(`{"Statement":{"Effect":"Allow","Principal":{"Service":"%s.amazonaws.com"},"Action":"sts:AssumeRole"}}`, row[0])
		c := trust.Classify(role("arn:aws:iam::123456789012:role/example", policy), nil)
		require.Len(t, c.Dangers, 1, row[0])
		require.Equal(t, trust.DangerConfusedDeputy, c.Dangers[0].Code)
		require.Contains(t, c.Dangers[0].Fix, "123456789012")
	}
}
