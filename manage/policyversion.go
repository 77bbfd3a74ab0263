package manage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/policydoc"
)

// CreatePolicyVersion adds a version to a managed policy. It is in force when
// SetAsDefault says so.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html
type CreatePolicyVersion struct {
	PolicyARN      string `json:"policy_arn" doc:"ARN of the managed policy"`
	PolicyDocument string `json:"policy_document" doc:"What the version allows and denies" text:"json"`
	SetAsDefault   bool   `json:"set_as_default,omitzero" doc:"Put it in force" default:"false"`
	RemoveOldest   bool   `json:"remove_oldest,omitzero" doc:"When there are five versions, delete the oldest that is not in force" default:"false"`
}

// SetDefaultPolicyVersion puts a version of a managed policy in force.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
type SetDefaultPolicyVersion struct {
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
	VersionID string `json:"version_id" doc:"Version, such as v2"`
}

// DeletePolicyVersion deletes a version of a managed policy that is not in force.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html
type DeletePolicyVersion struct {
	PolicyARN string `json:"policy_arn" doc:"ARN of the managed policy"`
	VersionID string `json:"version_id" doc:"Version, such as v2"`
}

// Kind implements [Change].
func (CreatePolicyVersion) Kind() string { return "create_policy_version" }

// Kind implements [Change].
func (SetDefaultPolicyVersion) Kind() string { return "set_default_policy_version" }

// Kind implements [Change].
func (DeletePolicyVersion) Kind() string { return "delete_policy_version" }

// maxVersions: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const maxVersions = 5

func policyVersionKinds() []Kind {
	return []Kind{
		{
			Name: "create_policy_version", Title: "Add a version to a managed policy", zero: CreatePolicyVersion{},
			Description: "Adds a version to a managed policy of the account, in force with set_as_default. There are five at most: with remove_oldest, the oldest that is not in force goes first.",
			Actions:     actions(guardActions(), []string{"iam:GetPolicy", "iam:ListPolicyVersions", "iam:DeletePolicyVersion", "iam:CreatePolicyVersion"}),
		},
		{
			Name: "set_default_policy_version", Title: "Put a version of a managed policy in force", zero: SetDefaultPolicyVersion{}, Idempotent: true,
			Description: "Makes another version of a managed policy of the account the one in force, for all who have it.",
			Actions:     actions(guardActions(), []string{"iam:GetPolicy", "iam:GetPolicyVersion", "iam:SetDefaultPolicyVersion"}),
		},
		{
			Name: "delete_policy_version", Title: "Delete a version of a managed policy", zero: DeletePolicyVersion{}, Destructive: true, Idempotent: true,
			Description: "Deletes a version of a managed policy of the account. The one in force is refused.",
			Actions:     actions(guardActions(), []string{"iam:GetPolicy", "iam:ListPolicyVersions", "iam:DeletePolicyVersion"}),
		},
	}
}

func (c CreatePolicyVersion) plan(ctx context.Context, p *planner) error {
	if err := p.ownPolicyARN(c.PolicyARN); err != nil {
		return err
	}
	document, err := p.document("policy_document", c.PolicyDocument, policydoc.KindIdentity)
	if err != nil {
		return err
	}
	policy, err := p.policyWithVersions(ctx, c.PolicyARN)
	if err != nil {
		return err
	}
	c.PolicyDocument = document
	p.made.Change = c
	p.summary("add a version to policy %s", policy.Name)
	if c.SetAsDefault {
		p.summary("add a version to policy %s, in force in the place of %s", policy.Name, policy.DefaultVersionID)
	}
	if len(policy.Versions) >= maxVersions {
		oldest := oldestVersion(policy)
		if !c.RemoveOldest || oldest == "" {
			return &collect.Error{Operation: "iam:CreatePolicyVersion", Resource: policy.ARN, Code: "LimitExceeded",
				Message: fmt.Sprintf("policy %s has %d versions, as many as IAM keeps: remove_oldest would delete %s", policy.Name, len(policy.Versions), oldest)}
		}
		p.made.Destructive = true
		p.summary("%s; version %s, the oldest, is deleted", p.made.Summary, oldest)
		p.deleteVersion(policy, oldest)
	}
	p.touches(policy.ARN)
	p.create("iam:CreatePolicyVersion", policy.ARN, "add a version to policy "+policy.Name, func(ctx context.Context, api API, r *Result) error {
		out, err := api.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: &policy.ARN, PolicyDocument: &document, SetAsDefault: c.SetAsDefault}, once)
		if err == nil && out.PolicyVersion != nil {
			r.ARN, r.VersionID = policy.ARN, aws.ToString(out.PolicyVersion.VersionId)
		}
		return err
	})
	// The guard looks at everybody: who may attach the policy, or put a version of it in force, gains too.
	p.after(func(d *draft) {
		if c.SetAsDefault {
			d.replaceDefault(policy.ARN, "new", document)
		} else {
			d.storeVersion(policy.ARN, "new", document)
		}
	})
	return nil
}

