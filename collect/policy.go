package collect

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

// readPolicies reads the managed policies with the given ARNs: what IAM tells of
// each, from listed where it is there already, and its default version or all
// versions. The policies that are gone are left out.
func (r *reader) readPolicies(ctx context.Context, arns []string, listed map[string]nhiscan.ManagedPolicy, allVersions bool) []nhiscan.ManagedPolicy {
	policies := make([]nhiscan.ManagedPolicy, len(arns))
	done := r.each(ctx, len(arns), func(i int) {
		policy, ok := listed[arns[i]]
		if !ok {
			var err error
			if policy, err = r.getPolicy(ctx, arns[i]); err != nil {
				r.miss(err)
				return
			}
		}
		if r.readVersions(ctx, &policy, allVersions) {
			policies[i] = policy
		}
	})
	r.interrupted("GetPolicyVersion", "managed policies", done, len(arns))
	return slices.DeleteFunc(policies, func(p nhiscan.ManagedPolicy) bool { return p.ARN == "" })
}

// getPolicy reads what IAM tells of a managed policy, tags included, without its document.
func (r *reader) getPolicy(ctx context.Context, arn string) (nhiscan.ManagedPolicy, error) {
	return call(ctx, r, "GetPolicy", arn, func() (nhiscan.ManagedPolicy, error) {
		out, err := r.api.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
		if err == nil && (out.Policy == nil || out.Policy.Arn == nil) {
			err = errEmptyAnswer
		}
		if err != nil {
			return nhiscan.ManagedPolicy{}, err
		}
		policy := listedPolicy(*out.Policy)
		policy.Tags = convert(out.Policy.Tags, tagOf)
		policy.Known |= nhiscan.FactTags
		return policy, nil
	})
}

// readVersions reads the versions of a policy: of one that AWS manages, the
// default version, and of a customer's, all that are wanted. It reports false when
// the policy is gone.
func (r *reader) readVersions(ctx context.Context, p *nhiscan.ManagedPolicy, all bool) bool {
	versions := []nhiscan.PolicyVersion{{ID: p.DefaultVersionID, Default: true}}
	if all && !isAWSManaged(p.ARN) {
		listed, err := r.listPolicyVersions(ctx, p.ARN)
		r.miss(err)
		if err == nil {
			versions = listed
		}
	}
	p.Versions = nil
	for _, v := range versions {
		read, err := r.getPolicyVersion(ctx, p.ARN, v.ID)
		switch {
		case errors.Is(err, ErrNotFound):
			continue // deleted since it was listed
		case err != nil:
			r.miss(err)
			read = v
		}
		p.Versions = append(p.Versions, read)
	}
	return len(p.Versions) > 0
}

func (r *reader) getPolicyVersion(ctx context.Context, arn, id string) (nhiscan.PolicyVersion, error) {
	return call(ctx, r, "GetPolicyVersion", arn, func() (nhiscan.PolicyVersion, error) {
		out, err := r.api.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: &id})
		if err == nil && (out.PolicyVersion == nil || out.PolicyVersion.Document == nil) {
			err = errEmptyAnswer
		}
		if err != nil {
			return nhiscan.PolicyVersion{}, err
		}
		return policyVersion(*out.PolicyVersion), nil
	})
}

