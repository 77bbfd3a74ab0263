// Command names builds the lists of given names and surnames that package nhi
// tells people by, from the source of the Python package Faker.
//
//	pip download faker==40.54.0 --no-deps && unzip faker-40.54.0-*.whl -d faker
//	go run ./internal/tools/names -o nhi/data faker/faker/providers/person
//
// It is run by hand when the lists are to change; its output is committed. The
// same input gives the same bytes. Faker is © Daniele Faraglia, MIT licence; the
// licence stands beside the lists as names-LICENSE.txt.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", "nhi/data", "directory that holds surname-endings.txt and gets given-names.txt.gz and surnames.txt.gz")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: names [-o DIR] FAKER/providers/person")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, "names:", err)
		os.Exit(1)
	}
}

func run(source, out string) error {
	endings, err := os.ReadFile(filepath.Join(out, "surname-endings.txt"))
	if err != nil {
		return err
	}
	lists := newNameLists(string(endings))
	if err := addLocales(lists, source); err != nil {
		return err
	}
	lists.addCurated()
	if err := writeList(filepath.Join(out, "given-names.txt.gz"), lists.givenNames()); err != nil {
		return err
	}
	return writeList(filepath.Join(out, "surnames.txt.gz"), lists.onlySurnames())
}

func addLocales(lists *nameLists, source string) error {
	files, err := filepath.Glob(filepath.Join(source, "*", "__init__.py"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("read %s: no locale directories with an __init__.py; give Faker's providers/person", source)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		lists.addSource(filepath.Base(filepath.Dir(file)), string(text))
	}
	return nil
}

// writeList writes one name a line, compressed.
func writeList(path string, names []string) error {
	var buf bytes.Buffer
	w, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte(strings.Join(names, "\n") + "\n")); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, buf.Bytes(), 0o644)
}
