package render_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
)

const schemaBase = "https://github.com/nhiscan/nhiscan/schema/"

// compile reads all schemas and returns the named one. The published schemas
// allow further keys, since later versions may add some; here every key that is
// printed must be described, so strict closes the objects.
func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	files, err := filepath.Glob("../../schema/*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		strict(doc)
		require.NoError(t, compiler.AddResource(schemaBase+filepath.Base(file), doc))
	}
	schema, err := compiler.Compile(schemaBase + name)
	require.NoError(t, err)
	return schema
}

// strict forbids keys without a description in all objects of a schema. Objects
// that others extend through $ref are closed where they are used.
func strict(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		if _, ok := s["properties"]; ok && s["required"] != nil && s["type"] == "object" {
			s["unevaluatedProperties"] = false
		}
		for key, sub := range s {
			if key == "identity" && s["whole_identity"] == nil {
				strictInside(sub)
				continue
			}
			strict(sub)
		}
	case []any:
		for _, sub := range s {
			strict(sub)
		}
	}
}

// strictInside closes the objects of a schema but leaves it open itself.
func strictInside(schema any) {
	if s, ok := schema.(map[string]any); ok {
		for _, sub := range s {
			strict(sub)
		}
	}
}

func TestJSONIsOfItsSchema(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		schema string
		emit   func(io.Writer) error
	}{
		"scan":  {"scan-v1.json", func(w io.Writer) error { return render.ScanJSON(w, testScan()) }},
		"root":  {"caller-v1.json", func(w io.Writer) error { return render.CallerJSON(w, &render.Caller{Type: "root", Time: now}) }},
		"role":  {"caller-v1.json", func(w io.Writer) error { return render.CallerJSON(w, testCaller(testIdentity("partner-sync"))) }},
		"empty": {"scan-v1.json", func(w io.Writer) error { return render.ScanJSON(w, emptyScan()) }},
	}
	for _, id := range testScan().Identities {
		cases["identity "+id.Name] = struct {
			schema string
			emit   func(io.Writer) error
		}{"identity-v1.json", func(w io.Writer) error { return render.IdentityJSON(w, testIdentity(id.Name)) }}
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			require.NoError(t, c.emit(&out))
			requireValid(t, compile(t, c.schema), &out)
		})
	}
}

// What the packages really produce is of the schema too.
func TestDemoJSONIsOfItsSchema(t *testing.T) {
	t.Parallel()
	account, err := demo.Account()
	require.NoError(t, err)
	report := nhi.Classify(account, &nhi.Options{Now: demo.Now()})
	analysis := permissions.New(account, nil)
	scan := &render.Scan{Report: report, Threshold: 0.5, Permissions: map[string]*permissions.Permissions{}}
	for _, p := range analysis.Identities() {
		scan.Permissions[p.ARN] = &p
	}
	whole := compile(t, "identity-v1.json")
	for i := range report.Identities {
		scan.Identities = append(scan.Identities, &report.Identities[i])
		var out bytes.Buffer
		id := &render.Identity{Account: account, Time: report.Time, Identity: &report.Identities[i], Threshold: 0.5, Permissions: scan.Permissions[report.Identities[i].ARN]}
		require.NoError(t, render.IdentityJSON(&out, id))
		requireValid(t, whole, &out)
	}
	var out bytes.Buffer
	require.NoError(t, render.ScanJSON(&out, scan))
	requireValid(t, compile(t, "scan-v1.json"), &out)
}

func requireValid(t *testing.T, schema *jsonschema.Schema, text io.Reader) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(text)
	require.NoError(t, err)
	require.NoError(t, schema.Validate(doc))
}
