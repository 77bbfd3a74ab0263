package nhiscan

import (
	"fmt"
	"io"
	"time"
)

// Write writes the account as the JSON that
//
//	aws iam get-account-authorization-details
//
// prints, with one key added at the top: Nhiscan, which holds what that command
// does not tell, such as credentials, gaps and when the account was read. Tools
// that read authorization details read this too, and [Read] returns the Account
// that was written.
//
// The same Account gives the same bytes. The error is that of w, or says what
// JSON cannot hold, such as a name that is not UTF-8.
func (a *Account) Write(w io.Writer) error {
	if err := a.write(w); err != nil {
		return fmt.Errorf("write account: %w", err)
	}
	return nil
}

func (a *Account) write(out io.Writer) error {
	w := newJSONWriter(out)
	sorted := a.sorted()
	w.object(func() {
		w.key("Nhiscan")
		w.object(func() { w.saved(sorted) })
		w.raw("\n")
		w.objects("UserDetailList", len(sorted.Users), true, func(i int) { w.user(&sorted.Users[i]) })
		w.raw("\n")
		w.objects("GroupDetailList", len(sorted.Groups), true, func(i int) { w.group(&sorted.Groups[i]) })
		w.raw("\n")
		w.objects("RoleDetailList", len(sorted.Roles), true, func(i int) { w.role(&sorted.Roles[i]) })
		w.raw("\n")
		w.objects("Policies", len(sorted.Policies), true, func(i int) { w.policy(&sorted.Policies[i]) })
		w.raw("\n")
	})
	w.raw("\n")
	return w.flush()
}

func (w *jsonWriter) user(u *User) {
	w.optional("Path", u.Path)
	w.string("UserName", u.Name)
	w.optional("UserId", u.ID)
	w.string("Arn", u.ARN)
	w.time("CreateDate", u.CreateDate)
	if len(u.InlinePolicies) > 0 {
		w.inlinePolicies("UserPolicyList", u.InlinePolicies)
	}
	if u.Known.Has(FactGroups) || len(u.Groups) > 0 {
		w.strings("GroupList", u.Groups)
	}
	if u.Known.Has(FactAttachedPolicies) || len(u.AttachedPolicies) > 0 {
		w.attachedPolicies(u.AttachedPolicies)
	}
	w.boundary(u.PermissionsBoundary)
	if u.Known.Has(FactTags) || len(u.Tags) > 0 {
		w.tags(u.Tags)
	}
}

func (w *jsonWriter) group(g *Group) {
	w.optional("Path", g.Path)
	w.string("GroupName", g.Name)
	w.optional("GroupId", g.ID)
	w.string("Arn", g.ARN)
	w.time("CreateDate", g.CreateDate)
	if g.Known.Has(FactInlinePolicies) || len(g.InlinePolicies) > 0 {
		w.inlinePolicies("GroupPolicyList", g.InlinePolicies)
	}
	if g.Known.Has(FactAttachedPolicies) || len(g.AttachedPolicies) > 0 {
		w.attachedPolicies(g.AttachedPolicies)
	}
}

func (w *jsonWriter) role(r *Role) {
	w.optional("Path", r.Path)
	w.string("RoleName", r.Name)
	w.optional("RoleId", r.ID)
	w.string("Arn", r.ARN)
	w.time("CreateDate", r.CreateDate)
	w.document("AssumeRolePolicyDocument", r.TrustPolicy)
	if r.Known.Has(FactInstanceProfiles) || len(r.InstanceProfiles) > 0 {
		w.objects("InstanceProfileList", len(r.InstanceProfiles), false, func(i int) { w.instanceProfile(&r.InstanceProfiles[i]) })
	}
	if r.Known.Has(FactInlinePolicies) || len(r.InlinePolicies) > 0 {
		w.inlinePolicies("RolePolicyList", r.InlinePolicies)
	}
	if r.Known.Has(FactAttachedPolicies) || len(r.AttachedPolicies) > 0 {
		w.attachedPolicies(r.AttachedPolicies)
	}
	w.boundary(r.PermissionsBoundary)
	if r.Known.Has(FactTags) || len(r.Tags) > 0 {
		w.tags(r.Tags)
	}
	w.lastUse("RoleLastUsed", "LastUsedDate", r.LastUsed)
}

func (w *jsonWriter) instanceProfile(p *InstanceProfile) {
	w.optional("Path", p.Path)
	w.string("InstanceProfileName", p.Name)
	w.optional("InstanceProfileId", p.ID)
	w.optional("Arn", p.ARN)
	w.time("CreateDate", p.CreateDate)
}

