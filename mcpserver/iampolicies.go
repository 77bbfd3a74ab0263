package mcpserver

import (
	"context"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/render"
)

type managedPolicyArguments struct {
	ARN     string `json:"policy_arn" doc:"ARN of the policy"`
	Version string `json:"version_id,omitzero" doc:"Such as v3. Default: the one in force" maxlen:"64"`
	accountArguments
}

type managedPolicyResult struct {
	Name             string   `json:"name"`
	ARN              string   `json:"arn"`
	Description      string   `json:"description"`
	VersionID        string   `json:"version_id"`
	IsDefaultVersion bool     `json:"is_default_version"`
	VersionDate      stamp    `json:"version_create_date"`
	Versions         []string `json:"versions"`
	AttachmentCount  int      `json:"attachment_count"`
	Tags             object   `json:"tags"`
	Document         document `json:"policy_document"`
	iamInfo
}

type userPolicyArguments struct {
	userArguments
	Policy string `json:"policy_name" doc:"Inline policy" maxlen:"128"`
}

type rolePolicyArguments struct {
	roleArguments
	Policy string `json:"policy_name" doc:"Inline policy" maxlen:"128"`
}

type groupPolicyArguments struct {
	groupArguments
	Policy string `json:"policy_name" doc:"Inline policy" maxlen:"128"`
}

type inlinePolicyResult struct {
	Owner    string   `json:"owner" doc:"user, role or group, and its name"`
	Name     string   `json:"policy_name"`
	Document document `json:"policy_document"`

	savedAt string
}

type policyNamesResult struct {
	Owner string   `json:"owner"`
	Names []string `json:"policy_names"`
	listed
}

type attachedPoliciesResult struct {
	Owner    string                 `json:"owner"`
	Policies []entity[attachedItem] `json:"attached_policies" doc:"name, arn"`
	listed
}

func policyTextTools() []*tool {
	return []*tool{
		defineIAM(Tool{
			Name: "get_managed_policy_document", Title: "Get a managed policy's document",
			Description: "The document of a managed policy of the account or of AWS, in one of its versions.",
		}, "ManagedPolicyDocument", getManagedPolicy),
		listInline("user", func(in userArguments) string { return in.Name }),
		listInline("role", func(in roleArguments) string { return in.Name }),
		listInline("group", func(in groupArguments) string { return in.Name }),
		getInline("user", func(in userPolicyArguments) (string, string) { return in.Name, in.Policy }),
		getInline("role", func(in rolePolicyArguments) (string, string) { return in.Name, in.Policy }),
		getInline("group", func(in groupPolicyArguments) (string, string) { return in.Name, in.Policy }),
		defineIAM(Tool{
			Name: "list_attached_role_policies", Title: "List a role's attached policies",
			Description: "List the managed policies that are attached to a role.",
		}, "AttachedPolicies.role", listAttachedRole),
	}
}

func getManagedPolicy(ctx context.Context, source iamSource, in managedPolicyArguments) (none managedPolicyResult, err error) {
	arn, ok := nhiscan.ParseARN(in.ARN)
	if !ok || arn.Service != "iam" || !strings.HasPrefix(arn.Resource, "policy/") {
		return none, invalid("policy_arn: want the ARN of a managed policy, such as arn:aws:iam::aws:policy/ReadOnlyAccess")
	}
	if arn.Account != "aws" {
		if err := inAccount(source, "policy_arn", arn.Account); err != nil {
			return none, err
		}
	}
	found, err := source.managedPolicy(ctx, in.ARN, in.Version)
	if err != nil {
		return none, err
	}
	p, v := &found.Policy, &found.Version
	return managedPolicyResult{
		Name: p.Name, ARN: p.ARN, Description: p.Description,
		VersionID: v.ID, IsDefaultVersion: v.Default || v.ID == p.DefaultVersionID, VersionDate: stamp(v.CreateDate),
		Versions:        namesOf(p.Versions, func(v *nhiscan.PolicyVersion) string { return v.ID }),
		AttachmentCount: p.AttachmentCount, Tags: object(render.TagsJSON(p.Tags)),
		Document: document(v.Document.Text()), iamInfo: newIAMInfo(source, found.Gaps),
	}, nil
}

func (r managedPolicyResult) summary() string {
	which := "not the one in force"
	if r.IsDefaultVersion {
		which = "the one in force"
	}
	version := r.VersionID
	if version == "" {
		version = "of unknown number"
	}
	return r.text(say("Policy %s (%s), version %s, %s.", r.Name, r.ARN, version, which))
}

// listInline makes the tool that names the inline policies of a kind of identity.
func listInline[In credentialed](kind collect.IdentityKind, name func(In) string) *tool {
	return defineIAM(Tool{
		Name: "list_" + string(kind) + "_policies", Title: "List a " + string(kind) + "'s inline policies",
		Description: "Name the inline policies of a " + string(kind) + ". get_" + string(kind) + "_policy has the document of one.",
	}, "InlinePolicies."+string(kind), func(ctx context.Context, source iamSource, in In) (none policyNamesResult, err error) {
		owner, err := entityName(source, kind, name(in))
		if err != nil {
			return none, err
		}
		names, err := source.inlinePolicies(ctx, kind, owner)
		if err != nil {
			return none, err
		}
		return policyNamesResult{string(kind) + " " + owner, names, newListed(source, &collect.List[string]{Items: names}, nil)}, nil
	})
}

func (r policyNamesResult) summary() string {
	return r.text("Inline policies of "+say("%s", r.Owner), r.Names)
}

// getInline makes the tool that shows an inline policy of a kind of identity.
func getInline[In credentialed](kind collect.IdentityKind, names func(In) (owner, policy string)) *tool {
	return defineIAM(Tool{
		Name: "get_" + string(kind) + "_policy", Title: "Get a " + string(kind) + "'s inline policy",
		Description: "The document of an inline policy of a " + string(kind) + ".",
	}, "InlinePolicy."+string(kind), func(ctx context.Context, source iamSource, in In) (none inlinePolicyResult, err error) {
		given, policy := names(in)
		if policy == "" {
			return none, invalid("policy_name is empty")
		}
		owner, err := entityName(source, kind, given)
		if err != nil {
			return none, err
		}
		found, err := source.inlinePolicy(ctx, kind, owner, policy)
		if err != nil {
			return none, err
		}
		return inlinePolicyResult{string(kind) + " " + owner, found.Name, document(found.Document.Text()), savedAt(source)}, nil
	})
}

func (r inlinePolicyResult) summary() string {
	info := iamInfo{savedAt: r.savedAt}
	return info.text(say("Inline policy %s of %s.", r.Name, r.Owner))
}

func listAttachedRole(ctx context.Context, source iamSource, in roleArguments) (none attachedPoliciesResult, err error) {
	name, err := entityName(source, collect.IdentityRole, in.Name)
	if err != nil {
		return none, err
	}
	list, err := source.attachedPolicies(ctx, collect.IdentityRole, name)
	if err != nil {
		return none, err
	}
	items := make([]entity[attachedItem], len(list))
	for i, p := range list {
		items[i].value = attachedItem(p)
	}
	return attachedPoliciesResult{"role " + name, items, newListed(source, &collect.List[entity[attachedItem]]{Items: items}, nil)}, nil
}

func (r attachedPoliciesResult) summary() string {
	return r.text("Policies attached to "+say("%s", r.Owner), namesOf(r.Policies, func(p *entity[attachedItem]) string { return p.value.Name }))
}
