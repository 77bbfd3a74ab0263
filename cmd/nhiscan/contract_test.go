package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/nhi"
)

// constants returns the values of the string constants of the named type in the
// package in dir.
func constants(t *testing.T, dir, typeName string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	var values []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if name, ok := spec.Type.(*ast.Ident); ok && name.Name == typeName {
				for _, value := range spec.Values {
					text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
					require.NoError(t, err)
					values = append(values, text)
				}
			}
			return true
		})
	}
	require.NotEmpty(t, values)
	return values
}

// The words that flags take and that the schema names are those of the packages.
func TestWordsAreThoseOfThePackages(t *testing.T) {
	t.Parallel()
	require.ElementsMatch(t, constants(t, "../../nhi", "Category"), toStrings(nhi.Categories()))
	require.ElementsMatch(t, constants(t, "../../nhi", "Verdict"), toStrings(verdicts))
	require.ElementsMatch(t, constants(t, "../../nhi", "IdentityType"), toStrings(identityTypes))

	text, err := os.ReadFile("../../schema/scan-v1.json")
	require.NoError(t, err)
	type enum struct{ Enum []string }
	var schema struct {
		Defs struct {
			Classification struct {
				Properties struct{ Category, Verdict enum }
			}
			Trust struct {
				Properties struct{ Kind enum }
			}
			Path struct {
				Properties struct{ Who, Relation enum }
			}
		} `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(text, &schema))
	require.ElementsMatch(t, toStrings(nhi.Categories()), schema.Defs.Classification.Properties.Category.Enum)
	require.ElementsMatch(t, toStrings(verdicts), schema.Defs.Classification.Properties.Verdict.Enum)
	unknown := func(values []string) []string {
		for i, v := range values {
			if v == "" {
				values[i] = "unknown"
			}
		}
		return values
	}
	require.ElementsMatch(t, unknown(constants(t, "../../trust", "Kind")), schema.Defs.Trust.Properties.Kind.Enum)
	require.ElementsMatch(t, unknown(constants(t, "../../trust", "Who")), schema.Defs.Path.Properties.Who.Enum)
	require.ElementsMatch(t, constants(t, "../../trust", "Relation"), schema.Defs.Path.Properties.Relation.Enum)
}
