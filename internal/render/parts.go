package render

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/trust"
)

// The functions of this file give parts of the published documents, and sentences
// of the texts, to answers that have another frame. Sentences are printable; JSON
// is as it stands in the documents, with the texts of strangers in its strings.

// published encodes one of the types of published JSON, which always can be.
func published(value any) jsontext.Value {
	text, err := json.Marshal(value, jsonOptions)
	if err != nil {
		panic("render: a part of published JSON: " + err.Error())
	}
	return text
}

// Verdict is the answer in one sentence. It ends with a colon where a list of
// resources belongs to it.
func (c *Can) Verdict() string { return c.verdict() }

// Headline counts in one line those who may.
func (c *WhoCan) Headline() string { return c.headline() }

// MatchText says which statement it is; a policy that hangs on another entity than
// holder names it.
func MatchText(m permissions.Match, holder string, line LineFunc) string {
	return matchText(m, holder, line) + ifKeys(m.Keys)
}

// MatchJSON is a statement as the document can has it.
func MatchJSON(m permissions.Match, line LineFunc) jsontext.Value {
	return published(wireReasons([]permissions.Match{m}, line)[0])
}

// MissingText says which kind of policy would have to allow it.
func MissingText(m permissions.Missing) string { return missingText(m) }

// EntityText is "user ada" for the ARN of a user, role, group or policy.
func EntityText(arn string) string { return entityText(arn) }

// Escalations are an identity's paths, the one by which it makes itself an
// administrator first.
func Escalations(p *permissions.Permissions) []*permissions.Escalation { return escalationsOf(p) }

// ShortestToAdmin is the best of an identity's paths to administrator access:
// certain ones before others, then those of few hops; nil when there is none.
func ShortestToAdmin(p *permissions.Permissions) *permissions.Escalation { return shortest(p) }

// EscalationTitle names a path, how long it is and whether it is certain.
func EscalationTitle(e *permissions.Escalation) string { return pathTitle(e) }

// WayText tells a path in one line, hop after hop.
func WayText(e *permissions.Escalation) string { return wayText(e) }

// EscalationJSON is a path as the documents scan and identity have it.
func EscalationJSON(e *permissions.Escalation) jsontext.Value {
	return published(wireEscalations([]*permissions.Escalation{e})[0])
}

// TrustPathText says in a sentence who can assume a role that way.
func TrustPathText(p *trust.Path) string { return pathText(p) }

// TrustPathJSON is a way to assume a role as the documents scan and identity have it.
func TrustPathJSON(p *trust.Path) jsontext.Value { return published(newWirePath(p)) }

type wirePolicyDanger struct {
	Category     policydoc.DangerCategory `json:"category"`
	Severity     policydoc.Severity       `json:"severity"`
	Why          string                   `json:"why"`
	Actions      []string                 `json:"actions"`
	Count        int                      `json:"count"`
	Patterns     []string                 `json:"patterns"`
	Statement    int                      `json:"statement"`
	SID          string                   `json:"sid"`
	Resources    []string                 `json:"resources"`
	NotResources bool                     `json:"not_resources"`
	AllResources bool                     `json:"all_resources"`
	Conditions   []wireCondition          `json:"conditions"`
}

// DangerJSON is what one document grants that is dangerous, as the documents scan
// and identity have it, with at most as many actions as said and without the
// policy, which is the document.
func DangerJSON(d *policydoc.Danger, actions int) jsontext.Value {
	return published(wirePolicyDanger{
		Category: d.Category, Severity: d.Severity, Why: d.Why,
		Actions: d.Actions[:min(len(d.Actions), actions)], Count: d.Count, Patterns: []string{d.Pattern},
		Statement: d.Statement, SID: d.SID,
		Resources: d.Resources, NotResources: d.NotResources, AllResources: d.AllResources, Conditions: newWireConditions(d.Conditions),
	})
}

// LevelWord is an access level in words; one that is not known is none.
func LevelWord(level policydoc.AccessLevel) string { return levelWord(level) }

// CredentialsJSON is a user's credentials as the documents scan and identity have them.
func CredentialsJSON(c *nhiscan.Credentials, known nhiscan.Facts) jsontext.Value {
	return published(newWireCredentials(c, known))
}

// TagsJSON is an object of tags as the documents scan and identity have it.
func TagsJSON(tags []nhiscan.Tag) jsontext.Value { return published(wireTags(tags)) }

// UnknownOfUser names the keys that a document cannot fill of a user of whom known
// was read, beside those of credentials.
func UnknownOfUser(known nhiscan.Facts) []string { return jsonNames(missing(known, userFacts)) }

// UnknownOfRole is [UnknownOfUser] for roles.
func UnknownOfRole(known nhiscan.Facts) []string { return jsonNames(missing(known, roleFacts)) }
