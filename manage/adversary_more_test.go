package manage_test

import (
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
)

func moreAttacks() []attack {
	var list []attack
	saml := addRole("people", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"`+guardIAM+`saml-provider/idp"},"Action":"sts:AssumeRoleWithSAML","Condition":{"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}}}]}`, isAdmin)
	oidc := addRole("ci", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"`+guardIAM+`oidc-provider/oidc.example.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"oidc.example.com:sub":"x","oidc.example.com:aud":"y"}}}]}`, isAdmin)
	for name, actions := range map[string]string{
		"a new role":             `["iam:CreateRole","iam:AttachRolePolicy","sts:AssumeRole"]`,
		"sessions on machines":   `"ssm:StartSession"`,
		"SSH keys for machines":  `["ec2-instance-connect:SendSSHPublicKey","ec2:DescribeInstances"]`,
		"another profile":        `["ec2:ReplaceIamInstanceProfileAssociation","iam:PassRole","ec2:RunInstances"]`,
		"user data":              `["ec2:ModifyInstanceAttribute","ec2:StopInstances","ec2:StartInstances"]`,
		"change sets":            `["cloudformation:CreateChangeSet","cloudformation:ExecuteChangeSet"]`,
		"builds":                 `["iam:PassRole","codebuild:CreateProject","codebuild:StartBuild"]`,
		"containers":             `["iam:PassRole","ecs:RegisterTaskDefinition","ecs:RunTask"]`,
		"commands in containers": `["ecs:ExecuteCommand","ecs:DescribeTasks"]`,
		"notebooks":              `["iam:PassRole","sagemaker:CreateNotebookInstance","sagemaker:CreatePresignedNotebookInstanceUrl"]`,
		"layers":                 `"lambda:UpdateFunctionConfiguration"`,
		"state machines":         `["iam:PassRole","states:CreateStateMachine","states:StartExecution"]`,
		"agents":                 `["iam:PassRole","bedrock-agentcore:CreateCodeInterpreter","bedrock-agentcore:InvokeCodeInterpreter","bedrock-agentcore:StartCodeInterpreterSession"]`,
		"schedules":              `["iam:PassRole","scheduler:CreateSchedule"]`,
		"a group's policy":       `"iam:PutGroupPolicy"`,
		"permission sets":        `"sso:PutInlinePolicyToPermissionSet"`,
	} {
		list = append(list, attack{name: "grant: " + name, setup: all(saml, oidc, func(a *nhiscan.Account) {
			for i, s := range []string{"ec2", "lambda", "codebuild", "ecs-tasks", "sagemaker", "states", "bedrock-agentcore", "scheduler", "rolesanywhere", "cloudformation"} {
				addRole("svc-"+string(rune('a'+i)), trusts(`{"Service":"`+s+`.amazonaws.com"}`), isAdmin)(a)
			}
			for i := range a.Groups {
				if a.Groups[i].Name == "empty" {
					a.Groups[i].Members = []string{"bob"}
				}
			}
			for i := range a.Users {
				if a.Users[i].Name == "bob" {
					a.Users[i].Groups = []string{"empty"}
				}
			}
		}), moves: moves(put("bob", allow(actions, `"*"`)))})
	}
	const tagTest = `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"AWS:PRINCIPALTAG/Team":"ops"}}}`
	for name, text := range map[string]string{
		"one key twice":         `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}]}`,
		"statements twice":      `{"Version":"2012-10-17","Statement":[],"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
		"one key twice, deny":   `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]}`,
		"keys in lower case":    `{"version":"2012-10-17","statement":[{"effect":"Allow","action":"*","resource":"*"}]}`,
		"keys in upper case":    `{"VERSION":"2012-10-17","STATEMENT":[{"EFFECT":"Allow","ACTION":"*","RESOURCE":"*"}]}`,
		"Allow in lower case":   `{"Version":"2012-10-17","Statement":[{"Effect":"allow","Action":"*","Resource":"*"}]}`,
		"more behind":           deny(`"*"`) + guardAll,
		"white space in action": allow(`"iam:* "`, `"*"`),
		"encoded twice":         strings.NewReplacer(`{`, "%257B", `}`, "%257D", `"`, "%2522").Replace(guardAll),
		"a default of a tag":    allow(`"iam:PutUserPolicy"`, `"arn:aws:iam::*:user/${aws:PrincipalTag/none, 'bob'}"`),
		"the old version":       `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`,
		"no version":            `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
		"zero width":            allow("\"iam:\u200b*\"", `"*"`),
		"full width":            allow("\"iam:\uff0a\",\"*\"", `"*"`),
	} {
		list = append(list, attack{name: "text: " + name, moves: moves(put("bob", text)), orFails: true})
	}
	byGroup := addUser("gina", has(allow(`"iam:AddUserToGroup"`, `"`+guardIAM+`group/leads"`)))
	leads := func(a *nhiscan.Account) {
		a.Groups = append(a.Groups, nhiscan.Group{Name: "leads", ID: "AGPALEADS", ARN: guardIAM + "group/leads", Path: "/", Members: []string{"alice"}, Known: guardFacts})
		for i := range a.Users {
			if a.Users[i].Name == "alice" {
				a.Users[i].Groups = []string{"leads"}
			}
		}
	}
	mid := addRole("mid", trusts(`{"AWS":"`+guardIAM+`user/bob"}`), nil)
	for name, principal := range map[string]string{
		"an id":                 `{"AWS":"AIDABOB"}`,
		"a session":             `{"AWS":"arn:aws:sts::` + guardAccount + `:assumed-role/mid/x"}`,
		"a federated user":      `{"AWS":"arn:aws:sts::` + guardAccount + `:federated-user/x"}`,
		"a list with one twice": `{"AWS":["` + guardIAM + `user/alice","` + guardIAM + `user/bob","` + guardIAM + `user/bob"]}`,
		"another's directory":   `{"AWS":"` + guardIAM + `user/alice","Federated":"arn:aws:iam::999900001111:saml-provider/evil"}`,
		"a canonical user":      `{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}`,
		"another's root":        `{"AWS":["arn:aws:iam::999900001111:root"]}`,
		"another's user":        `{"AWS":["arn:aws:iam::999900001111:user/evil"]}`,
		"another's id":          `{"AWS":["AIDAEVILEVILEVILEVIL"]}`,
		"in another partition":  `{"AWS":["arn:aws-cn:iam::999900001111:root"]}`,
	} {
		list = append(list, attack{name: "principal: " + name, setup: mid, moves: moves(retrust("nobody", strings.Replace(trusts(principal), `"sts:AssumeRole"`, `["sts:AssumeRole","sts:AssumeRoleWithSAML"]`, 1))), orFails: true})
	}
	for name, condition := range map[string]string{
		"a quarter of the net": `"IpAddress":{"aws:SourceIp":"64.0.0.0/2"}`,
		"IPv6":                 `"IpAddress":{"aws:SourceIp":"::/0"}`,
		"an external id":       `"StringEquals":{"sts:ExternalId":"1"}`,
		"a network":            `"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}`,
		"a VPC":                `"StringEquals":{"aws:SourceVpc":"vpc-1234"}`,
		"a service's call":     `"Bool":{"aws:ViaAWSService":"true"}`,
		"a source identity":    `"StringLike":{"sts:SourceIdentity":"*"}`,
		"a role's id":          `"StringLike":{"aws:userid":"AROA*"}`,
	} {
		list = append(list, attack{name: "everyone with " + name, moves: moves(manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: trusts(`{"AWS":"*"}`, `,"Condition":{`+condition+`}`)})})
	}
	tagged := addUser("cond", has(statementsOf(allowIf(`"*"`, `"*"`, `"StringEquals":{"aws:ResourceTag/owner":"${aws:PrincipalTag/owner}"}`))))
	byBob := func(action string) []manage.Change {
		return moves(retrust("nobody", strings.Replace(trusts(`{"AWS":"`+guardIAM+`user/bob"}`), `"Action":"sts:AssumeRole"`, action, 1)))
	}
	return append(list,
		attack{name: "NotAction in trust", moves: byBob(`"NotAction":"sts:TagSession"`), orFails: true},
		attack{name: "all actions in trust", moves: byBob(`"Action":"*"`), orFails: true},
		attack{name: "a pattern in trust", moves: byBob(`"Action":"STS:assume*"`), orFails: true},
		attack{name: "certificates", moves: moves(retrust("nobody", trusts(`{"Service":"rolesanywhere.amazonaws.com"}`)))},
		attack{name: "all services", moves: moves(retrust("nobody", trusts(`{"Service":"*"}`)))},
		attack{name: "the caller's condition", setup: tagged, caller: guardIAM + "user/cond", moves: moves(manage.TagIdentity{IdentityName: "alice", Tags: map[string]string{"owner": "x"}})},
		attack{name: "tags that meet", setup: tagged, moves: moves(manage.TagIdentity{IdentityName: "cond", Tags: map[string]string{"owner": "x"}})},
		attack{name: "a group with an administrator that one may join", setup: all(byGroup, leads), moves: moves(manage.AttachGroupPolicy{GroupName: "leads", PolicyARN: adminARN})},
		attack{name: "a tag in other case", moves: moves(manage.TagIdentity{IdentityName: "bob", Tags: map[string]string{"tEaM": "ops"}}, put("bob", statementsOf(tagTest)))},
		attack{name: "the right to tag oneself", moves: moves(put("tagged", allow(`"iam:TagUser"`, `"`+guardIAM+`user/tagged"`)))},
		attack{name: "the right to tag everybody", moves: moves(put("tagged", allow(`"iam:Tag*"`, `"*"`)))},
		attack{name: "a tag that stops", setup: addUser("stopped", func(u *nhiscan.User) {
			isAdminUser(u)
			u.InlinePolicies = inline("stop", statementsOf(`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/stop":"yes"}}}`))
			u.Tags = []nhiscan.Tag{{Key: "stop", Value: "yes"}}
		}), moves: moves(manage.UntagIdentity{IdentityName: "stopped", TagKeys: []string{"stop"}})},
		attack{name: "a policy of another account", moves: moves(manage.AttachUserPolicy{UserName: "bob", PolicyARN: "arn:aws:iam::999900001111:policy/admin"}), orFails: true},
		attack{name: "a policy of another partition", moves: moves(manage.AttachUserPolicy{UserName: "bob", PolicyARN: "arn:aws-cn:iam::aws:policy/AdministratorAccess"}), orFails: true},
		attack{name: "a policy's name in other case", moves: moves(manage.AttachUserPolicy{UserName: "bob", PolicyARN: awsPolicy + "administratoraccess"}), orFails: true},
		attack{name: "the account's policy in other case", moves: moves(manage.AttachUserPolicy{UserName: "bob", PolicyARN: guardIAM + "policy/ADMIN"}), orFails: true},
	)
}

