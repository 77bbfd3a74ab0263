package mcpserver

import (
	"bytes"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/permissions"
)

// An identityReport says of one identity what it is and what it can do.
type identityReport struct {
	// Identity is null when it could not be read.
	Identity    *object            `json:"identity" doc:"As in nhiscan/identity/v1, with assumers for trust paths and without policy documents"`
	Permissions *permissionsReport `json:"permissions" doc:"admin, access_level, services by access level, dangerous, escalations"`
	Advice      []string           `json:"advice" doc:"How to make it safe"`
}

type permissionsReport struct {
	Admin           bool                  `json:"admin"`
	AdminKind       permissions.AdminKind `json:"admin_kind"`
	AdminConditions []string              `json:"admin_conditions"`
	AdminLimits     []string              `json:"admin_limits"`
	AccessLevel     string                `json:"access_level"`
	Actions         int                   `json:"actions"`
	// Services counts services by their highest access level.
	Services        map[string]int   `json:"services"`
	Dangerous       []dangerousItem  `json:"dangerous"`
	MoreDangerous   int              `json:"more_dangerous"`
	Escalations     []escalationItem `json:"escalations"`
	MoreEscalations int              `json:"more_escalations"`
}

// JSONSchema implements [toolschema.Describer]: its members would be most of the
// tool's definition.
func (permissionsReport) JSONSchema() *toolschema.Schema { return objectSchema() }

type dangerousItem struct {
	Severity string `json:"severity"`
	Text     string `json:"text"`
}

type escalationItem struct {
	Path    string   `json:"path"`
	Admin   bool     `json:"admin"`
	Certain bool     `json:"certain"`
	Text    string   `json:"text"`
	Needs   []string `json:"needs"`
}

// How many dangers and ways to more permissions a report tells.
const (
	maxDangerous   = 20
	maxEscalations = 10
)

func newIdentityReport(id *render.Identity) (identityReport, error) {
	facts, err := identityFacts(id)
	if err != nil {
		return identityReport{}, err
	}
	report := identityReport{Identity: &facts, Advice: answer.Advice(id)}
	if id.Permissions != nil {
		report.Permissions = newPermissionsReport(id)
	}
	return report, nil
}

func newPermissionsReport(id *render.Identity) *permissionsReport {
	can := id.Permissions
	r := &permissionsReport{
		Admin: can.Admin.Is(), AdminKind: can.Admin.Kind, AdminConditions: can.Admin.Keys, AdminLimits: can.Admin.Limits,
		AccessLevel: render.LevelWord(can.Access.Level), Actions: can.Access.Actions, Services: map[string]int{},
	}
	for i := range can.Services {
		r.Services[render.LevelWord(can.Services[i].Level)]++
	}
	var dangers []render.DangerousText
	dangers, r.MoreDangerous = firstOf(render.DangerousTexts(id), maxDangerous)
	for _, d := range dangers {
		r.Dangerous = append(r.Dangerous, dangerousItem{string(d.Severity), d.Text})
	}
	var ways []*permissions.Escalation
	ways, r.MoreEscalations = firstOf(bestFirst(can), maxEscalations)
	for _, way := range ways {
		item := escalationItem{
			Admin: way.Admin, Certain: way.Certain(), Text: render.WayText(way), Needs: way.Needs,
		}
		if way.Path != nil {
			item.Path = way.Path.ID
		}
		r.Escalations = append(r.Escalations, item)
	}
	return r
}

// bestFirst are the ways to more permissions, those to administrator access first.
func bestFirst(can *permissions.Permissions) []*permissions.Escalation {
	best := render.ShortestToAdmin(can)
	var first, toAdmin, others []*permissions.Escalation
	for _, way := range render.Escalations(can) {
		switch {
		case way == best:
			first = append(first, way)
		case way.Admin:
			toAdmin = append(toAdmin, way)
		default:
			others = append(others, way)
		}
	}
	return append(append(first, toAdmin...), others...)
}

// A publishedIdentity is what an answer has of the document nhiscan/identity/v1:
// nothing of the texts of policies, and sentences for who can assume a role.
type publishedIdentity struct {
	ARN                 jsontext.Value    `json:"arn"`
	Name                jsontext.Value    `json:"name"`
	Type                jsontext.Value    `json:"type"`
	Classification      jsontext.Value    `json:"classification"`
	Credentials         jsontext.Value    `json:"credentials,omitzero"`
	Trust               *publishedTrust   `json:"trust,omitzero"`
	Groups              jsontext.Value    `json:"groups"`
	AttachedPolicies    jsontext.Value    `json:"attached_policies"`
	InlinePolicies      []publishedPolicy `json:"inline_policies"`
	PermissionsBoundary jsontext.Value    `json:"permissions_boundary"`
	LastUsed            jsontext.Value    `json:"last_used"`
	LastUsedKnown       jsontext.Value    `json:"last_used_known"`
	CreateDate          jsontext.Value    `json:"create_date"`
	Path                jsontext.Value    `json:"path"`
	ID                  jsontext.Value    `json:"id"`
	Tags                jsontext.Value    `json:"tags"`
	Description         jsontext.Value    `json:"description"`
	MaxSessionDuration  jsontext.Value    `json:"max_session_duration_seconds"`
	InstanceProfiles    jsontext.Value    `json:"instance_profiles"`
	Unknown             jsontext.Value    `json:"unknown"`
}

type publishedTrust struct {
	Kind     jsontext.Value `json:"kind"`
	Provider jsontext.Value `json:"provider"`
	Error    jsontext.Value `json:"error"`
	Assumers []string       `json:"assumers"`
	Dangers  jsontext.Value `json:"dangers"`
}

type publishedPolicy struct {
	Name jsontext.Value `json:"name"`
}

// identityFacts takes them out of the published document.
func identityFacts(id *render.Identity) (object, error) {
	bare := *id
	bare.Permissions = nil
	var document bytes.Buffer
	if err := render.IdentityJSON(&document, &bare); err != nil {
		return nil, err
	}
	var whole struct {
		Identity publishedIdentity `json:"identity"`
	}
	if err := json.Unmarshal(document.Bytes(), &whole, jsonOptions); err != nil {
		return nil, err
	}
	if trust := whole.Identity.Trust; trust != nil && id.Identity.Trust != nil {
		for i := range id.Identity.Trust.Paths {
			trust.Assumers = append(trust.Assumers, render.TrustPathText(&id.Identity.Trust.Paths[i]))
		}
	}
	facts, err := json.Marshal(&whole.Identity, jsonOptions)
	return object(facts), err
}
