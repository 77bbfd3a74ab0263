package synth

// powerful are the services that a developer is kept from.
var powerful = []string{"iam:*", "organizations:*", "account:*", "sts:*"}

// allBut allows all actions but those of some services.
func (g *generator) allBut() []statement {
	list := []statement{allow("AllBut", powerful[:1+g.rand.IntN(len(powerful))], everything).butActions()}
	switch {
	case g.chance(40):
		list[0].condition = equals("aws:RequestedRegion", "eu-west-1", "eu-central-1")
	case g.chance(30):
		list[0].actions = []string{"iam:*", "kms:*", "s3:*", "secretsmanager:*"}
		list[0].resources = []string{"arn:aws:*:eu-west-1:" + AccountID + ":*"}
	}
	if g.chance(40) {
		list = append(list, allow("PassRole", []string{"iam:PassRole", "iam:GetRole"}, g.passable(g.application(), "lambda.amazonaws.com")))
	}
	return list
}

// allButResources allows or denies on all resources but those of an application.
func (g *generator) allButResources() []statement {
	bucket := "arn:aws:s3:::example-" + g.application() + "-artifacts"
	own := []string{bucket, bucket + "/*"}
	if g.chance(50) {
		return []statement{
			allow("Buckets", []string{"s3:*"}, everything),
			deny("Others", []string{"s3:PutObject", "s3:DeleteObject", "s3:DeleteBucket", "s3:PutBucketPolicy"}, own).butResources(),
		}
	}
	return []statement{allow("Others", []string{"s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"}, own).butResources()}
}

// guardrail denies what nobody in a team should do, on top of what it allows.
func (g *generator) guardrail() []statement {
	list := g.workload(1)
	switch g.rand.IntN(3) {
	case 0:
		list = append(list, deny("Regions", []string{"iam:*", "sts:*", "organizations:*", "route53:*", "cloudfront:*", "support:*"}, everything).
			butActions().when(`"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1", "us-east-1"]}`))
	case 1:
		list = append(list, deny("Trail", []string{"cloudtrail:DeleteTrail", "cloudtrail:StopLogging", "config:DeleteConfigurationRecorder", "guardduty:DeleteDetector"}, everything))
	default:
		list = append(list, deny("Production", []string{"dynamodb:DeleteTable", "s3:DeleteBucket", "ec2:TerminateInstances"}, everything).
			when(`"StringEquals": {"aws:ResourceTag/Environment": "prod"}`))
	}
	return list
}

// boundaries are the permissions boundaries that an account has: none grants
// anything, and most keep the holder from changing its own permissions.
var boundaries = []func(g *generator) []statement{
	func(*generator) []statement {
		return []statement{allow("NotIAM", powerful, everything).butActions(), allow("Read", []string{"iam:Get*", "iam:List*", "iam:PassRole"}, everything)}
	},
	func(g *generator) []statement {
		return []statement{allow("Services", g.wholeServices(6), everything)}
	},
	func(*generator) []statement {
		return []statement{allow("All", everything, everything), deny("Escalation", []string{"iam:Put*", "iam:Attach*", "iam:Detach*", "iam:Create*", "iam:Update*", "iam:AddUserToGroup", "iam:DeleteUserPermissionsBoundary", "iam:DeleteRolePermissionsBoundary"}, everything)}
	},
	func(g *generator) []statement {
		return []statement{
			allow("Region", everything, everything).when(equals("aws:RequestedRegion", "eu-west-1", "us-east-1")),
			deny("Production", []string{"sts:AssumeRole", "iam:PassRole"}, []string{arn("role", "/", "*-prod-*")}),
		}
	},
}

func (g *generator) boundaryStatements() []statement {
	g.bounds++
	return boundaries[g.bounds%len(boundaries)](g)
}

// wholeServices are the patterns of all actions of some services.
func (g *generator) wholeServices(n int) []string {
	var list []string
	first := g.rand.IntN(len(services))
	for i := range n {
		list = append(list, services[(first+i)%len(services)].name+":*")
	}
	return list
}

// boundary returns the ARN of a permissions boundary for a tenth.
func (g *generator) boundary() string {
	if g.size.Policies == 0 || !g.chance(10) {
		return ""
	}
	if g.chance(8) {
		return awsPolicyARN(g.one(awsBoundaries))
	}
	return g.boundaryARN()
}

func (g *generator) boundaryARN() string {
	if i, ok := g.policyFor(boundaryName); ok {
		return policyARN(i)
	}
	return awsPolicyARN(awsBoundaries[0])
}
