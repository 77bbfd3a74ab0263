package nhiscan

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// WriteFile writes the account to the named file as [Account.Write] does,
// compressed with gzip if the name ends in .gz. Only the owner may read the file.
//
// A file of that name is replaced when the new one is complete on the disk, and
// left as it was if anything goes wrong. What is not a regular file is not replaced.
func (a *Account) WriteFile(name string) error {
	if err := a.writeFile(name); err != nil {
		return fmt.Errorf("write account %s: %w", name, err)
	}
	return nil
}

func (a *Account) writeFile(name string) error {
	target, err := writableTarget(name)
	if err != nil {
		return err
	}
	write := a.write
	if strings.HasSuffix(strings.ToLower(name), ".gz") {
		write = compressed(write)
	}
	return replaceFile(target, write)
}

// writableTarget follows symbolic links, so that the link stays and what it
// points to is replaced.
func writableTarget(name string) (string, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return name, nil
	case err != nil:
		return "", err
	case info.IsDir():
		return "", errors.New("it is a directory; give the name of a file")
	case !info.Mode().IsRegular():
		return "", errors.New("it is not a regular file; give the name of a file")
	}
	return filepath.EvalSymlinks(name)
}

// replaceFile makes a file of what write writes, under its name only when it is complete.
func replaceFile(name string, write func(io.Writer) error) (err error) {
	// CreateTemp makes files with mode 0600.
	temp, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
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

// compressed has what write writes compressed.
func compressed(write func(io.Writer) error) func(io.Writer) error {
	return func(out io.Writer) error {
		buffered := bufio.NewWriter(out)
		zip := gzip.NewWriter(buffered)
		if err := write(zip); err != nil {
			return err
		}
		if err := zip.Close(); err != nil {
			return err
		}
		return buffered.Flush()
	}
}
