package manage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// keySchema is the schema of the file of an access key.
const keySchema = "nhiscan/access-key/v1"

const (
	// maxSameName is how many keys of a user may be kept in one second.
	maxSameName = 1000
	// roomForSecret is longer than any id or secret of AWS's.
	// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
	roomForSecret = 256
)

// KeyDirectory keeps access keys in the directory, each in a file of its own that
// only its owner can read. The directory and those above it are made where they are
// missing. One that is there must belong to who runs this and be closed to everybody
// else (mode 0700), and must not be a symbolic link; on Windows its permissions
// are not looked at.
//
// The files are named by account, user and time, such as
// 123456789012-ci-20261122T101500Z.json, and no file is ever written over. Their JSON
// has schema, account_id, user_name, access_key_id, secret_access_key and create_date.
func KeyDirectory(dir string) (KeyStore, error) {
	if dir == "" {
		return nil, errors.New("key directory: the name is empty")
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("key directory: %w", err)
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("key directory: %w", err)
	}
	d := &keyDirectory{path: path, now: time.Now, reserve: reserveRoom}
	root, err := d.open()
	if err != nil {
		return nil, err
	}
	return d, root.Close()
}

type keyDirectory struct {
	path string
	now  func() time.Time
	// reserve takes room on the disk.
	reserve func(f *os.File, n int) error
}

// open opens the directory as it is now: what was right at the start may have changed.
func (d *keyDirectory) open() (*os.Root, error) {
	info, err := os.Lstat(d.path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("key directory: %w", err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, fmt.Errorf("key directory %s is a symbolic link: name the directory itself", d.path)
	case !info.IsDir():
		return nil, fmt.Errorf("key directory %s is no directory", d.path)
	}
	root, err := os.OpenRoot(d.path)
	if err != nil {
		return nil, fmt.Errorf("key directory: %w", err)
	}
	if err := checkOpened(root, info); err != nil {
		_ = root.Close() // the first error is the one to tell
		return nil, fmt.Errorf("key directory %s %w", d.path, err)
	}
	return root, nil
}

// checkOpened makes sure that what was opened is what was looked at, and private.
func checkOpened(root *os.Root, looked fs.FileInfo) error {
	opened, err := root.Stat(".")
	if err != nil {
		return err
	}
	if !os.SameFile(looked, opened) {
		return errors.New("was replaced by another meanwhile")
	}
	return checkPrivate(opened)
}

// Reserve implements [KeyStore]. It makes the file, with as many bytes as the key
// will take.
func (d *keyDirectory) Reserve(accountID, userName string) (KeySlot, error) {
	root, err := d.open()
	if err != nil {
		return nil, err
	}
	s := &keyFile{directory: d.path, root: root, accountID: accountID}
	s.file, s.name, err = d.create(root, accountID, userName)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("key directory %s: %w", d.path, err), root.Close())
	}
	empty, err := s.text(NewAccessKey{UserName: userName})
	if err == nil {
		err = d.reserve(s.file, len(empty)+2*roomForSecret)
	}
	if err == nil {
		err = syncDirectory(root)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("key directory %s: %w", d.path, err), s.Discard())
	}
	return s, nil
}

// create makes a file with a name that there is not yet.
func (d *keyDirectory) create(root *os.Root, accountID, userName string) (*os.File, string, error) {
	base := fmt.Sprintf("%s-%s-%s", fileName(accountID), fileName(userName), d.now().UTC().Format("20060102T150405Z"))
	for n := 1; ; n++ {
		name := base + ".json"
		if n > 1 {
			name = fmt.Sprintf("%s-%d.json", base, n)
		}
		f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil || !errors.Is(err, fs.ErrExist) || n == maxSameName {
			return f, name, err
		}
	}
}

// fileName keeps of a name what every file system takes.
func fileName(name string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("_+=,.@-", r):
			return r
		}
		return '_'
	}, name)
	return safe[:min(len(safe), maxName(""))]
}

// reserveRoom writes blanks, and waits until they are on the disk.
func reserveRoom(f *os.File, n int) error {
	if _, err := f.WriteAt([]byte(strings.Repeat(" ", n)), 0); err != nil {
		return err
	}
	return f.Sync()
}

// A keyFile is a file that waits for a key.
type keyFile struct {
	directory, name string
	root            *os.Root
	file            *os.File
	accountID       string
	// done says that the key is in the file, or that the file is gone.
	done bool
}

// Where implements [KeySlot].
func (s *keyFile) Where() string { return filepath.Join(s.directory, s.name) }

// Save implements [KeySlot].
func (s *keyFile) Save(key NewAccessKey) error {
	if s.done {
		return fmt.Errorf("%s was used before", s.Where())
	}
	text, err := s.text(key)
	if err != nil {
		return err
	}
	if _, err := s.file.WriteAt(text, 0); err != nil {
		return err
	}
	if err := s.file.Truncate(int64(len(text))); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	if err := syncDirectory(s.root); err != nil {
		return err
	}
	if err := s.inPlace(); err != nil {
		return err
	}
	s.done = true
	// The key is on the disk: that closing fails changes nothing of that.
	_, _ = s.file.Close(), s.root.Close()
	return nil
}

// inPlace fails when the file is no longer where it is said to be: it may have been
// removed, or the directory moved, since it was made.
func (s *keyFile) inPlace() error {
	made, err := s.file.Stat()
	if err != nil {
		return err
	}
	found, err := os.Lstat(s.Where())
	if err != nil {
		return err
	}
	if !os.SameFile(made, found) {
		return fmt.Errorf("%s was replaced by another file meanwhile", s.Where())
	}
	return nil
}

// Discard implements [KeySlot]. The file of a key that was saved stays, and so does
// one that is not its own.
func (s *keyFile) Discard() error {
	if s.done {
		return nil
	}
	s.done = true
	made, err := s.file.Stat()
	err = errors.Join(err, s.file.Close()) // Windows removes no file that is open
	if made != nil {
		err = errors.Join(err, s.remove(made))
	}
	return errors.Join(err, s.root.Close())
}

func (s *keyFile) remove(made fs.FileInfo) error {
	found, err := s.root.Lstat(s.name)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(made, found) {
		return nil // gone already: what has its name belongs to somebody else
	}
	if err != nil {
		return err
	}
	return s.root.Remove(s.name)
}

func (s *keyFile) text(key NewAccessKey) ([]byte, error) {
	text, err := json.MarshalIndent(struct {
		Schema          string    `json:"schema"`
		AccountID       string    `json:"account_id"`
		UserName        string    `json:"user_name"`
		AccessKeyID     string    `json:"access_key_id"`
		SecretAccessKey string    `json:"secret_access_key"`
		CreateDate      time.Time `json:"create_date"`
	}{keySchema, s.accountID, key.UserName, key.ID, key.Secret.Reveal(), key.CreateDate.UTC()}, "", "  ")
	return append(text, '\n'), err
}