func (c SetDefaultPolicyVersion) plan(ctx context.Context, p *planner) error {
	if err := p.checkVersion(c.PolicyARN, c.VersionID); err != nil {
		return err
	}
	policy, err := p.findPolicy(ctx, c.PolicyARN)
	if err != nil {
		return err
	}
	text, err := p.versionText(ctx, policy.ARN, c.VersionID)
	if err != nil {
		return err
	}
	p.target(policy.ARN, policy.Name)
	p.summary("put version %s of policy %s in force, in the place of %s", c.VersionID, policy.Name, policy.DefaultVersionID)
	if policy.DefaultVersionID == c.VersionID {
		p.summary("put version %s of policy %s in force", c.VersionID, policy.Name)
		p.note("version %s of policy %s is in force already", c.VersionID, policy.Name)
		return nil
	}
	p.touches(policy.ARN)
	p.set("iam:SetDefaultPolicyVersion", policy.ARN, p.made.Summary, func(ctx context.Context, api API) error {
		_, err := api.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: &policy.ARN, VersionId: &c.VersionID})
		return err
	})
	p.after(func(d *draft) { d.replaceDefault(policy.ARN, c.VersionID, text) })
	return nil
}

func (c DeletePolicyVersion) plan(ctx context.Context, p *planner) error {
	if err := p.checkVersion(c.PolicyARN, c.VersionID); err != nil {
		return err
	}
	policy, err := p.policyWithVersions(ctx, c.PolicyARN)
	if err != nil {
		return err
	}
	isIt := func(v nhiscan.PolicyVersion) bool { return v.ID == c.VersionID }
	switch {
	case !slices.ContainsFunc(policy.Versions, isIt):
		return &collect.Error{Operation: "iam:ListPolicyVersions", Resource: policy.ARN, Code: "NoSuchEntity",
			Message: fmt.Sprintf("policy %s has no version %s", policy.Name, c.VersionID)}
	case policy.DefaultVersionID == c.VersionID:
		return conflict("iam:DeletePolicyVersion", policy.ARN, fmt.Sprintf("version %s of policy %s is in force: put another in force first", c.VersionID, policy.Name))
	}
	p.made.Destructive = true
	p.touches(policy.ARN)
	p.deleteVersion(policy, c.VersionID)
	p.summary("delete version %s of policy %s", c.VersionID, policy.Name)
	if len(policy.Versions) == maxVersions { // who may add one can do so now
		p.after(func(d *draft) {
			in := d.policy(policy.ARN)
			in.Versions = without(in.Versions, isIt)
		})
	}
	return nil
}

// deleteVersion adds the step that deletes a version.
func (p *planner) deleteVersion(policy *nhiscan.ManagedPolicy, id string) {
	p.remove("iam:DeletePolicyVersion", policy.ARN, "delete version "+id+" of policy "+policy.Name, func(ctx context.Context, api API) error {
		_, err := api.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: &policy.ARN, VersionId: &id})
		return err
	})
}

func (p *planner) checkVersion(arn, id string) error {
	if err := p.ownPolicyARN(arn); err != nil {
		return err
	}
	if versionNumber(id) <= 0 {
		return p.invalid("version_id", "%q is not a version, such as v2", id)
	}
	return nil
}

// policyWithVersions reads a policy, which is the target, with all its versions.
func (p *planner) policyWithVersions(ctx context.Context, arn string) (*nhiscan.ManagedPolicy, error) {
	policy, err := p.findPolicy(ctx, arn)
	if err != nil {
		return nil, err
	}
	p.target(policy.ARN, policy.Name)
	policy.Versions, err = p.versionsOf(ctx, policy.ARN)
	return policy, err
}

// versionsOf lists the versions of a policy, without their documents.
func (p *planner) versionsOf(ctx context.Context, arn string) ([]nhiscan.PolicyVersion, error) {
	var versions []nhiscan.PolicyVersion
	err := pages(ctx, "iam:ListPolicyVersions", arn, func(marker *string) (bool, *string, error) {
		out, err := p.api.ListPolicyVersions(ctx, &iam.ListPolicyVersionsInput{PolicyArn: &arn, Marker: marker})
		switch {
		case err != nil:
			return false, nil, err
		case out.Versions == nil:
			return false, nil, emptyAnswer("iam:ListPolicyVersions", arn)
		}
		for _, v := range out.Versions {
			versions = append(versions, nhiscan.PolicyVersion{ID: aws.ToString(v.VersionId), Default: v.IsDefaultVersion})
		}
		return out.IsTruncated, out.Marker, nil
	})
	return versions, err
}

func (p *planner) versionText(ctx context.Context, arn, id string) (string, error) {
	out, err := p.api.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: &id})
	switch {
	case err != nil:
		return "", collect.NewError(ctx, "iam:GetPolicyVersion", arn, err)
	case out.PolicyVersion == nil || out.PolicyVersion.Document == nil:
		return "", emptyAnswer("iam:GetPolicyVersion", arn)
	}
	return documentOf(out.PolicyVersion.Document).Text(), nil
}

// oldestVersion is the id of the oldest version that is not in force. AWS numbers
// them and gives no number twice.
func oldestVersion(policy *nhiscan.ManagedPolicy) string {
	oldest := ""
	for _, v := range policy.Versions {
		if !v.Default && v.ID != policy.DefaultVersionID && (oldest == "" || versionNumber(v.ID) < versionNumber(oldest)) {
			oldest = v.ID
		}
	}
	return oldest
}

// versionNumber is 2 for v2, and 0 for what is no version.
func versionNumber(id string) int {
	digits, ok := strings.CutPrefix(id, "v")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 {
		return 0
	}
	return n
}
