package mcpserver

import (
	"context"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/render"
)

type userArguments struct {
	Name string `json:"user_name" doc:"Name or ARN" maxlen:"2048"`
	accountArguments
}

type roleArguments struct {
	Name string `json:"role_name" doc:"Name or ARN" maxlen:"2048"`
	accountArguments
}

type groupArguments struct {
	Name string `json:"group_name" doc:"Name or ARN" maxlen:"2048"`
	accountArguments
}

// wholeItem is what users, roles and groups have in common.
type wholeItem struct {
	listItem
	AttachedPolicies []attachedItem `json:"attached_policies"`
	InlinePolicies   []inlineItem   `json:"inline_policies"`
	// Unknown names the keys that say nothing because they could not be read.
	Unknown []string `json:"unknown"`
}

type attachedItem struct {
	Name string `json:"name"`
	ARN  string `json:"arn"`
}

type inlineItem struct {
	Name     string   `json:"name"`
	Document document `json:"document"`
}

func newWholeItem(item listItem, attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy) wholeItem {
	w := wholeItem{listItem: item, AttachedPolicies: attachedItems(attached)}
	for _, p := range inline {
		w.InlinePolicies = append(w.InlinePolicies, inlineItem{p.Name, document(p.Document.Text())})
	}
	return w
}

func attachedItems(attached []nhiscan.AttachedPolicy) []attachedItem {
	items := make([]attachedItem, len(attached))
	for i, p := range attached {
		items[i] = attachedItem(p)
	}
	return items
}

// policyLine names the policies.
func (w *wholeItem) policyLine() string {
	attached := namesOf(w.AttachedPolicies, func(p *attachedItem) string { return p.Name })
	inline := namesOf(w.InlinePolicies, func(p *inlineItem) string { return p.Name })
	return "Attached policies: " + orNone(attached) + ". Inline policies: " + orNone(inline) + "."
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return someOf(names, namesInText)
}

type wholeUser struct {
	wholeItem
	Groups              []string `json:"groups"`
	PermissionsBoundary string   `json:"permissions_boundary"`
	Tags                object   `json:"tags"`
	Credentials         object   `json:"credentials"`
}

type getUserResult struct {
	User entity[wholeUser] `json:"user" doc:"As in nhiscan/identity/v1; unknown names the keys that could not be read"`
	iamInfo

	keys, devices string
}

type wholeRole struct {
	wholeItem
	Description               string         `json:"description"`
	MaxSessionDurationSeconds int            `json:"max_session_duration_seconds"`
	TrustPolicy               document       `json:"trust_policy"`
	LastUsed                  stamp          `json:"last_used"`
	LastUsedKnown             bool           `json:"last_used_known"`
	LastUsedRegion            string         `json:"last_used_region"`
	InstanceProfiles          []attachedItem `json:"instance_profiles"`
	PermissionsBoundary       string         `json:"permissions_boundary"`
	Tags                      object         `json:"tags"`
}

type getRoleResult struct {
	Role entity[wholeRole] `json:"role" doc:"As in nhiscan/identity/v1; unknown names the keys that could not be read"`
	iamInfo
}

type wholeGroup struct {
	wholeItem
	UserCount int      `json:"user_count"`
	Users     []string `json:"users"` // the first of them
}

type getGroupResult struct {
	Group entity[wholeGroup] `json:"group" doc:"users has the first 1000 of user_count names; unknown names the keys that could not be read"`
	iamInfo
}

// maxMembers is how many members of a group an answer names.
const maxMembers = 1000

func wholeTools() []*tool {
	return []*tool{
		defineIAM(Tool{
			Name: "get_user", Title: "Get an IAM user",
			Description: "One user as IAM has it: policies, groups, access keys, MFA, console password, tags, boundary.",
		}, "User", getUser),
		defineIAM(Tool{
			Name: "get_role", Title: "Get an IAM role",
			Description: "One role as IAM has it: trust policy, policies, last use, instance profiles, tags, boundary.",
		}, "Role", getRole),
		defineIAM(Tool{
			Name: "get_group", Title: "Get an IAM group",
			Description: "One group as IAM has it: members and policies.",
		}, "Group", getGroup),
	}
}

