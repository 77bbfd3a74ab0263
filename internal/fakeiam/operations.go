package fakeiam

import "sync"

// An operation is one call that the server knows.
type operation struct {
	version string
	// subject is the resource that a denial names; nil means "*".
	subject func(*index, *request) string
	// write writes what stands in the Result element.
	write func(*Server, *request, *xmlWriter) *apiError
	// cached says that the answer depends on the account and the parameters only
	// and is large enough to keep.
	cached bool
	// mutates says that write changes the account of the request, which is a copy
	// that the server adopts when write succeeds.
	mutates bool
	// void says that the answer has no Result element.
	void bool
}

// action is the name that a policy has for the operation.
func (op operation) action(r *request) string {
	if op.version == versionSTS {
		return "sts:" + r.operation
	}
	return "iam:" + r.operation
}

func (op operation) namespace() string { return namespace(op.version) }

// namespace returns the XML namespace of an API.
func namespace(version string) string {
	if version == versionSTS {
		return "https://sts.amazonaws.com/doc/2011-06-15/"
	}
	return "https://iam.amazonaws.com/doc/2010-05-08/"
}

// operations are the calls that the server knows, by name.
var operations = sync.OnceValue(func() map[string]operation {
	known := map[string]operation{}
	for _, table := range []map[string]operation{
		accountOperations(), userOperations(), roleOperations(), groupOperations(), policyOperations(),
		identityPolicyOperations(), credentialOperations(), mfaOperations(), credentialReportOperations(),
		lastAccessedOperations(), simulateOperations(), instanceProfileOperations(), policyUseOperations(),
		userChanges(), groupChanges(), roleChanges(), instanceProfileChanges(), policyChanges(), policyVersionChanges(),
		identityPolicyChanges(), boundaryChanges(), tagChanges(), accessKeyChanges(), loginProfileChanges(), userCredentialChanges(), mfaChanges(),
	} {
		for name, op := range table {
			op.version = versionIAM
			known[name] = op
		}
	}
	for name, op := range stsOperations() {
		op.version = versionSTS
		known[name] = op
	}
	return known
})

// The ways in which AWS names the resource of a denied request.

// subjectARN is the ARN of a kind of resource under the path that was asked for.
func subjectARN(kind string) func(*index, *request) string {
	return func(ix *index, r *request) string { return ix.arn(kind + pathOr(r.param("PathPrefix"))) }
}

// subjectNamed is a kind of resource and its name.
func subjectNamed(kind, parameter string) func(*index, *request) string {
	return func(_ *index, r *request) string { return kind + " " + r.param(parameter) }
}

// subjectNew is the ARN that something will have under the path that the request
// asks for.
func subjectNew(kind, parameter string) func(*index, *request) string {
	return func(ix *index, r *request) string { return ix.arn(kind + pathOr(r.param("Path")) + r.param(parameter)) }
}

// subjectUser is the user that a request is about, who may be the caller.
func subjectUser(_ *index, r *request) string {
	if name := r.param("UserName"); name != "" {
		return "user " + name
	}
	return "user " + nameOf(r.caller)
}
