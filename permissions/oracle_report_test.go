package permissions_test

import (
	"slices"
	"strings"
	"testing"
)

// An oracleReport counts what the compared cases were about.
type oracleReport struct {
	cases, refused, differences int
	outcomes                    map[string]int
	refusals                    map[string]int
	known                       map[string]int
	principals                  map[string]int
	// decisive counts, by operator and other feature of policies, the cases in which
	// the outcome or the statements that deny would be other ones without it.
	decisive map[string]int
}

func newOracleReport() *oracleReport {
	return &oracleReport{
		outcomes: map[string]int{}, refusals: map[string]int{}, known: map[string]int{},
		principals: map[string]int{}, decisive: map[string]int{},
	}
}

func (r *oracleReport) add(t *testing.T, s *simulation, answer *oracleAnswer, features bool) {
	r.cases++
	switch {
	case answer.Error != "":
		r.refused++
		r.refusals[answer.Error]++
		return
	case len(answer.Ignored) > 0:
		t.Errorf("the oracle ignores the keys %v of %s", answer.Ignored, s.Request.Action)
	}
	if difference, _ := compare(s, answer); difference != "" {
		for _, name := range translations(s) {
			r.known[name]++
		}
	}
	r.outcomes[answer.Result]++
	r.principals[principalKind(s)+" "+answer.Result]++
	if !features {
		return
	}
	before, err := s.decide()
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range featureChanges(s) {
		changed := s.clone()
		change.change(changed)
		after, err := changed.decide()
		if err == nil && (outcome(&before) != outcome(&after) || !slices.Equal(denies(&before), denies(&after))) {
			for _, name := range change.names {
				r.decisive[name]++
			}
		}
	}
}

func principalKind(s *simulation) string {
	arn := s.principalName()
	for _, kind := range []string{":user/", ":role/", ":assumed-role/", ":federated-user/", ":root", "-provider/", ".amazonaws.com"} {
		if strings.Contains(arn, kind) {
			if account := s.account(); account != "" && account != s.Request.Resource.Account {
				return "cross-account " + strings.Trim(kind, ":/-.")
			}
			return strings.Trim(kind, ":/-.")
		}
	}
	return "anonymous"
}

// check fails when the cases did not cover what they should.
func (r *oracleReport) check(t *testing.T) {
	t.Helper()
	t.Logf("%d cases: %v; refused %d; known differences %v; unexplained %d", r.cases, r.outcomes, r.refused, r.known, r.differences)
	t.Logf("by principal: %v", r.principals)
	t.Logf("decisive: %v", r.decisive)
	for _, refusal := range sortedKeys(r.refusals) {
		if r.refusals[refusal]*1000 > r.cases {
			t.Logf("refused %d times: %s", r.refusals[refusal], refusal)
		}
	}
	if r.refused*20 > r.cases {
		t.Errorf("the oracle refuses %d of %d cases", r.refused, r.cases)
	}
	if r.cases < 1000 {
		return
	}
	if allowed := r.outcomes["Allowed"] * 100 / r.cases; allowed < 25 || allowed > 60 {
		t.Errorf("%d%% of the cases are allowed; the comparison wants both outcomes", allowed)
	}
	for _, feature := range append(allOperators(), otherFeatures...) {
		if r.decisive[feature] == 0 {
			t.Errorf("%s never decided a case", feature)
		}
	}
}

var otherFeatures = []string{
	"IfExists", "ForAllValues", "ForAnyValue", "NotAction", "NotResource", "NotPrincipal", "Principal", "variable", "default", "version",
	"boundary", "session policy", "service control", "resource control", "resource policy", "identity policy",
}

// A featureChange takes one feature away from a simulation.
type featureChange struct {
	names  []string
	change func(*simulation)
}

func featureChanges(s *simulation) []featureChange {
	var changes []featureChange
	add := func(name string, there bool, change func(*simulation)) {
		if there {
			changes = append(changes, featureChange{[]string{name}, change})
		}
	}
	add("boundary", s.Boundary != nil, func(c *simulation) { c.Boundary = nil })
	add("session policy", s.Session != nil, func(c *simulation) { c.Session = nil })
	add("service control", len(s.ServiceControl) > 0, func(c *simulation) { c.ServiceControl = nil })
	add("resource control", len(s.ResourceControl) > 0, func(c *simulation) { c.ResourceControl = nil })
	add("resource policy", s.Resource != nil, func(c *simulation) { c.Resource = nil })
	add("identity policy", len(s.Identity) > 0, func(c *simulation) { c.Identity = nil })
	for i, policy := range s.documents() {
		add("version", policy.Version != "2012-10-17", func(c *simulation) { c.documents()[i].Version = "2012-10-17" })
		for j := range policy.Statements {
			st := &policy.Statements[j]
			of := func(c *simulation) *simulatedStatement { return &c.documents()[i].Statements[j] }
			add("NotAction", st.NotAction != nil, func(c *simulation) { of(c).NotAction, of(c).Action = nil, []string{"*"} })
			add("NotResource", st.NotResource != nil, func(c *simulation) { of(c).NotResource, of(c).Resource = nil, []string{"*"} })
			add("NotPrincipal", st.NotPrincipal != nil, func(c *simulation) { of(c).NotPrincipal, of(c).Principal = nil, "*" })
			add("NotPrincipal", st.NotPrincipal != nil, func(c *simulation) { of(c).NotPrincipal = "*" })
			add("Principal", st.Principal != nil, func(c *simulation) { of(c).Principal = "*" })
			changes = append(changes, statementChanges(st, of)...)
		}
	}
	return changes
}

// statementChanges takes away a statement's conditions and variables.
func statementChanges(st *simulatedStatement, of func(*simulation) *simulatedStatement) []featureChange {
	var changes []featureChange
	for i, pattern := range st.Resource {
		if names := variableNames(pattern); names != nil {
			changes = append(changes, featureChange{names, func(c *simulation) { of(c).Resource[i] = "arn:aws:s3:::nothing" }})
		}
	}
	for _, operator := range sortedKeys(st.Condition) {
		changes = append(changes, featureChange{operatorNames(operator), func(c *simulation) { delete(of(c).Condition, operator) }})
		for key, values := range st.Condition[operator] {
			for i, value := range values {
				if names := variableNames(value); names != nil {
					changes = append(changes, featureChange{names, func(c *simulation) { of(c).Condition[operator][key][i] = "nothing" }})
				}
			}
		}
	}
	return changes
}

func variableNames(pattern string) []string {
	if !strings.Contains(pattern, "${") {
		return nil
	}
	if strings.Contains(pattern, ", '") {
		return []string{"variable", "default"}
	}
	return []string{"variable"}
}

// operatorNames splits an operator, such as ForAnyValue:StringLikeIfExists, in its parts.
func operatorNames(operator string) []string {
	var names []string
	if prefix, rest, found := strings.Cut(operator, ":"); found {
		names, operator = append(names, prefix), rest
	}
	if base, found := strings.CutSuffix(operator, "IfExists"); found {
		names, operator = append(names, "IfExists"), base
	}
	return append(names, operator)
}
