package nhi_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

func TestClassifyTime(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2024, 1, n, 0, 0, 0, 0, time.UTC) }
	account := func() *nhiscan.Account {
		return &nhiscan.Account{
			Users: []nhiscan.User{{Name: "a", CreateDate: day(1), Credentials: nhiscan.Credentials{
				AccessKeys: []nhiscan.AccessKey{{CreateDate: day(2), LastUsed: nhiscan.LastUse{Known: true, At: day(9)}}},
			}}},
			Roles: []nhiscan.Role{{Name: "r", CreateDate: day(3), LastUsed: nhiscan.LastUse{Known: true, At: day(8)}}},
		}
	}
	require.Equal(t, day(20), nhi.Classify(account(), &nhi.Options{Now: day(20)}).Time, "the time that is given")

	collected := account()
	collected.CollectedAt = day(12)
	require.Equal(t, day(12), nhi.Classify(collected, nil).Time, "the time of reading")

	require.Equal(t, day(9), nhi.Classify(account(), nil).Time, "the latest time that the account tells of")
	require.True(t, nhi.Classify(&nhiscan.Account{}, nil).Time.IsZero(), "there is nothing to tell one")
}
