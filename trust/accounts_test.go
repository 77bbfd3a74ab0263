package trust_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/trust"
)

func TestReadAccounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       map[string]trust.KnownAccount
		err        string
	}{
		{name: "empty", want: map[string]trust.KnownAccount{}},
		{
			name: "internal by default", text: "111122223333 shared services\n",
			want: map[string]trust.KnownAccount{"111122223333": {Name: "shared services", Relation: trust.RelationInternal}},
		},
		{
			name: "relation before or after the name",
			text: "111122223333 vendor Acme Monitoring\n222222222222\tlogging INTERNAL\n333333333333 Beta vendor",
			want: map[string]trust.KnownAccount{
				"111122223333": {Name: "Acme Monitoring", Relation: trust.RelationVendor},
				"222222222222": {Name: "logging", Relation: trust.RelationInternal},
				"333333333333": {Name: "Beta", Relation: trust.RelationVendor},
			},
		},
		{
			name: "comments, blanks, dashes, mark and line ends",
			text: "\ufeff# ours\r\n\r\n  1111-2222-3333 build #7 # the runners\r\n",
			want: map[string]trust.KnownAccount{"111122223333": {Name: "build", Relation: trust.RelationInternal}},
		},
		{name: "short id", text: "# ours\n1234 build", err: `read accounts: line 2: "1234" is not an account id; begin the line with its 12 digits`},
		{name: "no id", text: "build", err: "line 1"},
		{name: "no name", text: "111122223333", err: "line 1: account 111122223333 has no name; write one after the id"},
		{name: "relation for a name", text: "111122223333 vendor", err: "line 1: account 111122223333 has no name"},
		{name: "twice", text: "111122223333 a\n111122223333 b", err: "line 2: account 111122223333 is listed twice"},
		{name: "endless line", text: "111122223333 a\n" + strings.Repeat("x", 70000), err: "line 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := trust.ReadAccounts(strings.NewReader(c.text))
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				require.Nil(t, got)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestReadAccountsFailingReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := trust.ReadAccounts(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
}

func FuzzReadAccounts(f *testing.F) {
	f.Add("111122223333 vendor Acme\n# x\n")
	f.Add("1111-2222-3333 a #b")
	f.Fuzz(func(t *testing.T, text string) {
		accounts, err := trust.ReadAccounts(strings.NewReader(text))
		if err != nil {
			require.Nil(t, accounts)
			return
		}
		for id, a := range accounts {
			require.Len(t, id, 12)
			require.NotEmpty(t, a.Name)
			require.Contains(t, []trust.Relation{trust.RelationInternal, trust.RelationVendor}, a.Relation)
		}
	})
}
