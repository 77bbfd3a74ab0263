package permissions_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/synth"
	"github.com/nhiscan/nhiscan/permissions"
)

// What is worked out on first use, and the lists that answers share, must stand many
// goroutines that ask at once.
func TestAnalysisFromManyGoroutines(t *testing.T) {
	t.Parallel()
	account := synth.Account(synth.Size{Users: 60, Roles: 60, Groups: 6, Policies: 60}, 3)
	want := permissions.New(account, nil).Identities()

	x := permissions.New(account, nil)
	arns := x.Principals()
	var wait sync.WaitGroup
	for start := range 4 {
		wait.Go(func() {
			for i := range arns {
				n := (i + start*len(arns)/4) % len(arns)
				got, ok := x.Identity(arns[n])
				if !ok || got.Access != want[n].Access || len(got.Dangerous) != len(want[n].Dangerous) || len(got.Escalations) != len(want[n].Escalations) {
					t.Errorf("%s: another answer than from one goroutine", arns[n])
				}
				x.WhoCan("iam:PassRole", "", nil)
			}
		})
	}
	wait.Wait()
	require.Equal(t, exported(want), exported(x.Identities()))
}

// exported leaves the parts of answers that differ between analyses in memory only.
func exported(list []permissions.Permissions) []permissions.Permissions {
	for i := range list {
		list[i].Wildcards = nil
		list[i].Admin.Grants = nil
		list[i].Admin.Escalation = nil
		for j := range list[i].Escalations {
			list[i].Escalations[j].Hops = nil
		}
	}
	return list
}
