package fakeiam

import (
	"net/http"
	"strconv"
	"strings"
)

// A SimulatedCall is one question to the policy simulator: an action on a resource.
type SimulatedCall struct {
	// PolicySourceARN is empty in a simulation of policies that nobody has.
	PolicySourceARN  string
	Action, Resource string
}

// A SimulatedDecision is the simulator's answer.
type SimulatedDecision struct {
	// Decision is allowed, explicitDeny or implicitDeny; empty means implicitDeny.
	Decision    string
	Statements  []SimulatedStatement
	MissingKeys []string
	// Details are the decisions of the kinds of policy in a cross-account simulation.
	Details map[string]string
	// Boundary and Organization say whether those allow it; nil says nothing.
	Boundary, Organization *bool
}

// A SimulatedStatement is a statement that decided. Start and End are line and column.
type SimulatedStatement struct {
	PolicyID, PolicyType string
	Start, End           [2]int
}

// Simulate sets who answers the questions to the policy simulator, from many
// goroutines. Until it is called every answer is implicitDeny: the server
// evaluates nothing itself.
func (s *Server) Simulate(answer func(SimulatedCall) SimulatedDecision) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.simulator = answer
}

func simulateOperations() map[string]operation {
	source := func(_ *index, r *request) string { return r.param("PolicySourceArn") }
	return map[string]operation{
		"SimulatePrincipalPolicy": {subject: source, write: simulatePrincipalPolicy},
		"SimulateCustomPolicy":    {write: simulateCustomPolicy},
	}
}

// simulatePrincipalPolicy implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html.
func simulatePrincipalPolicy(s *Server, r *request, x *xmlWriter) *apiError {
	arn, err := r.required("PolicySourceArn")
	if err != nil {
		return err
	}
	if !r.index.has(arn) {
		return errNoSuchEntity("%s does not exist.", arn)
	}
	return simulate(s, r, x, arn)
}

// simulateCustomPolicy implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html.
func simulateCustomPolicy(s *Server, r *request, x *xmlWriter) *apiError {
	if len(r.list("PolicyInputList")) == 0 {
		return errValidation("Value null at 'policyInputList' failed to satisfy constraint: Member must not be null")
	}
	return simulate(s, r, x, "")
}

// simulate answers with one result for each action, which holds one for each
// resource that was named.
func simulate(s *Server, r *request, x *xmlWriter, source string) *apiError {
	actions, resources := r.list("ActionNames"), r.list("ResourceArns")
	if len(actions) == 0 {
		return errValidation("Value null at 'actionNames' failed to satisfy constraint: Member must not be null")
	}
	for _, action := range actions {
		if !strings.Contains(action, ":") || strings.ContainsAny(action, "*?") {
			return &apiError{"InvalidInput", "Invalid Input. " + action + " is not a valid action.", http.StatusBadRequest}
		}
	}
	s.mu.Lock()
	answer := s.simulator
	s.mu.Unlock()
	decide := func(action, resource string) SimulatedDecision {
		d := SimulatedDecision{}
		if answer != nil {
			d = answer(SimulatedCall{source, action, resource})
		}
		if d.Decision == "" {
			d.Decision = "implicitDeny"
		}
		return d
	}
	return writePage(r, x, "EvaluationResults", actions, func(x *xmlWriter, action string) {
		if len(resources) == 0 {
			writeSimulated(x, action, decide(action, "*"))
			return
		}
		decisions := make([]SimulatedDecision, len(resources))
		for i, resource := range resources {
			decisions[i] = decide(action, resource)
		}
		writeSimulated(x, action, mostRestrictive(decisions))
		x.open("ResourceSpecificResults")
		for i, d := range decisions {
			x.open("member")
			x.text("EvalResourceName", resources[i])
			x.text("EvalResourceDecision", d.Decision)
			writeSimulatedDetails(x, d)
			x.close("member")
		}
		x.close("ResourceSpecificResults")
	})
}

func mostRestrictive(decisions []SimulatedDecision) SimulatedDecision {
	rank := map[string]int{"allowed": 0, "implicitDeny": 1, "explicitDeny": 2}
	most := decisions[0]
	for _, d := range decisions {
		if rank[d.Decision] > rank[most.Decision] {
			most = d
		}
	}
	return most
}

func writeSimulated(x *xmlWriter, action string, d SimulatedDecision) {
	x.text("EvalActionName", action)
	x.text("EvalResourceName", "*")
	x.text("EvalDecision", d.Decision)
	writeSimulatedDetails(x, d)
	if d.Organization != nil {
		x.open("OrganizationsDecisionDetail")
		x.boolean("AllowedByOrganizations", *d.Organization)
		x.close("OrganizationsDecisionDetail")
	}
}

func writeSimulatedDetails(x *xmlWriter, d SimulatedDecision) {
	members(x, "MatchedStatements", d.Statements, func(x *xmlWriter, s SimulatedStatement) {
		x.text("SourcePolicyId", s.PolicyID)
		x.text("SourcePolicyType", s.PolicyType)
		writePosition(x, "StartPosition", s.Start)
		writePosition(x, "EndPosition", s.End)
	})
	members(x, "MissingContextValues", d.MissingKeys, writeName)
	if len(d.Details) > 0 {
		x.open("EvalDecisionDetails")
		for kind, decision := range d.Details {
			x.open("entry")
			x.text("key", kind)
			x.text("value", decision)
			x.close("entry")
		}
		x.close("EvalDecisionDetails")
	}
	if d.Boundary != nil {
		x.open("PermissionsBoundaryDecisionDetail")
		x.text("AllowedByPermissionsBoundary", strconv.FormatBool(*d.Boundary))
		x.close("PermissionsBoundaryDecisionDetail")
	}
}

func writePosition(x *xmlWriter, name string, at [2]int) {
	x.open(name)
	x.integer("Line", at[0])
	x.integer("Column", at[1])
	x.close(name)
}
