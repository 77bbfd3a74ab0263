package collect

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

// ListOptions says which part of a list to read. Nil means the zero value.
type ListOptions struct {
	// PathPrefix is what the paths begin with, such as /team/. Empty: any path.
	PathPrefix string
	// MaxItems is how many items to read in all, from 1 to 1000, in as many pages
	// as AWS makes of them. 0: 100.
	MaxItems int
	// Marker is the Marker of an earlier answer for the same list with the same
	// PathPrefix and filters, to go on where it ended. Empty: from the beginning.
	Marker string
}

const (
	defaultMaxItems = 100
	maxMaxItems     = 1000
)

// A List is a part of a list, in AWS's order.
type List[T any] struct {
	// Items are as many as MaxItems asked for, or fewer at the end of the list.
	Items []T
	// IsTruncated says that the list goes on, at Marker.
	IsTruncated bool
	Marker      string
}

// Users lists users with what ListUsers tells of them: not their tags, groups,
// policies, boundary or credentials, of which Known says that they were not read.
//
// The error is an [*Error]; then nothing is returned, however many pages were read.
func Users(ctx context.Context, api AccountAPI, opts *ListOptions) (*List[nhiscan.User], error) {
	return list(ctx, parts{AccountAPI: api}, "Users", "ListUsers", opts, func(r *reader, p part) ([]types.User, position, error) {
		out, err := r.api.ListUsers(ctx, &iam.ListUsersInput{PathPrefix: p.prefix, Marker: p.marker, MaxItems: p.size})
		if err != nil {
			return nil, position{}, err
		}
		return out.Users, position{out.IsTruncated, out.Marker}, nil
	}, listedUser)
}

// Roles lists roles with what ListRoles tells of them: trust policy and settings,
// not their tags, policies, boundary or last use, of which Known says that they
// were not read.
//
// The error is as with [Users].
func Roles(ctx context.Context, api AccountAPI, opts *ListOptions) (*List[nhiscan.Role], error) {
	return list(ctx, parts{AccountAPI: api}, "Roles", "ListRoles", opts, func(r *reader, p part) ([]types.Role, position, error) {
		out, err := r.api.ListRoles(ctx, &iam.ListRolesInput{PathPrefix: p.prefix, Marker: p.marker, MaxItems: p.size})
		if err != nil {
			return nil, position{}, err
		}
		return out.Roles, position{out.IsTruncated, out.Marker}, nil
	}, func(role types.Role) nhiscan.Role { return listedRole(&role) })
}

// Groups lists groups with what ListGroups tells of them: not their members and
// policies, of which Known says that they were not read.
//
// The error is as with [Users].
func Groups(ctx context.Context, api AccountAPI, opts *ListOptions) (*List[nhiscan.Group], error) {
	return list(ctx, parts{AccountAPI: api}, "Groups", "ListGroups", opts, func(r *reader, p part) ([]types.Group, position, error) {
		out, err := r.api.ListGroups(ctx, &iam.ListGroupsInput{PathPrefix: p.prefix, Marker: p.marker, MaxItems: p.size})
		if err != nil {
			return nil, position{}, err
		}
		return out.Groups, position{out.IsTruncated, out.Marker}, nil
	}, listedGroup)
}

// A PolicyScope says whose managed policies to list.
type PolicyScope string

// The scopes. The zero value lists the customer's, as ScopeLocal does.
const (
	ScopeAll   PolicyScope = "All"
	ScopeAWS   PolicyScope = "AWS"
	ScopeLocal PolicyScope = "Local"
)

// PolicyListOptions says which managed policies to list. Nil means the zero value.
type PolicyListOptions struct {
	ListOptions
	// Scope says whose. Empty: the customer's.
	Scope PolicyScope
	// OnlyAttached leaves out policies that are attached to nothing. False: all.
	OnlyAttached bool
}

