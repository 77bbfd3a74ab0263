package collect

import (
	"context"
	"errors"
	"slices"

	"github.com/nhiscan/nhiscan"
)

// A PolicyText is a managed policy with the document of one of its versions.
type PolicyText struct {
	// Policy is the policy with all its versions, of which only Version has its document.
	Policy nhiscan.ManagedPolicy
	// Version is the version that was asked for.
	Version nhiscan.PolicyVersion
	// Gaps says why there may be more versions; empty when they could be listed.
	Gaps []nhiscan.Gap
}

// ManagedPolicyDocument reads the managed policy with the ARN and the document of
// the version, such as v3; empty means the version in force.
//
// The error is an [*Error]: [ErrNotFound] when there is no such policy or version.
func ManagedPolicyDocument(ctx context.Context, api PolicyAPI, arn, versionID string) (*PolicyText, error) {
	if arn == "" {
		return nil, invalid("ManagedPolicyDocument", "", "the ARN of the policy is missing")
	}
	r, ctx := newReader(ctx, parts{PolicyAPI: api}, nil)
	defer r.abort(nil)
	policy, err := r.getPolicy(ctx, arn)
	if err != nil {
		return nil, err
	}
	if versionID == "" {
		versionID = policy.DefaultVersionID
	}
	version, err := r.getPolicyVersion(ctx, arn, versionID)
	if err != nil {
		return nil, err
	}
	versions, err := r.listPolicyVersions(ctx, arn)
	if errors.Is(err, ErrCredentials) {
		return nil, err
	}
	var e *Error
	if errors.As(err, &e) {
		r.gaps.addError(e)
	}
	at := slices.IndexFunc(versions, func(v nhiscan.PolicyVersion) bool { return v.ID == version.ID })
	if at < 0 { // not listed, or made since
		at, versions = 0, slices.Insert(versions, 0, version)
	}
	versions[at] = version
	policy.Versions = versions
	return &PolicyText{Policy: policy, Version: version, Gaps: r.gaps.list()}, nil
}