func getUser(ctx context.Context, source iamSource, in userArguments) (none getUserResult, err error) {
	name, err := entityName(source, collect.IdentityUser, in.Name)
	if err != nil {
		return none, err
	}
	u, gaps, err := source.user(ctx, name)
	if err != nil {
		return none, err
	}
	user := wholeUser{
		wholeItem: newWholeItem(listItem{u.Name, u.ARN, u.ID, u.Path, stamp(u.CreateDate)}, u.AttachedPolicies, u.InlinePolicies),
		Groups:    u.Groups, PermissionsBoundary: u.PermissionsBoundary,
		Tags: object(render.TagsJSON(u.Tags)), Credentials: object(render.CredentialsJSON(&u.Credentials, u.Known)),
	}
	user.Unknown = render.UnknownOfUser(u.Known)
	return getUserResult{
		User: entity[wholeUser]{user}, iamInfo: newIAMInfo(source, gaps),
		keys:    countIf(u.Known, nhiscan.FactAccessKeys, len(u.AccessKeys)),
		devices: countIf(u.Known, nhiscan.FactMFADevices, len(u.MFADevices)),
	}, nil
}

// countIf is a number in words where it is known.
func countIf(known, fact nhiscan.Facts, n int) string {
	if !known.Has(fact) {
		return "unknown"
	}
	return say("%d", n)
}

func (r getUserResult) summary() string {
	u := &r.User.value
	return r.text(say("User %s (%s). Groups: ", u.Name, u.ARN)+orNone(u.Groups)+".", u.policyLine(),
		say("Access keys: %s, MFA devices: %s.", r.keys, r.devices))
}

func getRole(ctx context.Context, source iamSource, in roleArguments) (none getRoleResult, err error) {
	name, err := entityName(source, collect.IdentityRole, in.Name)
	if err != nil {
		return none, err
	}
	r, gaps, err := source.role(ctx, name)
	if err != nil {
		return none, err
	}
	role := wholeRole{
		wholeItem:   newWholeItem(listItem{r.Name, r.ARN, r.ID, r.Path, stamp(r.CreateDate)}, r.AttachedPolicies, r.InlinePolicies),
		Description: r.Description, MaxSessionDurationSeconds: int(r.MaxSessionDuration.Seconds()),
		TrustPolicy: document(r.TrustPolicy.Text()),
		LastUsed:    stamp(r.LastUsed.At), LastUsedKnown: r.LastUsed.Known, LastUsedRegion: r.LastUsed.Region,
		PermissionsBoundary: r.PermissionsBoundary, Tags: object(render.TagsJSON(r.Tags)),
	}
	for _, p := range r.InstanceProfiles {
		role.InstanceProfiles = append(role.InstanceProfiles, attachedItem{p.Name, p.ARN})
	}
	role.Unknown = render.UnknownOfRole(r.Known)
	return getRoleResult{entity[wholeRole]{role}, newIAMInfo(source, gaps)}, nil
}

func (r getRoleResult) summary() string {
	role := &r.Role.value
	return r.text(say("Role %s (%s).", role.Name, role.ARN), role.policyLine())
}

func getGroup(ctx context.Context, source iamSource, in groupArguments) (none getGroupResult, err error) {
	name, err := entityName(source, collect.IdentityGroup, in.Name)
	if err != nil {
		return none, err
	}
	g, gaps, err := source.group(ctx, name)
	if err != nil {
		return none, err
	}
	members, _ := firstOf(g.Members, maxMembers)
	group := wholeGroup{
		wholeItem: newWholeItem(listItem{g.Name, g.ARN, g.ID, g.Path, stamp(g.CreateDate)}, g.AttachedPolicies, g.InlinePolicies),
		UserCount: len(g.Members), Users: members,
	}
	for _, fact := range []struct {
		fact nhiscan.Facts
		key  string
	}{
		{nhiscan.FactGroups, "users"}, {nhiscan.FactAttachedPolicies, "attached_policies"}, {nhiscan.FactInlinePolicies, "inline_policies"},
	} {
		if !g.Known.Has(fact.fact) {
			group.Unknown = append(group.Unknown, fact.key)
		}
	}
	return getGroupResult{entity[wholeGroup]{group}, newIAMInfo(source, gaps)}, nil
}

func (r getGroupResult) summary() string {
	g := &r.Group.value
	lines := []string{say("Group %s (%s). Users: %d.", g.Name, g.ARN, g.UserCount)}
	if more := g.UserCount - len(g.Users); more > 0 {
		lines = append(lines, say("%d of them are not named here.", more))
	}
	return r.text(append(lines, g.policyLine())...)
}
