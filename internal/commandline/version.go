package commandline

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/policydoc"
)

// Version is the release, the module's version, or devel. A release sets it when
// it links the program: -ldflags "-X main.version=v1.2.3".
func Version(release string) string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && strings.HasPrefix(info.Main.Version, "v") {
		return info.Main.Version
	}
	return "devel"
}

// VersionText is the program's version with the commit, if the build knows it, the
// action catalogue, and the toolchain.
func VersionText(program, release string) string {
	text := program + " " + Version(release)
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