// listPolicyVersions lists the versions of a policy without their documents.
func (r *reader) listPolicyVersions(ctx context.Context, arn string) ([]nhiscan.PolicyVersion, error) {
	list, err := all(ctx, r, "ListPolicyVersions", arn, func(marker *string) ([]types.PolicyVersion, position, error) {
		out, err := r.api.ListPolicyVersions(ctx, &iam.ListPolicyVersionsInput{PolicyArn: &arn, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Versions, position{out.IsTruncated, out.Marker}, nil
	})
	return convert(list, policyVersion), err
}

func (r *reader) readPolicyTags(ctx context.Context, p *nhiscan.ManagedPolicy) error {
	return readList(ctx, r, "ListPolicyTags", p.ARN, func(marker *string) ([]types.Tag, position, error) {
		out, err := r.api.ListPolicyTags(ctx, &iam.ListPolicyTagsInput{PolicyArn: &p.ARN, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Tags, position{out.IsTruncated, out.Marker}, nil
	}, tagOf, &p.Tags, &p.Known, nhiscan.FactTags)
}

// tagPolicies reads the tags of the customer's policies, one call each.
func (r *reader) tagPolicies(ctx context.Context, policies []nhiscan.ManagedPolicy) []nhiscan.ManagedPolicy {
	done := r.each(ctx, len(policies), func(i int) {
		p := &policies[i]
		if p.Known.Has(nhiscan.FactTags) || isAWSManaged(p.ARN) {
			return
		}
		err := r.readPolicyTags(ctx, p)
		if errors.Is(err, ErrNotFound) {
			*p = nhiscan.ManagedPolicy{}
		}
		r.miss(err)
	})
	r.interrupted("ListPolicyTags", "managed policies", done, len(policies))
	return slices.DeleteFunc(policies, func(p nhiscan.ManagedPolicy) bool { return p.ARN == "" })
}

// fillPolicies reads the customer's policies one by one, when their
// authorization details may not be read: the version in force, and with
// Options.Detail the older ones too. The error says why there may be more policies.
func (r *reader) fillPolicies(ctx context.Context, a *nhiscan.Account) error {
	have := policyARNs(a.Policies)
	listed := map[string]nhiscan.ManagedPolicy{}
	list, err := r.listPolicies(ctx, types.PolicyScopeTypeLocal, false)
	for _, p := range list {
		listed[aws.ToString(p.Arn)] = listedPolicy(p)
	}
	wanted := maps.Clone(listed)
	for arn := range usedPolicies(a) {
		if !isAWSManaged(arn) {
			wanted[arn] = nhiscan.ManagedPolicy{}
		}
	}
	maps.DeleteFunc(wanted, func(arn string, _ nhiscan.ManagedPolicy) bool { return have[arn] })
	a.Policies = append(a.Policies, r.readPolicies(ctx, slices.Sorted(maps.Keys(wanted)), listed, r.opts.Detail)...)
	return err
}

// addAWSManagedPolicies reads the AWS managed policies that the account uses. One
// list spares the GetPolicy calls; where it may not be read they are made.
func (r *reader) addAWSManagedPolicies(ctx context.Context, a *nhiscan.Account) {
	have := policyARNs(a.Policies)
	wanted := usedPolicies(a)
	maps.DeleteFunc(wanted, func(arn string, _ bool) bool { return have[arn] || !isAWSManaged(arn) })
	if len(wanted) == 0 {
		return
	}
	listed := map[string]nhiscan.ManagedPolicy{}
	list, _ := r.listPolicies(ctx, types.PolicyScopeTypeAws, true) // an error costs calls, not facts
	for _, p := range list {
		listed[aws.ToString(p.Arn)] = listedPolicy(p)
	}
	a.Policies = append(a.Policies, r.readPolicies(ctx, slices.Sorted(maps.Keys(wanted)), listed, false)...)
}

// usedPolicies returns the ARNs of the managed policies that are attached to an
// identity or group, or bound one.
func usedPolicies(a *nhiscan.Account) map[string]bool {
	used := map[string]bool{}
	add := func(attached []nhiscan.AttachedPolicy, boundary string) {
		for _, p := range attached {
			used[p.ARN] = true
		}
		used[boundary] = true
	}
	for i := range a.Users {
		add(a.Users[i].AttachedPolicies, a.Users[i].PermissionsBoundary)
	}
	for i := range a.Groups {
		add(a.Groups[i].AttachedPolicies, "")
	}
	for i := range a.Roles {
		add(a.Roles[i].AttachedPolicies, a.Roles[i].PermissionsBoundary)
	}
	delete(used, "")
	return used
}

func policyARNs(policies []nhiscan.ManagedPolicy) map[string]bool {
	arns := make(map[string]bool, len(policies))
	for i := range policies {
		arns[policies[i].ARN] = true
	}
	return arns
}

// isAWSManaged reports whether the ARN is of a policy that AWS owns, whose account is "aws".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
func isAWSManaged(policyARN string) bool {
	parsed, err := arn.Parse(policyARN)
	return err == nil && parsed.AccountID == "aws"
}
