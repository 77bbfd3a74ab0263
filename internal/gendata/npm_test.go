package gendata

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestExtract(t *testing.T) {
	t.Parallel()
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	packed := tar.NewWriter(zipped)
	for name, text := range map[string]string{"package/LICENSE": "free", "package/dist/other": "x"} {
		require.NoError(t, packed.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644}))
		_, err := packed.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, packed.Close())
	require.NoError(t, zipped.Close())

	files, err := extract(bytes.NewReader(archive.Bytes()), func(path string) bool { return path == "LICENSE" })
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"LICENSE": []byte("free")}, files)
	require.NoError(t, Require(files, "LICENSE"))
	require.EqualError(t, Require(files, "LICENSE", "dist/missing"), "dist/missing is not in the archive; the package may have changed its layout")

	_, err = extract(bytes.NewReader([]byte("not gzip")), func(string) bool { return true })
	require.Error(t, err)
}

func TestCheck(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	files := map[string][]byte{"a": []byte("1"), "b": {}}
	require.EqualError(t, Check(dir, files), dir+` is out of date: ["a" "b"] differ; run go generate`)
	require.NoError(t, Write(dir, files))
	require.NoError(t, Check(dir, files))
	files["a"] = []byte("2")
	require.EqualError(t, Check(dir, files), dir+` is out of date: ["a"] differ; run go generate`)
}
