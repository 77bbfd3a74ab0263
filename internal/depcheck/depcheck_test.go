// Package depcheck holds the module's packages to the arrows that its design
// draws: what each may import, of this module and of others.
package depcheck_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/testcache"
)

const module = "github.com/nhiscan/nhiscan"

// A rule is what a package may import outside of the standard library: packages
// of this module by their path below it ("." is the root), modules by a prefix.
type rule struct {
	packages []string
	modules  []string
}

var awsSDK = []string{"github.com/aws/aws-sdk-go-v2", "github.com/aws/smithy-go"}

// rules is the import table of the design. A package that is not here fails the
// test, so a new one has to say what it may import.
var rules = map[string]rule{
	"policydoc":   {},
	".":           {packages: []string{"policydoc", "internal/atomicfile"}, modules: []string{"github.com/go-json-experiment/json"}},
	"collect":     {packages: []string{".", "policydoc"}, modules: append([]string{"golang.org/x/sync"}, awsSDK...)},
	"session":     {modules: awsSDK},
	"trust":       {packages: []string{".", "policydoc"}},
	"nhi":         {packages: []string{".", "policydoc", "trust"}},
	"permissions": {packages: []string{".", "internal/awsmanaged", "policydoc", "trust"}},
	"demo":        {packages: []string{"."}},
	"manage":      {packages: []string{".", "collect", "permissions", "policydoc", "session", "trust"}, modules: awsSDK},
	"mcpserver": {
		packages: []string{".", "collect", "internal/answer", "internal/mcptransport", "internal/redact", "internal/render", "internal/toolschema", "manage", "nhi", "permissions", "policydoc", "session", "trust"},
		modules:  append([]string{"github.com/go-json-experiment/json", "github.com/mark3labs/mcp-go", "golang.org/x/sync"}, awsSDK...),
	},

	"internal/render":     {packages: []string{".", "collect", "manage", "nhi", "permissions", "policydoc", "trust"}, modules: []string{"github.com/go-json-experiment/json", "github.com/mattn/go-runewidth", "golang.org/x/sync"}},
	"internal/answer":     {packages: []string{".", "collect", "internal/awsmanaged", "internal/render", "nhi", "permissions", "policydoc", "trust"}},
	"internal/atomicfile": {},
	"internal/awsmanaged": {},
	"internal/commandline": {
		packages: []string{".", "demo", "internal/answer", "internal/render", "nhi", "permissions", "policydoc", "trust"},
		modules:  []string{"github.com/spf13/cobra", "github.com/spf13/pflag"},
	},
	"internal/fakeiam":      {packages: []string{"."}},
	"internal/gendata":      {},
	"internal/mcptransport": {modules: []string{"github.com/mark3labs/mcp-go", "github.com/coreos/go-oidc/v3"}},
	"internal/redact":       {},
	"internal/scripttest":   {modules: []string{"github.com/rogpeppe/go-internal"}},
	"internal/synth":        {packages: []string{"."}},
	"internal/testcache":    {},
	"internal/toolschema":   {},

	"cmd/nhiscan": {
		packages: []string{".", "collect", "demo", "internal/answer", "internal/atomicfile", "internal/commandline", "internal/render", "manage", "nhi", "permissions", "policydoc", "session", "trust"},
		modules:  append([]string{"github.com/schollz/progressbar/v3", "github.com/spf13/cobra", "github.com/spf13/pflag", "golang.org/x/sync", "golang.org/x/term"}, awsSDK...),
	},
	"cmd/nhiscan-mcp": {
		packages: []string{"collect", "demo", "internal/commandline", "internal/mcptransport", "internal/redact", "manage", "mcpserver", "policydoc", "session"},
		modules:  []string{"github.com/spf13/cobra", "github.com/spf13/pflag", "golang.org/x/term"},
	},
	"examples/*":                    {packages: []string{".", "collect", "demo", "manage", "nhi", "permissions", "policydoc", "session", "trust"}, modules: awsSDK},
	"internal/tools/*":              {packages: []string{".", "internal/gendata", "internal/synth", "nhi", "policydoc", "trust"}},
	"internal/tools/mcpbench":       {modules: []string{"golang.org/x/sync"}},
	"internal/tools/mcpconformance": {packages: []string{"internal/mcptransport"}, modules: []string{"github.com/mark3labs/mcp-go"}},
	"internal/depcheck":             {},
	"e2e":                           {},
	"examples":                      {},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range list(t) {
		name := below(p.ImportPath)
		r, ok := ruleFor(name)
		if !ok {
			t.Errorf("package %s has no rule in %s: say what it may import", name, t.Name())
			continue
		}
		for _, imported := range p.Imports {
			if !allowed(r, imported) {
				t.Errorf("package %s must not import %s", name, imported)
			}
		}
	}
}

// TestRulesAreUsed fails when a rule outlives its package.
func TestRulesAreUsed(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, p := range list(t) {
		names[below(p.ImportPath)] = true
	}
	for pattern := range rules {
		found := false
		for name := range names {
			found = found || matches(pattern, name)
		}
		require.True(t, found, "no package for the rule %q", pattern)
	}
}

func list(t *testing.T) []goPackage {
	t.Helper()
	require.NoError(t, testcache.DependOn("../.."))
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())

	var packages []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		packages = append(packages, p)
	}
	require.NotEmpty(t, packages)
	return packages
}

func below(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func ruleFor(name string) (rule, bool) {
	if r, ok := rules[name]; ok {
		return r, true
	}
	for pattern, r := range rules {
		if matches(pattern, name) {
			return r, true
		}
	}
	return rule{}, false
}

func matches(pattern, name string) bool {
	ok, _ := path.Match(pattern, name) // the patterns are constants and well formed
	return ok
}

func allowed(r rule, imported string) bool {
	if imported == module || strings.HasPrefix(imported, module+"/") {
		return has(r.packages, below(imported), func(allowed, got string) bool { return allowed == got })
	}
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") {
		return true // the standard library
	}
	return has(r.modules, imported, func(allowed, got string) bool {
		return got == allowed || strings.HasPrefix(got, allowed+"/")
	})
}

func has(list []string, want string, match func(allowed, got string) bool) bool {
	for _, x := range list {
		if match(x, want) {
			return true
		}
	}
	return false
}
