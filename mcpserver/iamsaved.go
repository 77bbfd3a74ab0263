package mcpserver

import (
	"context"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
)

// savedIAM answers from a saved account. It holds what it holds: what is not
// there is a gap, or an error where it was all that was asked for.
type savedIAM struct{ account *nhiscan.Account }

func (s savedIAM) saved() *nhiscan.Account { return s.account }
func (s savedIAM) accountID() string       { return s.account.ID }

// notInFile is the error of a question that the saved account cannot answer.
func notInFile(format string, args ...any) *Error {
	e := invalid(format, args...)
	e.Code = CodeNotInFile
	e.Hint = "a server that reads AWS can answer this"
	return e
}

func (s savedIAM) users(_ context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.User], []nhiscan.Gap, error) {
	list, err := cutList(s.account.Users, opts, func(u *nhiscan.User) (string, string) { return u.ARN, u.Path })
	return list, s.listGaps("iam:ListUsers"), err
}

func (s savedIAM) roles(_ context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.Role], []nhiscan.Gap, error) {
	list, err := cutList(s.account.Roles, opts, func(r *nhiscan.Role) (string, string) { return r.ARN, r.Path })
	return list, s.listGaps("iam:ListRoles"), err
}

func (s savedIAM) groups(_ context.Context, opts *collect.ListOptions) (*collect.List[nhiscan.Group], []nhiscan.Gap, error) {
	list, err := cutList(s.account.Groups, opts, func(g *nhiscan.Group) (string, string) { return g.ARN, g.Path })
	return list, s.listGaps("iam:ListGroups"), err
}

func (s savedIAM) policies(_ context.Context, opts *collect.PolicyListOptions) (*collect.List[collect.ListedPolicy], []nhiscan.Gap, error) {
	var all []collect.ListedPolicy
	for i := range s.account.Policies {
		p := &s.account.Policies[i]
		isAWS := answer.IsAWSManaged(p.ARN)
		if opts.Scope == collect.ScopeAWS && !isAWS || opts.Scope == collect.ScopeLocal && isAWS || opts.OnlyAttached && p.AttachmentCount == 0 {
			continue
		}
		all = append(all, collect.ListedPolicy{
			Name: p.Name, ID: p.ID, ARN: p.ARN, Path: p.Path, DefaultVersionID: p.DefaultVersionID,
			AttachmentCount: p.AttachmentCount, BoundaryUsageCount: p.BoundaryUsageCount,
			Attachable: p.Attachable, CreateDate: p.CreateDate, UpdateDate: p.UpdateDate,
		})
	}
	list, err := cutList(all, &opts.ListOptions, func(p *collect.ListedPolicy) (string, string) { return p.ARN, p.Path })
	gaps := s.listGaps("iam:ListPolicies")
	if opts.Scope != collect.ScopeLocal {
		gaps = append(gaps, nhiscan.Gap{Operation: "iam:ListPolicies", Resource: "*", Code: nhiscan.GapNotInFile,
			Message: "of the AWS managed policies a saved account has at most those that are in use"})
	}
	return list, gaps, err
}

// cutList returns the part of a list that the options ask for. Its marker is the
// ARN of the last item.
func cutList[T any](list []T, opts *collect.ListOptions, describe func(*T) (arn, path string)) (*collect.List[T], error) {
	start := 0
	if opts.Marker != "" {
		start = 1 + slices.IndexFunc(list, func(item T) bool { arn, _ := describe(&item); return arn == opts.Marker })
		if start == 0 {
			return nil, invalid("marker: it is not from an earlier answer to the same question")
		}
	}
	out := &collect.List[T]{}
	for i := range list[start:] {
		item := &list[start+i]
		switch _, path := describe(item); {
		case !strings.HasPrefix(path, opts.PathPrefix):
		case len(out.Items) == opts.MaxItems:
			out.IsTruncated = true
			out.Marker, _ = describe(&out.Items[len(out.Items)-1])
			return out, nil
		default:
			out.Items = append(out.Items, *item)
		}
	}
	return out, nil
}

