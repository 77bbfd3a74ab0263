package mcpserver

import (
	"net/url"
	"slices"
	"strings"
)

// markerPart is shorter than everything that redaction takes for a secret.
const markerPart = 32

// showMarker is a marker as answers have it: AWS's are long random strings, which
// redaction would take for session tokens. It is cut into short parts, and what is
// not plain is escaped.
func showMarker(marker string) string {
	plain := strings.NewReplacer("~", "%7E", ".", "%2E").Replace(url.PathEscape(marker))
	var parts []string
	for part := range slices.Chunk([]byte(plain), markerPart) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, "~")
}

// readMarker is the reverse of showMarker.
func readMarker(shown string) (string, error) {
	marker, err := url.PathUnescape(strings.ReplaceAll(shown, "~", ""))
	if err != nil {
		return "", invalid("marker: it is not from an earlier answer to the same question")
	}
	return marker, nil
}
