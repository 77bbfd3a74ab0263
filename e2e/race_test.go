//go:build race

package e2e_test

// raceFlags build a program as this test was built.
var raceFlags = []string{"-race"}
