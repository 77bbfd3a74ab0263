package mcpserver

import (
	"context"
	"strings"

	"github.com/nhiscan/nhiscan/collect"
)

// simulationArguments are the request that is simulated.
type simulationArguments struct {
	Actions   []string       `json:"action_names" doc:"Such as s3:GetObject; no wildcards" min:"1" max:"100"`
	Resources []string       `json:"resource_arns,omitzero" doc:"Default: *" max:"100"`
	Context   contextEntries `json:"context_entries,omitzero" doc:"Condition keys: a value, a list, or {values, type} (string, numeric, boolean, ip, binary, date)"`
	accountArguments
}

type simulatePrincipalArguments struct {
	SourceARN string `json:"policy_source_arn" doc:"ARN of a user, role or group"`
	simulationArguments
}

type simulateCustomArguments struct {
	Documents []policyArgument `json:"policy_documents" doc:"Identity policies: text or object" min:"1" max:"20"`
	Boundary  policyArgument   `json:"permissions_boundary,omitzero" doc:"Policy document"`
	simulationArguments
}

type simulationResult struct {
	Results   []entity[simulationItem] `json:"results" doc:"action, resource, decision, matched_statements, missing_context_keys"`
	Count     int                      `json:"count"`
	LeftOut   int                      `json:"left_out"`
	Decisions map[string]int           `json:"decisions" doc:"How many of each"`
	Warning   string                   `json:"warning"`
}

type simulationItem struct {
	Action   string `json:"action"`
	Resource string `json:"resource"`
	Decision string `json:"decision"`
	// Boundary and Organization are passes or denies, and left out when AWS says nothing.
	Boundary     collect.Limit `json:"permissions_boundary,omitzero"`
	Organization collect.Limit `json:"organization,omitzero"`
	Matched      []matchedItem `json:"matched_statements"`
	Missing      []string      `json:"missing_context_keys"`
}

type matchedItem struct {
	Policy string `json:"source_policy_id"`
	Type   string `json:"source_policy_type"`
	// Start and End are line and column.
	Start []int `json:"start"`
	End   []int `json:"end"`
}

// maxSimulated is how many results an answer has.
const maxSimulated = 200

// simulationWarning is what AWS says of its simulator.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
const simulationWarning = "This is AWS's policy simulator, whose results can differ from what AWS enforces: it looks at identity policies and what the call gives, " +
	"not at resource control, session and VPC endpoint policies, service control policies with conditions, or resource policies that are not given. evaluate_access explains more."

func simulateTools() []*tool {
	return []*tool{
		defineLive(Tool{
			Name: "simulate_principal_policy", Title: "Simulate a principal's policies",
			Description: "Ask AWS's policy simulator whether a user, role or group may do actions on resources. Nothing is called. evaluate_access answers from the account that was read.",
		}, "SimulatePrincipal", simulatePrincipal),
		defineLive(Tool{
			Name: "simulate_custom_policy", Title: "Simulate policy documents",
			Description: "Ask AWS's policy simulator what policy documents would allow, before anybody has them.",
		}, "SimulateCustom", simulateCustom),
	}
}

func (a *simulationArguments) request() (*collect.SimulationRequest, error) {
	entries, err := a.Context.entries()
	if err != nil {
		return nil, err
	}
	return &collect.SimulationRequest{Actions: a.Actions, Resources: a.Resources, Context: entries}, nil
}

func simulatePrincipal(ctx context.Context, source *liveIAM, in simulatePrincipalArguments) (none simulationResult, err error) {
	request, err := in.request()
	if err != nil {
		return none, err
	}
	if !strings.HasPrefix(in.SourceARN, "arn:") {
		return none, invalid("policy_source_arn: want the ARN of a user, role or group")
	}
	request.PolicySourceARN = in.SourceARN
	results, err := collect.SimulatePrincipal(ctx, source.IAM, request)
	if err != nil {
		return none, err
	}
	return newSimulationResult(results), nil
}

func simulateCustom(ctx context.Context, source *liveIAM, in simulateCustomArguments) (none simulationResult, err error) {
	request, err := in.request()
	if err != nil {
		return none, err
	}
	for i, d := range in.Documents {
		if _, err := d.parse(say("policy_documents[%d]", i)); err != nil {
			return none, err
		}
		request.Policies = append(request.Policies, d.text)
	}
	if in.Boundary.given() {
		if _, err := in.Boundary.parse("permissions_boundary"); err != nil {
			return none, err
		}
	}
	request.PermissionsBoundary = in.Boundary.text
	results, err := collect.SimulateCustom(ctx, source.IAM, request)
	if err != nil {
		return none, err
	}
	return newSimulationResult(results), nil
}

// newSimulationResult has a result for each action and resource.
func newSimulationResult(results []collect.SimulationResult) simulationResult {
	out := simulationResult{Decisions: map[string]int{}, Warning: simulationWarning}
	for i := range results {
		r := &results[i]
		outcomes := r.Resources
		if len(outcomes) == 0 {
			outcomes = []collect.ResourceOutcome{{Resource: r.Resource, Outcome: r.Outcome}}
		}
		for j := range outcomes {
			out.Decisions[string(outcomes[j].Decision)]++
			out.Results = append(out.Results, entity[simulationItem]{newSimulationItem(r, &outcomes[j])})
		}
	}
	out.Count = len(out.Results)
	out.Results, out.LeftOut = firstOf(out.Results, maxSimulated)
	return out
}

func newSimulationItem(r *collect.SimulationResult, o *collect.ResourceOutcome) simulationItem {
	item := simulationItem{
		Action: r.Action, Resource: o.Resource, Decision: string(o.Decision),
		Boundary: o.Boundary, Organization: r.Organization, Missing: o.MissingContextKeys,
	}
	for _, m := range o.Matched {
		item.Matched = append(item.Matched, matchedItem{m.PolicyID, m.PolicyType, []int{m.StartLine, m.StartColumn}, []int{m.EndLine, m.EndColumn}})
	}
	return item
}

func (r simulationResult) summary() string {
	var lines []string
	first, more := firstOf(r.Results, summaryLines)
	for i := range first {
		item := &first[i].value
		line := say("%s on %s: %s", item.Action, item.Resource, item.Decision)
		if len(item.Missing) > 0 {
			line += ", and it may depend on " + someOf(item.Missing, namesInText)
		}
		lines = append(lines, line)
	}
	lines = addMore(lines, more+r.LeftOut, "result", "results")
	return strings.Join(append(lines, r.Warning), "\n")
}
