package manage_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/session"
)

func testKey() manage.NewAccessKey {
	return manage.NewAccessKey{ID: oldKey, UserName: "bob", Secret: session.NewSecret(canary), CreateDate: made}
}

// canary is a secret that must be nowhere but in the file.
const canary = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEYS"

// keyDirectory is a new one, with a clock that stands still.
func keyDirectory(t *testing.T) (manage.KeyStore, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a", "keys")
	store, err := manage.KeyDirectory(dir)
	require.NoError(t, err)
	manage.SetKeyDirectory(store, func() time.Time { return made }, nil)
	return store, dir
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestKeyDirectory(t *testing.T) {
	t.Parallel()
	store, dir := keyDirectory(t)
	for _, made := range []string{dir, filepath.Dir(dir)} {
		info, err := os.Stat(made)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
	}
	slot, err := store.Reserve(accountID, "bob")
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, "123456789012-bob-20250301T120000Z.json"), slot.Where())
	before, err := os.Stat(slot.Where())
	require.NoError(t, err)
	require.NoError(t, slot.Save(testKey()))
	info, err := os.Stat(slot.Where())
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	require.Less(t, info.Size(), before.Size(), "the room that was taken is enough")
	text, err := os.ReadFile(slot.Where())
	require.NoError(t, err)
	require.JSONEq(t, `{"schema":"nhiscan/access-key/v1","account_id":"123456789012","user_name":"bob","access_key_id":"AKIAOLD0000000000001",
		"secret_access_key":"`+canary+`","create_date":"2025-03-01T12:00:00Z"}`, string(text))

	require.ErrorContains(t, slot.Save(testKey()), "was used before")
	require.NoError(t, slot.Discard(), "a key that was saved stays")
	require.FileExists(t, slot.Where())
}

func TestKeyDirectoryDiscard(t *testing.T) {
	t.Parallel()
	store, dir := keyDirectory(t)
	slot, err := store.Reserve(accountID, "bob")
	require.NoError(t, err)
	require.NoError(t, slot.Discard())
	require.NoError(t, slot.Discard())
	require.Empty(t, filesIn(t, dir))
	require.Error(t, slot.Save(testKey()))
}

// Many keys of one user in one second have files of their own.
// TestKeyDirectoryFileIsGone keeps no key where nobody would find it.
func TestKeyDirectoryFileIsGone(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(t *testing.T, dir, file string){
		"the file is removed": func(t *testing.T, _, file string) { require.NoError(t, os.Remove(file)) },
		"the file is replaced": func(t *testing.T, _, file string) {
			require.NoError(t, os.Remove(file))
			require.NoError(t, os.WriteFile(file, []byte("other"), 0o600))
		},
		"the directory is removed": func(t *testing.T, dir, _ string) { require.NoError(t, os.RemoveAll(dir)) },
		"the directory is moved":   func(t *testing.T, dir, _ string) { require.NoError(t, os.Rename(dir, dir+"-old")) },
		"the directory is replaced": func(t *testing.T, dir, file string) {
			require.NoError(t, os.Rename(dir, dir+"-old"))
			require.NoError(t, os.Mkdir(dir, 0o700))
			require.NoError(t, os.Symlink(filepath.Join(dir+"-old", filepath.Base(file)), file))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, dir := keyDirectory(t)
			slot, err := store.Reserve(accountID, "bob")
			require.NoError(t, err)
			meanwhile(t, dir, slot.Where())
			require.Error(t, slot.Save(testKey()))
			require.NoError(t, slot.Discard())
			if text, err := os.ReadFile(slot.Where()); err == nil {
				require.Equal(t, "other", string(text))
			}
			moved, err := os.ReadDir(dir + "-old")
			if err == nil {
				require.Empty(t, moved, "no secret stays behind")
			}
		})
	}
}

func TestKeyDirectoryNeverOverwrites(t *testing.T) {
	t.Parallel()
	store, dir := keyDirectory(t)
	const n = 40
	var wait sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wait.Go(func() {
			slot, err := store.Reserve(accountID, "bob")
			if err == nil {
				k := testKey()
				k.ID = "AKIA" + id(string(rune('A'+i%26))+string(rune('A'+i/26)))
				err = slot.Save(k)
			}
			errs[i] = err
		})
	}
	wait.Wait()
	ids := map[string]bool{}
	for _, err := range errs {
		require.NoError(t, err)
	}
	for _, name := range filesIn(t, dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		var f struct {
			ID string `json:"access_key_id"`
		}
		require.NoError(t, json.Unmarshal(text, &f))
		ids[f.ID] = true
	}
	require.Len(t, ids, n)
	require.FileExists(t, filepath.Join(dir, "123456789012-bob-20250301T120000Z-40.json"))
}

