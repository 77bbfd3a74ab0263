package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
)

func policyText(statements string) nhiscan.PolicyDocument {
	return nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
}

// A variant is an account that differs in one thing from the plainest one that has,
// or has not, a path.
type variant struct {
	name string
	plot func(p *plot)
	path string // that ann has
	// admin is whether it ends in administrator access; none that she has no path at all.
	admin, none bool
	hops        []string // the paths of the hops; nil to leave them out
	keys        []string
}

func TestEscalationVariants(t *testing.T) {
	t.Parallel()
	for _, v := range append(append(selfVariants(), serviceVariants()...), resourceVariants()...) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			p := newPlot()
			v.plot(p)
			found := p.of(t, "ann")
			if v.none {
				require.Empty(t, found)
				return
			}
			require.Contains(t, found, v.path)
			e := found[v.path]
			require.Equal(t, v.admin, e.Admin)
			require.Equal(t, v.keys, e.Keys)
			if v.hops != nil {
				var hops []string
				for _, h := range e.Hops {
					hops = append(hops, h.Path.ID)
				}
				require.Equal(t, v.hops, hops)
			}
		})
	}
}

// bounded gives a plot's user a boundary.
func bounded(p *plot, u *nhiscan.User, boundary nhiscan.PolicyDocument) {
	p.Policies = append(p.Policies, managed("limit", boundary))
	u.PermissionsBoundary = iamARN + "policy/limit"
}

// stopped gives a user a policy of its own that denies.
func stopped(u *nhiscan.User, denies ...statementText) {
	u.InlinePolicies = append(u.InlinePolicies, nhiscan.InlinePolicy{Name: "stop", Document: documentOf(denies...)})
}

func groupOf(statements ...statementText) []nhiscan.Group {
	return []nhiscan.Group{{Name: "g", ARN: iamARN + "group/g", Known: knowsAll, InlinePolicies: inline(documentOf(statements...))}}
}

func only(actions ...string) []statementText {
	var list []statementText
	for _, a := range actions {
		list = append(list, statementText{"Allow", a, "*"})
	}
	return list
}

