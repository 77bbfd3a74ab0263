// Package testcache keeps the go command from showing the kept result of a test
// that is no longer true.
package testcache

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// DependOn makes the result of the running test depend on every file below dir,
// except for what is hidden. A test that has programs built, or lists packages,
// calls it: the go command sees which files a test itself looks at, and not
// those that a command it starts does.
//
// See "go help test".
func DependOn(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != dir && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		return err // reading a directory is looking at its files
	})
}
