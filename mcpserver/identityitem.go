package mcpserver

import (
	"fmt"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
)

// maxReasons is how many reasons an item of a list has.
const maxReasons = 3

// An identityItem is one identity of a list, in short.
type identityItem struct {
	ARN        string           `json:"arn"`
	Name       string           `json:"name"`
	Type       nhi.IdentityType `json:"type"`
	Verdict    nhi.Verdict      `json:"verdict"`
	IsNHI      bool             `json:"is_nhi"`
	Confidence float64          `json:"confidence"`
	Coverage   float64          `json:"coverage"`
	Category   nhi.Category     `json:"category"`
	Detail     string           `json:"detail"`
	// LastUsed is null for never, and where LastUsedKnown is false for unknown.
	LastUsed      stamp    `json:"last_used"`
	LastUsedKnown bool     `json:"last_used_known"`
	Reasons       []string `json:"reasons"`
	// TrustDanger is the worst of a role's trust policy.
	TrustDanger string           `json:"trust_danger,omitzero"`
	Permissions *itemPermissions `json:"permissions,omitzero"`
}

// JSONSchema implements [toolschema.Describer]: the members explain themselves.
func (identityItem) JSONSchema() *toolschema.Schema { return objectSchema() }

// itemPermissions are what an identity can do, in short.
type itemPermissions struct {
	AccessLevel string `json:"access_level"`
	Admin       bool   `json:"admin"`
	WorstDanger string `json:"worst_danger"`
	// EscalatesToAdmin is no, yes, or perhaps where it hangs on something that IAM does not show.
	EscalatesToAdmin string `json:"escalates_to_admin"`
}

func newIdentityItem(id *nhi.Identity, threshold float64, can *permissions.Permissions) identityItem {
	used := render.LastUsed(id)
	confidence := render.Confidence(id.Confidence)
	item := identityItem{
		ARN: id.ARN, Name: id.Name, Type: id.Type, Verdict: id.Verdict, IsNHI: confidence >= threshold,
		Confidence: confidence, Coverage: render.Confidence(id.Coverage), Category: id.Category, Detail: id.Detail,
		LastUsed: stamp(used.At), LastUsedKnown: used.Known,
		Reasons: reasons(id, maxReasons), TrustDanger: trustDanger(id),
	}
	if can != nil {
		item.Permissions = newItemPermissions(can)
	}
	return item
}

func newItemPermissions(can *permissions.Permissions) *itemPermissions {
	p := &itemPermissions{
		AccessLevel: render.LevelWord(can.Access.Level), Admin: can.Admin.Is(),
		WorstDanger: string(render.WorstDanger(can)), EscalatesToAdmin: "no",
	}
	switch way := render.ShortestToAdmin(can); {
	case way == nil:
	case way.Certain():
		p.EscalatesToAdmin = "yes"
	default:
		p.EscalatesToAdmin = "perhaps"
	}
	return p
}

// reasons are the heaviest signals with their weights.
func reasons(id *nhi.Identity, most int) []string {
	list := make([]string, 0, most)
	for i, signal := range id.Signals {
		if i == most {
			break
		}
		list = append(list, fmt.Sprintf("%+.1f %s", signal.Weight, signal.Fact))
	}
	return list
}

func trustDanger(id *nhi.Identity) string {
	if id.Trust == nil || len(id.Trust.Dangers) == 0 {
		return ""
	}
	worst := &id.Trust.Dangers[0] // they are sorted
	return string(worst.Severity) + ": " + worst.Message
}