func moreHarmless() []attack {
	orgWide := addRole("shared", trusts(`{"AWS":"*"}`, `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890","aws:PrincipalAccount":"`+guardAccount+`"}}`), roleHas(guardRead))
	tagsOneself := addUser("selfie", has(allow(`["iam:TagUser","iam:GetUser"]`, `"arn:aws:iam::*:user/${aws:username}"`)))
	stale := addRole("old", trusts(`{"AWS":["AROAEXAMPLEEXAMPLE0","`+guardIAM+`user/alice"]}`), roleHas(guardRead))
	return []attack{
		{name: "a newcomer where a role is open to all", setup: orgWide, moves: moves(manage.CreateUser{UserName: "dev"}, manage.CreateRole{RoleName: "fn", AssumeRolePolicyDocument: guardLambda}, put("dev", guardRead))},
		{name: "who may tag itself", setup: tagsOneself, moves: moves(put("selfie", guardRead), manage.TagIdentity{IdentityName: "selfie", Tags: map[string]string{"a": "b"}})},
		{name: "the right to tag others", moves: moves(put("bob", allow(`["iam:TagUser","iam:TagRole"]`, `"`+guardIAM+`user/carol"`)))},
		{name: "a deleted principal goes", setup: stale, moves: moves(retrust("old", trusts(`{"AWS":"`+guardIAM+`user/alice"}`)))},
		{name: "a key off and on", setup: addUser("svc", func(u *nhiscan.User) { u.AccessKeys = []nhiscan.AccessKey{{ID: "AKIAEXAMPLE000000099", Active: true}} }),
			moves: moves(manage.UpdateAccessKey{UserName: "svc", AccessKeyID: "AKIAEXAMPLE000000099", Status: "Inactive"}, manage.UpdateAccessKey{UserName: "svc", AccessKeyID: "AKIAEXAMPLE000000099", Status: "Active"})},
		{name: "a service tightened by the source", moves: moves(retrust("nobody", trusts(`{"Service":"glue.amazonaws.com"}`, `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:glue:*:`+guardAccount+`:*"}}`)))},
		{name: "a grant is exchanged for a smaller one", moves: moves(manage.PutUserPolicy{UserName: "passer", PolicyName: "pass", PolicyDocument: allow(`"lambda:InvokeFunction"`, `"*"`)})},
		{name: "a passer's role list is cut", moves: moves(manage.PutUserPolicy{UserName: "passer", PolicyName: "pass", PolicyDocument: allow(`["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"]`, `["`+guardIAM+`role/app","arn:aws:lambda:*:*:*"]`)})},
		{name: "a developer of functions", moves: moves(put("bob", allow(`["lambda:*","logs:*","s3:GetObject"]`, `"*"`)))},
		{name: "passing one harmless role", moves: moves(put("bob", allow(`["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"]`, `["`+guardIAM+`role/app","arn:aws:lambda:*:*:*"]`)))},
	}
}
