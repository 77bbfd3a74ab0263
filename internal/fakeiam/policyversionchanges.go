package fakeiam

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhiscan/nhiscan"
)

const maxPolicyVersions = 5

func policyVersionChanges() map[string]operation {
	subject := subjectNamed("policy", "PolicyArn")
	return map[string]operation{
		"CreatePolicyVersion":     {subject: subject, write: createPolicyVersion, mutates: true},
		"DeletePolicyVersion":     {subject: subject, write: deletePolicyVersion, mutates: true, void: true},
		"SetDefaultPolicyVersion": {subject: subject, write: setDefaultPolicyVersion, mutates: true, void: true},
	}
}

// createPolicyVersion implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html.
func createPolicyVersion(s *Server, r *request, x *xmlWriter) *apiError {
	p, err := s.ownPolicy(r)
	if err != nil {
		return err
	}
	document, err := r.identityPolicy(true)
	if err != nil {
		return err
	}
	if len(p.Versions) >= maxPolicyVersions {
		message := fmt.Sprintf("A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", maxPolicyVersions)
		return &apiError{"LimitExceeded", message, http.StatusConflict}
	}
	v := nhiscan.PolicyVersion{ID: r.index.beside.nextVersion(p), CreateDate: r.time, Document: document}
	p.Versions, p.UpdateDate = slices.Insert(p.Versions, 0, v), r.time
	if r.param("SetAsDefault") == "true" {
		setDefault(p, v.ID)
	}
	x.open("PolicyVersion")
	writePolicyVersionNames(x, p, p.Versions[0])
	x.close("PolicyVersion")
	return nil
}

// nextVersion returns the id of a policy's next version. The ids of versions that
// were deleted are not used again.
func (b *beside) nextVersion(p *nhiscan.ManagedPolicy) string {
	b.versions[p.ARN] = b.newestVersion(p) + 1
	return "v" + strconv.Itoa(b.versions[p.ARN])
}

// newestVersion returns the number of the newest version that a policy ever had.
func (b *beside) newestVersion(p *nhiscan.ManagedPolicy) int {
	newest := b.versions[p.ARN]
	for _, v := range p.Versions {
		n, _ := strconv.Atoi(strings.TrimPrefix(v.ID, "v")) // an id of another form does not count
		newest = max(newest, n)
	}
	return newest
}

func setDefault(p *nhiscan.ManagedPolicy, id string) {
	p.DefaultVersionID = id
	for i := range p.Versions {
		p.Versions[i].Default = p.Versions[i].ID == id
	}
}

// policyVersion returns the policy and the id of the version that a request is to
// change.
func (s *Server) policyVersion(r *request) (*nhiscan.ManagedPolicy, string, *apiError) {
	id, err := r.versionID()
	if err != nil {
		return nil, "", err
	}
	p, err := s.ownPolicy(r)
	if err != nil && err.code != "NoSuchEntity" {
		return nil, "", err
	}
	if err != nil || !slices.ContainsFunc(p.Versions, func(v nhiscan.PolicyVersion) bool { return v.ID == id }) {
		return nil, "", errNoSuchEntity("Policy %s version %s does not exist or is not attachable.", r.param("PolicyArn"), id)
	}
	return p, id, nil
}

func deletePolicyVersion(s *Server, r *request, _ *xmlWriter) *apiError {
	p, id, err := s.policyVersion(r)
	switch {
	case err != nil:
		return err
	case id == defaultVersionID(p):
		return errDeleteConflict("Cannot delete the default version of a policy.")
	}
	r.index.beside.versions[p.ARN] = r.index.beside.newestVersion(p)
	p.Versions = without(p.Versions, func(v nhiscan.PolicyVersion) bool { return v.ID == id })
	return nil
}

func setDefaultPolicyVersion(s *Server, r *request, _ *xmlWriter) *apiError {
	p, id, err := s.policyVersion(r)
	if err != nil {
		return err
	}
	if id != defaultVersionID(p) {
		setDefault(p, id)
		p.UpdateDate = r.time
	}
	return nil
}
