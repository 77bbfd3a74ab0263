package mcpserver

import (
	"context"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// An iamSource answers the questions of the tools that show IAM as it is: AWS
// itself, or a saved account. Names are those of entities and no ARNs. Gaps say
// what an answer may lack; what cannot be answered at all is an error.
type iamSource interface {
	// saved is the account that was saved; nil for AWS.
	saved() *nhiscan.Account
	// accountID is empty when it is not known.
	accountID() string

	users(ctx context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.User], []nhiscan.Gap, error)
	roles(ctx context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.Role], []nhiscan.Gap, error)
	groups(ctx context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.Group], []nhiscan.Gap, error)
	policies(ctx context.Context, opts *collect.PolicyListOptions) (*collect.List[collect.ListedPolicy], []nhiscan.Gap, error)

	user(ctx context.Context, name string) (*nhiscan.User, []nhiscan.Gap, error)
	role(ctx context.Context, name string) (*nhiscan.Role, []nhiscan.Gap, error)
	group(ctx context.Context, name string) (*nhiscan.Group, []nhiscan.Gap, error)

	managedPolicy(ctx context.Context, arn, version string) (*collect.PolicyText, error)
	inlinePolicies(ctx context.Context, kind collect.IdentityKind, name string) ([]string, error)
	inlinePolicy(ctx context.Context, kind collect.IdentityKind, name, policy string) (nhiscan.InlinePolicy, error)
	attachedPolicies(ctx context.Context, kind collect.IdentityKind, name string) ([]nhiscan.AttachedPolicy, error)

	accessKeyLastUsed(ctx context.Context, id string) (collect.AccessKeyUse, error)
	accountSummary(ctx context.Context) (map[string]int, []nhiscan.Gap, error)
	credentialReport(ctx context.Context) (*nhiscan.CredentialReport, []nhiscan.Gap, error)
}

// iam returns where a call's questions about IAM are answered.
func (c *call) iam(ctx context.Context, creds credentialArguments) (iamSource, error) {
	if c.server.scans.saved != nil {
		s, err := c.server.scans.of(ctx, c, creds, false)
		if err != nil {
			return nil, err
		}
		return savedIAM{s.Account()}, nil
	}
	return c.live(ctx, creds)
}

// live is AWS with the credentials of the call.
func (c *call) live(ctx context.Context, creds credentialArguments) (*liveIAM, error) {
	connection, err := c.server.connections.of(ctx, c, creds)
	if err != nil {
		return nil, err
	}
	opts := c.server.options.Collect
	opts.Progress = func(p collect.Progress) { c.progress.add(progressOf(p)) }
	return &liveIAM{connection, &opts}, nil
}

// liveIAM asks AWS.
type liveIAM struct {
	connected
	opts *collect.Options
}

func (l *liveIAM) saved() *nhiscan.Account { return nil }
func (l *liveIAM) accountID() string       { return l.connected.accountID }

func (l *liveIAM) users(ctx context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.User], []nhiscan.Gap, error) {
	list, err := collect.Users(ctx, l.IAM, opts)
	return list, nil, err
}

func (l *liveIAM) roles(ctx context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.Role], []nhiscan.Gap, error) {
	list, err := collect.Roles(ctx, l.IAM, opts)
	return list, nil, err
}

func (l *liveIAM) groups(ctx context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.Group], []nhiscan.Gap, error) {
	list, err := collect.Groups(ctx, l.IAM, opts)
	return list, nil, err
}

func (l *liveIAM) policies(ctx context.Context, opts *collect.PolicyListOptions) (*collect.List[collect.ListedPolicy], []nhiscan.Gap, error) {
	list, err := collect.ManagedPolicies(ctx, l.IAM, opts)
	return list, nil, err
}

func (l *liveIAM) user(ctx context.Context, name string) (*nhiscan.User, []nhiscan.Gap, error) {
	a, err := collect.User(ctx, l.IAM, name, l.opts)
	if err != nil {
		return nil, nil, err
	}
	return &a.Users[0], withoutPolicyTexts(a.Gaps, name), nil
}

func (l *liveIAM) role(ctx context.Context, name string) (*nhiscan.Role, []nhiscan.Gap, error) {
	a, err := collect.Role(ctx, l.IAM, name, l.opts)
	if err != nil {
		return nil, nil, err
	}
	return &a.Roles[0], withoutPolicyTexts(a.Gaps, name), nil
}

func (l *liveIAM) group(ctx context.Context, name string) (*nhiscan.Group, []nhiscan.Gap, error) {
	a, err := collect.Group(ctx, l.IAM, name, l.opts)
	if err != nil {
		return nil, nil, err
	}
	return &a.Groups[0], withoutPolicyTexts(a.Gaps, name), nil
}

func (l *liveIAM) managedPolicy(ctx context.Context, arn, version string) (*collect.PolicyText, error) {
	return collect.ManagedPolicyDocument(ctx, l.IAM, arn, version)
}

func (l *liveIAM) inlinePolicies(ctx context.Context, kind collect.IdentityKind, name string) ([]string, error) {
	return collect.InlinePolicies(ctx, l.IAM, kind, name)
}

func (l *liveIAM) inlinePolicy(ctx context.Context, kind collect.IdentityKind, name, policy string) (nhiscan.InlinePolicy, error) {
	return collect.InlinePolicy(ctx, l.IAM, kind, name, policy)
}

func (l *liveIAM) attachedPolicies(ctx context.Context, kind collect.IdentityKind, name string) ([]nhiscan.AttachedPolicy, error) {
	return collect.AttachedPolicies(ctx, l.IAM, kind, name)
}

func (l *liveIAM) accessKeyLastUsed(ctx context.Context, id string) (collect.AccessKeyUse, error) {
	return collect.AccessKeyLastUsed(ctx, l.IAM, id)
}

func (l *liveIAM) accountSummary(ctx context.Context) (map[string]int, []nhiscan.Gap, error) {
	summary, err := collect.AccountSummary(ctx, l.IAM)
	return summary, nil, err
}

func (l *liveIAM) credentialReport(ctx context.Context) (*nhiscan.CredentialReport, []nhiscan.Gap, error) {
	report, err := collect.CredentialReport(ctx, l.IAM, l.opts)
	return report, nil, err
}

// withoutPolicyTexts leaves out the gaps of what the reading of an identity adds
// and no tool shows with it: the documents of its managed policies, and the
// policies of its groups.
func withoutPolicyTexts(gaps []nhiscan.Gap, name string) []nhiscan.Gap {
	var out []nhiscan.Gap
	for _, g := range gaps {
		switch g.Operation {
		case "iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions":
			continue
		case "iam:ListGroupPolicies", "iam:GetGroupPolicy", "iam:ListAttachedGroupPolicies":
			if g.Resource != name {
				continue
			}
		}
		out = append(out, g)
	}
	return out
}
