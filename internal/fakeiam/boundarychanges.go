package fakeiam

import "strings"

func boundaryChanges() map[string]operation {
	known := map[string]operation{}
	for kind, find := range map[string]finder{"User": userIdentity, "Role": roleIdentity} {
		subject := subjectNamed(strings.ToLower(kind), kind+"Name")
		known["Put"+kind+"PermissionsBoundary"] = operation{subject: subject, write: find.putBoundary, mutates: true, void: true}
		known["Delete"+kind+"PermissionsBoundary"] = operation{subject: subject, write: find.deleteBoundary, mutates: true, void: true}
	}
	return known
}

func (find finder) putBoundary(s *Server, r *request, _ *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	if _, err := r.required("PermissionsBoundary"); err != nil {
		return err
	}
	arn, err := r.newBoundary()
	if err != nil {
		return err
	}
	*id.boundary = arn
	return nil
}

// deleteBoundary succeeds for an identity without one.
func (find finder) deleteBoundary(s *Server, r *request, _ *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	*id.boundary = ""
	return nil
}

// newBoundary returns the ARN of the permissions boundary that the request gives,
// empty for none.
func (r *request) newBoundary() (string, *apiError) {
	if r.param("PermissionsBoundary") == "" {
		return "", nil
	}
	arn, err := r.policyARN("PermissionsBoundary")
	if err != nil {
		return "", err
	}
	if _, ok := r.index.policyByARN[arn]; !ok {
		return "", errNoSuchEntity("Scope ARN: %s does not exist or is not attachable.", arn)
	}
	r.index.adopt(arn)
	return arn, nil
}
