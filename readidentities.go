package nhiscan

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// What a key's absence means differs by key. IAM always prints GroupList,
// AttachedManagedPolicies, Tags, RolePolicyList, GroupPolicyList,
// InstanceProfileList and RoleLastUsed, if need be empty, so that without the
// key the fact is unknown. It leaves out UserPolicyList and PermissionsBoundary
// when there are none; these are then known to be empty in an entry that is
// otherwise whole, which AttachedManagedPolicies tells.
//
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html.

func (r *accountReader) users() {
	for i := range r.list() {
		var u User
		for key := range r.object() {
			switch key {
			case "UserName":
				u.Name = r.string()
			case "UserId":
				u.ID = r.string()
			case "Arn":
				u.ARN = r.string()
			case "Path":
				u.Path = r.internedString()
			case "CreateDate":
				u.CreateDate = r.time()
			case "Tags":
				u.Tags = r.tags()
				u.Known |= FactTags
			case "GroupList":
				u.Groups = r.names()
				u.Known |= FactGroups
			case "AttachedManagedPolicies":
				u.AttachedPolicies = r.attachedPolicies()
				u.Known |= FactAttachedPolicies
			case "UserPolicyList":
				u.InlinePolicies = r.inlinePolicies()
				u.Known |= FactInlinePolicies
			case "PermissionsBoundary":
				u.PermissionsBoundary = r.boundary()
				u.Known |= FactPermissionsBoundary
			default:
				r.skip()
			}
		}
		if u.Known.Has(FactAttachedPolicies) {
			u.Known |= FactInlinePolicies | FactPermissionsBoundary
		}
		if r.named("UserDetailList", i, u.Name, u.ARN) {
			r.account.Users = append(r.account.Users, u)
		}
	}
}

func (r *accountReader) groups() {
	for i := range r.list() {
		var g Group
		for key := range r.object() {
			switch key {
			case "GroupName":
				g.Name = r.string()
			case "GroupId":
				g.ID = r.string()
			case "Arn":
				g.ARN = r.string()
			case "Path":
				g.Path = r.internedString()
			case "CreateDate":
				g.CreateDate = r.time()
			case "AttachedManagedPolicies":
				g.AttachedPolicies = r.attachedPolicies()
				g.Known |= FactAttachedPolicies
			case "GroupPolicyList":
				g.InlinePolicies = r.inlinePolicies()
				g.Known |= FactInlinePolicies
			default:
				r.skip()
			}
		}
		if r.named("GroupDetailList", i, g.Name, g.ARN) {
			r.account.Groups = append(r.account.Groups, g)
		}
	}
}

func (r *accountReader) roles() {
	for i := range r.list() {
		var role Role
		for key := range r.object() {
			r.roleField(&role, key)
		}
		if role.Known.Has(FactAttachedPolicies) {
			role.Known |= FactPermissionsBoundary
		}
		if r.named("RoleDetailList", i, role.Name, role.ARN) {
			r.account.Roles = append(r.account.Roles, role)
		}
	}
}

func (r *accountReader) roleField(role *Role, key string) {
	switch key {
	case "RoleName":
		role.Name = r.string()
	case "RoleId":
		role.ID = r.string()
	case "Arn":
		role.ARN = r.string()
	case "Path":
		role.Path = r.internedString()
	case "CreateDate":
		role.CreateDate = r.time()
	case "AssumeRolePolicyDocument":
		role.TrustPolicy = r.document()
		role.Known |= FactTrustPolicy
	case "InstanceProfileList":
		role.InstanceProfiles = r.instanceProfiles()
		role.Known |= FactInstanceProfiles
	case "Tags":
		role.Tags = r.tags()
		role.Known |= FactTags
	case "AttachedManagedPolicies":
		role.AttachedPolicies = r.attachedPolicies()
		role.Known |= FactAttachedPolicies
	case "RolePolicyList":
		role.InlinePolicies = r.inlinePolicies()
		role.Known |= FactInlinePolicies
	case "PermissionsBoundary":
		role.PermissionsBoundary = r.boundary()
		role.Known |= FactPermissionsBoundary
	case "RoleLastUsed":
		role.LastUsed = r.lastUse("LastUsedDate")
		role.Known |= FactRoleLastUsed
	case "MaxSessionDuration":
		role.MaxSessionDuration = time.Duration(r.int()) * time.Second
		role.Known |= FactRoleSettings
	case "Description":
		role.Description = r.string()
	default:
		r.skip()
	}
}

// named reports whether an entity can be told from others, and notes it if not.
func (r *accountReader) named(list string, i int, name, arn string) bool {
	if r.err != nil {
		return false
	}
	if name == "" && arn == "" {
		r.nameless = append(r.nameless, fmt.Sprintf("/%s/%d", list, i))
		return false
	}
	return true
}

func (r *accountReader) names() []string {
	var names []string
	for range r.list() {
		names = append(names, r.internedString())
	}
	return names
}

func (r *accountReader) tags() []Tag {
	var tags []Tag
	for range r.list() {
		var t Tag
		for key := range r.object() {
			switch key {
			case "Key":
				t.Key = r.internedString()
			case "Value":
				t.Value = r.internedString()
			default:
				r.skip()
			}
		}
		tags = append(tags, t)
	}
	return tags
}

func (r *accountReader) attachedPolicies() []AttachedPolicy {
	var policies []AttachedPolicy
	for range r.list() {
		var p AttachedPolicy
		for key := range r.object() {
			switch key {
			case "PolicyName":
				p.Name = r.internedString()
			case "PolicyArn":
				p.ARN = r.internedString()
			default:
				r.skip()
			}
		}
		policies = append(policies, p)
	}
	return policies
}

func (r *accountReader) inlinePolicies() []InlinePolicy {
	var policies []InlinePolicy
	for range r.list() {
		var p InlinePolicy
		for key := range r.object() {
			switch key {
			case "PolicyName":
				p.Name = r.internedString()
			case "PolicyDocument":
				p.Document = r.document()
			default:
				r.skip()
			}
		}
		policies = append(policies, p)
	}
	return policies
}

// boundary reads a permissions boundary: the object that IAM prints, or the ARN alone.
func (r *accountReader) boundary() string {
	if r.peek() == jsontext.KindString {
		return r.internedString()
	}
	var arn string
	for key := range r.object() {
		if key == "PermissionsBoundaryArn" {
			arn = r.internedString()
		} else {
			r.skip()
		}
	}
	return arn
}

// lastUse reads an object that tells a last use; an empty one tells that there was none.
func (r *accountReader) lastUse(dateKey string) LastUse {
	use := LastUse{Known: true}
	for key := range r.object() {
		switch key {
		case dateKey:
			use.At = r.time()
		case "Region":
			use.Region = r.internedString()
		case "Service":
			use.Service = r.internedString()
		default:
			r.skip()
		}
	}
	return use
}

func (r *accountReader) instanceProfiles() []InstanceProfile {
	var profiles []InstanceProfile
	for range r.list() {
		var p InstanceProfile
		for key := range r.object() {
			switch key {
			case "InstanceProfileName":
				p.Name = r.string()
			case "InstanceProfileId":
				p.ID = r.string()
			case "Arn":
				p.ARN = r.string()
			case "Path":
				p.Path = r.internedString()
			case "CreateDate":
				p.CreateDate = r.time()
			default:
				r.skip()
			}
		}
		profiles = append(profiles, p)
	}
	return profiles
}
