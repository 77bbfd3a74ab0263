package mcpserver_test

import "regexp"

// unsteady is what an answer has anew in each run: ids of scans, and ages.
var unsteady = []struct {
	pattern *regexp.Regexp
	steady  string
}{
	{regexp.MustCompile(`"next_cursor":"[A-Z2-7]{26}\.`), `"next_cursor":"SCAN.`},
	{regexp.MustCompile(`nhiscan://scan/[A-Z2-7]{26}/`), `nhiscan://scan/SCAN/`},
	{regexp.MustCompile(`"age_seconds":[0-9]+`), `"age_seconds":0`},
}

func steady(text []byte) []byte {
	for _, u := range unsteady {
		text = u.pattern.ReplaceAll(text, []byte(u.steady))
	}
	return text
}
