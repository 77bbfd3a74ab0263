// Package testcache keeps the go command from showing the kept result of a test
// that is no longer true.
package testcache

import (
	"io/fs"
	"path/filepath"
	"strings"
)

// DependOn makes the result of the running test depend on every file below dir
// but for those of hidden directories. A test that builds programs or lists
// packages calls it: the go command knows which files a test itself looks at, and
// not which files a command looks at that the test starts. It has no effect in
// TestMain before the tests run.
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
