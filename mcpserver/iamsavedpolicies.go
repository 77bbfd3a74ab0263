package mcpserver

import (
	"context"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
)

func (s savedIAM) managedPolicy(_ context.Context, arn, version string) (*collect.PolicyText, error) {
	p, ok := s.account.Policy(arn)
	if !ok {
		return s.publishedPolicy(arn, version)
	}
	found, ok := p.Default()
	if version != "" {
		i := slices.IndexFunc(p.Versions, func(v nhiscan.PolicyVersion) bool { return v.ID == version })
		if ok = i >= 0; ok {
			found = p.Versions[i]
		}
	}
	switch {
	case ok && !found.Document.IsZero():
		return &collect.PolicyText{Policy: *p, Version: found}, nil
	case version == "" || ok:
		return nil, notInFile("the saved account does not have the document of %s", arn)
	}
	ids := make([]string, len(p.Versions))
	for i, v := range p.Versions {
		ids[i] = v.ID
	}
	return nil, notFound("the saved account has no version %s of %s, only %s", version, arn, strings.Join(ids, ", "))
}

// publishedPolicy is an AWS managed policy as this program knows it: accounts are
// saved without those.
func (s savedIAM) publishedPolicy(arn, version string) (*collect.PolicyText, error) {
	if !answer.IsAWSManaged(arn) {
		names := namesOf(s.account.Policies, func(p *nhiscan.ManagedPolicy) string { return p.ARN })
		return nil, &answer.NotFoundError{Subject: "policy " + arn, Meant: answer.Nearest(arn, names)}
	}
	if version != "" {
		return nil, notInFile("the saved account does not have the versions of %s: leave out version_id for the one that AWS published last", arn)
	}
	d, err := answer.AWSManaged(arn)
	if err != nil {
		return nil, notFound("%s", err)
	}
	published := nhiscan.PolicyVersion{Default: true, Document: nhiscan.NewPolicyDocument(d.Text)}
	return &collect.PolicyText{
		Policy:  nhiscan.ManagedPolicy{Name: arn[strings.LastIndexByte(arn, '/')+1:], ARN: arn, Versions: []nhiscan.PolicyVersion{published}},
		Version: published,
		Gaps: []nhiscan.Gap{{Operation: "iam:GetPolicyVersion", Resource: arn, Code: nhiscan.GapNotInFile,
			Message: "this is the text that AWS had published when this program was made, and not from the saved account"}},
	}, nil
}

// policiesOf returns the policies of an identity and which of them are known.
func (s savedIAM) policiesOf(ctx context.Context, kind collect.IdentityKind, name string) (attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy, known nhiscan.Facts, err error) {
	switch kind {
	case collect.IdentityRole:
		r, _, err := s.role(ctx, name)
		if err != nil {
			return nil, nil, 0, err
		}
		return r.AttachedPolicies, r.InlinePolicies, r.Known, nil
	case collect.IdentityGroup:
		g, _, err := s.group(ctx, name)
		if err != nil {
			return nil, nil, 0, err
		}
		return g.AttachedPolicies, g.InlinePolicies, g.Known, nil
	}
	u, _, err := s.user(ctx, name)
	if err != nil {
		return nil, nil, 0, err
	}
	return u.AttachedPolicies, u.InlinePolicies, u.Known, nil
}

func (s savedIAM) inlinePolicies(ctx context.Context, kind collect.IdentityKind, name string) ([]string, error) {
	_, inline, known, err := s.policiesOf(ctx, kind, name)
	if err != nil {
		return nil, err
	}
	if !known.Has(nhiscan.FactInlinePolicies) {
		return nil, notInFile("the saved account does not tell the inline policies of %s %s", kind, name)
	}
	return namesOf(inline, func(p *nhiscan.InlinePolicy) string { return p.Name }), nil
}

func (s savedIAM) inlinePolicy(ctx context.Context, kind collect.IdentityKind, name, policy string) (nhiscan.InlinePolicy, error) {
	_, inline, known, err := s.policiesOf(ctx, kind, name)
	if err != nil {
		return nhiscan.InlinePolicy{}, err
	}
	i := slices.IndexFunc(inline, func(p nhiscan.InlinePolicy) bool { return strings.EqualFold(p.Name, policy) })
	switch {
	case i >= 0 && !inline[i].Document.IsZero():
		return inline[i], nil
	case i >= 0 || !known.Has(nhiscan.FactInlinePolicies):
		return nhiscan.InlinePolicy{}, notInFile("the saved account does not have the document of the inline policy %s of %s %s", policy, kind, name)
	}
	names := namesOf(inline, func(p *nhiscan.InlinePolicy) string { return p.Name })
	return nhiscan.InlinePolicy{}, &answer.NotFoundError{Subject: "inline policy " + policy + " of " + string(kind) + " " + name, Meant: answer.Nearest(policy, names)}
}

func (s savedIAM) attachedPolicies(ctx context.Context, kind collect.IdentityKind, name string) ([]nhiscan.AttachedPolicy, error) {
	attached, _, known, err := s.policiesOf(ctx, kind, name)
	if err == nil && !known.Has(nhiscan.FactAttachedPolicies) {
		err = notInFile("the saved account does not tell the policies that are attached to %s %s", kind, name)
	}
	return attached, err
}
