package permissions_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A simulation is one request with all the policies that apply to it, in the form
// that the oracle reads, which is also that of the cases in testdata/oracle.
type simulation struct {
	Request         simulatedRequest  `json:"request"`
	Identity        []namedPolicy     `json:"identityPolicies"`
	Boundary        []namedPolicy     `json:"permissionBoundaryPolicies,omitempty"`
	Session         *simulatedPolicy  `json:"sessionPolicy,omitempty"`
	ServiceControl  []simulationLevel `json:"serviceControlPolicies"`
	ResourceControl []simulationLevel `json:"resourceControlPolicies"`
	Resource        *simulatedPolicy  `json:"resourcePolicy,omitempty"`
}

type simulatedRequest struct {
	// Principal is an ARN, a service's name or the oracle's object for an anonymous request.
	Principal any    `json:"principal"`
	Action    string `json:"action"`
	Resource  struct {
		Resource string `json:"resource"`
		Account  string `json:"accountId"`
	} `json:"resource"`
	// Context has a string for a key with one value and a list for one with several.
	Context map[string]any `json:"contextVariables"`
}

type namedPolicy struct {
	Name   string          `json:"name"`
	Policy simulatedPolicy `json:"policy"`
}

type simulationLevel struct {
	Target   string        `json:"orgIdentifier"`
	Policies []namedPolicy `json:"policies"`
}

type simulatedPolicy struct {
	Version    string               `json:"Version,omitempty"`
	Statements []simulatedStatement `json:"Statement"`
}

type simulatedStatement struct {
	Effect       string                         `json:"Effect"`
	Principal    any                            `json:"Principal,omitempty"`
	NotPrincipal any                            `json:"NotPrincipal,omitempty"`
	Action       []string                       `json:"Action,omitempty"`
	NotAction    []string                       `json:"NotAction,omitempty"`
	Resource     []string                       `json:"Resource,omitempty"`
	NotResource  []string                       `json:"NotResource,omitempty"`
	Condition    map[string]map[string][]string `json:"Condition,omitempty"`
}

var anonymous = map[string]any{"type": "Anonymous"}

// principalName returns the principal as [permissions.ParsePrincipal] reads it.
func (s *simulation) principalName() string {
	if name, ok := s.Request.Principal.(string); ok {
		return name
	}
	return ""
}

// account returns the principal's account; empty for a service and an anonymous request.
func (s *simulation) account() string {
	if parts := strings.Split(s.principalName(), ":"); len(parts) > 4 {
		return parts[4]
	}
	return ""
}

func (s *simulation) trust() bool { return strings.HasPrefix(s.Request.Action, "sts:Assume") }

// contextValues returns the context as lists.
func (s *simulation) contextValues() map[string][]string {
	values := map[string][]string{}
	for key, value := range s.Request.Context {
		switch v := value.(type) {
		case string:
			values[key] = []string{v}
		case []string:
			values[key] = v
		case []any:
			values[key] = []string{}
			for _, one := range v {
				values[key] = append(values[key], one.(string))
			}
		}
	}
	return values
}

// input returns the simulation as the evaluator takes it.
func (s *simulation) input() (*permissions.Policies, *permissions.Request, error) {
	principal, err := permissions.ParsePrincipal(s.principalName())
	if err != nil {
		return nil, nil, err
	}
	request := &permissions.Request{
		Principal:       principal,
		Action:          s.Request.Action,
		Resource:        s.Request.Resource.Resource,
		ResourceAccount: s.Request.Resource.Account,
		Context:         permissions.NewContext(s.contextValues(), true),
	}
	c := compiler{}
	policies := &permissions.Policies{
		Identity:        c.list(s.Identity, permissions.IdentityPolicy, ""),
		ServiceControl:  c.levels(s.ServiceControl, permissions.ServiceControlPolicy),
		ResourceControl: c.levels(s.ResourceControl, permissions.ResourceControlPolicy),
	}
	for _, boundary := range c.list(s.Boundary, permissions.PermissionsBoundary, "") {
		policies.Boundary = boundary
	}
	if s.Session != nil {
		policies.Session = []*permissions.Policy{c.compile(namedPolicy{Policy: *s.Session}, permissions.SessionPolicy, "")}
	}
	if s.Resource != nil {
		kind := permissions.ResourcePolicy
		if s.trust() {
			kind = permissions.TrustPolicy
		}
		policies.Resource = c.compile(namedPolicy{Policy: *s.Resource}, kind, "")
	}
	return policies, request, c.err
}

// A compiler compiles policies until one does not parse.
type compiler struct{ err error }

func (c *compiler) compile(p namedPolicy, kind permissions.PolicyType, target string) *permissions.Policy {
	text, err := json.Marshal(p.Policy)
	if err != nil {
		c.err = err
	}
	doc, err := policydoc.Parse(string(text))
	if err != nil {
		c.err = fmt.Errorf("%s policy %s: %w", kind, p.Name, err)
		doc = &policydoc.Document{}
	}
	return permissions.Compile(doc, permissions.Source{Type: kind, Name: p.Name, Target: target})
}

func (c *compiler) list(list []namedPolicy, kind permissions.PolicyType, target string) []*permissions.Policy {
	var compiled []*permissions.Policy
	for _, p := range list {
		compiled = append(compiled, c.compile(p, kind, target))
	}
	return compiled
}

func (c *compiler) levels(levels []simulationLevel, kind permissions.PolicyType) []permissions.Level {
	var compiled []permissions.Level
	for _, level := range levels {
		compiled = append(compiled, permissions.Level{Target: level.Target, Policies: c.list(level.Policies, kind, level.Target)})
	}
	return compiled
}

// decide evaluates the simulation.
func (s *simulation) decide() (permissions.Decision, error) {
	policies, request, err := s.input()
	if err != nil {
		return permissions.Decision{}, err
	}
	return permissions.Evaluate(policies, request), nil
}

// outcome names a decision in the oracle's words.
func outcome(d *permissions.Decision) string {
	switch {
	case d.Outcome == permissions.Allowed:
		return "Allowed"
	case d.Outcome == permissions.Denied && d.Explicit():
		return "ExplicitlyDenied"
	case d.Outcome == permissions.Denied:
		return "ImplicitlyDenied"
	}
	return string(d.Outcome)
}

// documents returns all policies, for changing them in place.
func (s *simulation) documents() []*simulatedPolicy {
	var documents []*simulatedPolicy
	add := func(list []namedPolicy) {
		for i := range list {
			documents = append(documents, &list[i].Policy)
		}
	}
	add(s.Identity)
	add(s.Boundary)
	for i := range s.ServiceControl {
		add(s.ServiceControl[i].Policies)
	}
	for i := range s.ResourceControl {
		add(s.ResourceControl[i].Policies)
	}
	for _, p := range []*simulatedPolicy{s.Session, s.Resource} {
		if p != nil {
			documents = append(documents, p)
		}
	}
	return documents
}

func (s *simulation) clone() *simulation {
	var copied simulation
	if err := json.Unmarshal([]byte(s.text()), &copied); err != nil {
		panic(err)
	}
	return &copied
}

func (s *simulation) text() string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// sortedKeys returns a map's keys in order, so that a seed always gives the same cases.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