// A ListedPolicy is a managed policy as ListPolicies tells it. It is not a
// nhiscan.ManagedPolicy, because AWS leaves out the description even of a policy that has one.
type ListedPolicy struct {
	Name             string
	ID               string // ANPA…
	ARN              string
	Path             string
	DefaultVersionID string
	// AttachmentCount counts the users, groups and roles it is attached to.
	AttachmentCount int
	// BoundaryUsageCount counts the users and roles it is the permissions boundary of.
	BoundaryUsageCount int
	Attachable         bool
	CreateDate         time.Time
	UpdateDate         time.Time
}

// ManagedPolicies lists managed policies without their documents, for which see
// [ManagedPolicyDocument].
//
// The error is as with [Users].
func ManagedPolicies(ctx context.Context, api PolicyAPI, opts *PolicyListOptions) (*List[ListedPolicy], error) {
	var o PolicyListOptions
	if opts != nil {
		o = *opts
	}
	switch o.Scope {
	case "":
		o.Scope = ScopeLocal
	case ScopeAll, ScopeAWS, ScopeLocal:
	default:
		return nil, invalid("ManagedPolicies", "", "%q is not a scope of policies: All, AWS or Local", string(o.Scope))
	}
	return list(ctx, parts{PolicyAPI: api}, "ManagedPolicies", "ListPolicies", &o.ListOptions, func(r *reader, p part) ([]types.Policy, position, error) {
		out, err := r.api.ListPolicies(ctx, &iam.ListPoliciesInput{Scope: types.PolicyScopeType(o.Scope), OnlyAttached: o.OnlyAttached,
			PathPrefix: p.prefix, Marker: p.marker, MaxItems: p.size})
		if err != nil {
			return nil, position{}, err
		}
		return out.Policies, position{out.IsTruncated, out.Marker}, nil
	}, policyInList)
}

func policyInList(p types.Policy) ListedPolicy {
	return ListedPolicy{
		Name:               aws.ToString(p.PolicyName),
		ID:                 aws.ToString(p.PolicyId),
		ARN:                aws.ToString(p.Arn),
		Path:               aws.ToString(p.Path),
		DefaultVersionID:   aws.ToString(p.DefaultVersionId),
		AttachmentCount:    int(aws.ToInt32(p.AttachmentCount)),
		BoundaryUsageCount: int(aws.ToInt32(p.PermissionsBoundaryUsageCount)),
		Attachable:         p.IsAttachable,
		CreateDate:         utc(p.CreateDate),
		UpdateDate:         utc(p.UpdateDate),
	}
}

// A part is what one page is asked for.
type part struct {
	prefix, marker *string
	size           *int32
}

// list reads pages until it has what the options ask for. AWS never sends more
// than a page is asked for; what another endpoint sends beyond that is kept,
// because it could not be asked for again.
func list[From, To any](ctx context.Context, api parts, function, operation string, opts *ListOptions,
	ask func(*reader, part) ([]From, position, error), f func(From) To) (*List[To], error) {
	var o ListOptions
	if opts != nil {
		o = *opts
	}
	switch {
	case o.MaxItems == 0:
		o.MaxItems = defaultMaxItems
	case o.MaxItems < 0 || o.MaxItems > maxMaxItems:
		return nil, invalid(function, "", "MaxItems is %d and must be from 1 to %d", o.MaxItems, maxMaxItems)
	}
	r, ctx := newReader(ctx, api, nil)
	defer r.abort(nil)
	c := cursor{marker: given(o.Marker)}
	answer := &List[To]{}
	for {
		p := part{given(o.PathPrefix), c.marker, aws.Int32(int32(o.MaxItems - len(answer.Items)))}
		items, at, err := onePage(ctx, r, operation, "*", func() ([]From, position, error) { return ask(r, p) })
		if err != nil {
			return nil, err
		}
		if err := c.advance(operation, "*", at); err != nil {
			return nil, err
		}
		answer.Items = append(answer.Items, convert(items, f)...)
		if c.marker == nil || len(answer.Items) >= o.MaxItems {
			answer.IsTruncated, answer.Marker = c.marker != nil, aws.ToString(c.marker)
			return answer, nil
		}
	}
}

// given returns nil for an empty parameter, which AWS takes for a malformed one.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
