package render

import "github.com/nhiscan/nhiscan/permissions"

// wireEscalation is a privilege-escalation path that an identity has, in published JSON.
type wireEscalation struct {
	Path        string                   `json:"path"`
	Name        string                   `json:"name"`
	Category    permissions.PathCategory `json:"category"`
	Admin       bool                     `json:"admin"`
	Certain     bool                     `json:"certain"`
	Actions     []string                 `json:"actions"`
	Targets     []string                 `json:"targets"`
	TargetCount int                      `json:"target_count"`
	Needs       []string                 `json:"needs"`
	DependsOn   []string                 `json:"depends_on"`
	Hops        []wireHop                `json:"hops"`
	HopsLeftOut int                      `json:"hops_left_out,omitzero"`
}

type wireHop struct {
	From      string         `json:"from"`
	To        string         `json:"to"`
	Path      string         `json:"path"`
	Sentence  string         `json:"sentence"`
	Grants    []wireHopGrant `json:"grants"`
	Needs     []string       `json:"needs"`
	DependsOn []string       `json:"depends_on"`
}

type wireHopGrant struct {
	Action   string `json:"action"`
	Resource string `json:"resource"`
	wireMatch
}

func wireEscalations(escalations []*permissions.Escalation) []wireEscalation {
	out := make([]wireEscalation, len(escalations))
	for i, e := range escalations {
		out[i] = wireEscalation{
			Admin: e.Admin, Certain: e.Certain(), Targets: e.Targets, TargetCount: e.TargetCount,
			Needs: e.Needs, DependsOn: e.Keys, Hops: make([]wireHop, len(e.Hops)),
			HopsLeftOut: e.HopsLeftOut,
		}
		if e.Path != nil {
			out[i].Path, out[i].Name = e.Path.ID, e.Path.Name
			out[i].Category, out[i].Actions = e.Path.Category, e.Path.Actions
		}
		for j := range e.Hops {
			out[i].Hops[j] = newWireHop(&e.Hops[j])
		}
	}
	return out
}

func newWireHop(h *permissions.Hop) wireHop {
	w := wireHop{
		From: h.From, To: h.To, Path: pathID(h.Path), Sentence: h.Sentence,
		Grants: make([]wireHopGrant, len(h.Grants)), Needs: h.Needs, DependsOn: h.Keys,
	}
	for i, g := range h.Grants {
		w.Grants[i] = wireHopGrant{g.Action, g.Resource, newWireMatch(g.Match)}
	}
	return w
}

func pathID(p *permissions.EscalationPath) string {
	if p == nil {
		return ""
	}
	return p.ID
}

// escalationsOf are an identity's paths, with the one by which it makes itself an
// administrator first.
func escalationsOf(p *permissions.Permissions) []*permissions.Escalation {
	var out []*permissions.Escalation
	own := p.Admin.Escalation
	if own != nil {
		out = append(out, own)
	}
	for i := range p.Escalations {
		if e := &p.Escalations[i]; own == nil || pathID(e.Path) != pathID(own.Path) {
			out = append(out, e)
		}
	}
	return out
}

// shortest returns the identity's best way to administrator access: certain ones
// first, then those of few hops; nil when it has none.
func shortest(p *permissions.Permissions) *permissions.Escalation {
	var best *permissions.Escalation
	for _, e := range escalationsOf(p) {
		switch {
		case !e.Admin:
		case best == nil, e.Certain() && !best.Certain(),
			e.Certain() == best.Certain() && e.HopCount() < best.HopCount():
			best = e
		}
	}
	return best
}
