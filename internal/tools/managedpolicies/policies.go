package main

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A policy is the newest document of one AWS managed policy.
type policy struct {
	path     string // what follows policy/ in the ARN, such as service-role/AWSLambdaRole
	version  string // v1 and so on
	document []byte // without white space, the elements in AWS's order
}

const arnPrefix = "arn:aws:iam::aws:policy/"

// newest returns the newest document of each policy of the package's list, sorted by path.
func newest(list []byte) ([]policy, error) {
	var entries map[string]struct {
		ARN             string `json:"arn"`
		LatestVersionID string `json:"latestVersionId"`
		Versions        map[string]struct {
			Document json.RawMessage `json:"document"`
		} `json:"versions"`
	}
	if err := json.Unmarshal(list, &entries); err != nil {
		return nil, err
	}
	policies := make([]policy, 0, len(entries))
	for name, entry := range entries {
		version, ok := entry.Versions[entry.LatestVersionID]
		if !ok {
			return nil, fmt.Errorf("policy %q: its latest version %q is missing", name, entry.LatestVersionID)
		}
		path, ok := strings.CutPrefix(entry.ARN, arnPrefix)
		if !ok || strings.ContainsAny(path, " \n") {
			return nil, fmt.Errorf("policy %q: ARN %q is not that of an AWS managed policy", name, entry.ARN)
		}
		var document bytes.Buffer
		if err := json.Compact(&document, version.Document); err != nil {
			return nil, fmt.Errorf("policy %q: %w", name, err)
		}
		policies = append(policies, policy{path, entry.LatestVersionID, document.Bytes()})
	}
	slices.SortFunc(policies, func(a, b policy) int { return cmp.Compare(a.path, b.path) })
	return policies, nil
}

// blockSize is about how much text is compressed together. More takes less room
// in the program; less takes less time until the first document is there.
const blockSize = 64 << 10

// pack compresses the documents in blocks, and returns an index with the blocks.
// After a header that an empty line ends, the index has a line for each policy:
// path, version and length. One that begins with a space ends a block, and has its
// compressed length.
func pack(policies []policy) (index, blocks []byte, err error) {
	var lines, packed, block bytes.Buffer
	fmt.Fprintf(&lines, "package: %s\nversion: %s\nlicence: MIT, see LICENSE-%s\n\n", name, version, name)
	flush := func() error {
		before := packed.Len()
		w, err := flate.NewWriter(&packed, flate.BestCompression)
		if err != nil {
			return err
		}
		if _, err := block.WriteTo(w); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		fmt.Fprintf(&lines, " %d\n", packed.Len()-before)
		return nil
	}
	for _, p := range policies {
		if block.Len() > 0 && block.Len()+len(p.document) > blockSize {
			if err := flush(); err != nil {
				return nil, nil, err
			}
		}
		fmt.Fprintf(&lines, "%s %s %d\n", p.path, p.version, len(p.document))
		block.Write(p.document)
	}
	if err := flush(); err != nil {
		return nil, nil, err
	}
	return lines.Bytes(), packed.Bytes(), nil
}
