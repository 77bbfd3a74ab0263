package nhiscan_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// oddTexts are texts that formats tend to lose.
var oddTexts = []string{"", " ", "\n{\"a\":1}", "é\u2028\x00\x1b[31m", "%7B", "%", "100%", "\\u0041", "\"", "<a&b>", "{", "{}", "[1]", "null", "𝄞"}

// disturb makes an account that knows less and holds odder things.
func disturb(a *nhiscan.Account, r *rand.Rand) {
	odd := func() string { return oddTexts[r.IntN(len(oddTexts))] }
	document := func() nhiscan.PolicyDocument {
		return nhiscan.NewPolicyDocument([]string{odd(), `{"Statement": [], "Statement": []}`, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow"}}` + odd()}[r.IntN(3)])
	}
	for i := range a.Users {
		u := &a.Users[i]
		u.Known &= nhiscan.Facts(r.Uint32())
		u.Tags = append(u.Tags, nhiscan.Tag{Key: fmt.Sprintf("z%d", i), Value: odd()})
		u.ServiceSpecificCredentials = []nhiscan.ServiceSpecificCredential{{ID: odd(), Service: odd(), Active: r.IntN(2) == 0, ExpirationDate: synth.CollectedAt.Add(time.Duration(r.Int64N(1e15)))}}
		u.SSHPublicKeys = []nhiscan.SSHPublicKey{{ID: odd()}}
		u.MFADevices = []nhiscan.MFADevice{{Kind: nhiscan.MFAKind(odd()), SerialNumber: odd()}}
	}
	for i := range a.Roles {
		role := &a.Roles[i]
		role.Known &= nhiscan.Facts(r.Uint32())
		role.Description = odd()
		role.LastUsed = nhiscan.LastUse{Known: r.IntN(2) == 0}
		role.TrustPolicy = document()
		role.InlinePolicies = []nhiscan.InlinePolicy{{Name: "a" + odd(), Document: document()}, {Name: "b", Document: document()}}
	}
	for i := range a.Groups {
		a.Groups[i].Known &= nhiscan.Facts(r.Uint32())
		a.Groups[i].Members = append(a.Groups[i].Members, "~"+odd())
	}
	for i := range a.Policies {
		a.Policies[i].Description = odd()
		a.Policies[i].Versions[0].Document = document()
	}
	a.Gaps = append(a.MalformedDocuments(), nhiscan.Gap{Operation: "iam:ListUsers", Resource: odd(), Code: nhiscan.GapInterrupted, Message: odd()})
	a.Sort()
	a.Gaps = slices.Compact(a.Gaps)
}

// Reading what was written gives the account that was written, and writing that
// gives the same bytes.
func TestWriteReadIdentity(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1))
			account := synth.Account(synth.Size{Users: r.IntN(20), Roles: r.IntN(20), Groups: r.IntN(4), Policies: r.IntN(20)}, seed)
			if seed%2 == 0 {
				disturb(account, r)
			}
			text := written(t, account)
			got, err := nhiscan.Read(strings.NewReader(text))
			require.NoError(t, err)
			require.Equal(t, account, got)
			require.Equal(t, text, written(t, got))
		})
	}
}

// The order in which an account lists things makes no difference, and Write
// leaves it as it is.
func TestWriteDeterministic(t *testing.T) {
	t.Parallel()
	account := synth.Account(synth.Size{Users: 30, Roles: 30, Groups: 5, Policies: 30}, 7)
	want := written(t, account)
	slices.Reverse(account.Users)
	slices.Reverse(account.Roles)
	slices.Reverse(account.Policies)
	for i := range account.Roles {
		slices.Reverse(account.Roles[i].Tags)
		slices.Reverse(account.Roles[i].AttachedPolicies)
	}
	first := account.Users[0].ARN
	require.Equal(t, want, written(t, account))
	require.Equal(t, first, account.Users[0].ARN)
}

type failingWriter struct{ room int }

var errNoRoom = errors.New("no room")

func (w *failingWriter) Write(p []byte) (int, error) {
	if len(p) > w.room {
		return 0, errNoRoom
	}
	w.room -= len(p)
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	account := synth.Account(synth.Size{Users: 500, Roles: 500, Groups: 5, Policies: 500}, 1)
	for _, room := range []int{0, 300 << 10, 900 << 10} {
		require.ErrorIs(t, account.Write(&failingWriter{room: room}), errNoRoom)
	}
	bad := &nhiscan.Account{Users: []nhiscan.User{{Name: "\xff"}}}
	require.ErrorContains(t, bad.Write(io.Discard), `write account: "\xff": `)
	old := &nhiscan.Account{CollectedAt: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)}
	require.EqualError(t, old.Write(io.Discard), "write account: CollectedAt: the year 12026 cannot be written")
}

func TestWriteFile(t *testing.T) {
	t.Parallel()
	account := synth.Account(synth.Size{Users: 5, Roles: 5, Groups: 1, Policies: 5}, 1)
	dir := t.TempDir()
	for _, name := range []string{"account.json", "account.json.gz"} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte("older and readable by all"), 0o644))
		require.NoError(t, account.WriteFile(path))
		got, err := nhiscan.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, account, got)
		info, err := os.Stat(path)
		require.NoError(t, err)
		if runtime.GOOS != "windows" {
			require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		}
	}
	zipped, err := os.ReadFile(filepath.Join(dir, "account.json.gz"))
	require.NoError(t, err)
	_, err = gzip.NewReader(bytes.NewReader(zipped))
	require.NoError(t, err)
	requireFiles(t, dir, "account.json", "account.json.gz")
}

// requireFiles shows that nothing is left behind in a directory.
func requireFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	require.Equal(t, want, got)
}

func TestWriteFileErrors(t *testing.T) {
	t.Parallel()
	account := synth.Account(synth.Size{Users: 1}, 1)

	dir := t.TempDir()
	require.ErrorContains(t, account.WriteFile(dir), "it is a directory; give the name of a file")
	require.ErrorIs(t, account.WriteFile(filepath.Join(dir, "none", "a.json")), os.ErrNotExist)

	kept := filepath.Join(dir, "kept.json")
	require.NoError(t, os.WriteFile(kept, []byte("kept"), 0o600))
	account.Users[0].Name = "\xff"
	require.Error(t, account.WriteFile(kept))
	text, err := os.ReadFile(kept)
	require.NoError(t, err)
	require.Equal(t, "kept", string(text))
	requireFiles(t, dir, "kept.json")
}
