package permissions

import (
	"maps"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

const principalTag = "aws:principaltag/"

// userContext returns what is known of every request of a user: its tags, and
// that it has no others. Which keys that are absent matter depends on the
// policies: a context cannot say it of all.
//
// A role's tags are not known: its session may have others.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html.
func userContext(u *nhiscan.User, p *Policies) *Context {
	if !u.Known.Has(nhiscan.FactTags) {
		return NewContext(nil, false)
	}
	values := map[string][]string{}
	for _, policy := range p.Identity {
		absentTags(values, policy)
	}
	if p.Boundary != nil {
		absentTags(values, p.Boundary)
	}
	for _, level := range p.ServiceControl {
		for _, policy := range level.Policies {
			absentTags(values, policy)
		}
	}
	for _, tag := range u.Tags {
		values[principalTag+strings.ToLower(tag.Key)] = []string{tag.Value}
	}
	if u.ID != "" {
		values["aws:userid"] = []string{u.ID}
	}
	return NewContext(values, false)
}

// withAbsentTags adds the tags that a trust policy asks for and a user lacks.
func withAbsentTags(u *nhiscan.User, ctx *Context, trust *Policy) *Context {
	if !u.Known.Has(nhiscan.FactTags) {
		return ctx
	}
	absent := map[string][]string{}
	absentTags(absent, trust)
	if len(absent) == 0 {
		return ctx
	}
	maps.Copy(absent, ctx.values)
	return newFoldedContext(absent, ctx.complete)
}

// absentTags adds the keys of principal tags that a policy names, without values.
func absentTags(values map[string][]string, p *Policy) {
	for i := range p.compiled.doc.Statements {
		eachTagKey(&p.compiled.doc.Statements[i], func(key string) {
			if _, ok := values[key]; !ok {
				values[key] = []string{}
			}
		})
	}
}

// eachTagKey calls f with the aws:PrincipalTag keys, in lower case, that a
// statement's conditions and policy variables name.
func eachTagKey(s *policydoc.Statement, f func(key string)) {
	for _, c := range s.Conditions {
		if hasPrefixFold(c.Key, principalTag) {
			f(strings.ToLower(c.Key))
		}
		for _, v := range c.Values {
			eachTagVariable(v, f)
		}
	}
	for _, list := range [][]string{s.Resources, s.NotResources} {
		for _, v := range list {
			eachTagVariable(v, f)
		}
	}
}

func eachTagVariable(s string, f func(key string)) {
	for {
		_, after, ok := strings.Cut(s, "${")
		if !ok {
			return
		}
		name, rest, ok := strings.Cut(after, "}")
		if !ok {
			return
		}
		name, _, _ = strings.Cut(name, ",")
		if name = strings.TrimSpace(name); hasPrefixFold(name, principalTag) {
			f(strings.ToLower(name))
		}
		s = rest
	}
}
