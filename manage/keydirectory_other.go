//go:build !unix

package manage

import (
	"io/fs"
	"os"
)

// checkPrivate does nothing where a file's mode does not say who may read it.
func checkPrivate(fs.FileInfo) error { return nil }

// syncDirectory does nothing where a directory cannot be synced by itself.
func syncDirectory(*os.Root) error { return nil }
