package collect

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// Facts that each kind of answer holds.
const (
	userDetailFacts = nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies |
		nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary
	groupDetailFacts = nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies
	roleDetailFacts  = nhiscan.FactTags | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies |
		nhiscan.FactPermissionsBoundary | nhiscan.FactTrustPolicy | nhiscan.FactInstanceProfiles
)

// convert returns the list with f applied to each element, nil for an empty one.
func convert[From, To any](list []From, f func(From) To) []To {
	if len(list) == 0 {
		return nil
	}
	converted := make([]To, len(list))
	for i, x := range list {
		converted[i] = f(x)
	}
	return converted
}

func tagOf(t types.Tag) nhiscan.Tag {
	return nhiscan.Tag{Key: aws.ToString(t.Key), Value: aws.ToString(t.Value)}
}

func attachedPolicy(p types.AttachedPolicy) nhiscan.AttachedPolicy {
	return nhiscan.AttachedPolicy{Name: aws.ToString(p.PolicyName), ARN: aws.ToString(p.PolicyArn)}
}

func instanceProfile(p types.InstanceProfile) nhiscan.InstanceProfile {
	return nhiscan.InstanceProfile{
		Name:       aws.ToString(p.InstanceProfileName),
		ID:         aws.ToString(p.InstanceProfileId),
		ARN:        aws.ToString(p.Arn),
		Path:       aws.ToString(p.Path),
		CreateDate: utc(p.CreateDate),
	}
}

func boundary(b *types.AttachedPermissionsBoundary) string {
	if b == nil {
		return ""
	}
	return aws.ToString(b.PermissionsBoundaryArn)
}

