package fakeiam

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

func policyOperations() map[string]operation {
	subject := subjectNamed("policy", "PolicyArn")
	path := func(_ *index, r *request) string { return "policy path " + pathOr(r.param("PathPrefix")) }
	return map[string]operation{
		"ListPolicies":       {subject: path, write: listPolicies, cached: true},
		"GetPolicy":          {subject: subject, write: getPolicy},
		"ListPolicyTags":     {subject: subject, write: listPolicyTags},
		"ListPolicyVersions": {subject: subject, write: listPolicyVersions},
		"GetPolicyVersion":   {subject: subject, write: getPolicyVersion},
	}
}

// listPolicies implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html.
func listPolicies(s *Server, r *request, x *xmlWriter) *apiError {
	policies, err := r.index.scoped(r.param("Scope"))
	if err != nil {
		return err
	}
	policies = underPath(policies, r.param("PathPrefix"), func(p *nhiscan.ManagedPolicy) string { return p.Path })
	onlyAttached, usage := r.param("OnlyAttached") == "true", r.param("PolicyUsageFilter")
	if onlyAttached || usage != "" {
		var found []*nhiscan.ManagedPolicy
		for _, p := range policies {
			if used(p, onlyAttached, usage) {
				found = append(found, p)
			}
		}
		policies = found
	}
	return writePage(r, x, "Policies", policies, writePolicy)
}

// scoped returns the policies of a scope: All, AWS, or Local for the customer's.
func (ix *index) scoped(scope string) ([]*nhiscan.ManagedPolicy, *apiError) {
	switch scope {
	case "", "All":
		return slices.Concat(ix.policies, pointers(ix.beside.offered)), nil
	case "AWS":
		return slices.Concat(ix.aws, pointers(ix.beside.offered)), nil
	case "Local":
		return ix.customer, nil
	}
	return nil, errValidation("Value '" + scope + "' at 'scope' failed to satisfy constraint: Member must satisfy enum value set: [All, AWS, Local]")
}

// used reports whether a policy passes the OnlyAttached and PolicyUsageFilter parameters.
func used(p *nhiscan.ManagedPolicy, onlyAttached bool, usage string) bool {
	if onlyAttached && p.AttachmentCount == 0 {
		return false
	}
	switch usage {
	case "PermissionsPolicy":
		return p.AttachmentCount > 0
	case "PermissionsBoundary":
		return p.BoundaryUsageCount > 0
	}
	return true
}

func getPolicy(s *Server, r *request, x *xmlWriter) *apiError {
	p, err := s.policy(r)
	if err != nil {
		return err
	}
	x.open("Policy")
	writePolicy(x, p)
	x.optional("Description", p.Description)
	members(x, "Tags", p.Tags, writeTag)
	x.close("Policy")
	return nil
}

func listPolicyTags(s *Server, r *request, x *xmlWriter) *apiError {
	p, err := s.policy(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "Tags", p.Tags, writeTag)
}

func listPolicyVersions(s *Server, r *request, x *xmlWriter) *apiError {
	p, err := s.policy(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "Versions", p.Versions, func(x *xmlWriter, v nhiscan.PolicyVersion) {
		writePolicyVersionNames(x, p, v)
	})
}

func getPolicyVersion(s *Server, r *request, x *xmlWriter) *apiError {
	p, err := s.policy(r)
	if err != nil {
		return err
	}
	id, err := r.required("VersionId")
	if err != nil {
		return err
	}
	for _, v := range p.Versions {
		if v.ID == id {
			x.open("PolicyVersion")
			writePolicyVersion(x, p, v)
			x.close("PolicyVersion")
			return nil
		}
	}
	return errNoSuchEntity("Policy %s version %s does not exist or is not attachable.", p.ARN, id)
}

// policy returns the managed policy that the request names.
func (s *Server) policy(r *request) (*nhiscan.ManagedPolicy, *apiError) {
	arn, err := r.required("PolicyArn")
	if err != nil {
		return nil, err
	}
	p, ok := r.index.policyByARN[arn]
	if !ok {
		return nil, errNoSuchEntity("Policy %s was not found.", arn)
	}
	return p, nil
}

// writePolicy writes a policy as ListPolicies tells it: without its description
// and its tags.
func writePolicy(x *xmlWriter, p *nhiscan.ManagedPolicy) {
	x.text("PolicyName", p.Name)
	x.text("PolicyId", p.ID)
	x.text("Arn", p.ARN)
	x.text("Path", pathOr(p.Path))
	x.text("DefaultVersionId", defaultVersionID(p))
	x.integer("AttachmentCount", p.AttachmentCount)
	x.integer("PermissionsBoundaryUsageCount", p.BoundaryUsageCount)
	x.boolean("IsAttachable", p.Attachable)
	x.time("CreateDate", p.CreateDate)
	x.time("UpdateDate", p.UpdateDate)
}

func defaultVersionID(p *nhiscan.ManagedPolicy) string {
	if v, ok := p.Default(); ok && p.DefaultVersionID == "" {
		return v.ID
	}
	return p.DefaultVersionID
}

// writePolicyVersionNames writes a version as ListPolicyVersions tells it.
func writePolicyVersionNames(x *xmlWriter, p *nhiscan.ManagedPolicy, v nhiscan.PolicyVersion) {
	x.text("VersionId", v.ID)
	x.boolean("IsDefaultVersion", v.Default || v.ID == p.DefaultVersionID)
	x.time("CreateDate", v.CreateDate)
}

func writePolicyVersion(x *xmlWriter, p *nhiscan.ManagedPolicy, v nhiscan.PolicyVersion) {
	x.document("Document", v.Document)
	writePolicyVersionNames(x, p, v)
}
