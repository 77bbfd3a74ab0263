package render

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// wirePermissions is what an identity can do, in published JSON.
type wirePermissions struct {
	Admin           bool                  `json:"admin"`
	AdminKind       permissions.AdminKind `json:"admin_kind"`
	AdminConditions []string              `json:"admin_conditions"`
	AdminGrants     []wireMatch           `json:"admin_grants"`
	AdminLimits     []string              `json:"admin_limits"`
	AccessLevel     string                `json:"access_level"`
	Access          wireAccess            `json:"access"`
	Services        wireServices          `json:"services"`
	Wildcards       []wireWildcards       `json:"wildcards"`
	Dangerous       []wireDangerous       `json:"dangerous"`
	Escalations     []wireEscalation      `json:"escalations"`
	Boundary        *wireBoundary         `json:"boundary"`
	Unusable        []wireUnusable        `json:"unusable"`
	Unresolved      []wireGap             `json:"unresolved"`
}

// A wireAccess leaves out the kinds of access that there is none of: there are
// hundreds of services.
type wireAccess struct {
	All              policydoc.AccessLevel `json:"all,omitzero"`
	Named            policydoc.AccessLevel `json:"named,omitzero"`
	ConditionalAll   policydoc.AccessLevel `json:"conditional_all,omitzero"`
	ConditionalNamed policydoc.AccessLevel `json:"conditional_named,omitzero"`
	Actions          int                   `json:"actions"`
}

// wireServices are an object with a member for each service, in their order. There
// are hundreds for many an identity: they are always written by hand, which takes a
// third of the time.
type wireServices []permissions.ServiceAccess

func (list wireServices) MarshalJSONTo(enc *jsontext.Encoder) error {
	return enc.WriteValue(list.appendJSON(enc.AvailableBuffer()))
}

// appendJSON takes it that names of the catalogue need no escapes.
func (list wireServices) appendJSON(to []byte) []byte {
	separator := byte('{')
	for i := range list {
		s := &list[i]
		to = append(to, separator, '"')
		to = append(to, s.Service...)
		to = append(to, `":{"access_level":"`...)
		to = append(to, levelWord(s.Level)...)
		to = append(to, '"')
		for _, a := range [...]struct {
			before string
			level  policydoc.AccessLevel
		}{{`,"all":"`, s.All}, {`,"named":"`, s.Named}, {`,"conditional_all":"`, s.ConditionalAll}, {`,"conditional_named":"`, s.ConditionalNamed}} {
			if a.level != policydoc.LevelUnknown {
				to = append(to, a.before...)
				to = append(to, a.level...)
				to = append(to, '"')
			}
		}
		to = appendInt(to, `,"actions":`, s.Actions)
		to = append(appendInt(to, `,"of":`, s.Of), '}')
		separator = ','
	}
	if len(list) == 0 {
		to = append(to, '{')
	}
	return append(to, '}')
}

// wireWildcards are the patterns with wildcards of one statement.
type wireWildcards struct {
	Patterns []string `json:"patterns"`
	wireMatch
	AllResources bool `json:"all_resources"`
}

type wireBoundary struct {
	Policy   wirePolicy `json:"policy"`
	Resolved bool       `json:"resolved"`
	Granted  int        `json:"granted"`
	Allowed  int        `json:"allowed"`
}

type wireUnusable struct {
	Policy    wirePolicy `json:"policy"`
	Statement int        `json:"statement"`
	Actions   []string   `json:"actions"`
	Reason    string     `json:"reason"`
}

func newWirePermissions(p *permissions.Permissions) *wirePermissions {
	if p == nil {
		return nil
	}
	w := &wirePermissions{
		Admin:           p.Admin.Is(),
		AdminKind:       p.Admin.Kind,
		AdminConditions: p.Admin.Keys,
		AdminGrants:     wireMatches(p.Admin.Grants),
		AdminLimits:     p.Admin.Limits,
		AccessLevel:     levelWord(p.Access.Level),
		Access:          newWireAccess(&p.Access),
		Services:        p.Services,
		Wildcards:       newWireWildcards(p.Wildcards),
		Dangerous:       newWireDangerous(p.Dangerous),
		Escalations:     wireEscalations(escalationsOf(p)),
		Unusable:        make([]wireUnusable, len(p.Unusable)),
		Unresolved:      wireGaps(p.Unresolved),
	}
	if b := p.Boundary; b != nil {
		w.Boundary = &wireBoundary{newWirePolicy(b.Policy), !b.Unresolved, b.Granted, b.Allowed}
	}
	for i, u := range p.Unusable {
		w.Unusable[i] = wireUnusable{newWirePolicy(u.Policy), u.Statement, u.Actions, u.Reason}
	}
	return w
}

func newWireAccess(a *permissions.Access) wireAccess {
	return wireAccess{a.All, a.Named, a.ConditionalAll, a.ConditionalNamed, a.Actions}
}

// newWireWildcards puts the patterns of a statement together, in the order in
// which the statements come up.
func newWireWildcards(wildcards []permissions.Wildcard) []wireWildcards {
	type place struct {
		policy    *permissions.Policy
		statement int
	}
	out := []wireWildcards{}
	at := map[place]int{}
	for _, c := range wildcards {
		p := place{c.Policy, c.Statement}
		i, seen := at[p]
		if !seen {
			i = len(out)
			at[p] = i
			out = append(out, wireWildcards{wireMatch: newWireMatch(c.Match), AllResources: c.AllResources})
		}
		out[i].Patterns = append(out[i].Patterns, c.Pattern)
	}
	return out
}
