package permissions_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A quirk is something that the oracle does in another way than AWS documents. A
// case that it touches is compared all the same: we are given the policies as the
// oracle understands them. What AWS documents is held by testdata/oracle/known-differences.json.
type quirk struct {
	name string
	// translate changes the simulation to what the oracle takes it for, and reports
	// whether there was something to change.
	translate func(*simulation) bool
}

var quirks = []quirk{
	{"variables in policies older than 2012-10-17", func(s *simulation) bool {
		changed := false
		for _, policy := range s.documents() {
			if policy.Version != "2012-10-17" && hasVariable(policy) {
				policy.Version, changed = "2012-10-17", true
			}
		}
		return changed
	}},
	{"epoch times in milliseconds", func(s *simulation) bool {
		changed := false
		for _, policy := range s.documents() {
			for _, st := range policy.Statements {
				for operator, keys := range st.Condition {
					for _, values := range keys {
						if strings.Contains(operator, "Date") {
							inMilliseconds(values)
							changed = true
						}
					}
				}
			}
		}
		if !changed {
			return false
		}
		for _, key := range []string{"aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime"} {
			for name, value := range s.Request.Context {
				if text, ok := value.(string); ok && strings.EqualFold(name, key) {
					values := []string{text}
					inMilliseconds(values)
					s.Request.Context[name] = values[0]
				}
			}
		}
		return true
	}},
	// Before the next: the oracle finds no variable in such a name at all.
	{"variables in the names of queues", func(s *simulation) bool {
		changed := false
		for _, policy := range s.documents() {
			for i := range policy.Statements {
				st := &policy.Statements[i]
				for _, list := range [][]string{st.Resource, st.NotResource} {
					for j, pattern := range list {
						if strings.HasPrefix(pattern, "arn:aws:sqs:") && strings.Contains(pattern, "${") {
							list[j], changed = "arn:aws:sqs:::nothing", true
						}
					}
				}
			}
		}
		return changed
	}},
	{"NotResource with a variable without value", func(s *simulation) bool {
		changed := false
		for _, policy := range s.documents() {
			for i := range policy.Statements {
				st := &policy.Statements[i]
				for _, pattern := range st.NotResource {
					if s.hasNoValue(pattern) && sameStart(pattern, s.Request.Resource.Resource) {
						st.NotResource, changed = []string{"*"}, true
					}
				}
			}
		}
		return changed
	}},
	{"negated operators with a variable without value", missingVariableMatches},
	{"NotPrincipal without all names of the principal", looseNotPrincipal},
	{"session policies and grants to the session itself", sessionPolicyAlways},
}

// looseNotPrincipal takes a NotPrincipal that has one of the principal's names for
// one that excepts it. AWS wants the account, the role and the session to be listed.
func looseNotPrincipal(s *simulation) bool {
	// Whoever has a permissions boundary is denied by any NotPrincipal.
	if s.Resource == nil || s.account() == "" || s.Boundary != nil {
		return false
	}
	names := []string{
		s.principalName(), s.account(), "arn:aws:iam::" + s.account() + ":root",
	}
	if strings.Contains(s.principalName(), ":assumed-role/") {
		names = append(names, "arn:aws:iam::"+s.account()+":role/Deploy")
	}
	changed := false
	for i := range s.Resource.Statements {
		element, _ := s.Resource.Statements[i].NotPrincipal.(map[string]any)
		listed, _ := element["AWS"].([]any)
		if slices.ContainsFunc(listed, func(name any) bool { return slices.Contains(names, name.(string)) }) {
			s.Resource.Statements[i].NotPrincipal, changed = "*", true
		}
	}
	return changed
}

// sessionPolicyAlways makes the session policy one that limits whatever grants: the
// oracle lets it narrow what is granted to the session itself.
func sessionPolicyAlways(s *simulation) bool {
	if s.Session == nil {
		return false
	}
	s.ServiceControl = append(s.ServiceControl, simulationLevel{
		Target: sessionTarget, Policies: []namedPolicy{{Policy: *s.Session}},
	})
	all := everything()
	s.Session = &all
	return true
}

// sessionTarget marks the level that is really a session policy.
const sessionTarget = "session"

// inMilliseconds replaces epoch times by what they are when read as milliseconds.
func inMilliseconds(values []string) {
	for i, value := range values {
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			values[i] = time.UnixMilli(n).UTC().Format(time.RFC3339Nano)
		}
	}
}

