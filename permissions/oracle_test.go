package permissions_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
)

var (
	oracleSeed  = flag.Uint64("oracle-seed", 0, "the seed of the cases that are compared with the oracle; 0 takes a new one")
	oracleCount = flag.Int("oracle-n", 2000, "how many cases are compared with the oracle")
)

// Evaluate agrees with an evaluator that others wrote, on random requests and
// policies. Where the two differ and AWS's documentation is on our side, the class of
// cases is in knownDifferences.
func TestOracle(t *testing.T) {
	o := startOracle(t)
	seed := *oracleSeed
	for seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("to repeat: -oracle-seed %d -oracle-n %d", seed, *oracleCount)
	report := newOracleReport()
	const batch, maxDifferences = 500, 5
	for start := 0; start < *oracleCount; start += batch {
		var simulations []*simulation
		for i := start; i < min(start+batch, *oracleCount); i++ {
			simulations = append(simulations, newGenerator(seed, uint64(i)).simulation())
		}
		for i, answer := range o.ask(t, simulations...) {
			s := simulations[i]
			report.add(t, s, &answer, start+i < 4000)
			difference, err := unexplained(s, &answer)
			require.NoError(t, err, s.text())
			if difference == "" {
				continue
			}
			least := shrink(t, o, s)
			answer = o.ask(t, least)[0]
			difference, _ = unexplained(least, &answer)
			t.Errorf("case %d of seed %d: %s\n%s", start+i, seed, difference, least.text())
			if report.differences++; report.differences == maxDifferences {
				t.FailNow()
			}
		}
	}
	report.check(t)
}

// compare says how we and the oracle differ on a simulation; empty for not at all.
// Besides the outcome it compares which statements deny.
func compare(s *simulation, answer *oracleAnswer) (string, error) {
	if answer.Error != "" {
		return "", nil
	}
	decision, err := s.decide()
	if err != nil {
		return "", err
	}
	if ours := outcome(&decision); ours != answer.Result {
		return fmt.Sprintf("we say %s, the oracle %s", ours, answer.Result), nil
	}
	ours := denies(&decision)
	var theirs []string
	for layer, analysis := range answer.Layers {
		for _, statement := range analysis.Denies {
			// A policy without a name has the oracle's own.
			if layer == "resource" || layer == "session" {
				statement = statement[strings.LastIndex(statement, "#"):]
			}
			theirs = append(theirs, layer+" "+statement)
		}
	}
	slices.Sort(theirs)
	if !slices.Equal(ours, theirs) {
		return fmt.Sprintf("we say %s denies %q, the oracle %q", outcome(&decision), ours, theirs), nil
	}
	return "", nil
}

// denies names the statements that deny, sorted, as the oracle's layer, policy and number.
func denies(decision *permissions.Decision) []string {
	var names []string
	for _, match := range decision.Denies {
		kind := match.Policy.Source.Type
		switch {
		case kind == permissions.TrustPolicy:
			kind = permissions.ResourcePolicy
		case match.Policy.Source.Target == sessionTarget:
			kind = permissions.SessionPolicy
		}
		names = append(names, fmt.Sprintf("%s %s#%d", kind, match.Policy.Source.Name, match.Statement))
	}
	slices.Sort(names)
	return names
}
