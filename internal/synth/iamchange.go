package synth

// iamChanges are the ways in which a policy lets its holder change who can do
// what. With some an identity makes itself an administrator; others are kept in
// by a condition. See
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html#access_policies_boundaries-delegate.
var iamChanges = []func(g *generator) statement{
	func(*generator) statement {
		return allow("OwnPolicies", []string{"iam:PutUserPolicy", "iam:DeleteUserPolicy", "iam:GetUserPolicy"}, []string{ownUser})
	},
	func(*generator) statement {
		return allow("OwnAttachments", []string{"iam:AttachUserPolicy", "iam:DetachUserPolicy"}, []string{ownUser})
	},
	func(*generator) statement {
		return allow("Keys", []string{"iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"}, []string{arn("user", "/", "*")})
	},
	func(*generator) statement {
		return allow("ServiceKeys", []string{"iam:CreateAccessKey", "iam:DeleteAccessKey"}, []string{arn("user", "/service/", "*")})
	},
	func(*generator) statement {
		return allow("Passwords", []string{"iam:CreateLoginProfile", "iam:UpdateLoginProfile"}, everything)
	},
	func(*generator) statement {
		return allow("Groups", []string{"iam:AddUserToGroup", "iam:RemoveUserFromGroup"}, []string{arn("group", "/", "*")})
	},
	func(g *generator) statement {
		return allow("Team", []string{"iam:AddUserToGroup"}, []string{arn("group", "/", g.one(teams)+"-*")})
	},
	func(*generator) statement {
		return allow("Versions", []string{"iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicyVersion"}, []string{arn("policy", "/", "*")})
	},
	func(g *generator) statement {
		return allow("RolePolicies", []string{"iam:AttachRolePolicy", "iam:PutRolePolicy"}, []string{arn("role", "/", g.one(applications)+"-*")})
	},
	func(*generator) statement {
		return allow("Trust", []string{"iam:UpdateAssumeRolePolicy", "sts:AssumeRole"}, []string{arn("role", "/", "*")})
	},
	func(*generator) statement { return allow("IAM", []string{"iam:*"}, everything) },
	func(*generator) statement {
		return allow("MFA", []string{"iam:PutUserPolicy", "iam:AttachUserPolicy"}, everything).when(mfa)
	},
	func(g *generator) statement {
		return allow("Delegated", []string{"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"}, []string{arn("role", "/", g.one(applications)+"-*")}).
			when(equals("iam:PermissionsBoundary", g.boundaryARN()))
	},
	func(*generator) statement {
		return allow("Known", []string{"iam:AttachRolePolicy"}, []string{arn("role", "/", "*")}).
			when(`"ArnLike": {"iam:PolicyARN": ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "arn:aws:iam::aws:policy/CloudWatch*"]}`)
	},
}

// ownUser is the ARN of the user who asks.
const ownUser = "arn:aws:iam::" + AccountID + ":user/${aws:username}"

// iamChange gives the changes in turn, so that a large account has them all.
func (g *generator) iamChange() []statement {
	s := iamChanges[g.changes%len(iamChanges)](g)
	g.changes++
	return []statement{s, allow("Read", []string{"iam:Get*", "iam:List*"}, everything)}
}

// selfService lets a person look after the own password, keys and second factor.
func (g *generator) selfService() []statement {
	list := []statement{
		allow("OwnCredentials", []string{"iam:ChangePassword", "iam:GetUser", "iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey"}, []string{ownUser}),
		allow("OwnMFA", []string{"iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:ListMFADevices", "iam:ResyncMFADevice"}, []string{ownUser, arn("mfa", "/", "*")}),
	}
	if g.chance(50) {
		list = append(list, deny("WithoutMFA", []string{"iam:CreateVirtualMFADevice", "iam:EnableMFADevice", "iam:GetUser", "iam:ListMFADevices", "sts:GetSessionToken"}, everything).
			butActions().when(`"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}`))
	}
	return list
}

// iamReader lets what watches the account read it.
func (g *generator) iamReader() []statement {
	list := []statement{allow("Read", []string{"iam:Get*", "iam:List*", "iam:GenerateCredentialReport", "iam:SimulatePrincipalPolicy", "access-analyzer:List*"}, everything)}
	if g.chance(40) {
		list = append(list, g.workloadStatement(1))
	}
	return list
}
