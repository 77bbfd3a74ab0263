package fakeiam

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

func policyChanges() map[string]operation {
	named := subjectNamed("policy", "PolicyName")
	subject := subjectNamed("policy", "PolicyArn")
	return map[string]operation{
		"CreatePolicy": {subject: named, write: createPolicy, mutates: true},
		"DeletePolicy": {subject: subject, write: deletePolicy, mutates: true, void: true},
	}
}

// createPolicy implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html. Its
// answer does not tell the description.
func createPolicy(_ *Server, r *request, x *xmlWriter) *apiError {
	name, path, err := r.nameAndPath("PolicyName", maxPolicyName)
	if err != nil {
		return err
	}
	if err := r.tooLong("Description", maxDescription); err != nil {
		return err
	}
	tags, err := r.tags(exactKeys)
	if err != nil {
		return err
	}
	document, err := r.identityPolicy(true)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(r.index.customer, func(p *nhiscan.ManagedPolicy) bool { return sameName(p.Name, name) }) {
		return errAlreadyExists("A policy called %s already exists. Duplicate names are not allowed.", name)
	}
	p := nhiscan.ManagedPolicy{
		Name: name, ID: r.index.beside.issue("ANPA"), ARN: r.index.arn("policy" + path + name), Path: path,
		Description: r.param("Description"), DefaultVersionID: "v1", Attachable: true, CreateDate: r.time, UpdateDate: r.time, Tags: tags,
		Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true, CreateDate: r.time, Document: document}},
	}
	r.index.account.Policies = append(r.index.account.Policies, p)
	r.index.beside.versions[p.ARN] = 1
	x.open("Policy")
	writePolicy(x, &p)
	writeTags(x, p.Tags)
	x.close("Policy")
	return nil
}

// deletePolicy implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html.
func deletePolicy(s *Server, r *request, _ *xmlWriter) *apiError {
	p, err := s.ownPolicy(r)
	switch {
	case err != nil:
		return err
	case p.AttachmentCount > 0 || p.BoundaryUsageCount > 0:
		return errDeleteConflict("Cannot delete a policy attached to entities.")
	case len(p.Versions) > 1:
		return errDeleteConflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	delete(r.index.beside.versions, p.ARN)
	r.index.account.Policies = without(r.index.account.Policies, func(other nhiscan.ManagedPolicy) bool { return other.ARN == p.ARN })
	return nil
}

// ownPolicy returns the policy that the request is to change, which must not be
// one of AWS's.
func (s *Server) ownPolicy(r *request) (*nhiscan.ManagedPolicy, *apiError) {
	if _, err := r.policyARN("PolicyArn"); err != nil {
		return nil, err
	}
	p, err := s.policy(r)
	if err != nil {
		return nil, err
	}
	if isAWSManaged(p.ARN) {
		return nil, errAccessDenied("Policy is outside your own account.")
	}
	return p, nil
}
