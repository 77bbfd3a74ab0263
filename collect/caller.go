package collect

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/nhiscan/nhiscan"
)

// A CallerType says what sort of principal credentials are of. The zero value is unknown.
type CallerType string

const (
	CallerRoot          CallerType = "root"
	CallerUser          CallerType = "user"
	CallerAssumedRole   CallerType = "assumed-role"
	CallerFederatedUser CallerType = "federated-user"
)

// A CallerIdentity says whose credentials are in use.
type CallerIdentity struct {
	// ARN is that of the principal; of a role it is the session's.
	ARN       string
	AccountID string
	Partition string
	// UserID is the unique id; of a role session ROLEID:SESSION.
	UserID string
	Type   CallerType
	// Name is that of the user or role; for a federated user the name of the federation; empty for root.
	Name string
	// SessionName is that of a role session.
	SessionName string
	// Account holds the user or role, as [User] and [Role] read it. It is nil for
	// root and federated users, and when Gaps say why it could not be read.
	Account *nhiscan.Account
	// Gaps says what could not be read of the user or role.
	Gaps []nhiscan.Gap
}

// Caller tells whose credentials the two APIs use, and reads that identity.
//
// The error is an [*Error], such as [ErrCredentials]; no permission is needed to
// ask who one is.
// See https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html.
func Caller(ctx context.Context, stsAPI STSAPI, api IAMAPI, opts *Options) (*CallerIdentity, error) {
	out, err := stsAPI.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err == nil && aws.ToString(out.Arn) == "" {
		err = errEmptyAnswer
	}
	if err != nil {
		return nil, fmt.Errorf("read caller: %w", NewError(ctx, "sts:GetCallerIdentity", "*", err))
	}
	c := parseCaller(aws.ToString(out.Arn))
	c.AccountID = aws.ToString(out.Account)
	c.UserID = aws.ToString(out.UserId)
	switch c.Type {
	case CallerUser:
		c.Account, err = User(ctx, api, c.Name, opts)
	case CallerAssumedRole:
		c.Account, err = Role(ctx, api, c.Name, opts)
	}
	var e *Error
	switch {
	case errors.Is(err, ErrCredentials):
		return nil, fmt.Errorf("read caller: %w", err)
	case errors.As(err, &e):
		c.Gaps = []nhiscan.Gap{gapOf(e)}
	case c.Account != nil:
		c.Gaps = c.Account.Gaps
	}
	return c, nil
}

// parseCaller takes the ARN apart. A role session's has the role's name without
// its path. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
func parseCaller(callerARN string) *CallerIdentity {
	c := &CallerIdentity{ARN: callerARN}
	parsed, err := arn.Parse(callerARN)
	if err != nil {
		return c
	}
	c.Partition = parsed.Partition
	kind, rest, _ := strings.Cut(parsed.Resource, "/")
	c.Type = CallerType(kind)
	switch c.Type {
	case CallerRoot:
	case CallerUser:
		c.Name = rest[strings.LastIndexByte(rest, '/')+1:]
	case CallerAssumedRole:
		c.Name, c.SessionName, _ = strings.Cut(rest, "/")
	case CallerFederatedUser:
		c.Name = rest
	default:
		c.Type = ""
	}
	return c
}
