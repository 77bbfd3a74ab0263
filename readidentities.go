package nhiscan

import "time"

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
			r.userField(&u, key)
		}
		if u.Known.Has(FactAttachedPolicies) {
			u.Known |= FactInlinePolicies | FactPermissionsBoundary
		}
		if r.named("UserDetailList", i, u.Name, u.ARN) {
			r.account.Users = append(r.account.Users, u)
		}
	}
}

func (r *accountReader) userField(u *User, key string) {
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
		if role.TrustPolicy = r.document(); !role.TrustPolicy.IsZero() {
			role.Known |= FactTrustPolicy
		}
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