var variable = regexp.MustCompile(`\$\{([^},]+)(,[^}]*)?\}`)

// hasNoValue reports whether the pattern has a variable that the request has no
// value for, or several, and that has no default.
func (s *simulation) hasNoValue(pattern string) bool {
	for _, found := range variable.FindAllStringSubmatch(pattern, -1) {
		if len(found[1]) > 1 && found[2] == "" && len(s.valuesOf(found[1])) != 1 {
			return true
		}
	}
	return false
}

func (s *simulation) valuesOf(key string) []string {
	for name, values := range s.contextValues() {
		if strings.EqualFold(name, key) {
			return values
		}
	}
	return nil
}

// sameStart reports whether a pattern's parts in front of the resource cover those of
// an ARN: only then the oracle looks at the variables in the resource.
func sameStart(pattern, arn string) bool {
	parts, of := strings.Split(pattern, ":"), strings.Split(arn, ":")
	for i := range min(5, len(parts), len(of)) {
		if !policydoc.MatchResource(parts[i], of[i]) {
			return false
		}
	}
	return true
}

// missingVariableMatches makes a variable without value, in a negated operator, cover
// the request's values. To AWS it covers nothing.
func missingVariableMatches(s *simulation) bool {
	changed := false
	for _, policy := range s.documents() {
		for _, st := range policy.Statements {
			for operator, keys := range st.Condition {
				if !strings.Contains(operator, "StringNot") && !strings.Contains(operator, "ArnNot") {
					continue
				}
				for key, values := range keys {
					for _, value := range values {
						for _, given := range s.valuesOf(key) {
							if s.hasNoValue(value) && (strings.Contains(operator, "String") || sameStart(value, given)) {
								keys[key], changed = append(keys[key], given), true
							}
						}
					}
				}
			}
		}
	}
	return changed
}

func hasVariable(policy *simulatedPolicy) bool {
	c := simulation{Resource: policy}
	return strings.Contains(c.text(), "${")
}

// unexplained says how we and the oracle differ, if it is not for the oracle's quirks.
func unexplained(s *simulation, answer *oracleAnswer) (string, error) {
	difference, err := compare(s, answer)
	if difference == "" || err != nil {
		return "", err
	}
	translated := s.clone()
	if !translate(translated) {
		return difference, nil
	}
	still, err := compare(translated, answer)
	if still != "" {
		still = difference + "; with its quirks " + still
	}
	return still, err
}

func translate(s *simulation) bool {
	changed := false
	for _, q := range quirks {
		changed = q.translate(s) || changed
	}
	return changed
}

// translations names the quirks that touch a simulation.
func translations(s *simulation) []string {
	var names []string
	for _, q := range quirks {
		if q.translate(s.clone()) {
			names = append(names, q.name)
		}
	}
	return names
}

// A documentedCase is a case in which AWS's documentation and the oracle differ.
type documentedCase struct {
	Name          string     `json:"name"`
	Oracle        string     `json:"oracle"`
	AWS           string     `json:"aws"`
	Why           string     `json:"why"`
	Documentation string     `json:"documentation"`
	Simulation    simulation `json:"simulation"`
}

func documentedCases(t *testing.T) []documentedCase {
	t.Helper()
	text, err := os.ReadFile("testdata/oracle/known-differences.json")
	require.NoError(t, err)
	var cases []documentedCase
	require.NoError(t, json.Unmarshal(text, &cases))
	require.NotEmpty(t, cases)
	return cases
}

// Where the oracle is wrong we answer as AWS documents.
func TestKnownDifferences(t *testing.T) {
	t.Parallel()
	for _, c := range documentedCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			decision, err := c.Simulation.decide()
			require.NoError(t, err)
			require.Equal(t, c.AWS, outcome(&decision), "%s %s", c.Why, c.Documentation)
		})
	}
}

// The oracle is still wrong: else its quirk is to be taken out.
func TestOracleKnownDifferences(t *testing.T) {
	o := startOracle(t)
	for _, c := range documentedCases(t) {
		answer := o.ask(t, &c.Simulation)[0]
		require.Empty(t, answer.Error, c.Name)
		require.Equal(t, c.Oracle, answer.Result, c.Name)
	}
}
