package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNewest(t *testing.T) {
	t.Parallel()
	policies, err := newest([]byte(`{
		"B": {"arn": "arn:aws:iam::aws:policy/service-role/B", "latestVersionId": "v1", "versions": {"v1": {"document": {"a": 1}}}},
		"A": {"arn": "arn:aws:iam::aws:policy/A", "latestVersionId": "v2", "versions": {
			"v1": {"document": {"Version": "2012-10-17"}},
			"v2": {"document": {"Statement": [],  "Version": "2012-10-17"}}}}}`))
	require.NoError(t, err)
	require.Equal(t, []policy{
		{"A", "v2", []byte(`{"Statement":[],"Version":"2012-10-17"}`)},
		{"service-role/B", "v1", []byte(`{"a":1}`)},
	}, policies)

	_, err = newest([]byte(`{"A": {"arn": "arn:aws:iam::aws:policy/A", "latestVersionId": "v3", "versions": {}}}`))
	require.EqualError(t, err, `policy "A": its latest version "v3" is missing`)
	_, err = newest([]byte(`{"A": {"arn": "arn:aws:iam::1:policy/A", "latestVersionId": "v1", "versions": {"v1": {"document": {}}}}}`))
	require.EqualError(t, err, `policy "A": ARN "arn:aws:iam::1:policy/A" is not that of an AWS managed policy`)
	_, err = newest([]byte(`[]`))
	require.Error(t, err)
}

func TestPack(t *testing.T) {
	t.Parallel()
	long := []byte(strings.Repeat("x", blockSize-1))
	policies := []policy{{"A", "v1", []byte("ab")}, {"B", "v2", long}, {"C", "v3", []byte("c")}}
	index, blocks, err := pack(policies)
	require.NoError(t, err)
	_, lines, _ := strings.Cut(string(index), "\n\n")
	require.Regexp(t, `^A v1 2\n \d+\nB v2 65535\nC v3 1\n \d+\n$`, lines)

	again, same, err := pack(policies)
	require.NoError(t, err)
	require.Equal(t, index, again)
	require.Equal(t, blocks, same)
}
