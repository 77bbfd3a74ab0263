package manage_test

import (
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
)

var (
	adminARN  = awsPolicy + "AdministratorAccess"
	rootTrust = trusts(`{"AWS":"` + guardIAM + `root"}`)
)

func assume(role string) string { return allow(`"sts:AssumeRole"`, `"`+guardIAM+`role/`+role+`"`) }

func attacks() []attack {
	return append(append(append(grantAttacks(), conditionAttacks()...), sequenceAttacks()...), append(trustAttacks(), moreAttacks()...)...)
}

func grantAttacks() []attack {
	var list []attack
	for name, text := range map[string]string{
		"NotAction of one service":    statementsOf(`{"Effect":"Allow","NotAction":["organizations:*","account:*"],"Resource":"*"}`),
		"NotResource":                 statementsOf(`{"Effect":"Allow","Action":"iam:*","NotResource":"` + guardIAM + `user/nobody"}`),
		"NotAction and NotResource":   statementsOf(`{"Effect":"Allow","NotAction":"s3:GetObject","NotResource":"arn:aws:s3:::x"}`),
		"all by letters":              allow(`["a*:*","b*:*","c*:*","d*:*","e*:*","f*:*","g*:*","h*:*","i*:*","j*:*","k*:*","l*:*","m*:*","n*:*","o*:*","p*:*","q*:*","r*:*","s*:*","t*:*","u*:*","v*:*","w*:*","x*:*"]`, `"*"`),
		"JSON escapes":                allow(`"\u0069am:\u002a"`, `"*"`),
		"itself by ARN":               allow(`"iam:AttachUserPolicy"`, `"`+guardIAM+`user/bob"`),
		"itself by a variable":        allow(`"iam:PutUserPolicy"`, `"arn:aws:iam::*:user/${aws:username}"`),
		"itself by question marks":    allow(`"iam:PutUserPolicy"`, `"arn:aws:iam::????????????:user/b?b"`),
		"its policy's versions":       allow(`"iam:CreatePolicyVersion"`, `"`+guardIAM+`policy/versions"`),
		"an old version":              allow(`"iam:SetDefaultPolicyVersion"`, `"`+guardIAM+`policy/*"`),
		"joining":                     allow(`"iam:AddUserToGroup"`, `"`+guardIAM+`group/admins"`),
		"a password":                  allow(`"iam:UpdateLoginProfile"`, `"*"`),
		"a first password":            allow(`"iam:CreateLoginProfile"`, `"*"`),
		"keys":                        allow(`"iam:CreateAccessKey"`, `"`+guardIAM+`user/al*"`),
		"trust":                       allow(`["iam:UpdateAssumeRolePolicy","sts:AssumeRole"]`, `"*"`),
		"trust alone":                 allow(`"iam:UpdateAssumeRolePolicy"`, `"*"`),
		"passing to glue":             allow(`["iam:PassRole","glue:CreateJob","glue:StartJobRun"]`, `"*"`),
		"passing to everything":       allow(`["iam:PassRole","glue:*"]`, `"*"`),
		"everything but a deny of S3": statementsOf(`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*"}`),
		"a deny that never applies":   statementsOf(`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:username":"nobody-else"}}}`),
		"a deny under a condition":    statementsOf(`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`),
	} {
		list = append(list, attack{name: name, moves: moves(put("bob", text))})
	}
	return append(list,
		attack{name: "percent-encoded", moves: moves(put("bob", strings.NewReplacer(`{`, "%7b", `}`, "%7d", `"`, "%22", "*", "%2A", " ", "%20").Replace(guardAll)))},
		attack{name: "admin for a role of EC2", setup: addRole("web", trusts(`{"Service":"ec2.amazonaws.com"}`), nil), moves: moves(manage.AttachRolePolicy{RoleName: "web", PolicyARN: adminARN})},
		attack{name: "role chaining", setup: all(addRole("mid", trusts(`{"AWS":"`+guardIAM+`user/bob"}`), nil), addRole("top", trusts(`{"AWS":"`+guardIAM+`role/mid"}`), isAdmin)),
			moves: moves(retrust("top", trusts(`{"AWS":["`+guardIAM+`role/mid","`+guardIAM+`user/bob"]}`)))},
		attack{name: "role chaining by a grant", setup: all(addRole("mid", trusts(`{"AWS":"`+guardIAM+`user/bob"}`), nil), addRole("top", rootTrust, isAdmin)),
			moves: moves(manage.PutRolePolicy{RoleName: "mid", PolicyName: "p", PolicyDocument: assume("top")})},
		attack{name: "cloudformation with a role", setup: addRole("cfn", trusts(`{"Service":"cloudformation.amazonaws.com"}`), isAdmin),
			moves: moves(put("bob", allow(`["iam:PassRole","cloudformation:CreateStack"]`, `"*"`)))},
		attack{name: "updating a stack with a role", setup: addRole("cfn", trusts(`{"Service":"cloudformation.amazonaws.com"}`), isAdmin),
			moves: moves(put("bob", allow(`"cloudformation:UpdateStack"`, `"*"`)))},
		attack{name: "code of a function", setup: addRole("fn", guardLambda, isAdmin), moves: moves(put("bob", allow(`["lambda:UpdateFunctionCode","lambda:InvokeFunction"]`, `"*"`)))},
		attack{name: "commands on instances", setup: addRole("web", trusts(`{"Service":"ec2.amazonaws.com"}`), func(r *nhiscan.Role) {
			isAdmin(r)
			r.InstanceProfiles = []nhiscan.InstanceProfile{{Name: "web", ID: "AIPAWEB", Path: "/", ARN: guardIAM + "instance-profile/web"}}
		}), moves: moves(put("bob", allow(`"ssm:SendCommand"`, `"*"`)))},
		attack{name: "a group with members", moves: moves(manage.AttachGroupPolicy{GroupName: "denying", PolicyARN: adminARN}, manage.AddUserToGroup{GroupName: "denying", UserName: "bob"},
			manage.DetachGroupPolicy{GroupName: "denying", PolicyARN: guardIAM + "policy/no-iam"})},
	)
}