func selfVariants() []variant {
	openBut := policyText(`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":["iam:DeleteUserPermissionsBoundary","iam:PutUserPermissionsBoundary"],"Resource":"*"}`)
	withoutMFA := `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}`
	attaching := func(condition string) func(p *plot) {
		return func(p *plot) {
			p.Policies = []nhiscan.ManagedPolicy{managed("team-all", nhiscan.NewPolicyDocument(allowAll))}
			p.user("ann").InlinePolicies = inline(policyText(`{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"*","Condition":` + condition + `}`))
		}
	}
	return []variant{
		{name: "a group that may change users", path: "iam.add-user-to-group", admin: true, hops: []string{"iam.add-user-to-group", "iam.put-user-policy"}, plot: func(p *plot) {
			p.Groups = groupOf(statementText{"Allow", "iam:PutUserPolicy", iamARN + "user/${aws:username}"})
			p.user("ann", only("iam:AddUserToGroup")...)
		}},
		{name: "a group that may change other users", path: "iam.add-user-to-group", plot: func(p *plot) {
			p.Groups = groupOf(statementText{"Allow", "iam:PutUserPolicy", iamARN + "user/bob"})
			p.user("ann", only("iam:AddUserToGroup")...)
		}},
		{name: "a group of which the boundary lets nothing through", none: true, plot: func(p *plot) {
			p.Groups = groupOf(anything)
			bounded(p, p.user("ann", only("iam:AddUserToGroup")...), documentOf(only("iam:AddUserToGroup")...))
		}},
		{name: "a stored version that may change users", path: "iam.set-default-policy-version", admin: true, hops: []string{"iam.set-default-policy-version", "iam.create-policy-version"}, plot: func(p *plot) {
			own := managed("own", documentOf(only("iam:*")...), documentOf(only("iam:SetDefaultPolicyVersion")...))
			p.Policies = []nhiscan.ManagedPolicy{own}
			p.user("ann").AttachedPolicies = attached(own)
		}},
		{name: "a boundary that leaves all but itself", path: "iam.put-user-policy", admin: true, plot: func(p *plot) {
			bounded(p, p.user("ann", only("iam:PutUserPolicy")...), openBut)
		}},
		{name: "a boundary of just the action", none: true, plot: func(p *plot) {
			bounded(p, p.user("ann", only("iam:PutUserPolicy")...), documentOf(only("iam:PutUserPolicy")...))
		}},
		{name: "a boundary that takes nothing away", none: true, plot: func(p *plot) {
			bounded(p, p.user("ann", only("iam:DeleteUserPermissionsBoundary", "s3:Get*")...), documentOf(only("iam:DeleteUserPermissionsBoundary", "s3:*")...))
		}},
		{name: "a boundary that takes something away", path: "iam.delete-user-boundary", plot: func(p *plot) {
			bounded(p, p.user("ann", only("iam:DeleteUserPermissionsBoundary", "ec2:*")...), documentOf(only("iam:DeleteUserPermissionsBoundary", "s3:*")...))
		}},
		{name: "a bounded role that is no administrator without its boundary", path: "iam.delete-role-boundary+assume", plot: func(p *plot) {
			p.Policies = []nhiscan.ManagedPolicy{managed("limit", documentOf(only("ec2:*")...))}
			p.user("ann", only("sts:AssumeRole", "iam:DeleteRolePermissionsBoundary")...)
			p.role("r", nhiscan.NewPolicyDocument(trustRoot), only("s3:*")...).PermissionsBoundary = iamARN + "policy/limit"
		}},
		{name: "a role that takes off its own boundary", path: "sts.assume-role", admin: true, hops: []string{"sts.assume-role", "iam.delete-role-boundary+assume"}, plot: func(p *plot) {
			p.Policies = []nhiscan.ManagedPolicy{managed("limit", documentOf(only("iam:DeleteRolePermissionsBoundary")...))}
			p.user("ann", only("sts:AssumeRole")...)
			p.role("r", nhiscan.NewPolicyDocument(trustRoot), anything).PermissionsBoundary = iamARN + "policy/limit"
		}},
		{name: "SCPs that leave little", path: "iam.put-user-policy", plot: func(p *plot) {
			p.organization = &nhiscan.OrganizationPolicies{Targets: []nhiscan.OrganizationTarget{{ID: "r-1", ServiceControl: []nhiscan.OrganizationPolicy{
				{Name: "some", Document: documentOf(only("s3:*", "iam:*")...)},
			}}}}
			p.user("ann", only("iam:PutUserPolicy")...)
		}},
		{name: "a deny without MFA", path: "iam.add-user-to-group", admin: true, keys: []string{"aws:MultiFactorAuthPresent"}, plot: func(p *plot) {
			p.Groups = groupOf(anything)
			p.user("ann").InlinePolicies = inline(policyText(`{"Effect":"Allow","Action":"iam:AddUserToGroup","Resource":"*"},` + withoutMFA))
		}},
		{name: "an administrator that may delete its deny", path: "iam.delete-user-policy", plot: func(p *plot) {
			stopped(p.user("ann", anything), statementText{"Deny", "s3:*", "*"})
		}},
		{name: "an administrator whose deny covers that", none: true, plot: func(p *plot) {
			stopped(p.user("ann", anything), statementText{"Deny", "s3:*", "*"}, statementText{"Deny", "iam:DeleteUserPolicy", "*"})
		}},
		{name: "a deny in the way of changing itself", path: "iam.delete-user-policy", admin: true, plot: func(p *plot) {
			stopped(p.user("ann", only("iam:*")...), statementText{"Deny", "iam:Put*", "*"}, statementText{"Deny", "iam:A*", "*"}, statementText{"Deny", "iam:C*", "*"}, statementText{"Deny", "iam:U*", "*"}, statementText{"Deny", "iam:S*", "*"})
		}},
		{name: "a customer managed policy that grants everything", path: "iam.attach-user-policy", admin: true,
			plot: attaching(`{"ArnLike":{"iam:PolicyARN":"` + iamARN + `policy/team-*"}}`)},
		{name: "any policy but AdministratorAccess", path: "iam.attach-user-policy", admin: true,
			plot: attaching(`{"ArnNotEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AdministratorAccess"}}`)},
		{name: "no policy that matters", none: true,
			plot: attaching(`{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AmazonS3FullAccess"}}`)},
	}
}

// used is a plot in which ann may do actions, and a role that is an administrator
// trusts a service.
func used(service, condition string, profile bool, actions ...string) func(p *plot) {
	return func(p *plot) {
		p.user("ann", only(actions...)...)
		r := p.role("r", policyText(`{"Effect":"Allow","Principal":{"Service":["example.amazonaws.com","`+service+`"]},"Action":"sts:AssumeRole"`+condition+`}`), anything)
		if profile {
			r.InstanceProfiles = []nhiscan.InstanceProfile{{Name: "r", ARN: iamARN + "instance-profile/r"}}
		}
	}
}

