package manage_test

import (
	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
)

func sequenceAttacks() []attack {
	boundary := func(name string) func(*nhiscan.User) {
		return func(u *nhiscan.User) { isAdminUser(u); u.PermissionsBoundary = guardIAM + "policy/" + name }
	}
	onGroup := allow(`["iam:PutGroupPolicy","iam:AttachGroupPolicy"]`, `"`+guardIAM+`group/empty"`)
	denyOnly := addPolicy("deny-s3", deny(`"s3:*"`))
	versions := allow(`["iam:CreatePolicyVersion","iam:SetDefaultPolicyVersion"]`, `"`+guardIAM+`policy/deny-s3"`)
	web := addRole("web", trusts(`{"Service":"ec2.amazonaws.com"}`), func(r *nhiscan.Role) {
		r.InstanceProfiles = []nhiscan.InstanceProfile{{Name: "web", ID: "AIPAWEB", Path: "/", ARN: guardIAM + "instance-profile/web"}}
	})
	machine := addRole("machine", trusts(`{"Service":"ec2.amazonaws.com"}`), isAdmin)
	return []attack{
		{name: "joining a group that one may fill", setup: addUser("gina", has(onGroup)), moves: moves(manage.AddUserToGroup{GroupName: "empty", UserName: "gina"})},
		{name: "a denial whose text one may change", setup: all(denyOnly, addUser("vera", has(versions))), moves: moves(manage.AttachUserPolicy{UserName: "vera", PolicyARN: guardIAM + "policy/deny-s3"})},
		{name: "such a denial for a role", setup: all(denyOnly, addUser("vera", has(versions)), addRole("mid", trusts(`{"AWS":"`+guardIAM+`user/vera"}`), nil)), moves: moves(manage.AttachRolePolicy{RoleName: "mid", PolicyARN: guardIAM + "policy/deny-s3"})},
		{name: "such a denial for one's group", setup: all(denyOnly, addUser("vera", func(u *nhiscan.User) { has(versions)(u); u.Groups = []string{"empty"} }), func(a *nhiscan.Account) {
			for i := range a.Groups {
				if a.Groups[i].Name == "empty" {
					a.Groups[i].Members = []string{"vera"}
				}
			}
		}), moves: moves(manage.AttachGroupPolicy{GroupName: "empty", PolicyARN: guardIAM + "policy/deny-s3"})},
		{name: "a stored version and then the policy", setup: addPolicy("stored", deny(`"s3:*"`), guardAll), moves: moves(
			put("bob", allow(`"iam:SetDefaultPolicyVersion"`, `"`+guardIAM+`policy/stored"`)), manage.AttachUserPolicy{UserName: "bob", PolicyARN: guardIAM + "policy/stored"})},
		{name: "a boundary that one may change", setup: all(addPolicy("narrow", allow(`"s3:*"`, `"*"`)), addPolicy("mine", allow(`["s3:*","iam:CreatePolicyVersion"]`, `"*"`)), addUser("vera", boundary("narrow"))),
			moves: moves(manage.SetPermissionsBoundary{IdentityName: "vera", PolicyARN: guardIAM + "policy/mine"})},
		{name: "a boundary with the same text that one may change", setup: all(addPolicy("narrow", allow(`["s3:*","iam:CreatePolicyVersion"]`, `["arn:aws:s3:::*","`+guardIAM+`policy/mine"]`)), addPolicy("mine", allow(`["s3:*","iam:CreatePolicyVersion"]`, `["arn:aws:s3:::*","`+guardIAM+`policy/mine"]`)), addUser("vera", boundary("narrow"))),
			moves: moves(manage.SetPermissionsBoundary{IdentityName: "vera", PolicyARN: guardIAM + "policy/mine"})},
		{name: "a boundary of a new policy that is then widened", setup: all(addUser("vera", boundary("bound"))), moves: moves(
			manage.CreatePolicy{PolicyName: "new", PolicyDocument: allow(`"s3:*"`, `"*"`)}, manage.SetPermissionsBoundary{IdentityName: "vera", PolicyARN: guardIAM + "policy/new"},
			manage.CreatePolicyVersion{PolicyARN: guardIAM + "policy/new", PolicyDocument: guardAll, SetAsDefault: true})},
		{name: "a boundary's version in store and then in force", setup: all(addUser("vera", boundary("bound"))), moves: moves(
			manage.CreatePolicyVersion{PolicyARN: guardIAM + "policy/bound", PolicyDocument: guardAll}, manage.SetDefaultPolicyVersion{PolicyARN: guardIAM + "policy/bound", VersionID: "v2"})},
		{name: "a role's boundary goes", setup: addRole("bounded", guardLambda, func(r *nhiscan.Role) { isAdmin(r); r.PermissionsBoundary = guardIAM + "policy/bound" }),
			moves: moves(manage.DeletePermissionsBoundary{IdentityName: "bounded", IdentityType: "role"})},
		{name: "a stored version comes back", setup: all(addPolicy("narrowed", guardRead, guardAll), func(a *nhiscan.Account) {
			a.Roles = append(a.Roles, guardRole("r", guardLambda, func(r *nhiscan.Role) { r.AttachedPolicies = attachedTo(guardIAM + "policy/narrowed") }))
		}), moves: moves(manage.SetDefaultPolicyVersion{PolicyARN: guardIAM + "policy/narrowed", VersionID: "v2"})},
		{name: "a version of a group's policy", moves: moves(manage.AttachGroupPolicy{GroupName: "empty", PolicyARN: guardIAM + "policy/free"}, manage.AddUserToGroup{GroupName: "empty", UserName: "bob"},
			manage.CreatePolicyVersion{PolicyARN: guardIAM + "policy/free", PolicyDocument: guardAll}, manage.SetDefaultPolicyVersion{PolicyARN: guardIAM + "policy/free", VersionID: "v2"})},
		{name: "a version of an empty group's policy", moves: moves(manage.AttachGroupPolicy{GroupName: "empty", PolicyARN: guardIAM + "policy/free"},
			manage.CreatePolicyVersion{PolicyARN: guardIAM + "policy/free", PolicyDocument: guardAll, SetAsDefault: true}, manage.AddUserToGroup{GroupName: "empty", UserName: "bob"})},
		{name: "a denial is overwritten", setup: addUser("kept", func(u *nhiscan.User) { isAdminUser(u); u.InlinePolicies = inline("stop", deny(`"*"`)) }),
			moves: moves(manage.PutUserPolicy{UserName: "kept", PolicyName: "stop", PolicyDocument: guardRead})},
		{name: "a denial is overwritten in other case", setup: addUser("kept", func(u *nhiscan.User) { isAdminUser(u); u.InlinePolicies = inline("stop", deny(`"*"`)) }),
			moves: moves(manage.PutUserPolicy{UserName: "kept", PolicyName: "STOP", PolicyDocument: guardRead})},
		{name: "a denial gets a condition", setup: addUser("kept", func(u *nhiscan.User) { isAdminUser(u); u.InlinePolicies = inline("stop", deny(`"*"`)) }),
			moves: moves(manage.PutUserPolicy{UserName: "kept", PolicyName: "stop", PolicyDocument: statementsOf(`{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`)})},
		{name: "AWSDenyAll is detached", setup: addUser("off", func(u *nhiscan.User) { u.AttachedPolicies = attachedTo(adminARN, awsPolicy+"AWSDenyAll") }),
			moves: moves(manage.DetachUserPolicy{UserName: "off", PolicyARN: awsPolicy + "AWSDenyAll"})},
		{name: "a name that a trust policy asks for", setup: addRole("top", trusts(`{"AWS":"*"}`, `,"Condition":{"ArnLike":{"aws:PrincipalArn":"`+guardIAM+`user/breakglass*"}}`), isAdmin), moves: moves(manage.CreateUser{UserName: "breakglass-2"})},
		{name: "a name that a trust policy names", setup: addRole("top", trusts(`{"AWS":"`+guardIAM+`user/gone"}`), isAdmin), moves: moves(manage.CreateUser{UserName: "gone"})},
		{name: "a path that a trust policy asks for", setup: addRole("top", trusts(`{"AWS":"*"}`, `,"Condition":{"ArnLike":{"aws:PrincipalArn":"`+guardIAM+`user/admins/*"}}`), isAdmin), moves: moves(manage.CreateUser{UserName: "new", Path: "/admins/"})},
		{name: "a tag that a trust policy asks for", setup: addRole("top", trusts(`{"AWS":"*"}`, `,"Condition":{"StringEquals":{"aws:PrincipalTag/admin":"yes","aws:PrincipalAccount":"`+guardAccount+`"}}`), isAdmin), moves: moves(manage.CreateUser{UserName: "new", Tags: map[string]string{"admin": "yes"}})},
		{name: "a role's name that a trust policy asks for", setup: addRole("top", trusts(`{"AWS":"*"}`, `,"Condition":{"ArnLike":{"aws:PrincipalArn":"`+guardIAM+`role/deploy-*"}}`), isAdmin),
			moves: moves(manage.CreateRole{RoleName: "deploy-x", AssumeRolePolicyDocument: trusts(`{"AWS":"` + guardIAM + `user/bob"}`)})},
		{name: "a role whose name may be passed", setup: addUser("pat", has(allow(`["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"]`, `["`+guardIAM+`role/app-*","arn:aws:lambda:*:*:*"]`))),
			moves: moves(manage.CreateRole{RoleName: "app-x", AssumeRolePolicyDocument: guardLambda}, manage.PutRolePolicy{RoleName: "app-x", PolicyName: "p", PolicyDocument: allow(`"iam:*"`, `"*"`)})},
		{name: "a user whose name may be changed", setup: addUser("pat", has(allow(`"iam:CreateAccessKey"`, `"`+guardIAM+`user/svc-*"`))),
			moves: moves(manage.CreateUser{UserName: "svc-x"}, manage.AttachUserPolicy{UserName: "svc-x", PolicyARN: adminARN})},
		{name: "a machine that runs gets another role", setup: all(web, machine), moves: moves(manage.RemoveRoleFromInstanceProfile{InstanceProfileName: "web", RoleName: "web"}, manage.AddRoleToInstanceProfile{InstanceProfileName: "web", RoleName: "machine"})},
		{name: "and then a way to it", setup: all(web, addRole("machine", trusts(`{"Service":"ec2.amazonaws.com"}`), roleHas(allow(`"iam:CreateAccessKey"`, `"*"`)))), moves: moves(manage.RemoveRoleFromInstanceProfile{InstanceProfileName: "web", RoleName: "web"}, manage.AddRoleToInstanceProfile{InstanceProfileName: "web", RoleName: "machine"})},
		{name: "half a pair by the group", setup: addUser("pat", has(allow(`"iam:PassRole"`, `"*"`))), moves: moves(manage.PutGroupPolicy{GroupName: "empty", PolicyName: "p", PolicyDocument: allow(`["glue:CreateJob","glue:StartJobRun"]`, `"*"`)}, manage.AddUserToGroup{GroupName: "empty", UserName: "pat"})},
		{name: "a policy deleted and made again", setup: addPolicy("guard", deny(`"iam:*"`)), moves: moves(manage.DeletePolicy{PolicyARN: guardIAM + "policy/no-iam", Force: true})},
		{name: "many targets", setup: func(a *nhiscan.Account) {
			for _, n := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"} {
				addUser("dev-"+n, has(guardRead))(a)
			}
			addUser("pat", has(allow(`"iam:CreateAccessKey"`, `"`+guardIAM+`user/dev-*"`)))(a)
			addUser("zed", has(allow(`["secretsmanager:*","kms:*"]`, `"*"`)))(a)
		}, moves: moves(put("pat", allow(`"iam:CreateAccessKey"`, `"`+guardIAM+`user/zed"`)))},
		{name: "the caller's session", caller: "arn:aws:sts::" + guardAccount + ":assumed-role/plain/x", moves: moves(retrust("plain", trusts(`{"AWS":"`+guardIAM+`user/alice"}`, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`)))},
		{name: "the caller by its ARN", moves: moves(manage.TagIdentity{IdentityName: guardCaller, Tags: map[string]string{"a": "b"}})},
		{name: "a role for the caller", caller: guardIAM + "user/bob", setup: addRole("keys", rootTrust, roleHas(allow(`"iam:CreateAccessKey"`, `"*"`))), moves: moves(retrust("keys", trusts(`{"AWS":"`+guardIAM+`user/bob"}`)))},
		{name: "the caller joins", caller: guardIAM + "user/bob", moves: moves(manage.AddUserToGroup{GroupName: "empty", UserName: "bob"})},
		{name: "the caller's key", caller: guardIAM + "user/bob", moves: moves(manage.CreateAccessKey{UserName: "bob"})},
	}
}

func trustAttacks() []attack {
	federated := func(provider, action, condition string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"` + provider + `"},"Action":"` + action + `","Condition":{` + condition + `}}]}`
	}
	const web = "sts:AssumeRoleWithWebIdentity"
	gitHub := guardIAM + "oidc-provider/token.actions.githubusercontent.com"
	sub := func(op, value string) string {
		return federated(gitHub, web, `"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"`+op+`":{"token.actions.githubusercontent.com:sub":"`+value+`"}`)
	}
	var list []attack
	for name, text := range map[string]string{
		"Null":                       trusts(`"*"`, `,"Condition":{"Null":{"aws:PrincipalOrgID":"false"}}`),
		"if exists":                  trusts(`"*"`, `,"Condition":{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1234567890"}}`),
		"any account":                trusts(`{"AWS":"*"}`, `,"Condition":{"StringLike":{"aws:PrincipalAccount":"*"}}`),
		"not one account":            trusts(`{"AWS":"*"}`, `,"Condition":{"StringNotEquals":{"aws:PrincipalAccount":"999900001111"}}`),
		"TLS":                        trusts(`{"AWS":"*"}`, `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}`),
		"any address":                trusts(`{"AWS":"*"}`, `,"Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}`),
		"any address in two":         trusts(`{"AWS":"*"}`, `,"Condition":{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}`),
		"MFA":                        trusts(`{"AWS":"*"}`, `,"Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`),
		"a name in any account":      trusts(`{"AWS":"*"}`, `,"Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy"}}`),
		"a tag":                      trusts(`{"AWS":"*"}`, `,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"ops"}}`),
		"a source account of nobody": trusts(`{"AWS":"*"}`, `,"Condition":{"StringLike":{"aws:SourceAccount":"*"}}`),
		"the session's name":         trusts(`{"AWS":"*"}`, `,"Condition":{"StringLike":{"sts:RoleSessionName":"*"}}`),
		"an external id of anything": trusts(`{"AWS":"*"}`, `,"Condition":{"StringLike":{"sts:ExternalId":"*"}}`),
		"two statements":             statementsOf(`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}`, `{"Effect":"Allow","Principal":{"AWS":["`+guardIAM+`user/bob","*"]},"Action":"sts:*"}`),
		"a deny of nobody":           statementsOf(`{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}`, `{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-0000000000"}}}`),
		"GitHub, any branch of any":  sub("StringLike", "repo:*:ref:refs/heads/main"),
		"GitHub, prefix":             sub("StringLike", "repo:acme*"),
		"GitHub, not":                sub("StringNotEquals", "repo:evil/app:ref:refs/heads/main"),
		"GitHub, StringEquals *":     sub("StringLike", "*"),
		"GitLab, no subject":         federated(guardIAM+"oidc-provider/gitlab.com", web, `"StringEquals":{"gitlab.com:aud":"https://gitlab.com"}`),
		"Google, no audience":        federated("accounts.google.com", web, `"StringLike":{"accounts.google.com:sub":"*"}`),
		"Cognito, region alone":      federated("cognito-identity.amazonaws.com", web, `"StringLike":{"cognito-identity.amazonaws.com:aud":"us-east-1:*"}`),
	} {
		list = append(list, attack{name: "trust: " + name, moves: moves(manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: text})})
	}
	vendor := trusts(`{"AWS":"999900001111"}`, `,"Condition":{"StringEquals":{"sts:ExternalId":"abc123"}}`)
	return append(list,
		attack{name: "an external id is dropped", setup: addRole("top", vendor, isAdmin), moves: moves(retrust("top", trusts(`{"AWS":"999900001111"}`)))},
		attack{name: "a deny is exchanged", setup: addRole("top", statementsOf(`{"Effect":"Allow","Principal":{"AWS":"999900001111"},"Action":"sts:AssumeRole"}`, `{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::999900001111:role/evil"},"Action":"sts:AssumeRole"}`), isAdmin),
			moves: moves(retrust("top", statementsOf(`{"Effect":"Allow","Principal":{"AWS":"999900001111"},"Action":"sts:AssumeRole"}`, `{"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::999900001111:role/other"},"Action":"sts:AssumeRole"}`)))},
		attack{name: "a narrow network is widened", setup: addRole("net", trusts(`{"AWS":"*"}`, `,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}`), isAdmin), moves: moves(retrust("net", trusts(`{"AWS":"*"}`, `,"Condition":{"IpAddress":{"aws:SourceIp":"192.0.0.0/8"}}`)))},
		attack{name: "a directory for an administrator's role", moves: moves(retrust("nobody", federated(guardIAM+"saml-provider/idp", "sts:AssumeRoleWithSAML", `"StringEquals":{"SAML:aud":"https://signin.aws.amazon.com/saml"}`)))},
		attack{name: "the account for an administrator's role", setup: addUser("sam", has(allow(`"sts:AssumeRole"`, `"*"`))), moves: moves(retrust("nobody", rootTrust))},
		attack{name: "everyone in the account", moves: moves(retrust("nobody", trusts(`{"AWS":"*"}`, `,"Condition":{"StringEquals":{"aws:PrincipalAccount":"`+guardAccount+`"}}`)))},
		attack{name: "another account and then everything", moves: moves(manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: vendor}, manage.PutRolePolicy{RoleName: "new", PolicyName: "p", PolicyDocument: allow(`"iam:*"`, `"*"`)})},
		attack{name: "the organization for an administrator's role", moves: moves(retrust("nobody", trusts(`"*"`, `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}`)))},
		attack{name: "cloudformation for an administrator's role", setup: addUser("cfn", has(allow(`["iam:PassRole","cloudformation:CreateStack"]`, `"*"`))), moves: moves(retrust("nobody", trusts(`{"Service":"cloudformation.amazonaws.com"}`)))},
		attack{name: "a service of any name", setup: nil, moves: moves(retrust("nobody", trusts(`{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]}`)))},
	)
}
