package manage

import (
	"context"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// policyARN checks the ARN of a managed policy that is given to somebody: one of the
// account's own or of AWS.
func (p *planner) policyARN(argument, arn string) error {
	parsed, ok := nhiscan.ParseARN(arn)
	name, isPolicy := strings.CutPrefix(parsed.Resource, "policy/")
	name = name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case arn == "":
		return p.invalid(argument, "is empty")
	case !ok || parsed.Service != "iam" || parsed.Region != "" || !isPolicy || !namePattern.MatchString(name):
		return p.invalid(argument, "%q is not the ARN of a managed policy, such as %s", arn, p.arn("policy/NAME"))
	case parsed.Account != p.caller.Account && !awsManaged(parsed):
		return p.invalid(argument, "%s is of account %s, and the credentials are of account %s", arn, parsed.Account, p.caller.Account)
	case parsed.Partition != p.caller.Partition:
		return p.invalid(argument, "%s is of partition %s, and the credentials are of %s", arn, parsed.Partition, p.caller.Partition)
	}
	return nil
}

// ownPolicyARN is policyARN for a policy that is changed, which AWS's cannot be.
func (p *planner) ownPolicyARN(arn string) error {
	if err := p.policyARN("policy_arn", arn); err != nil {
		return err
	}
	if parsed, _ := nhiscan.ParseARN(arn); awsManaged(parsed) {
		return p.invalid("policy_arn", "%s is managed by AWS: only AWS changes it", arn)
	}
	return nil
}

func awsManaged(arn nhiscan.ARN) bool { return arn.Account == "aws" }

// attachable fails for a policy that does not exist or cannot be given to anybody.
func (p *planner) attachable(ctx context.Context, argument, arn string) error {
	policy, err := p.findPolicy(ctx, arn)
	if err != nil {
		return err
	}
	if !policy.Attachable {
		return p.invalid(argument, "%s cannot be attached, AWS says", arn)
	}
	return nil
}

// boundaryARN checks the argument permissions_boundary of what is to be created;
// empty for none.
func (p *planner) boundaryARN(arn string) error {
	if arn == "" {
		return nil
	}
	return p.policyARN("permissions_boundary", arn)
}

// boundaryExists checks with AWS what boundaryARN has checked by itself.
func (p *planner) boundaryExists(ctx context.Context, arn string) error {
	if arn == "" {
		return nil
	}
	return p.attachable(ctx, "permissions_boundary", arn)
}
