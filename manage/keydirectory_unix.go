//go:build unix

package manage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// checkPrivate fails for a directory that others own or may look into.
func checkPrivate(info fs.FileInfo) error {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int64(stat.Uid) != int64(os.Geteuid()) {
		return fmt.Errorf("belongs to the user with id %d: use a directory of your own", stat.Uid)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("is open to others (mode %04o): chmod 700 it first", mode)
	}
	return nil
}

// syncDirectory waits until the directory's entries are on the disk.
func syncDirectory(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil // a file system without it, such as some that are mounted over the network
	}
	return errors.Join(err, dir.Close())
}
