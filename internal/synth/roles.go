package synth

import (
	"time"

	"github.com/nhiscan/nhiscan"
)

const roleFacts = nhiscan.FactTags | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies |
	nhiscan.FactPermissionsBoundary | nhiscan.FactTrustPolicy | nhiscan.FactInstanceProfiles |
	nhiscan.FactRoleLastUsed | nhiscan.FactRoleSettings

func (g *generator) role(i int) nhiscan.Role {
	plan := &g.roles[i]
	r := nhiscan.Role{
		Name: plan.name, ID: g.id("AROA"), ARN: plan.arn(), Path: plan.path, CreateDate: g.date(3000),
		MaxSessionDuration: time.Hour, TrustPolicy: nhiscan.NewPolicyDocument(plan.trusted.document),
		LastUsed: nhiscan.LastUse{Known: true}, Known: roleFacts,
	}
	if g.chance(75) {
		r.LastUsed.At, r.LastUsed.Region = g.date(400), g.one(regions)
	}
	if plan.linked != nil { // the service alone decides what its role may do
		r.AttachedPolicies = []nhiscan.AttachedPolicy{awsPolicy("aws-service-role/" + plan.linked.policy)}
		return r
	}
	r.Tags = g.tags()
	if g.chance(20) {
		r.MaxSessionDuration = 12 * time.Hour
	}
	if g.chance(40) {
		r.Description = "Used by " + g.one(applications) + " in " + g.one(environments)
	}
	if plan.trusted.by == "ec2.amazonaws.com" {
		r.InstanceProfiles = []nhiscan.InstanceProfile{{
			Name: plan.name, ID: g.id("AIPA"), ARN: arn("instance-profile", "/", plan.name), Path: "/", CreateDate: r.CreateDate,
		}}
	}
	g.rolePermissions(&r, i)
	return r
}

func (g *generator) rolePermissions(r *nhiscan.Role, i int) {
	r.AttachedPolicies = g.attached(3, rolePolicies)
	if g.chance(55) {
		r.InlinePolicies = g.inline()
	}
	if next, ok := g.next(&g.roles[i]); ok {
		r.InlinePolicies = append(r.InlinePolicies, nhiscan.InlinePolicy{
			Name: "next-role", Document: g.document(allow("Next", []string{"sts:AssumeRole"}, []string{next})),
		})
	}
	power := g.power(i, everyAdministratorRole, everyChangerRole)
	r.AttachedPolicies = attach(r.AttachedPolicies, power.attached...)
	r.InlinePolicies = append(r.InlinePolicies, power.inline...)
	if !power.administrator {
		r.PermissionsBoundary = g.boundary()
	}
}
