package synth

import (
	"strings"

	"github.com/nhiscan/nhiscan"
)

// A weightedPolicy is an AWS managed policy, with how often it is attached.
type weightedPolicy struct {
	path   string
	weight int
}

// AWS managed policies that people and groups have, those that roles have, and
// those that are permissions boundaries. Their documents are not in the account.
var (
	userPolicies = []weightedPolicy{
		{"ReadOnlyAccess", 20}, {"job-function/ViewOnlyAccess", 8}, {"SecurityAudit", 6}, {"PowerUserAccess", 3},
		{"IAMUserChangePassword", 20}, {"IAMReadOnlyAccess", 4}, {"job-function/Billing", 3},
		{"AmazonS3ReadOnlyAccess", 12}, {"AmazonS3FullAccess", 5}, {"AmazonEC2ReadOnlyAccess", 8},
		{"AmazonDynamoDBReadOnlyAccess", 4}, {"CloudWatchReadOnlyAccess", 6}, {"AmazonSESFullAccess", 2}, {"AWSCodeBuildDeveloperAccess", 2},
	}
	rolePolicies = []weightedPolicy{
		{"service-role/AWSLambdaBasicExecutionRole", 24}, {"service-role/AWSLambdaVPCAccessExecutionRole", 10},
		{"service-role/AmazonECSTaskExecutionRolePolicy", 12}, {"AmazonSSMManagedInstanceCore", 12},
		{"CloudWatchAgentServerPolicy", 8}, {"AmazonEC2ContainerRegistryReadOnly", 8}, {"AWSXRayDaemonWriteAccess", 6},
		{"service-role/AWSGlueServiceRole", 3}, {"AmazonEKSWorkerNodePolicy", 3}, {"AmazonS3ReadOnlyAccess", 6},
		{"AmazonS3FullAccess", 3}, {"AmazonSQSFullAccess", 2}, {"AmazonDynamoDBFullAccess", 2}, {"AWSLambdaExecute", 2},
		{"AWSLambda_FullAccess", 1}, {"ReadOnlyAccess", 3}, {"SecurityAudit", 2}, {"PowerUserAccess", 1}, {"CloudWatchFullAccess", 2},
	}
	awsBoundaries = []string{"PowerUserAccess", "ReadOnlyAccess"}
)

func awsPolicyARN(path string) string { return "arn:" + Partition + ":iam::aws:policy/" + path }

func awsPolicy(path string) nhiscan.AttachedPolicy {
	return nhiscan.AttachedPolicy{Name: path[strings.LastIndexByte(path, '/')+1:], ARN: awsPolicyARN(path)}
}

// weighted picks a policy by its weight.
func (g *generator) weighted(list []weightedPolicy) string {
	total := 0
	for _, p := range list {
		total += p.weight
	}
	n := g.rand.IntN(total)
	for _, p := range list {
		if n -= p.weight; n < 0 {
			return p.path
		}
	}
	return list[0].path
}

// attached returns some managed policies, of the account and of the AWS ones listed.
func (g *generator) attached(most int, aws []weightedPolicy) []nhiscan.AttachedPolicy {
	var list []nhiscan.AttachedPolicy
	for range g.rand.IntN(most + 1) {
		p := awsPolicy(g.weighted(aws))
		if g.size.Policies > 0 && g.chance(70) {
			i := g.rand.IntN(g.size.Policies)
			if purpose := purposeOf(i); purpose != nil && purpose.kept {
				continue
			}
			p = nhiscan.AttachedPolicy{Name: policyName(i), ARN: policyARN(i)}
		}
		list = attach(list, p)
	}
	return list
}

// attach adds policies that are not attached yet.
func attach(list []nhiscan.AttachedPolicy, more ...nhiscan.AttachedPolicy) []nhiscan.AttachedPolicy {
next:
	for _, p := range more {
		for i := range list {
			if list[i].ARN == p.ARN {
				continue next
			}
		}
		list = append(list, p)
	}
	return list
}
