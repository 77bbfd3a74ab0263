package mcpserver_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// TestRandomChangesAgreeWithAModel makes random changes through the tools and in a
// model that knows nothing but IAM's rules, and compares what there is after each.
func TestRandomChangesAgreeWithAModel(t *testing.T) {
	t.Parallel()
	for range 4 {
		seed := uint64(time.Now().UnixNano())
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			modelRun(t, seed, 100)
		})
	}
}

func modelRun(t *testing.T, seed uint64, changes int) {
	fake := fakeiam.New(&nhiscan.Account{ID: "123456789012", Partition: "aws"})
	fake.ReportPolls(0)
	fake.CallerARN(changeCaller)
	fake.PageSize(1 + int(seed%3))
	opts := changingOptions(fake)
	opts.NoConfirmation, opts.AllowPrivilegedGrants, opts.RevealSecrets = true, true, true
	c := newClient(t, newServer(t, opts))
	m := newModel(rand.New(rand.NewPCG(seed, 0)))
	done := 0
	for range changes {
		change := m.pick()
		want := change.apply()
		got := callTool(t, c, change.tool, change.arguments)
		require.Equal(t, want, got.Error.Code, "%s %v: %+v", change.tool, change.arguments, got.Error)
		if !got.IsError {
			done++
			m.learn(change, got)
		}
		require.Equal(t, m.view(), viewOf(fake.Account()), "after %s %v", change.tool, change.arguments)
	}
	require.Greater(t, done, changes/5, "too few of the changes were possible")
}

// A model is IAM as a handful of maps.
type model struct {
	random   *rand.Rand
	users    map[string]*modelHolder
	groups   map[string]*modelHolder
	roles    map[string]*modelHolder
	policies map[string]*modelPolicy // by ARN
}

// A modelHolder is a user, group or role.
type modelHolder struct {
	Groups   map[string]bool
	Attached map[string]bool
	Inline   map[string]string
	Tags     map[string]string
	Keys     map[string]bool // active, by id
	Boundary string
	Trust    string
}

type modelPolicy struct {
	Versions map[string]string
	Default  string
	next     int
}

type modelChange struct {
	tool      string
	arguments map[string]any
	// apply changes the model, and returns the code of the error that IAM has for it;
	// empty for none.
	apply func() string
	// learn takes from the answer what only IAM knows.
	learn func(outcome)
}

func newModel(random *rand.Rand) *model {
	return &model{random, map[string]*modelHolder{}, map[string]*modelHolder{}, map[string]*modelHolder{}, map[string]*modelPolicy{}}
}

func newHolder() *modelHolder {
	return &modelHolder{map[string]bool{}, map[string]bool{}, map[string]string{}, map[string]string{}, map[string]bool{}, "", ""}
}

const (
	notThere = "NoSuchEntity"
	isThere  = "EntityAlreadyExists"
	inTheWay = "DeleteConflict"
	tooMany  = "LimitExceeded"
)

func (m *model) one(of ...string) string { return of[m.random.IntN(len(of))] }