// utc returns the time in UTC, the zero time for none.
func utc(t *time.Time) time.Time {
	if t == nil || t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

func userDetail(u types.UserDetail) nhiscan.User {
	return nhiscan.User{
		Name:                aws.ToString(u.UserName),
		ID:                  aws.ToString(u.UserId),
		ARN:                 aws.ToString(u.Arn),
		Path:                aws.ToString(u.Path),
		CreateDate:          utc(u.CreateDate),
		Tags:                convert(u.Tags, tagOf),
		Groups:              convert(u.GroupList, func(name string) string { return name }),
		AttachedPolicies:    convert(u.AttachedManagedPolicies, attachedPolicy),
		InlinePolicies:      inlinePolicies(u.UserPolicyList),
		PermissionsBoundary: boundary(u.PermissionsBoundary),
		Known:               userDetailFacts,
	}
}

// listedUser is a user as ListUsers tells it: with the last use of the password
// and without tags and boundary.
func listedUser(u types.User) nhiscan.User {
	user := nhiscan.User{
		Name:       aws.ToString(u.UserName),
		ID:         aws.ToString(u.UserId),
		ARN:        aws.ToString(u.Arn),
		Path:       aws.ToString(u.Path),
		CreateDate: utc(u.CreateDate),
	}
	setPasswordLastUsed(&user, u.PasswordLastUsed)
	return user
}

// setPasswordLastUsed: no time means never since 2014-10-20, or no password.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html
func setPasswordLastUsed(u *nhiscan.User, at *time.Time) {
	u.Password.LastUsed = nhiscan.LastUse{Known: true, At: utc(at)}
	u.Known |= nhiscan.FactPasswordLastUsed
}

func groupDetail(g types.GroupDetail) nhiscan.Group {
	return nhiscan.Group{
		Name:             aws.ToString(g.GroupName),
		ID:               aws.ToString(g.GroupId),
		ARN:              aws.ToString(g.Arn),
		Path:             aws.ToString(g.Path),
		CreateDate:       utc(g.CreateDate),
		AttachedPolicies: convert(g.AttachedManagedPolicies, attachedPolicy),
		InlinePolicies:   inlinePolicies(g.GroupPolicyList),
		Known:            groupDetailFacts,
	}
}

func listedGroup(g types.Group) nhiscan.Group {
	return nhiscan.Group{
		Name:       aws.ToString(g.GroupName),
		ID:         aws.ToString(g.GroupId),
		ARN:        aws.ToString(g.Arn),
		Path:       aws.ToString(g.Path),
		CreateDate: utc(g.CreateDate),
	}
}

func roleDetail(d types.RoleDetail) nhiscan.Role {
	role := nhiscan.Role{
		Name:                aws.ToString(d.RoleName),
		ID:                  aws.ToString(d.RoleId),
		ARN:                 aws.ToString(d.Arn),
		Path:                aws.ToString(d.Path),
		CreateDate:          utc(d.CreateDate),
		TrustPolicy:         document(d.AssumeRolePolicyDocument),
		InstanceProfiles:    convert(d.InstanceProfileList, instanceProfile),
		Tags:                convert(d.Tags, tagOf),
		AttachedPolicies:    convert(d.AttachedManagedPolicies, attachedPolicy),
		InlinePolicies:      inlinePolicies(d.RolePolicyList),
		PermissionsBoundary: boundary(d.PermissionsBoundary),
		Known:               roleDetailFacts,
	}
	setRoleLastUsed(&role, d.RoleLastUsed)
	return role
}

// listedRole is a role as ListRoles and GetRole tell it. ListRoles leaves out
// tags, boundary and last use, for which see setRoleDetails.
func listedRole(l *types.Role) nhiscan.Role {
	role := nhiscan.Role{
		Name:       aws.ToString(l.RoleName),
		ID:         aws.ToString(l.RoleId),
		ARN:        aws.ToString(l.Arn),
		Path:       aws.ToString(l.Path),
		CreateDate: utc(l.CreateDate),
	}
	setRoleSettings(&role, l)
	setTrustPolicy(&role, l)
	return role
}

// setRoleDetails takes from GetRole's answer what ListRoles leaves out.
func setRoleDetails(role *nhiscan.Role, from *types.Role) {
	role.Tags = convert(from.Tags, tagOf)
	role.PermissionsBoundary = boundary(from.PermissionsBoundary)
	role.Known |= nhiscan.FactTags | nhiscan.FactPermissionsBoundary
	setRoleLastUsed(role, from.RoleLastUsed)
}

func setTrustPolicy(role *nhiscan.Role, from *types.Role) {
	role.TrustPolicy = document(from.AssumeRolePolicyDocument)
	role.Known |= nhiscan.FactTrustPolicy
}

func setRoleSettings(role *nhiscan.Role, from *types.Role) {
	role.Description = aws.ToString(from.Description)
	role.MaxSessionDuration = time.Duration(aws.ToInt32(from.MaxSessionDuration)) * time.Second
	role.Known |= nhiscan.FactRoleSettings
}

// setRoleLastUsed: AWS sends an element without a date for a role that was not
// used in the last 400 days. No element tells nothing.
func setRoleLastUsed(role *nhiscan.Role, used *types.RoleLastUsed) {
	if used == nil {
		return
	}
	role.LastUsed = nhiscan.LastUse{Known: true, At: utc(used.LastUsedDate), Region: aws.ToString(used.Region)}
	role.Known |= nhiscan.FactRoleLastUsed
}

func policyDetail(d types.ManagedPolicyDetail) nhiscan.ManagedPolicy {
	return nhiscan.ManagedPolicy{
		Name:               aws.ToString(d.PolicyName),
		ID:                 aws.ToString(d.PolicyId),
		ARN:                aws.ToString(d.Arn),
		Path:               aws.ToString(d.Path),
		Description:        aws.ToString(d.Description),
		DefaultVersionID:   aws.ToString(d.DefaultVersionId),
		AttachmentCount:    int(aws.ToInt32(d.AttachmentCount)),
		BoundaryUsageCount: int(aws.ToInt32(d.PermissionsBoundaryUsageCount)),
		Attachable:         d.IsAttachable,
		CreateDate:         utc(d.CreateDate),
		UpdateDate:         utc(d.UpdateDate),
		Versions:           convert(d.PolicyVersionList, policyVersion),
	}
}

// listedPolicy is a policy as ListPolicies and GetPolicy tell it: without documents.
func listedPolicy(p types.Policy) nhiscan.ManagedPolicy {
	return nhiscan.ManagedPolicy{
		Name:               aws.ToString(p.PolicyName),
		ID:                 aws.ToString(p.PolicyId),
		ARN:                aws.ToString(p.Arn),
		Path:               aws.ToString(p.Path),
		Description:        aws.ToString(p.Description),
		DefaultVersionID:   aws.ToString(p.DefaultVersionId),
		AttachmentCount:    int(aws.ToInt32(p.AttachmentCount)),
		BoundaryUsageCount: int(aws.ToInt32(p.PermissionsBoundaryUsageCount)),
		Attachable:         p.IsAttachable,
		CreateDate:         utc(p.CreateDate),
		UpdateDate:         utc(p.UpdateDate),
	}
}

func policyVersion(v types.PolicyVersion) nhiscan.PolicyVersion {
	return nhiscan.PolicyVersion{
		ID:         aws.ToString(v.VersionId),
		Default:    v.IsDefaultVersion,
		CreateDate: utc(v.CreateDate),
		Document:   document(v.Document),
	}
}

func inlinePolicies(list []types.PolicyDetail) []nhiscan.InlinePolicy {
	return convert(list, func(p types.PolicyDetail) nhiscan.InlinePolicy {
		return nhiscan.InlinePolicy{Name: aws.ToString(p.PolicyName), Document: document(p.PolicyDocument)}
	})
}

// document decodes a policy document. What cannot be decoded is kept as it came:
// it does not parse, which [nhiscan.Account.MalformedDocuments] tells.
func document(encoded *string) nhiscan.PolicyDocument {
	text, err := policydoc.Decode(aws.ToString(encoded))
	if err != nil {
		text = aws.ToString(encoded)
	}
	return nhiscan.NewPolicyDocument(text)
}
