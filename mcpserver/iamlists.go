package mcpserver

import (
	"context"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// markerArguments are those of a list that goes on where it ended, as AWS's do.
type markerArguments struct {
	MaxItems int    `json:"max_items,omitzero" doc:"Items in all" default:"100" min:"1" max:"1000"`
	Marker   string `json:"marker,omitzero" doc:"marker of the answer before" maxlen:"8192"`
}

type listArguments struct {
	PathPrefix string `json:"path_prefix,omitzero" doc:"Such as /team/" maxlen:"512"`
	markerArguments
	accountArguments
}

type listPoliciesArguments struct {
	Scope        string `json:"scope,omitzero" doc:"Whose" default:"Local" enum:"All,AWS,Local"`
	OnlyAttached bool   `json:"only_attached,omitzero" doc:"Leave out unused ones" default:"false"`
	listArguments
}

// options are those of package collect. Of a prefix without its slash AWS only
// says that it is malformed.
func (a *listArguments) options() (collect.ListOptions, error) {
	if a.PathPrefix != "" && !strings.HasPrefix(a.PathPrefix, "/") {
		return collect.ListOptions{}, invalid("path_prefix: want a path that begins with /")
	}
	marker, err := readMarker(a.Marker)
	return collect.ListOptions{PathPrefix: a.PathPrefix, MaxItems: a.MaxItems, Marker: marker}, err
}

// listed says which part of a list an answer has.
type listed struct {
	Count       int    `json:"count"`
	IsTruncated bool   `json:"is_truncated"`
	Marker      string `json:"marker"`
	iamInfo
}

func newListed[T any](source iamSource, list *collect.List[T], gaps []nhiscan.Gap) listed {
	return listed{Count: len(list.Items), IsTruncated: list.IsTruncated, Marker: showMarker(list.Marker), iamInfo: newIAMInfo(source, gaps)}
}

// text is a list in words: how long it is, and the first of it.
func (l *listed) text(what string, names []string) string {
	line := say("%s: %d", what, l.Count)
	if len(names) > 0 {
		line += " (" + someOf(names, namesInText) + ")"
	}
	line += "."
	if l.IsTruncated {
		line += " There are more: call again with the marker."
	}
	return l.iamInfo.text(line)
}

// namesInText is how many names a text tells.
const namesInText = 10

// someOf is the first of a list and how many more there are, printable.
func someOf(list []string, n int) string {
	first, more := firstOf(list, n)
	words := make([]string, len(first))
	for i, word := range first {
		words[i] = say("%s", word)
	}
	if more > 0 {
		words = append(words, say("and %d more", more))
	}
	return strings.Join(words, ", ")
}

// A listItem is what all lists tell of an entity.
type listItem struct {
	Name       string `json:"name"`
	ARN        string `json:"arn"`
	ID         string `json:"id"`
	Path       string `json:"path"`
	CreateDate stamp  `json:"create_date"`
}

type listUsersResult struct {
	Users []entity[userItem] `json:"users" doc:"name, arn, id, path, create_date, password_last_used (null: never)"`
	listed
}

type userItem struct {
	listItem
	// PasswordLastUsed is left out when it is not known.
	PasswordLastUsed *stamp `json:"password_last_used,omitzero"`
}

type listRolesResult struct {
	Roles []entity[roleItem] `json:"roles" doc:"name, arn, id, path, create_date, description, max_session_duration_seconds"`
	listed
}

type roleItem struct {
	listItem
	Description               string `json:"description"`
	MaxSessionDurationSeconds int    `json:"max_session_duration_seconds,omitzero"`
}

type listGroupsResult struct {
	Groups []entity[listItem] `json:"groups" doc:"name, arn, id, path, create_date"`
	listed
}

type listPoliciesResult struct {
	Policies []entity[policyItem] `json:"policies" doc:"name, arn, id, path, dates, default_version_id, attachment_count, boundary_usage_count"`
	listed
}

type policyItem struct {
	listItem
	UpdateDate         stamp  `json:"update_date"`
	DefaultVersionID   string `json:"default_version_id"`
	AttachmentCount    int    `json:"attachment_count"`
	BoundaryUsageCount int    `json:"boundary_usage_count"`
}

func listTools() []*tool {
	return []*tool{
		defineIAM(Tool{
			Name: "list_users", Title: "List IAM users",
			Description: "List IAM users with ARN and dates. get_user has the rest of one.",
		}, "Users", listUsers),
		defineIAM(Tool{
			Name: "list_roles", Title: "List IAM roles",
			Description: "List IAM roles. get_role has the trust policy and the rest of one.",
		}, "Roles", listRoles),
		defineIAM(Tool{
			Name: "list_groups", Title: "List IAM groups",
			Description: "List IAM groups. get_group has the members and policies of one.",
		}, "Groups", listGroups),
		defineIAM(Tool{
			Name: "list_policies", Title: "List managed policies",
			Description: "List managed policies: the customer's (Local), AWS's or all. get_managed_policy_document has the text of one.",
		}, "ManagedPolicies", listPolicies),
	}
}

func listUsers(ctx context.Context, source iamSource, in listArguments) (out listUsersResult, err error) {
	opts, err := in.options()
	if err != nil {
		return out, err
	}
	list, gaps, err := source.users(ctx, &opts)
	if err != nil {
		return out, err
	}
	out.listed = newListed(source, list, gaps)
	for i := range list.Items {
		u := &list.Items[i]
		item := userItem{listItem: listItem{u.Name, u.ARN, u.ID, u.Path, stamp(u.CreateDate)}}
		if used := u.Password.LastUsed; used.Known {
			at := stamp(used.At)
			item.PasswordLastUsed = &at
		}
		out.Users = append(out.Users, entity[userItem]{item})
	}
	return out, nil
}

func (r listUsersResult) summary() string {
	return r.text("Users", namesOf(r.Users, func(u *entity[userItem]) string { return u.value.Name }))
}

func listRoles(ctx context.Context, source iamSource, in listArguments) (out listRolesResult, err error) {
	opts, err := in.options()
	if err != nil {
		return out, err
	}
	list, gaps, err := source.roles(ctx, &opts)
	if err != nil {
		return out, err
	}
	out.listed = newListed(source, list, gaps)
	for i := range list.Items {
		r := &list.Items[i]
		out.Roles = append(out.Roles, entity[roleItem]{roleItem{
			listItem:    listItem{r.Name, r.ARN, r.ID, r.Path, stamp(r.CreateDate)},
			Description: r.Description, MaxSessionDurationSeconds: int(r.MaxSessionDuration.Seconds()),
		}})
	}
	return out, nil
}

func (r listRolesResult) summary() string {
	return r.text("Roles", namesOf(r.Roles, func(r *entity[roleItem]) string { return r.value.Name }))
}

func listGroups(ctx context.Context, source iamSource, in listArguments) (out listGroupsResult, err error) {
	opts, err := in.options()
	if err != nil {
		return out, err
	}
	list, gaps, err := source.groups(ctx, &opts)
	if err != nil {
		return out, err
	}
	out.listed = newListed(source, list, gaps)
	for i := range list.Items {
		g := &list.Items[i]
		out.Groups = append(out.Groups, entity[listItem]{listItem{g.Name, g.ARN, g.ID, g.Path, stamp(g.CreateDate)}})
	}
	return out, nil
}

func (r listGroupsResult) summary() string {
	return r.text("Groups", namesOf(r.Groups, func(g *entity[listItem]) string { return g.value.Name }))
}

func listPolicies(ctx context.Context, source iamSource, in listPoliciesArguments) (out listPoliciesResult, err error) {
	opts, err := in.options()
	if err != nil {
		return out, err
	}
	list, gaps, err := source.policies(ctx, &collect.PolicyListOptions{
		ListOptions: opts, Scope: collect.PolicyScope(in.Scope), OnlyAttached: in.OnlyAttached,
	})
	if err != nil {
		return out, err
	}
	out.listed = newListed(source, list, gaps)
	for i := range list.Items {
		p := &list.Items[i]
		out.Policies = append(out.Policies, entity[policyItem]{policyItem{
			listItem:   listItem{p.Name, p.ARN, p.ID, p.Path, stamp(p.CreateDate)},
			UpdateDate: stamp(p.UpdateDate), DefaultVersionID: p.DefaultVersionID,
			AttachmentCount: p.AttachmentCount, BoundaryUsageCount: p.BoundaryUsageCount,
		}})
	}
	return out, nil
}

func (r listPoliciesResult) summary() string {
	return r.text("Managed policies", namesOf(r.Policies, func(p *entity[policyItem]) string { return p.value.Name }))
}
