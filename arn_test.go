package nhiscan_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

func TestParseARN(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]nhiscan.ARN{
		"arn:aws:iam::123456789012:role/app/deploy": {Partition: "aws", Service: "iam", Account: "123456789012", Resource: "role/app/deploy"},
		"arn:aws-cn:logs:cn-north-1:1:group:a:b":    {Partition: "aws-cn", Service: "logs", Region: "cn-north-1", Account: "1", Resource: "group:a:b"},
		"arn:aws:s3:::bucket":                       {Partition: "aws", Service: "s3", Resource: "bucket"},
		"arn:::::":                                  {},
	} {
		got, ok := nhiscan.ParseARN(text)
		require.True(t, ok, text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "arn:", "arn:aws:iam::123456789012", "AROAEXAMPLE", "123456789012", "*"} {
		got, ok := nhiscan.ParseARN(text)
		require.False(t, ok, text)
		require.Zero(t, got)
	}
}