func (w *jsonWriter) policy(p *ManagedPolicy) {
	w.string("PolicyName", p.Name)
	w.optional("PolicyId", p.ID)
	w.string("Arn", p.ARN)
	w.optional("Path", p.Path)
	w.optional("Description", p.Description)
	w.optional("DefaultVersionId", p.DefaultVersionID)
	w.int("AttachmentCount", p.AttachmentCount)
	w.int("PermissionsBoundaryUsageCount", p.BoundaryUsageCount)
	w.bool("IsAttachable", p.Attachable)
	w.time("CreateDate", p.CreateDate)
	w.time("UpdateDate", p.UpdateDate)
	w.objects("PolicyVersionList", len(p.Versions), false, func(i int) {
		v := &p.Versions[i]
		w.document("Document", v.Document)
		w.string("VersionId", v.ID)
		w.bool("IsDefaultVersion", v.Default)
		w.time("CreateDate", v.CreateDate)
	})
}

func (w *jsonWriter) inlinePolicies(key string, policies []InlinePolicy) {
	w.objects(key, len(policies), false, func(i int) {
		w.string("PolicyName", policies[i].Name)
		w.document("PolicyDocument", policies[i].Document)
	})
}

func (w *jsonWriter) attachedPolicies(policies []AttachedPolicy) {
	w.objects("AttachedManagedPolicies", len(policies), false, func(i int) {
		w.optional("PolicyName", policies[i].Name)
		w.string("PolicyArn", policies[i].ARN)
	})
}

func (w *jsonWriter) boundary(arn string) {
	if arn == "" {
		return
	}
	w.key("PermissionsBoundary")
	w.object(func() {
		w.string("PermissionsBoundaryType", "Policy")
		w.string("PermissionsBoundaryArn", arn)
	})
}

func (w *jsonWriter) tags(tags []Tag) {
	w.objects("Tags", len(tags), false, func(i int) {
		w.string("Key", tags[i].Key)
		w.string("Value", tags[i].Value)
	})
}

// lastUse writes a last use that AWS told: an empty object for never.
func (w *jsonWriter) lastUse(key, dateKey string, use LastUse) {
	if !use.Known {
		return
	}
	w.key(key)
	w.object(func() {
		w.time(dateKey, use.At)
		w.optional("Region", use.Region)
		w.optional("Service", use.Service)
	})
}

// saved writes what authorization details have no place for.
func (w *jsonWriter) saved(a *Account) {
	w.string("Schema", schemaAccount)
	w.optional("AccountId", a.ID)
	w.optional("Partition", a.Partition)
	if len(a.Aliases) > 0 {
		w.strings("Aliases", a.Aliases)
	}
	w.time("CollectedAt", a.CollectedAt)
	w.string("Source", a.Source)
	if a.Root != nil {
		w.key("Root")
		w.object(func() {
			w.optional("Arn", a.Root.ARN)
			w.time("CreateDate", a.Root.CreateDate)
			w.credentials(&a.Root.Credentials)
			w.strings("Known", a.Root.Known.Names())
		})
	}
	w.savedEntities(a)
	w.objects("Gaps", len(a.Gaps), true, func(i int) {
		w.string("Operation", a.Gaps[i].Operation)
		w.string("Resource", a.Gaps[i].Resource)
		w.string("Code", a.Gaps[i].Code)
		w.string("Message", a.Gaps[i].Message)
	})
}

func (w *jsonWriter) savedEntities(a *Account) {
	w.byARN("Users", len(a.Users), func(i int) string { return a.Users[i].ARN }, func(i int) {
		w.credentials(&a.Users[i].Credentials)
		w.strings("Known", a.Users[i].Known.Names())
	})
	w.byARN("Groups", len(a.Groups), func(i int) string { return a.Groups[i].ARN }, func(i int) {
		w.strings("Members", a.Groups[i].Members)
		w.strings("Known", a.Groups[i].Known.Names())
	})
	w.byARN("Roles", len(a.Roles), func(i int) string { return a.Roles[i].ARN }, func(i int) {
		w.optional("Description", a.Roles[i].Description)
		if d := a.Roles[i].MaxSessionDuration; d != 0 {
			w.int("MaxSessionDuration", int(d/time.Second))
		}
		w.strings("Known", a.Roles[i].Known.Names())
	})
	w.byARN("Policies", len(a.Policies), func(i int) string { return a.Policies[i].ARN }, func(i int) {
		if len(a.Policies[i].Tags) > 0 {
			w.tags(a.Policies[i].Tags)
		}
		w.strings("Known", a.Policies[i].Known.Names())
	})
}
