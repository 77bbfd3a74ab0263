package main

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const locale = `
class Provider(PersonProvider):
    formats = ("{{first_name}} {{last_name}}",)
    # "Comment"
    first_names_male = (
        "Łukasz",
        "Jean-Luc",
        "Jürgen",
        "Bo",
        "Server",
    )
    first_names = first_names_male + first_names_female
    last_names: Tuple[str, ...] = ("Kowalski", "Kowalska", "Petrova", "Ivanov", "Иванов", "日本", "Łukasz")
    prefixes = ("Prof",)

    def name(self):
        return "Nobody"
`

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "person/xx_XX/__init__.py"), locale)
	write(t, filepath.Join(dir, "person/is_IS/__init__.py"), `    first_names = ("Leftout",)`)
	write(t, filepath.Join(dir, "person/en/__init__.py"), `    first_names = ("Registered", "Reg")`)
	write(t, filepath.Join(dir, "surname-endings.txt"), "# comment\nova\n")
	require.NoError(t, run(filepath.Join(dir, "person"), dir))

	given := read(t, filepath.Join(dir, "given-names.txt.gz"))
	for _, name := range []string{"lukasz", "jean", "luc", "jurgen", "juergen", "registered"} {
		require.Contains(t, "\n"+given, "\n"+name+"\n")
	}
	for _, name := range []string{"bo", "server", "leftout", "reg", "nobody", "comment", "prof", "kowalski"} {
		require.NotContains(t, "\n"+given, "\n"+name+"\n")
	}
	surnames := "\n" + read(t, filepath.Join(dir, "surnames.txt.gz"))
	for _, name := range []string{"kowalski", "ivanov"} {
		require.Contains(t, surnames, "\n"+name+"\n")
	}
	require.NotContains(t, surnames, "\npetrova\n", "known by its ending")
	require.NotContains(t, surnames, "\nlukasz\n", "is a given name")

	again := t.TempDir()
	write(t, filepath.Join(again, "surname-endings.txt"), "ova\n")
	require.NoError(t, run(filepath.Join(dir, "person"), again))
	require.Equal(t, given, read(t, filepath.Join(again, "given-names.txt.gz")))

	require.ErrorContains(t, run(dir, dir), "no locale directories")
}

func read(t *testing.T, path string) string {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	r, err := gzip.NewReader(f)
	require.NoError(t, err)
	text, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(text)
}
