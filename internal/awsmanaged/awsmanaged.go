// Package awsmanaged holds the documents of the AWS managed policies, for
// accounts whose files name such a policy and do not have its text.
package awsmanaged

import (
	"compress/flate"
	_ "embed"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ../tools/managedpolicies -o data

// index has a header that an empty line ends, and then a line for each policy,
// sorted: its path, version, and the length of its document. A line that begins
// with a space ends a block, and has the length that the block has compressed.
//
//go:embed data/index.txt
var index string

// packed are the blocks one after the other, each compressed by itself.
//
//go:embed data/policies.deflate
var packed string

// Source says which package and version the documents are from.
func Source() string {
	_, rest, _ := strings.Cut(index, "package: ")
	name, rest, _ := strings.Cut(rest, "\nversion: ")
	version, _, _ := strings.Cut(rest, "\n")
	return name + "@" + version
}

// Document returns the newest document of the AWS managed policy with the given
// ARN, and which version of the policy that is, such as v3. The partition does
// not count: the policies of the others have the same names, and for the most
// part the same documents. It is not ok for a policy that is not known here.
func Document(arn string) (text, version string, ok bool) {
	path, ok := policyPath(arn)
	if !ok {
		return "", "", false
	}
	t := policies()
	i, ok := t.find(path)
	if !ok {
		return "", "", false
	}
	return t.text(&t.entries[i]), t.entries[i].version, true
}

// All iterates over the policies, sorted by ARN, with the newest document of each.
func All() iter.Seq2[string, string] {
	return func(yield func(arn, text string) bool) {
		t := policies()
		for i := range t.entries {
			if !yield("arn:aws:iam::aws:policy/"+t.entries[i].path, t.text(&t.entries[i])) {
				return
			}
		}
	}
}

// policyPath returns the part of an AWS managed policy's ARN that tells which it is.
func policyPath(arn string) (string, bool) {
	rest, ok := strings.CutPrefix(arn, "arn:")
	if !ok {
		return "", false
	}
	_, rest, _ = strings.Cut(rest, ":") // the partition
	return strings.CutPrefix(rest, "iam::aws:policy/")
}

// A table is the index decoded.
type table struct {
	entries []entry // sorted by path
	blocks  []block
}

// An entry says where the document of a policy is.
type entry struct {
	path, version         string
	block, offset, length int
}

// A block is some documents that are compressed together. The text of one that
// was asked for is kept, for the next document is often in it.
type block struct {
	packed string

	unpack sync.Once
	text   string
}

var policies = sync.OnceValue(decodeIndex)

func decodeIndex() *table {
	_, lines, _ := strings.Cut(index, "\n\n")
	t := &table{blocks: make([]block, strings.Count(lines, "\n "))}
	number, start, offset := 0, 0, 0
	for line := range strings.Lines(lines) {
		line = strings.TrimSuffix(line, "\n")
		if length, ok := strings.CutPrefix(line, " "); ok {
			end := start + atoi(length)
			t.blocks[number].packed = packed[start:end]
			number, start, offset = number+1, end, 0
			continue
		}
		path, line, _ := strings.Cut(line, " ")
		version, length, _ := strings.Cut(line, " ")
		t.entries = append(t.entries, entry{path, version, number, offset, atoi(length)})
		offset += atoi(length)
	}
	return t
}

func (t *table) find(path string) (int, bool) {
	return slices.BinarySearchFunc(t.entries, path, func(e entry, path string) int {
		return strings.Compare(e.path, path)
	})
}

// text returns the document of a policy.
func (t *table) text(e *entry) string {
	b := &t.blocks[e.block]
	b.unpack.Do(func() {
		var text strings.Builder
		if _, err := io.Copy(&text, flate.NewReader(strings.NewReader(b.packed))); err != nil {
			panic(fmt.Sprintf("awsmanaged: embedded policies: %v", err)) // cannot be: a test unpacks them all
		}
		b.text = text.String()
	})
	return b.text[e.offset : e.offset+e.length]
}

// atoi reads a number that the generator wrote; a test reads all of them.
func atoi(number string) int {
	n, _ := strconv.Atoi(number)
	return n
}