func TestKeyDirectoryNames(t *testing.T) {
	t.Parallel()
	store, dir := keyDirectory(t)
	for _, user := range []string{"../../etc/x", "a b:c\x00d", strings.Repeat("ü", 300), "", "ci+x=1,a@b.c"} {
		slot, err := store.Reserve("..", user)
		require.NoError(t, err)
		require.Equal(t, dir, filepath.Dir(slot.Where()))
		require.NoError(t, slot.Save(testKey()))
	}
	require.Len(t, filesIn(t, dir), 5)
	require.FileExists(t, filepath.Join(dir, "..-ci+x=1,a@b.c-20250301T120000Z.json"))
}

func TestKeyDirectoryRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		make func(t *testing.T, dir string)
		want string
	}{
		"open to the group":  {func(t *testing.T, dir string) { mkdir(t, dir, 0o750) }, "is open to others (mode 0750): chmod 700 it first"},
		"open to everybody":  {func(t *testing.T, dir string) { mkdir(t, dir, 0o701) }, "chmod 700"},
		"a file":             {func(t *testing.T, dir string) { require.NoError(t, os.WriteFile(dir, nil, 0o600)) }, "not a directory"},
		"a link":             {func(t *testing.T, dir string) { mkdir(t, dir+"2", 0o700); require.NoError(t, os.Symlink(dir+"2", dir)) }, "is a symbolic link"},
		"a link to nothing":  {func(t *testing.T, dir string) { require.NoError(t, os.Symlink(dir+"2", dir)) }, "key directory"},
		"below a file":       {func(t *testing.T, dir string) { require.NoError(t, os.WriteFile(filepath.Dir(dir), nil, 0o600)) }, "not a directory"},
		"below a broken one": {func(t *testing.T, dir string) { require.NoError(t, os.Symlink("nowhere", filepath.Dir(dir))) }, "key directory"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parent := filepath.Join(t.TempDir(), "parent")
			if !strings.HasPrefix(name, "below") {
				mkdir(t, parent, 0o700)
			}
			dir := filepath.Join(parent, "keys")
			c.make(t, dir)
			_, err := manage.KeyDirectory(dir)
			require.ErrorContains(t, err, c.want)
			_, err = manage.KeyDirectory(dir + "/")
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := manage.KeyDirectory("")
	require.Error(t, err)
}

func mkdir(t *testing.T, dir string, mode fs.FileMode) {
	t.Helper()
	require.NoError(t, os.Mkdir(dir, 0o700))
	require.NoError(t, os.Chmod(dir, mode)) // whatever the umask
}

// The directory is looked at again each time: it may have changed.
func TestKeyDirectoryChanges(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(t *testing.T, dir string){
		"opened": func(t *testing.T, dir string) { require.NoError(t, os.Chmod(dir, 0o755)) },
		"gone":   func(t *testing.T, dir string) { require.NoError(t, os.Remove(dir)) },
		"a link now": func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(dir))
			require.NoError(t, os.Symlink(t.TempDir(), dir))
		},
		"a file now": func(t *testing.T, dir string) {
			require.NoError(t, os.Remove(dir))
			require.NoError(t, os.WriteFile(dir, nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, dir := keyDirectory(t)
			change(t, dir)
			s, opts := newServer(), dated()
			opts.Keys = store
			r, err := attempt(t, s, manage.CreateAccessKey{UserName: "bob"}, opts)
			require.Equal(t, manage.CodeNotKept, awsError(t, err).Code)
			require.Equal(t, manage.StepFailed, r.Steps[0].Status)
			require.Zero(t, s.Calls()["CreateAccessKey"])
		})
	}
}

// The disk is full before there is a key.
func TestKeyDirectoryFullDisk(t *testing.T) {
	t.Parallel()
	store, dir := keyDirectory(t)
	manage.SetKeyDirectory(store, time.Now, func(f *os.File, _ int) error {
		_, err := f.WriteAt([]byte("half of it"), 0)
		require.NoError(t, err)
		return syscall.ENOSPC
	})
	s, opts := newServer(), dated()
	opts.Keys = store
	_, err := attempt(t, s, manage.CreateAccessKey{UserName: "bob"}, opts)
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorContains(t, err, "no access key was created")
	require.Empty(t, s.Mutations())
	require.Empty(t, filesIn(t, dir))
}

func TestKeyInDirectory(t *testing.T) {
	t.Parallel()
	store, dir := keyDirectory(t)
	s, opts := newServer(), dated()
	opts.Keys = store
	r, err := attempt(t, s, manage.CreateAccessKey{UserName: "bob"}, opts)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(dir, filesIn(t, dir)[0]), r.AccessKey.KeptIn)
	text, err := os.ReadFile(r.AccessKey.KeptIn)
	require.NoError(t, err)
	require.Contains(t, string(text), r.AccessKey.Secret.Reveal())
	require.Contains(t, string(text), r.AccessKey.ID)
}
