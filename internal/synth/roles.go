package synth

import (
	"fmt"
	"time"

	"github.com/nhiscan/nhiscan"
)

const roleFacts = nhiscan.FactTags | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies |
	nhiscan.FactPermissionsBoundary | nhiscan.FactTrustPolicy | nhiscan.FactInstanceProfiles |
	nhiscan.FactRoleLastUsed | nhiscan.FactRoleSettings

// A roleKind is a kind of role, with how many of 100 are of it.
type roleKind struct {
	percent int
	path    string
	name    func(g *generator, i int) string
	trust   func(g *generator) string
}

func workloadName(g *generator, i int) string {
	return fmt.Sprintf("%s-%s-%s-%d", g.one(applications), g.one(jobs), g.one(environments), i)
}

var roleKinds = []roleKind{
	{45, "/", workloadName, func(g *generator) string { return serviceTrust(g.one(principals)) }},
	{10, "/", workloadName, func(g *generator) string {
		provider := fmt.Sprintf("oidc.eks.eu-west-1.amazonaws.com/id/%032X", g.rand.Uint32())
		return webTrust(provider, "sts.amazonaws.com", fmt.Sprintf("system:serviceaccount:%s:%s", g.one(environments), g.one(applications)))
	}},
	{8, "/ci/", workloadName, func(g *generator) string {
		return webTrust("token.actions.githubusercontent.com", "sts.amazonaws.com", fmt.Sprintf("repo:example-org/%s:ref:refs/heads/main", g.one(applications)))
	}},
	{8, "/", workloadName, func(*generator) string { return accountTrust(otherAccount, "") }},
	{6, "/vendors/", func(g *generator, i int) string { return fmt.Sprintf("%s-%d", g.one(vendors), i) },
		func(g *generator) string { return accountTrust(vendorAccount, g.id("")) }},
	{8, "/", workloadName, func(*generator) string { return accountTrust(AccountID, "") }},
	{6, "/aws-reserved/sso.amazonaws.com/eu-west-1/",
		func(g *generator, i int) string { return fmt.Sprintf("AWSReservedSSO_%s_%016x", g.one(teams), i) },
		func(*generator) string { return samlTrust("AWSSSO_1a2b3c4d5e6f7a8b_DO_NOT_DELETE") }},
	{3, "/", func(g *generator, i int) string { return fmt.Sprintf("%s-%s-%d", g.one(teams), g.one(grades), i) },
		func(*generator) string { return samlTrust("example-directory") }},
	{4, "/aws-service-role/", func(g *generator, i int) string { return fmt.Sprintf("AWSServiceRoleFor%s_%d", g.one(linked), i) },
		func(g *generator) string { return serviceTrust("autoscaling.amazonaws.com") }},
	{2, "/", workloadName, func(*generator) string { return cognitoTrust }},
}

func (g *generator) roleKind() *roleKind {
	n := g.rand.IntN(100)
	for i := range roleKinds {
		if n -= roleKinds[i].percent; n < 0 {
			return &roleKinds[i]
		}
	}
	return &roleKinds[0]
}

func (g *generator) role(i int) nhiscan.Role {
	kind := g.roleKind()
	name := kind.name(g, i)
	r := nhiscan.Role{
		Name: name, ID: g.id("AROA"), ARN: arn("role", kind.path, name), Path: kind.path, CreateDate: g.date(3000),
		MaxSessionDuration: time.Hour, TrustPolicy: nhiscan.NewPolicyDocument(kind.trust(g)),
		Tags: g.tags(), AttachedPolicies: g.attached(3), PermissionsBoundary: g.boundary(),
		LastUsed: nhiscan.LastUse{Known: true}, Known: roleFacts,
	}
	if g.chance(20) {
		r.MaxSessionDuration = 12 * time.Hour
	}
	if g.chance(40) {
		r.Description = "Used by " + g.one(applications) + " in " + g.one(environments)
	}
	if g.chance(75) {
		r.LastUsed.At, r.LastUsed.Region = g.date(400), g.one(regions)
	}
	if g.chance(55) {
		r.InlinePolicies = g.inline()
	}
	if r.TrustPolicy.Text() == serviceTrust("ec2.amazonaws.com") {
		r.InstanceProfiles = []nhiscan.InstanceProfile{{
			Name: name, ID: g.id("AIPA"), ARN: arn("instance-profile", "/", name), Path: "/", CreateDate: r.CreateDate,
		}}
	}
	return r
}

// trust makes a trust policy with one statement.
func trust(principal, action, condition string) string {
	if condition != "" {
		condition = ",\n            \"Condition\": " + condition
	}
	return `{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": ` + principal + `,
            "Action": "` + action + `"` + condition + `
        }
    ]
}`
}

func serviceTrust(service string) string {
	return trust(`{"Service": "`+service+`"}`, "sts:AssumeRole", "")
}

func accountTrust(account, externalID string) string {
	condition := ""
	if externalID != "" {
		condition = `{"StringEquals": {"sts:ExternalId": "` + externalID + `"}}`
	}
	return trust(`{"AWS": "arn:aws:iam::`+account+`:root"}`, "sts:AssumeRole", condition)
}

func webTrust(provider, audience, subject string) string {
	return trust(`{"Federated": "`+arn("oidc-provider", "/", provider)+`"}`, "sts:AssumeRoleWithWebIdentity",
		`{"StringEquals": {"`+provider+`:aud": "`+audience+`", "`+provider+`:sub": "`+subject+`"}}`)
}

func samlTrust(provider string) string {
	return trust(`{"Federated": "`+arn("saml-provider", "/", provider)+`"}`, "sts:AssumeRoleWithSAML",
		`{"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}`)
}

var cognitoTrust = trust(`{"Federated": "cognito-identity.amazonaws.com"}`, "sts:AssumeRoleWithWebIdentity",
	`{"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:0a1b2c3d-0000-4000-8000-000000000001"}, "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}`)
