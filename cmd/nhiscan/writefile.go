package main

import (
	"io"
	"os"
	"path/filepath"
)

// writeFile replaces the named file by what emit writes, all or nothing, with
// mode 0600: what an account's IAM looks like is nobody else's business. A
// device or a pipe is written to as it is.
func writeFile(name string, emit func(io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return writeDevice(name, emit)
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".nhiscan-*")
	if err != nil {
		return err
	}
	// After the rename there is nothing left to remove.
	defer os.Remove(temp.Name())
	if err := emit(temp); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Sync(); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

func writeDevice(name string, emit func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := emit(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
