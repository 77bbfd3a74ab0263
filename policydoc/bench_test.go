package policydoc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/policydoc"
)

const trustPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},` +
	`"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"d1c9a0"},"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`

func BenchmarkParse(b *testing.B) {
	texts := map[string]string{"trust": trustPolicy}
	for _, name := range []string{"AWSBackupFullAccess", "ReadOnlyAccess"} {
		text, _, ok := awsmanaged.Document("arn:aws:iam::aws:policy/" + name)
		require.True(b, ok)
		texts[name] = text
	}
	for _, name := range []string{"trust", "AWSBackupFullAccess", "ReadOnlyAccess"} {
		b.Run(name, func(b *testing.B) {
			text := texts[name]
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := policydoc.Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPrint(b *testing.B) {
	d, err := policydoc.Parse(trustPolicy)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		_ = d.String()
	}
}

func BenchmarkMatchAction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		policydoc.MatchAction("iam:*Role*Policy", "iam:AttachRolePolicy")
	}
}