// listGaps are those that may hide entities of a list of the whole account.
func (s savedIAM) listGaps(operation string) []nhiscan.Gap {
	var gaps []nhiscan.Gap
	for _, g := range s.account.Gaps {
		// What the file could not name is told by its place in the file.
		whole := g.Resource == "*" || g.Resource == "" || strings.HasPrefix(g.Resource, "/")
		if whole && (g.Operation == operation || g.Operation == "iam:GetAccountAuthorizationDetails") {
			gaps = append(gaps, g)
		}
	}
	return gaps
}

func (s savedIAM) user(_ context.Context, name string) (*nhiscan.User, []nhiscan.Gap, error) {
	u, ok := s.account.User(name)
	if !ok {
		return nil, nil, s.missing(collect.IdentityUser, name)
	}
	return u, s.gapsOf(u.ARN, u.Name, u.Known, userShown), nil
}

func (s savedIAM) role(_ context.Context, name string) (*nhiscan.Role, []nhiscan.Gap, error) {
	r, ok := s.account.Role(name)
	if !ok {
		return nil, nil, s.missing(collect.IdentityRole, name)
	}
	return r, s.gapsOf(r.ARN, r.Name, r.Known, roleShown), nil
}

func (s savedIAM) group(_ context.Context, name string) (*nhiscan.Group, []nhiscan.Gap, error) {
	g, ok := s.account.Group(name)
	if !ok {
		return nil, nil, s.missing(collect.IdentityGroup, name)
	}
	return g, s.gapsOf(g.ARN, g.Name, g.Known, groupShown), nil
}

// What the tools show of an identity.
const (
	policiesShown = nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies
	groupShown    = policiesShown | nhiscan.FactGroups
	userShown     = groupShown | nhiscan.FactTags | nhiscan.FactPermissionsBoundary | nhiscan.FactPassword | nhiscan.FactPasswordLastUsed |
		nhiscan.FactAccessKeys | nhiscan.FactMFADevices | nhiscan.FactSigningCertificates | nhiscan.FactSSHPublicKeys |
		nhiscan.FactServiceSpecificCredentials
	roleShown = policiesShown | nhiscan.FactTags | nhiscan.FactPermissionsBoundary | nhiscan.FactTrustPolicy |
		nhiscan.FactInstanceProfiles | nhiscan.FactRoleLastUsed | nhiscan.FactRoleSettings
)

// gapsOf are the account's gaps that name the identity, and one for all that the
// file does not tell of it.
func (s savedIAM) gapsOf(arn, name string, known, shown nhiscan.Facts) []nhiscan.Gap {
	var gaps []nhiscan.Gap
	for _, g := range s.account.Gaps {
		if g.Resource == arn || strings.EqualFold(g.Resource, name) {
			gaps = append(gaps, g)
		}
	}
	if missing := shown &^ known; missing != 0 {
		gaps = append(gaps, nhiscan.Gap{Operation: "iam:GetAccountAuthorizationDetails", Resource: arn, Code: nhiscan.GapNotInFile,
			Message: "the saved account does not tell: " + strings.Join(missing.Names(), ", ")})
	}
	return gaps
}

// missing is the error for an identity that the account does not have.
func (s savedIAM) missing(kind collect.IdentityKind, name string) error {
	var names []string
	list := ""
	switch kind {
	case collect.IdentityUser:
		names, list = namesOf(s.account.Users, func(u *nhiscan.User) string { return u.Name }), "iam:ListUsers"
	case collect.IdentityRole:
		names, list = namesOf(s.account.Roles, func(r *nhiscan.Role) string { return r.Name }), "iam:ListRoles"
	case collect.IdentityGroup:
		names, list = namesOf(s.account.Groups, func(g *nhiscan.Group) string { return g.Name }), "iam:ListGroups"
	}
	if len(s.listGaps(list)) > 0 {
		return notInFile("the saved account is not whole, and does not have the %s %s", kind, name)
	}
	return &answer.NotFoundError{Subject: string(kind) + " " + name, Meant: answer.Nearest(name, names)}
}

func namesOf[T any](list []T, name func(*T) string) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = name(&list[i])
	}
	return names
}
