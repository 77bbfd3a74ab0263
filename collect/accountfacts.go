package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// AccountSummary returns AWS's counts and quotas of the account by AWS's names for
// them, such as Users, UsersQuota and AccountMFAEnabled, which is 1 when the root
// user has an MFA device.
//
// The error is an [*Error].
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html.
func AccountSummary(ctx context.Context, api AccountAPI) (map[string]int, error) {
	r, ctx := newReader(ctx, parts{AccountAPI: api}, nil)
	defer r.abort(nil)
	return call(ctx, r, "GetAccountSummary", "*", func() (map[string]int, error) {
		out, err := r.api.GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
		if err == nil && len(out.SummaryMap) == 0 {
			err = errEmptyAnswer
		}
		if err != nil {
			return nil, err
		}
		summary := make(map[string]int, len(out.SummaryMap))
		for name, n := range out.SummaryMap {
			summary[name] = int(n)
		}
		return summary, nil
	})
}

// AccountAliases returns the account's aliases: one, or none.
//
// The error is an [*Error].
func AccountAliases(ctx context.Context, api AccountAPI) ([]string, error) {
	r, ctx := newReader(ctx, parts{AccountAPI: api}, nil)
	defer r.abort(nil)
	return r.listAccountAliases(ctx)
}