func (m *model) document() string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket-%d/*"}]}`, m.random.IntN(4))
}

// pick returns a change of one of a few names, so that they often meet.
func (m *model) pick() modelChange {
	kind := m.one("user", "group", "role")
	holders := map[string]map[string]*modelHolder{"user": m.users, "group": m.groups, "role": m.roles}[kind]
	name := kind + "-" + m.one("a", "b", "c")
	h, there := holders[name]
	if m.random.IntN(4) == 0 {
		return m.pickPolicy()
	}
	if kind == "user" && m.random.IntN(3) == 0 {
		return m.pickForUser(name, h)
	}
	argument := map[string]any{kind + "_name": name}
	with := func(key string, value any) map[string]any {
		a := maps.Clone(argument)
		a[key] = value
		return a
	}
	what := m.random.IntN(7)
	if !there && m.random.IntN(2) == 0 {
		what = 0
	}
	switch what {
	case 0, 1:
		create := modelChange{tool: "create_" + kind, arguments: argument}
		trust := ""
		if kind == "role" {
			trust = fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"%s.amazonaws.com"},"Action":"sts:AssumeRole"}]}`, m.one("ec2", "lambda"))
			create.arguments = with("assume_role_policy_document", trust)
		}
		create.apply = func() string {
			if there {
				return isThere
			}
			holders[name] = newHolder()
			holders[name].Trust = trust
			return ""
		}
		return create
	case 2:
		force := m.random.IntN(2) == 0
		return modelChange{tool: "delete_" + kind, arguments: with("force", force), apply: func() string {
			switch {
			case !there:
				return notThere
			case !force && (len(h.Attached)+len(h.Inline)+len(h.Keys)+len(h.Groups) > 0 || kind == "group" && m.hasMembers(name)):
				return inTheWay
			}
			delete(holders, name)
			for _, u := range m.users {
				if kind == "group" {
					delete(u.Groups, name)
				}
			}
			return ""
		}}
	case 3:
		policy, document := m.one("p", "q"), m.document()
		arguments := with("policy_name", policy)
		arguments["policy_document"] = document
		return modelChange{tool: "put_" + kind + "_policy", arguments: arguments, apply: func() string {
			if !there {
				return notThere
			}
			h.Inline[policy] = document
			return ""
		}}
	case 4:
		policy := m.one("p", "q")
		return modelChange{tool: "delete_" + kind + "_policy", arguments: with("policy_name", policy), apply: func() string {
			if !there || h.Inline[policy] == "" {
				return notThere
			}
			delete(h.Inline, policy)
			return ""
		}}
	case 5:
		arn := m.policyARN()
		return modelChange{tool: "attach_" + kind + "_policy", arguments: with("policy_arn", arn), apply: func() string {
			if !there || m.policies[arn] == nil {
				return notThere
			}
			h.Attached[arn] = true
			return ""
		}}
	default:
		arn := m.policyARN()
		return modelChange{tool: "detach_" + kind + "_policy", arguments: with("policy_arn", arn), apply: func() string {
			if !there || m.policies[arn] == nil {
				return notThere
			}
			delete(h.Attached, arn)
			return ""
		}}
	}
}

func (m *model) policyARN() string {
	return "arn:aws:iam::123456789012:policy/" + m.one("x", "y")
}

func (m *model) hasMembers(group string) bool {
	for _, u := range m.users {
		if u.Groups[group] {
			return true
		}
	}
	return false
}

// pickPolicy returns a change of a managed policy.
func (m *model) pickPolicy() modelChange {
	arn, document := m.policyARN(), m.document()
	p, there := m.policies[arn]
	argument := map[string]any{"policy_arn": arn}
	switch m.random.IntN(4) {
	case 0:
		return modelChange{tool: "create_policy", arguments: map[string]any{"policy_name": arn[len(arn)-1:], "policy_document": document}, apply: func() string {
			if there {
				return isThere
			}
			m.policies[arn] = &modelPolicy{map[string]string{"v1": document}, "v1", 2}
			return ""
		}}
	case 1:
		asDefault, makeRoom := m.random.IntN(2) == 0, m.random.IntN(2) == 0
		argument["policy_document"], argument["set_as_default"], argument["remove_oldest"] = document, asDefault, makeRoom
		return modelChange{tool: "create_policy_version", arguments: argument, apply: func() string {
			switch {
			case !there:
				return notThere
			case len(p.Versions) == 5 && !makeRoom:
				return tooMany
			case len(p.Versions) == 5:
				delete(p.Versions, p.oldest())
			}
			id := fmt.Sprintf("v%d", p.next)
			p.next++
			p.Versions[id] = document
			if asDefault {
				p.Default = id
			}
			return ""
		}}
	case 2:
		version := m.one("v1", "v2", "v3")
		argument["version_id"] = version
		return modelChange{tool: "set_default_policy_version", arguments: argument, apply: func() string {
			if !there || p.Versions[version] == "" {
				return notThere
			}
			p.Default = version
			return ""
		}}
	default:
		force := m.random.IntN(2) == 0
		argument["force"] = force
		return modelChange{tool: "delete_policy", arguments: argument, apply: func() string {
			holders := m.attachedTo(arn)
			switch {
			case !there:
				return notThere
			case m.bounds(arn), !force && (len(holders) > 0 || len(p.Versions) > 1):
				return inTheWay
			}
			for _, h := range holders {
				delete(h.Attached, arn)
			}
			delete(m.policies, arn)
			return ""
		}}
	}
}

func (p *modelPolicy) oldest() string {
	for n := 1; ; n++ {
		id := fmt.Sprintf("v%d", n)
		if p.Versions[id] != "" && id != p.Default {
			return id
		}
	}
}

func (m *model) attachedTo(arn string) []*modelHolder {
	var out []*modelHolder
	for _, holders := range []map[string]*modelHolder{m.users, m.groups, m.roles} {
		for _, h := range holders {
			if h.Attached[arn] {
				out = append(out, h)
			}
		}
	}
	return out
}

func (m *model) bounds(arn string) bool {
	for _, u := range m.users {
		if u.Boundary == arn {
			return true
		}
	}
	return false
}

// pickForUser returns a change that only users have.
func (m *model) pickForUser(name string, u *modelHolder) modelChange {
	argument := map[string]any{"user_name": name}
	group := "group-" + m.one("a", "b", "c")
	switch m.random.IntN(6) {
	case 0, 1:
		argument["group_name"] = group
		add := m.random.IntN(2) == 0
		tool := map[bool]string{true: "add_user_to_group", false: "remove_user_from_group"}[add]
		return modelChange{tool: tool, arguments: argument, apply: func() string {
			if u == nil || m.groups[group] == nil {
				return notThere
			}
			delete(u.Groups, group)
			if add {
				u.Groups[group] = true
			}
			return ""
		}}
	case 2:
		var id string
		return modelChange{tool: "create_access_key", arguments: argument, apply: func() string {
			switch {
			case u == nil:
				return notThere
			case len(u.Keys) == 2:
				return tooMany
			}
			return ""
		}, learn: func(o outcome) {
			id, _ = o.Structured["access_key"].(map[string]any)["access_key_id"].(string)
			u.Keys[id] = true
		}}
	case 3:
		id := "AKIAIOSFODNN7EXAMPLE"
		if u != nil && len(u.Keys) > 0 {
			id = slices.Sorted(maps.Keys(u.Keys))[0]
		}
		argument["access_key_id"] = id
		if m.random.IntN(2) == 0 {
			status := m.one("Active", "Inactive")
			argument["status"] = status
			return modelChange{tool: "update_access_key", arguments: argument, apply: func() string {
				if u == nil || !hasKey(u, id) {
					return notThere
				}
				u.Keys[id] = status == "Active"
				return ""
			}}
		}
		return modelChange{tool: "delete_access_key", arguments: argument, apply: func() string {
			if u == nil || !hasKey(u, id) {
				return notThere
			}
			delete(u.Keys, id)
			return ""
		}}
	case 4:
		arn := m.policyARN()
		if m.random.IntN(2) == 0 {
			return modelChange{tool: "delete_permissions_boundary", arguments: map[string]any{"identity_name": name}, apply: func() string {
				if u == nil {
					return notThere
				}
				u.Boundary = ""
				return ""
			}}
		}
		return modelChange{tool: "set_permissions_boundary", arguments: map[string]any{"identity_name": name, "policy_arn": arn}, apply: func() string {
			if u == nil || m.policies[arn] == nil {
				return notThere
			}
			u.Boundary = arn
			return ""
		}}
	default:
		key, value := m.one("team", "env"), m.one("a", "b")
		if m.random.IntN(3) == 0 {
			return modelChange{tool: "untag_identity", arguments: map[string]any{"identity_name": name, "tag_keys": []string{key}}, apply: func() string {
				if u == nil {
					return notThere
				}
				delete(u.Tags, key)
				return ""
			}}
		}
		return modelChange{tool: "tag_identity", arguments: map[string]any{"identity_name": name, "tags": map[string]any{key: value}}, apply: func() string {
			if u == nil {
				return notThere
			}
			u.Tags[key] = value
			return ""
		}}
	}
}

func hasKey(u *modelHolder, id string) bool {
	_, ok := u.Keys[id]
	return ok
}

func (m *model) learn(c modelChange, o outcome) {
	if c.learn != nil {
		c.learn(o)
	}
}

// A modelView is what there is, for a comparison.
type modelView struct {
	Users, Groups, Roles map[string]modelHolder
	Policies             map[string]modelPolicy
}

func (m *model) view() modelView {
	v := modelView{map[string]modelHolder{}, map[string]modelHolder{}, map[string]modelHolder{}, map[string]modelPolicy{}}
	for from, into := range map[*map[string]*modelHolder]map[string]modelHolder{&m.users: v.Users, &m.groups: v.Groups, &m.roles: v.Roles} {
		for name, h := range *from {
			into[name] = *h
		}
	}
	for arn, p := range m.policies {
		v.Policies[arn] = modelPolicy{Versions: p.Versions, Default: p.Default}
	}
	return v
}

func viewOf(a *nhiscan.Account) modelView {
	v := newModel(nil).view()
	fill := func(attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy, tags []nhiscan.Tag) *modelHolder {
		h := newHolder()
		for _, p := range attached {
			h.Attached[p.ARN] = true
		}
		for _, p := range inline {
			h.Inline[p.Name] = p.Document.Text()
		}
		for _, tag := range tags {
			h.Tags[tag.Key] = tag.Value
		}
		return h
	}
	for _, u := range a.Users {
		h := fill(u.AttachedPolicies, u.InlinePolicies, u.Tags)
		for _, g := range u.Groups {
			h.Groups[g] = true
		}
		for _, k := range u.AccessKeys {
			h.Keys[k.ID] = k.Active
		}
		h.Boundary = u.PermissionsBoundary
		v.Users[u.Name] = *h
	}
	for _, g := range a.Groups {
		v.Groups[g.Name] = *fill(g.AttachedPolicies, g.InlinePolicies, nil)
	}
	for _, r := range a.Roles {
		h := fill(r.AttachedPolicies, r.InlinePolicies, r.Tags)
		h.Trust = r.TrustPolicy.Text()
		v.Roles[r.Name] = *h
	}
	for _, p := range a.Policies {
		versions := map[string]string{}
		for _, version := range p.Versions {
			versions[version.ID] = version.Document.Text()
		}
		v.Policies[p.ARN] = modelPolicy{Versions: versions, Default: p.DefaultVersionID}
	}
	return v
}