func serviceVariants() []variant {
	dev := []string{"iam:PassRole", "glue:CreateDevEndpoint"}
	return []variant{
		{name: "a service of a region", path: "glue.create-dev-endpoint", admin: true, plot: used("glue.eu-west-1.amazonaws.com", "", false, dev...)},
		{name: "a service in China", path: "glue.create-dev-endpoint", admin: true, plot: used("glue.amazonaws.com.cn", "", false, dev...)},
		{name: "a service of much the same name", none: true, plot: used("glue.example.amazonaws.com", "", false, dev...)},
		{name: "a service for this account", path: "glue.create-dev-endpoint", admin: true,
			plot: used("glue.amazonaws.com", `,"Condition":{"StringEquals":{"aws:SourceAccount":"`+account+`"}}`, false, dev...)},
		{name: "a service for another account", none: true,
			plot: used("glue.amazonaws.com", `,"Condition":{"StringEquals":{"aws:SourceAccount":"999999999999"}}`, false, dev...)},
		{name: "a service for one resource", path: "glue.create-dev-endpoint", admin: true, keys: []string{"aws:SourceArn"},
			plot: used("glue.amazonaws.com", `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:glue:*:*:devEndpoint/x"}}`, false, dev...)},
		{name: "the service role of EMR", path: "emr.run-job-flow", admin: true, plot: used("elasticmapreduce.amazonaws.com", "", false, "iam:PassRole", "elasticmapreduce:RunJobFlow")},
		{name: "the role of EMR's instances", path: "emr.run-job-flow", admin: true, plot: used("ec2.amazonaws.com", "", true, "iam:PassRole", "elasticmapreduce:RunJobFlow")},
		{name: "a role that instances cannot have", none: true, plot: used("ec2.amazonaws.com", "", false, "iam:PassRole", "elasticmapreduce:RunJobFlow")},
		{name: "a managed node outside EC2", path: "ssm.start-session", admin: true, plot: used("ssm.amazonaws.com", "", false, "ssm:StartSession")},
	}
}

func resourceVariants() []variant {
	on := func(service string, statements ...statementText) func(p *plot) {
		return func(p *plot) {
			used(service, "", true)(p)
			p.Users = nil
			p.user("ann", statements...)
		}
	}
	return []variant{
		{name: "new roles with a path", path: "iam.create-role+put", admin: true, plot: func(p *plot) {
			p.user("ann", statementText{"Allow", "iam:CreateRole", iamARN + "role/ci/*"}, statementText{"Allow", "iam:PutRolePolicy", iamARN + "role/ci/*"})
		}},
		{name: "functions with a prefix", path: "lambda.create-only", admin: true,
			plot: on("lambda.amazonaws.com", statementText{"Allow", "iam:PassRole", "*"}, statementText{"Allow", "lambda:CreateFunction", "arn:aws:lambda:eu-west-1:" + account + ":function:team-*"})},
		{name: "documents by their old type", path: "ssm.automation", admin: true,
			plot: on("ssm.amazonaws.com", statementText{"Allow", "iam:PassRole", "*"}, statementText{"Allow", "ssm:CreateDocument", "arn:aws:ssm:*:*:document/*"},
				statementText{"Allow", "ssm:StartAutomationExecution", "arn:aws:ssm:*:*:automation-definition/*:*"})},
		{name: "documents of AWS", path: "ssm.send-command", admin: true,
			plot: on("ec2.amazonaws.com", statementText{"Allow", "ssm:SendCommand", "arn:aws:ssm:*::document/AWS-RunShellScript"}, statementText{"Allow", "ssm:SendCommand", "arn:aws:ec2:*:*:instance/*"})},
		{name: "documents and no instances", none: true,
			plot: on("ec2.amazonaws.com", statementText{"Allow", "ssm:SendCommand", "arn:aws:ssm:*::document/*"})},
		{name: "job definitions and queues", path: "batch.submit-job", admin: true,
			plot: on("ecs-tasks.amazonaws.com", statementText{"Allow", "batch:SubmitJob", "arn:aws:batch:*:*:job-definition/*"}, statementText{"Allow", "batch:SubmitJob", "arn:aws:batch:*:*:job-queue/*"})},
	}
}

// The passing of roles in China names services as trust policies there do.
func TestEscalationInChina(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws-cn:iam::" + account + ":"
	a := nhiscan.Account{ID: account, Partition: "aws-cn",
		Users: []nhiscan.User{{Name: "ann", ARN: arn + "user/ann", Known: knowsAll, InlinePolicies: inline(policyText(
			`{"Effect":"Allow","Action":"glue:CreateDevEndpoint","Resource":"*"},
			{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"glue.amazonaws.com.cn"}}}`))}},
		Roles: []nhiscan.Role{{Name: "r", ARN: arn + "role/r", Known: knowsAll,
			TrustPolicy: trusting("Service", "glue.amazonaws.com.cn", "sts:AssumeRole"), InlinePolicies: inline(nhiscan.NewPolicyDocument(allowAll))}},
	}
	found := escalations(t, permissions.New(&a, nil), arn+"user/ann")
	require.Equal(t, []string{"glue.create-dev-endpoint"}, ids(found))
	require.True(t, found[0].Admin)
}
