package manage_test

import (
	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
)

func harmless() []attack {
	var list []attack
	for _, name := range []string{"ReadOnlyAccess", "SecurityAudit", "job-function/ViewOnlyAccess", "AmazonS3FullAccess", "CloudWatchLogsFullAccess", "AWSDenyAll", "AmazonSSMManagedInstanceCore"} {
		list = append(list, attack{name: name, moves: moves(manage.AttachUserPolicy{UserName: "bob", PolicyARN: awsPolicy + name}, manage.AttachRolePolicy{RoleName: "app", PolicyARN: awsPolicy + name})})
	}
	for name, text := range map[string]string{
		"own password":              allow(`["iam:ChangePassword","iam:GetUser"]`, `"arn:aws:iam::*:user/${aws:username}"`),
		"own MFA and keys":          allow(`["iam:CreateAccessKey","iam:DeleteAccessKey","iam:ListAccessKeys","iam:UpdateAccessKey","iam:EnableMFADevice"]`, `"arn:aws:iam::*:user/${aws:username}"`),
		"IAM reading":               allow(`["iam:Get*","iam:List*"]`, `"*"`),
		"one table":                 allow(`["dynamodb:GetItem","dynamodb:PutItem","dynamodb:Query"]`, `"arn:aws:dynamodb:us-east-1:`+guardAccount+`:table/x"`),
		"one secret":                allow(`"secretsmanager:GetSecretValue"`, `"arn:aws:secretsmanager:us-east-1:`+guardAccount+`:secret:x"`),
		"a queue":                   allow(`"sqs:*"`, `"*"`),
		"EC2 starts":                allow(`["ec2:StartInstances","ec2:StopInstances","ec2:Describe*"]`, `"*"`),
		"passing to ECS":            allow(`["iam:PassRole","ecs:RunTask","ecs:RegisterTaskDefinition"]`, `["`+guardIAM+`role/task","arn:aws:ecs:*:*:*"]`),
		"a deny":                    deny(`"*"`),
		"a region's deny":           statementsOf(`{"Effect":"Deny","NotAction":["iam:*","sts:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}`),
		"a new role of the account": assume("not-there"),
	} {
		list = append(list, attack{name: name, moves: moves(put("bob", text))})
	}
	lambda := statementsOf(`{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::data/*"}`, `{"Effect":"Allow","Action":["dynamodb:*Item","dynamodb:Query"],"Resource":"arn:aws:dynamodb:*:*:table/x"}`, `{"Effect":"Allow","Action":["logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}`)
	gitHub := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + guardIAM + `oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:acme/app:*"}}}]}`
	delegated := statementsOf(
		`{"Effect":"Allow","Action":["iam:CreateUser","iam:DeleteUserPolicy","iam:AttachUserPolicy","iam:DetachUserPolicy","iam:PutUserPermissionsBoundary","iam:PutUserPolicy"],"Resource":"*","Condition":{"StringEquals":{"iam:PermissionsBoundary":"`+guardIAM+`policy/bound"}}}`,
		`{"Effect":"Allow","Action":["cloudwatch:*","s3:*"],"Resource":"*"}`,
		`{"Effect":"Deny","Action":["iam:CreatePolicyVersion","iam:DeletePolicy","iam:DeletePolicyVersion","iam:SetDefaultPolicyVersion"],"Resource":"`+guardIAM+`policy/bound"}`,
		`{"Effect":"Deny","Action":["iam:DeleteUserPermissionsBoundary","iam:DeleteRolePermissionsBoundary"],"Resource":"*"}`)
	keys := func(u *nhiscan.User) {
		u.AccessKeys = []nhiscan.AccessKey{{ID: "AKIAEXAMPLE000000099", Active: true}}
	}
	tag := func(who, kind, key, value string) manage.Change {
		return manage.TagIdentity{IdentityName: who, IdentityType: kind, Tags: map[string]string{key: value}}
	}
	onGroup := allow(`["iam:PutGroupPolicy","iam:AttachGroupPolicy"]`, `"`+guardIAM+`group/empty"`)
	list = append(list, moreHarmless()...)
	return append(list,
		attack{name: "an app's role for Lambda", moves: moves(manage.CreateRole{RoleName: "fn", AssumeRolePolicyDocument: guardLambda}, manage.PutRolePolicy{RoleName: "fn", PolicyName: "p", PolicyDocument: lambda},
			manage.AttachRolePolicy{RoleName: "fn", PolicyARN: awsPolicy + "service-role/AWSLambdaBasicExecutionRole"})},
		attack{name: "GitHub", moves: moves(manage.CreateRole{RoleName: "ci", AssumeRolePolicyDocument: gitHub}, manage.PutRolePolicy{RoleName: "ci", PolicyName: "p", PolicyDocument: lambda})},
		attack{name: "a developer's group", moves: moves(manage.CreateGroup{GroupName: "devs"}, manage.AttachGroupPolicy{GroupName: "devs", PolicyARN: awsPolicy + "ReadOnlyAccess"}, manage.CreateUser{UserName: "dev"},
			manage.AddUserToGroup{GroupName: "devs", UserName: "dev"}, manage.PutGroupPolicy{GroupName: "devs", PolicyName: "p", PolicyDocument: lambda}, manage.CreateAccessKey{UserName: "dev"})},
		attack{name: "a delegated administrator", setup: all(addPolicy("deleg", delegated), addUser("del", func(u *nhiscan.User) { u.PermissionsBoundary = guardIAM + "policy/deleg" })), moves: moves(put("del", delegated))},
		attack{name: "a vendor", moves: moves(manage.CreateRole{RoleName: "datadog", AssumeRolePolicyDocument: trusts(`{"AWS":"464622532012"}`, `,"Condition":{"StringEquals":{"sts:ExternalId":"1234abcd"}}`)},
			manage.AttachRolePolicy{RoleName: "datadog", PolicyARN: awsPolicy + "SecurityAudit"})},
		attack{name: "rotation", setup: addUser("svc", keys), moves: moves(manage.RotateAccessKey{UserName: "svc", Step: manage.RotateCreate})},
		attack{name: "an administrator's key", moves: moves(manage.CreateAccessKey{UserName: "alice"})},
		attack{name: "deletions", setup: addUser("svc", keys), moves: moves(manage.DeleteUser{UserName: "svc", Force: true}, manage.DeleteRole{RoleName: "plain", Force: true}, manage.DeleteGroup{GroupName: "admins", Force: true}, manage.DeletePolicy{PolicyARN: guardIAM + "policy/free"}, manage.DeletePolicyVersion{PolicyARN: guardIAM + "policy/versions", VersionID: "v2"})},
		attack{name: "an administrator is deleted", moves: moves(manage.DeleteUser{UserName: "alice", Force: true})},
		attack{name: "narrower trust", moves: moves(retrust("plain", trusts(`{"AWS":"`+guardIAM+`user/alice"}`, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`)))},
		attack{name: "a source account for a service", moves: moves(retrust("app", trusts(`{"Service":"lambda.amazonaws.com"}`, `,"Condition":{"StringEquals":{"aws:SourceAccount":"`+guardAccount+`"}}`)))},
		attack{name: "an external id is demanded", setup: addRole("top", trusts(`{"AWS":"999900001111"}`), isAdmin), moves: moves(retrust("top", trusts(`{"AWS":"999900001111"}`, `,"Condition":{"StringEquals":{"sts:ExternalId":"abc123"}}`)))},
		attack{name: "one of two accounts goes", setup: addRole("top", trusts(`{"AWS":["999900001111","999900002222"]}`), isAdmin), moves: moves(retrust("top", trusts(`{"AWS":"999900001111"}`)))},
		attack{name: "tags", moves: moves(tag("alice", "user", "owner", "x"), tag("app", "role", "env", "prod"), tag("bob", "user", "cost", "1"), manage.UntagIdentity{IdentityName: "alice", TagKeys: []string{"owner"}})},
		attack{name: "a tag of a harmless role", setup: addUser("tina", has(statementsOf(allowIf(`"sts:AssumeRole"`, `"*"`, `"StringEquals":{"aws:ResourceTag/owner":"mine"}`)))), moves: moves(tag("app", "role", "owner", "mine"), tag("alice", "user", "cost", "1"), tag("alice", "user", "owner", "other"))},
		attack{name: "a boundary for a new user", moves: moves(manage.CreateUser{UserName: "new", PermissionsBoundary: guardIAM + "policy/bound"}, manage.AttachUserPolicy{UserName: "new", PolicyARN: awsPolicy + "AmazonS3FullAccess"})},
		attack{name: "a boundary is narrowed", setup: addPolicy("narrow", allow(`"s3:Get*"`, `"*"`)), moves: moves(manage.SetPermissionsBoundary{IdentityName: "dave", PolicyARN: guardIAM + "policy/narrow"})},
		attack{name: "a policy is narrowed", moves: moves(manage.CreatePolicyVersion{PolicyARN: guardIAM + "policy/bound", PolicyDocument: allow(`"s3:Get*"`, `"*"`), SetAsDefault: true})},
		attack{name: "a denying group is joined", moves: moves(manage.AddUserToGroup{GroupName: "denying", UserName: "alice"}, manage.AddUserToGroup{GroupName: "denying", UserName: "passer"})},
		attack{name: "denials for all", moves: moves(manage.AttachUserPolicy{UserName: "passer", PolicyARN: awsPolicy + "AWSDenyAll"}, manage.AttachRolePolicy{RoleName: "nobody", PolicyARN: awsPolicy + "AWSDenyAll"}, manage.AttachUserPolicy{UserName: "alice", PolicyARN: awsPolicy + "AWSDenyAll"}, manage.AttachUserPolicy{UserName: "carol", PolicyARN: awsPolicy + "AWSDenyAll"})},
		attack{name: "another user in a group that one may fill", setup: addUser("gina", has(onGroup)), moves: moves(manage.AddUserToGroup{GroupName: "denying", UserName: "gina"})},
		attack{name: "an instance profile", moves: moves(manage.CreateRole{RoleName: "web", AssumeRolePolicyDocument: trusts(`{"Service":"ec2.amazonaws.com"}`)}, manage.AttachRolePolicy{RoleName: "web", PolicyARN: awsPolicy + "AmazonSSMManagedInstanceCore"},
			manage.CreateInstanceProfile{InstanceProfileName: "web"}, manage.AddRoleToInstanceProfile{InstanceProfileName: "web", RoleName: "web"}, manage.PutRolePolicy{RoleName: "web", PolicyName: "p", PolicyDocument: guardRead})},
		attack{name: "a service account's policy", moves: moves(manage.CreateUser{UserName: "svc", Path: "/service/", Tags: map[string]string{"team": "web"}}, manage.CreatePolicy{PolicyName: "svc", PolicyDocument: lambda}, manage.AttachUserPolicy{UserName: "svc", PolicyARN: guardIAM + "policy/svc"},
			manage.CreatePolicyVersion{PolicyARN: guardIAM + "policy/svc", PolicyDocument: guardRead, SetAsDefault: true}, manage.SetDefaultPolicyVersion{PolicyARN: guardIAM + "policy/svc", VersionID: "v1"})},
		attack{name: "an ordinary role for a user", moves: moves(manage.CreateRole{RoleName: "reader", AssumeRolePolicyDocument: trusts(`{"AWS":"` + guardIAM + `user/bob"}`)}, manage.AttachRolePolicy{RoleName: "reader", PolicyARN: awsPolicy + "ReadOnlyAccess"})},
		attack{name: "an ordinary role for the account", moves: moves(manage.CreateRole{RoleName: "reader", AssumeRolePolicyDocument: rootTrust}, manage.AttachRolePolicy{RoleName: "reader", PolicyARN: awsPolicy + "ReadOnlyAccess"})},
		attack{name: "administrators' own", moves: moves(manage.AddUserToGroup{GroupName: "admins", UserName: "alice"}, put("alice", guardAll), manage.DetachUserPolicy{UserName: "alice", PolicyARN: adminARN})},
		attack{name: "EKS", moves: moves(manage.CreateRole{RoleName: "pod", AssumeRolePolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"pods.eks.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession"]}]}`}, manage.PutRolePolicy{RoleName: "pod", PolicyName: "p", PolicyDocument: lambda})},
		attack{name: "a directory's role", moves: moves(manage.CreateRole{RoleName: "people", AssumeRolePolicyDocument: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + guardIAM + `saml-provider/idp"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}]}`}, manage.AttachRolePolicy{RoleName: "people", PolicyARN: awsPolicy + "ReadOnlyAccess"})},
	)
}
