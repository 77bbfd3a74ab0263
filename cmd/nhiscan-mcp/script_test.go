package main

import (
	"flag"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nhiscan/nhiscan/internal/scripttest"
)

var update = flag.Bool("update", false, "rewrite the golden files of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"nhiscan-mcp": main})
}

// TestScripts drives the built program as a person does.
func TestScripts(t *testing.T) {
	t.Parallel()
	scripttest.Run(t, "nhiscan-mcp", *update, nil)
}