func conditionAttacks() []attack {
	var list []attack
	for name, condition := range map[string]string{
		"StringLike anything":      `"StringLike":{"aws:userid":"*"}`,
		"not somebody else":        `"StringNotEquals":{"aws:username":"zoe"}`,
		"if it exists":             `"StringEqualsIfExists":{"aws:PrincipalTag/none":"x"}`,
		"all values of none":       `"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}`,
		"absent":                   `"Null":{"aws:PrincipalTag/none":"true"}`,
		"over TLS":                 `"Bool":{"aws:SecureTransport":"true"}`,
		"after a date":             `"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}`,
		"any address":              `"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}`,
		"no address":               `"NotIpAddress":{"aws:SourceIp":"192.0.2.1/32"}`,
		"a region":                 `"StringEquals":{"aws:RequestedRegion":"us-east-1"}`,
		"its own account":          `"StringEquals":{"aws:PrincipalAccount":"` + guardAccount + `"}`,
		"its own name":             `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/bob"}`,
		"a session":                `"Null":{"aws:TokenIssueTime":"false"}`,
		"a tag of the target":      `"StringEquals":{"aws:ResourceTag/a":"b"}`,
		"a variable on both sides": `"StringEquals":{"aws:username":"${aws:username}"}`,
		"by way of a service":      `"ForAnyValue:StringEquals":{"aws:CalledVia":"cloudformation.amazonaws.com"}`,
		"a user":                   `"StringEquals":{"aws:PrincipalType":"User"}`,
		"a user agent":             `"StringLike":{"aws:UserAgent":"*"}`,
		"a key that is not known":  `"StringEquals":{"foo:Bar":"x"}`,
	} {
		list = append(list, attack{name: "condition: " + name, moves: moves(put("bob", statementsOf(allowIf(`"*"`, `"*"`, condition))))},
			attack{name: "condition, itself: " + name, moves: moves(put("bob", statementsOf(allowIf(`"iam:PutUserPolicy"`, `"`+guardIAM+`user/*"`, condition))))})
	}
	tagTest := allowIf(`"*"`, `"*"`, `"StringEquals":{"aws:PrincipalTag/team":"ops"}`)
	byTag := func(key string) func(*nhiscan.Account) {
		return addUser("tina", has(statementsOf(allowIf(`["iam:CreateAccessKey","iam:PutUserPolicy","sts:AssumeRole"]`, `"*"`, `"StringEquals":{"`+key+`":"mine"}`))))
	}
	tag := func(who, kind, key, value string) manage.Change {
		return manage.TagIdentity{IdentityName: who, IdentityType: kind, Tags: map[string]string{key: value}}
	}
	return append(list,
		attack{name: "a tag after the policy", moves: moves(put("bob", statementsOf(tagTest)), tag("bob", "user", "team", "ops"))},
		attack{name: "a tag in other case", moves: moves(put("bob", statementsOf(tagTest)), tag("bob", "user", "TEAM", "ops"))},
		attack{name: "a tag before the policy", moves: moves(tag("bob", "user", "team", "ops"), put("bob", statementsOf(tagTest)))},
		attack{name: "a tag by the group's policy", moves: moves(manage.PutGroupPolicy{GroupName: "empty", PolicyName: "p", PolicyDocument: statementsOf(tagTest)},
			manage.CreateUser{UserName: "new", Tags: map[string]string{"team": "ops"}}, manage.AddUserToGroup{GroupName: "empty", UserName: "new"})},
		attack{name: "a tag of a role's session", moves: moves(manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: strings.Replace(trusts(`{"AWS":"`+guardIAM+`user/bob"}`), `"sts:AssumeRole"`, `["sts:AssumeRole","sts:TagSession"]`, 1)},
			manage.PutRolePolicy{RoleName: "new", PolicyName: "p", PolicyDocument: statementsOf(tagTest)})},
		attack{name: "a tag as a variable", moves: moves(put("bob", allow(`"iam:PutUserPolicy"`, `"`+guardIAM+`user/${aws:PrincipalTag/who}"`)), tag("bob", "user", "who", "bob"))},
		attack{name: "a tag of the target", setup: byTag("aws:ResourceTag/owner"), moves: moves(tag("alice", "user", "owner", "mine"))},
		attack{name: "a tag of the target by IAM's key", setup: byTag("iam:ResourceTag/owner"), moves: moves(tag("alice", "user", "Owner", "mine"))},
		attack{name: "a tag of oneself", setup: byTag("aws:ResourceTag/owner"), moves: moves(tag("tina", "user", "owner", "mine"))},
		attack{name: "a tag of a role", setup: all(byTag("aws:ResourceTag/owner"), addRole("top", rootTrust, isAdmin)), moves: moves(tag("top", "role", "owner", "mine"))},
		attack{name: "a tag for everything", setup: addUser("tina", has(statementsOf(allowIf(`"*"`, `"*"`, `"StringEquals":{"aws:ResourceTag/owner":"mine"}`)))), moves: moves(tag("alice", "user", "owner", "mine"))},
		attack{name: "a tag that protected", setup: all(addUser("tina", has(statementsOf(`{"Effect":"Allow","Action":"iam:CreateAccessKey","Resource":"*"}`, `{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/protected":"yes"}}}`))),
			func(a *nhiscan.Account) {
				for i := range a.Users {
					if a.Users[i].Name != "bob" {
						a.Users[i].Tags = append(a.Users[i].Tags, nhiscan.Tag{Key: "protected", Value: "yes"})
					}
				}
			}), moves: moves(manage.UntagIdentity{IdentityName: "alice", TagKeys: []string{"protected"}})},
		attack{name: "a tag that matches the caller's", setup: addUser("tina", func(u *nhiscan.User) {
			has(statementsOf(allowIf(`"iam:CreateAccessKey"`, `"*"`, `"StringEquals":{"aws:ResourceTag/owner":"${aws:PrincipalTag/owner}"}`)))(u)
			u.Tags = []nhiscan.Tag{{Key: "owner", Value: "x"}}
		}), moves: moves(tag("alice", "user", "owner", "x"))},
		attack{name: "a tag in a trust policy", setup: addRole("top", trusts(`{"AWS":"*"}`, `,"Condition":{"StringEquals":{"aws:PrincipalTag/team":"ops","aws:PrincipalAccount":"`+guardAccount+`"}}`), isAdmin), moves: moves(tag("bob", "user", "team", "ops"))},
		attack{name: "a tag that a trust policy denies", setup: addRole("top", statementsOf(`{"Effect":"Allow","Principal":{"AWS":"`+guardIAM+`user/bob"},"Action":"sts:AssumeRole"}`, `{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:PrincipalTag/team":"dev"}}}`), func(r *nhiscan.Role) { isAdmin(r) }),
			moves: moves(tag("bob", "user", "team", "dev"), manage.UntagIdentity{IdentityName: "bob", TagKeys: []string{"team"}})},
	)
}
