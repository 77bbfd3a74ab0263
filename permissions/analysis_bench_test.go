package permissions_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/synth"
	"github.com/nhiscan/nhiscan/permissions"
)

// BenchmarkAnalysis shows how the work grows with an account, up to one at its quotas.
func BenchmarkAnalysis(b *testing.B) {
	for _, part := range []int{16, 4, 1} {
		account := synth.Account(synth.Quota.Scale(1/float64(part)), 1)
		b.Run(fmt.Sprintf("New/1of%d", part), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				permissions.New(account, nil)
			}
		})
		b.Run(fmt.Sprintf("NewAndIdentities/1of%d", part), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NotEmpty(b, permissions.New(account, nil).Identities())
			}
		})
		x := permissions.New(account, nil)
		b.Run(fmt.Sprintf("WhoCan/1of%d", part), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NotEmpty(b, x.WhoCan("iam:PassRole", "", nil))
			}
		})
	}
}
