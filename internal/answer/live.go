package answer

import (
	"context"
	"errors"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/nhi"
)

// UserOrRole reads from AWS the one user or role that is asked for; make its
// [Subject] with Alone. IAM allows a user and a role of the same name: when both
// are there and the query does not say which, the error is an [*InputError] with
// an [*AmbiguousError], and when neither is, a [*NotFoundError]. Other errors are
// those of [collect.User] and [collect.Role].
func UserOrRole(ctx context.Context, api collect.IAMAPI, q *Query, opts *collect.Options) (*nhiscan.Account, error) {
	switch q.kind {
	case nhi.TypeUser:
		return collect.User(ctx, api, q.name, opts)
	case nhi.TypeRole:
		return collect.Role(ctx, api, q.name, opts)
	}
	asUser, userErr := collect.User(ctx, api, q.name, opts)
	noUser := errors.Is(userErr, collect.ErrNotFound)
	if userErr != nil && !noUser && !errors.Is(userErr, collect.ErrAccessDenied) {
		return nil, userErr
	}
	asRole, roleErr := collect.Role(ctx, api, q.name, opts)
	noRole := errors.Is(roleErr, collect.ErrNotFound)
	switch {
	case userErr == nil && roleErr == nil:
		return nil, ambiguous(q.name)
	case userErr == nil:
		return asUser, nil
	case roleErr == nil:
		return asRole, nil
	case noUser && noRole:
		return nil, &NotFoundError{Subject: q.String()}
	case noUser:
		return nil, roleErr
	}
	return nil, userErr
}
