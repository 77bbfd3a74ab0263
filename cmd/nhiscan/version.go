package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/policydoc"
)

// version is set by releases: go build -ldflags "-X main.version=v1.2.3".
var version string

// versionNumber is the release, the module's version, or the commit that was built.
func versionNumber() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Main.Version, "v") {
		return info.Main.Version
	}
	return "devel"
}

// versionText is the version, the commit if the build knows it, the action
// catalogue, and the toolchain.
func versionText() string {
	text := "nhiscan " + versionNumber()
	if info, ok := debug.ReadBuildInfo(); ok {
		settings := map[string]string{}
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		if commit := settings["vcs.revision"]; commit != "" {
			text += fmt.Sprintf(" (commit %.12s, %s)", commit, settings["vcs.time"])
		}
	}
	catalogue := policydoc.Catalogue()
	text += fmt.Sprintf("\naction catalogue %s, %s actions", catalogue.Version, render.Thousands(catalogue.Actions))
	return text + fmt.Sprintf("\n%s %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
