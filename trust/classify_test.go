package trust_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

var update = flag.Bool("update", false, "rewrite the golden parts of testdata")

// testOptions knows an account of one's own, a vendor, and another name for one
// that the embedded list has.
var testOptions = &trust.Options{Accounts: map[string]trust.KnownAccount{
	"222222222222": {Name: "shared services", Relation: trust.RelationInternal},
	"333333333333": {Name: "Acme Consulting", Relation: trust.RelationVendor},
	"324880187172": {Name: "build", Relation: trust.RelationInternal},
}}

// TestClassify runs the policies of testdata: each has a file NAME.json, the
// answer in NAME.want, and where it matters the role's ARN in NAME.role.
func TestClassify(t *testing.T) {
	t.Parallel()
	archives, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, archives)
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		require.NoError(t, err)
		group := strings.TrimSuffix(filepath.Base(path), ".txtar")
		for _, name := range caseNames(archive) {
			want := file(archive, name+".want")
			require.NotNil(t, want, "%s: %s has no .want", path, name)
			got := describe(trust.Classify(caseRole(archive, name), testOptions))
			if *update {
				want.Data = []byte(got)
				continue
			}
			t.Run(group+"/"+name, func(t *testing.T) {
				t.Parallel()
				require.NotEmpty(t, want.Data, "run go test -update, then read the answer")
				require.Equal(t, string(want.Data), got)
			})
		}
		if *update {
			require.NoError(t, os.WriteFile(path, txtar.Format(archive), 0o644))
		}
	}
}

func caseNames(archive *txtar.Archive) []string {
	var names []string
	for _, f := range archive.Files {
		if name, ok := strings.CutSuffix(f.Name, ".json"); ok {
			names = append(names, name)
		}
	}
	return names
}

func file(archive *txtar.Archive, name string) *txtar.File {
	for i := range archive.Files {
		if archive.Files[i].Name == name {
			return &archive.Files[i]
		}
	}
	return nil
}

func caseRole(archive *txtar.Archive, name string) *nhiscan.Role {
	arn := "arn:aws:iam::123456789012:role/example"
	if f := file(archive, name+".role"); f != nil {
		arn = strings.TrimSpace(string(f.Data))
	}
	return role(arn, string(file(archive, name+".json").Data))
}

func role(arn, policy string) *nhiscan.Role {
	return &nhiscan.Role{
		ARN: arn, Name: arn[strings.LastIndexByte(arn, '/')+1:],
		TrustPolicy: nhiscan.NewPolicyDocument(policy),
	}
}

// describe prints a classification for goldens: the kind, then a line for each
// path with what is set of it, then one for each danger.
func describe(c *trust.Classification) string {
	var b strings.Builder
	fmt.Fprintf(&b, "kind %s", or(string(c.Kind), "unknown"))
	if c.Provider != "" {
		fmt.Fprintf(&b, " (%s)", c.Provider)
	}
	b.WriteString("\n")
	if c.Err != nil {
		fmt.Fprintf(&b, "error %v\n", c.Err)
	}
	for _, p := range c.Paths {
		b.WriteString(describePath(p))
	}
	for _, d := range c.Dangers {
		fmt.Fprintf(&b, "%s %s, statement %d: %s\n", d.Severity, d.Code, d.Statement, d.Message)
	}
	return b.String()
}

func describePath(p trust.Path) string {
	var b strings.Builder
	fmt.Fprintf(&b, "path %d %s %s: %s %s, %s", p.Statement, p.PrincipalType, p.Principal,
		or(string(p.Kind), "unknown"), or(string(p.Who), "unknown"), strings.Join(p.Actions, " "))
	for _, f := range []struct{ name, value string }{
		{"account", p.Account}, {"relation", string(p.Relation)}, {"vendor", p.Vendor}, {"account name", p.AccountName},
		{"organization", p.Organization}, {"service", p.Service}, {"provider", p.Provider},
		{"subjects", strings.Join(p.Subjects, " ")},
	} {
		if f.value != "" {
			fmt.Fprintf(&b, "; %s %s", f.name, f.value)
		}
	}
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"whole account", p.WholeAccount}, {"deleted", p.Deleted}, {"external id", p.ExternalID}, {"MFA", p.MFA},
		{"MFA if present", p.MFAIfPresent}, {"user name session", p.UserNameSession},
		{"console audience", p.ConsoleAudience}, {"SSO session", p.SSOSession}, {"denied", p.Denied},
	} {
		if f.set {
			b.WriteString("; " + f.name)
		}
	}
	if len(p.PartlyDenied) > 0 {
		fmt.Fprintf(&b, "; partly denied by %v", p.PartlyDenied)
	}
	b.WriteString("\n")
	return b.String()
}

func or(s, empty string) string {
	if s == "" {
		return empty
	}
	return s
}
