package collect

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

const (
	// userFacts are what an account's users are read for.
	userFacts = userDetailFacts | nhiscan.FactPassword | nhiscan.FactPasswordLastUsed |
		nhiscan.FactAccessKeys | nhiscan.FactMFADevices | nhiscan.FactSigningCertificates
	// userDetailedFacts are read user by user even when a credential report
	// tells something of them, because it leaves out ids and kinds.
	userDetailedFacts = nhiscan.FactAccessKeys | nhiscan.FactMFADevices | nhiscan.FactSigningCertificates |
		nhiscan.FactSSHPublicKeys | nhiscan.FactServiceSpecificCredentials
)

// A userRead is one way to read some facts of one user.
type userRead struct {
	facts nhiscan.Facts
	read  func(*reader, context.Context, *nhiscan.User) error
}

// userReads are tried in order, so that what GetUser told is not asked again.
func userReads() []userRead {
	return []userRead{
		{nhiscan.FactTags | nhiscan.FactPermissionsBoundary | nhiscan.FactPasswordLastUsed, (*reader).readUser},
		{nhiscan.FactTags, (*reader).readUserTags},
		{nhiscan.FactGroups, (*reader).readUserGroups},
		{nhiscan.FactAttachedPolicies, (*reader).readUserAttachedPolicies},
		{nhiscan.FactInlinePolicies, (*reader).readUserInlinePolicies},
		{nhiscan.FactPassword, (*reader).readPassword},
		{nhiscan.FactAccessKeys, (*reader).readAccessKeys},
		{nhiscan.FactMFADevices, (*reader).readMFADevices},
		{nhiscan.FactSigningCertificates, (*reader).readSigningCertificates},
		{nhiscan.FactSSHPublicKeys, (*reader).readSSHPublicKeys},
		{nhiscan.FactServiceSpecificCredentials, (*reader).readServiceSpecificCredentials},
	}
}

// fillUser reads the wanted facts of a user, one call after another. It reports
// false when the user is gone.
func (r *reader) fillUser(ctx context.Context, u *nhiscan.User, wanted nhiscan.Facts) bool {
	for _, way := range userReads() {
		if wanted&way.facts == 0 {
			continue
		}
		known := u.Known
		u.Known &^= wanted & way.facts
		err := way.read(r, ctx, u)
		wanted &^= way.facts & u.Known
		u.Known |= known
		if errors.Is(err, ErrNotFound) {
			return false
		}
		r.miss(err)
	}
	return true
}

// getUser reads what IAM tells of the user itself, without its policies and credentials.
func (r *reader) getUser(ctx context.Context, name string) (*types.User, error) {
	return call(ctx, r, "GetUser", name, func() (*types.User, error) {
		out, err := r.api.GetUser(ctx, &iam.GetUserInput{UserName: aws.String(name)})
		if err == nil && (out.User == nil || out.User.Arn == nil) {
			err = errEmptyAnswer
		}
		if err != nil {
			return nil, err
		}
		return out.User, nil
	})
}

func (r *reader) readUser(ctx context.Context, u *nhiscan.User) error {
	got, err := r.getUser(ctx, u.Name)
	if err != nil {
		return err
	}
	setUserDetails(u, got)
	return nil
}

// setUserDetails takes from GetUser's answer what ListUsers leaves out.
func setUserDetails(u *nhiscan.User, from *types.User) {
	u.Tags = convert(from.Tags, tagOf)
	u.PermissionsBoundary = boundary(from.PermissionsBoundary)
	u.Known |= nhiscan.FactTags | nhiscan.FactPermissionsBoundary
	setPasswordLastUsed(u, from.PasswordLastUsed)
}

func (r *reader) readUserTags(ctx context.Context, u *nhiscan.User) error {
	return readList(ctx, r, "ListUserTags", u.Name, func(marker *string) ([]types.Tag, position, error) {
		out, err := r.api.ListUserTags(ctx, &iam.ListUserTagsInput{UserName: &u.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Tags, position{out.IsTruncated, out.Marker}, nil
	}, tagOf, &u.Tags, &u.Known, nhiscan.FactTags)
}

// groupsOfUser lists the groups that a user is in.
func (r *reader) groupsOfUser(ctx context.Context, name string) ([]types.Group, error) {
	return all(ctx, r, "ListGroupsForUser", name, func(marker *string) ([]types.Group, position, error) {
		out, err := r.api.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: &name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.Groups, position{out.IsTruncated, out.Marker}, nil
	})
}

func (r *reader) readUserGroups(ctx context.Context, u *nhiscan.User) error {
	groups, err := r.groupsOfUser(ctx, u.Name)
	if err != nil {
		return err
	}
	u.Groups = convert(groups, func(g types.Group) string { return aws.ToString(g.GroupName) })
	u.Known |= nhiscan.FactGroups
	r.sawGroups(groups)
	return nil
}

func (r *reader) readUserAttachedPolicies(ctx context.Context, u *nhiscan.User) error {
	return readList(ctx, r, "ListAttachedUserPolicies", u.Name, func(marker *string) ([]types.AttachedPolicy, position, error) {
		out, err := r.api.ListAttachedUserPolicies(ctx, &iam.ListAttachedUserPoliciesInput{UserName: &u.Name, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.AttachedPolicies, position{out.IsTruncated, out.Marker}, nil
	}, attachedPolicy, &u.AttachedPolicies, &u.Known, nhiscan.FactAttachedPolicies)
}

func (r *reader) readUserInlinePolicies(ctx context.Context, u *nhiscan.User) error {
	names, err := r.userPolicyNames(ctx, u.Name)
	if err != nil {
		return err
	}
	u.InlinePolicies, err = readInlinePolicies(names, func(policy string) (*string, error) {
		return r.userPolicy(ctx, u.Name, policy)
	})
	if err == nil {
		u.Known |= nhiscan.FactInlinePolicies
	}
	return err
}

func (r *reader) userPolicyNames(ctx context.Context, user string) ([]string, error) {
	return all(ctx, r, "ListUserPolicies", user, func(marker *string) ([]string, position, error) {
		out, err := r.api.ListUserPolicies(ctx, &iam.ListUserPoliciesInput{UserName: &user, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, position{}, err
		}
		return out.PolicyNames, position{out.IsTruncated, out.Marker}, nil
	})
}

func (r *reader) userPolicy(ctx context.Context, user, policy string) (*string, error) {
	return call(ctx, r, "GetUserPolicy", user, func() (*string, error) {
		out, err := r.api.GetUserPolicy(ctx, &iam.GetUserPolicyInput{UserName: &user, PolicyName: &policy})
		if err != nil {
			return nil, err
		}
		return inlineDocument(out.PolicyDocument)
	})
}
