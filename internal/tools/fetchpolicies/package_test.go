package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNewest(t *testing.T) {
	t.Parallel()
	policies, err := newest([]byte(`{"Audit": {"latestVersionId": "v2", "versions": {
		"v1": {"document": {"Version": "2012-10-17"}},
		"v2": {"document": {"Statement":[],"Version":"2012-10-17"}}}}}`))
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{
		"Audit": []byte("{\n  \"Statement\": [],\n  \"Version\": \"2012-10-17\"\n}\n"),
	}, policies)

	_, err = newest([]byte(`{"Audit": {"latestVersionId": "v3", "versions": {}}}`))
	require.EqualError(t, err, `policy "Audit": its latest version "v3" is missing`)
	_, err = newest([]byte(`[]`))
	require.Error(t, err)
}

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

	files, err := extract(bytes.NewReader(archive.Bytes()), []string{"LICENSE"})
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"LICENSE": []byte("free")}, files)

	_, err = extract(bytes.NewReader(archive.Bytes()), []string{"LICENSE", "dist/missing"})
	require.EqualError(t, err, "dist/missing is not in the archive; the package may have changed its layout")
	_, err = extract(bytes.NewReader([]byte("not gzip")), nil)
	require.Error(t, err)
}
