// Package atomicfile writes files that are never half written. Call [Write].
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write makes the named file of what write writes. Only the owner may read it. A
// file of that name is replaced when the new one is complete on the disk, and
// left as it was if anything goes wrong; a symbolic link stays, and what it
// points to is replaced. A device or a pipe is written to as it is.
func Write(name string, write func(io.Writer) error) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return replace(name, write)
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a directory; give the name of a file")
	case !info.Mode().IsRegular():
		return writeTo(name, write)
	}
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	return replace(target, write)
}

func replace(name string, write func(io.Writer) error) (err error) {
	// CreateTemp makes files with mode 0600.
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.tmp")
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return fmt.Errorf("make a file in %s: %w", filepath.Dir(name), err)
	}
	defer func() {
		if err != nil {
			_ = temp.Close() // the first error is the one to tell
			_ = os.Remove(temp.Name())
		}
	}()
	if err := write(temp); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

func writeTo(device string, write func(io.Writer) error) error {
	f, err := os.OpenFile(device, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
