package manage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/policydoc"
)

// CreatePolicy creates a managed policy, which is attached to nobody.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
type CreatePolicy struct {
	PolicyName     string            `json:"policy_name" doc:"Name of the new policy"`
	PolicyDocument string            `json:"policy_document" doc:"What it allows and denies" text:"json"`
	Path           string            `json:"path,omitzero" doc:"Path, such as /team/" default:"/"`
	Description    string            `json:"description,omitzero" doc:"What the policy is for; it cannot be changed later"`
	Tags           map[string]string `json:"tags,omitzero" doc:"Tags by key"`
}

// Kind implements [Change].
func (CreatePolicy) Kind() string { return "create_policy" }

func policyKinds() []Kind {
	return []Kind{
		{
			Name: "create_policy", Title: "Create a managed policy", zero: CreatePolicy{},
			Description: "Creates a managed policy in the account. It is attached to nobody.",
			Actions:     actions(guardActions(), []string{"iam:ListPolicies", "iam:CreatePolicy", "iam:TagPolicy"}),
		},
		deletePolicyKind(),
	}
}

func (c CreatePolicy) plan(ctx context.Context, p *planner) error {
	in, err := p.createPolicyInput(c)
	if err != nil {
		return err
	}
	name := *in.PolicyName
	if err := p.absentPolicy(ctx, name); err != nil {
		return err
	}
	c.PolicyName, c.PolicyDocument, c.Path = name, *in.PolicyDocument, *in.Path
	p.made.Change = c
	p.target(p.arn("policy"+c.Path+name), name)
	p.summary("create policy %s", name)
	p.create("iam:CreatePolicy", p.made.Target, p.made.Summary, func(ctx context.Context, api API, r *Result) error {
		out, err := api.CreatePolicy(ctx, in, once)
		if err == nil && out.Policy != nil {
			r.ARN, r.ID, r.VersionID = aws.ToString(out.Policy.Arn), aws.ToString(out.Policy.PolicyId), aws.ToString(out.Policy.DefaultVersionId)
		}
		return err
	})
	policy := nhiscan.ManagedPolicy{
		Name: name, ARN: p.made.Target, Path: c.Path, DefaultVersionID: "v1", Attachable: true,
		Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true, Document: nhiscan.NewPolicyDocument(c.PolicyDocument)}},
	}
	p.after(func(d *draft) { d.addPolicy(policy) })
	return nil
}

func (p *planner) createPolicyInput(c CreatePolicy) (*iam.CreatePolicyInput, error) {
	if err := p.checkName("policy_name", c.PolicyName, maxName("policy")); err != nil {
		return nil, err
	}
	path, err := p.path(c.Path)
	if err != nil {
		return nil, err
	}
	tags, err := p.tags(c.Tags)
	if err != nil {
		return nil, err
	}
	description, err := p.description(c.Description)
	if err != nil {
		return nil, err
	}
	document, err := p.document("policy_document", c.PolicyDocument, policydoc.KindIdentity)
	if err != nil {
		return nil, err
	}
	return &iam.CreatePolicyInput{PolicyName: &c.PolicyName, Path: &path, Description: description, PolicyDocument: &document, Tags: tags}, nil
}

// absentPolicy fails when the account has a managed policy of the name, whatever its
// path: a name is unique in an account, and an ARN has the path in it.
func (p *planner) absentPolicy(ctx context.Context, name string) error {
	opts := &collect.PolicyListOptions{Scope: collect.ScopeLocal, ListOptions: collect.ListOptions{MaxItems: 1000}}
	for {
		list, err := collect.ManagedPolicies(ctx, p.api, opts)
		if err != nil {
			return err
		}
		for i := range list.Items {
			if strings.EqualFold(list.Items[i].Name, name) {
				return p.exists("iam:CreatePolicy", "policy "+list.Items[i].ARN)
			}
		}
		if !list.IsTruncated {
			return nil
		}
		opts.Marker = list.Marker
	}
}
