package trust_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

const exampleARN = "arn:aws:iam::123456789012:role/example"

// statements returns every statement of testdata, each once, with its effect.
func statements(t testing.TB) (allows, denies []string) {
	t.Helper()
	archives, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		require.NoError(t, err)
		for _, f := range archive.Files {
			if !strings.HasSuffix(f.Name, ".json") {
				continue
			}
			for line := range strings.Lines(string(f.Data)) {
				line = strings.TrimRight(strings.TrimSpace(line), ",")
				switch {
				case strings.HasPrefix(line, `{"Effect": "Allow"`):
					allows = append(allows, line)
				case strings.HasPrefix(line, `{"Effect": "Deny"`):
					denies = append(denies, line)
				}
			}
		}
	}
	require.NotEmpty(t, allows)
	require.NotEmpty(t, denies)
	return allows, denies
}

func document(statements []string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// openPaths returns the open paths of a policy by what they are, not by where.
func openPaths(c *trust.Classification) []string {
	var open []string
	for _, p := range c.Paths {
		if p.Open() {
			open = append(open, p.PrincipalType+" "+p.Principal+" "+strings.Join(p.Actions, " "))
		}
	}
	return open
}

func TestDenyNeverOpensAPath(t *testing.T) {
	t.Parallel()
	allows, denies := statements(t)
	for _, allow := range allows {
		before := trust.Classify(role(exampleARN, document([]string{allow})), testOptions)
		for _, deny := range denies {
			after := trust.Classify(role(exampleARN, document([]string{allow, deny})), testOptions)
			require.Len(t, after.Paths, len(before.Paths))
			for i, p := range after.Paths {
				was := before.Paths[i]
				require.Equal(t, was.Principal, p.Principal)
				require.False(t, p.Open() && !was.Open(), "%s\n%s", allow, deny)
				require.Subset(t, was.Actions, p.Actions)
				if p.Who == trust.WhoAnyone {
					require.Equal(t, trust.WhoAnyone, was.Who, "%s\n%s", allow, deny)
				}
				for _, demand := range [][2]bool{
					{was.MFA, p.MFA}, {was.ExternalID, p.ExternalID}, {was.SSOSession, p.SSOSession}, {was.Denied, p.Denied},
				} {
					require.False(t, demand[0] && !demand[1], "a Deny took a demand away: %s\n%s", allow, deny)
				}
			}
		}
	}
}

func TestOrderOfStatementsDoesNotMatter(t *testing.T) {
	t.Parallel()
	allows, denies := statements(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		var list []string
		for range 1 + random.IntN(4) {
			list = append(list, allows[random.IntN(len(allows))])
		}
		for range random.IntN(4) {
			list = append(list, denies[random.IntN(len(denies))])
		}
		want := summary(trust.Classify(role(exampleARN, document(list)), testOptions))
		random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		require.Equal(t, want, summary(trust.Classify(role(exampleARN, document(list)), testOptions)), document(list))
	}
}

// summary is what must not depend on the order of statements.
func summary(c *trust.Classification) string {
	paths := openPaths(c)
	for _, p := range c.Paths {
		paths = append(paths, fmt.Sprint(p.Principal, p.Kind, p.Who, p.Account, p.Relation, p.MFA, p.ExternalID, p.Denied))
	}
	slices.Sort(paths)
	var dangers []string
	for _, d := range c.Dangers {
		dangers = append(dangers, fmt.Sprint(d.Severity, d.Code, d.Principal))
	}
	slices.Sort(dangers)
	return fmt.Sprint(c.Kind, c.Provider, paths, dangers)
}

// TestDenyUnlessIsADemand holds that a Deny unless a condition demands the same as the
// condition in the Allow.
func TestDenyUnlessIsADemand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, demand, unless string }{
		{"organization", `{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}`, `{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}`},
		{"account", `{"StringEquals":{"aws:PrincipalAccount":"123456789012"}}`, `{"StringNotEqualsIfExists":{"aws:PrincipalAccount":"123456789012"}}`},
		{"role", `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/ci-*"}}`, `{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/ci-*"}}`},
		{"network", `{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`, `{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`},
		{"external id", `{"StringLike":{"sts:ExternalId":"acme-*"}}`, `{"StringNotLike":{"sts:ExternalId":"acme-*"}}`},
		{"MFA", `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`, `{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}`},
		{"MFA if present", `{"BoolIfExists":{"aws:MultiFactorAuthPresent":"true"}}`, `{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`},
		{"recent MFA", `{"NumericLessThanEquals":{"aws:MultiFactorAuthAge":"60"}}`, `{"NumericGreaterThanIfExists":{"aws:MultiFactorAuthAge":"60"}}`},
		{"organization paths", `{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}}`, `{"ForAllValues:StringNotLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			allow := `{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`
			demanded := strings.TrimSuffix(allow, "}") + `,"Condition":` + c.demand + "}"
			deny := strings.Replace(strings.TrimSuffix(allow, "}"), "Allow", "Deny", 1) + `,"Condition":` + c.unless + "}"
			want := trust.Classify(role(exampleARN, document([]string{demanded})), nil)
			got := trust.Classify(role(exampleARN, document([]string{allow, deny})), nil)
			require.Equal(t, want, got)
		})
	}
}

func TestClassifyWithoutPolicy(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, trust.Classify(nil, nil).Err, nhiscan.ErrNoDocument)

	c := trust.Classify(&nhiscan.Role{Name: "example"}, nil)
	require.ErrorIs(t, c.Err, nhiscan.ErrNoDocument)
	require.Equal(t, trust.KindUnknown, c.Kind)
	require.Empty(t, c.Paths)
	require.Empty(t, c.Dangers)

	linked := &nhiscan.Role{Name: "AWSServiceRoleForSupport", Path: "/aws-service-role/support.amazonaws.com/"}
	require.Equal(t, trust.KindServiceLinked, trust.Classify(linked, nil).Kind)
}

func TestClassifyMalformedPolicy(t *testing.T) {
	t.Parallel()
	c := trust.Classify(role(exampleARN, `{"Version":"2012-10-17","Statement":[{"Effect":"allow"}]}`), nil)
	require.ErrorContains(t, c.Err, "role example: trust policy: ")
	require.Equal(t, trust.KindUnknown, c.Kind)
	require.Empty(t, c.Paths)
	require.Len(t, c.Dangers, 1)
	require.Equal(t, trust.DangerMalformed, c.Dangers[0].Code)
}

func FuzzClassify(f *testing.F) {
	allows, denies := statements(f)
	for i, allow := range allows {
		f.Add(exampleARN, document([]string{allow, denies[i%len(denies)]}))
	}
	f.Add("", `{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:role/"},"Action":"*"}}`)
	f.Fuzz(func(t *testing.T, arn, policy string) {
		r := role(arn, policy)
		c := trust.Classify(r, testOptions)
		if c.Err != nil {
			require.Empty(t, c.Paths)
			return
		}
		require.Equal(t, c, trust.Classify(r, testOptions), "the answer changes")
		rank := trust.Severities()
		require.True(t, slices.IsSortedFunc(c.Dangers, func(a, b trust.Danger) int {
			return slices.Index(rank, a.Severity) - slices.Index(rank, b.Severity)
		}))
		for _, d := range c.Dangers {
			require.Contains(t, rank, d.Severity)
			require.NotEmpty(t, d.Message)
			require.NotEmpty(t, d.Fix)
		}
		for _, p := range c.Paths {
			require.NotEmpty(t, p.Actions)
			require.Equal(t, !p.Open(), p.Who == trust.WhoNobody)
		}
	})
}
