package permissions

import "github.com/nhiscan/nhiscan/policydoc"

// A PolicyType says what a policy is attached to and so what it can do. The zero
// value is unknown.
type PolicyType string

const (
	IdentityPolicy        PolicyType = "identity"
	PermissionsBoundary   PolicyType = "permissions-boundary"
	SessionPolicy         PolicyType = "session"
	ServiceControlPolicy  PolicyType = "service-control"
	ResourceControlPolicy PolicyType = "resource-control"
	ResourcePolicy        PolicyType = "resource"
	TrustPolicy           PolicyType = "trust"
)

// A Source says where a policy is, for people who must find it.
type Source struct {
	Type PolicyType
	// Name is the policy's name; for a trust policy that of the role.
	Name string
	// ARN is that of a managed policy, or of the role or resource that a trust or
	// resource policy belongs to; empty for an inline policy.
	ARN string
	// Holder is the ARN of the user, group or role that the policy is attached to
	// or inline of. A user's policy through a group has the group's ARN.
	Holder string
	// Target is the root, organizational unit or account that an SCP or RCP is attached to.
	Target string
	// AWSManaged says that AWS wrote the policy.
	AWSManaged bool
}

// A Policy is a compiled policy document and where it is. It does not change, and
// may be used from many goroutines.
type Policy struct {
	Source   Source
	compiled *document
}

// Compile prepares a document for evaluation. Documents that AWS would reject are
// compiled as far as they make sense: an operator that does not exist makes its
// statement depend on the key it names. A nil document has no statements.
func Compile(doc *policydoc.Document, source Source) *Policy {
	return &Policy{Source: source, compiled: compileDocument(doc)}
}

// Document returns the document that was compiled.
func (p *Policy) Document() *policydoc.Document { return p.compiled.doc }

// Policies are the policies that apply to one request.
type Policies struct {
	// Identity are the policies of the principal: its own, and those of its groups.
	Identity []*Policy
	// Boundary is the principal's permissions boundary; nil for none.
	Boundary *Policy
	// Session are the policies that were given when the session was made; nil for none.
	Session []*Policy
	// ServiceControl are the SCPs of the principal's account by level: the root,
	// each organizational unit, the account. Each level must allow. Nil for an
	// account without SCPs.
	ServiceControl []Level
	// ResourceControl are the RCPs of the resource's account by level. The policy
	// RCPFullAWSAccess, which AWS attaches everywhere, need not be among them.
	ResourceControl []Level
	// Resource is the policy of the resource, or the trust policy of the role that
	// sts:AssumeRole is about; nil for none.
	Resource *Policy
	// ResourceUnseen says that the resource may have a policy which was not read.
	// Then what only such a policy can decide makes the answer [Depends].
	ResourceUnseen bool
}

// eachLimit calls f with the layers of policies that must allow what identity
// policies do: the boundary, and the levels of SCPs when the principal is subject to them.
func (p *Policies) eachLimit(who *Principal, f func(kind PolicyType, target string, policies []*Policy)) {
	if p.Boundary != nil {
		f(PermissionsBoundary, "", []*Policy{p.Boundary})
	}
	if who.serviceControlled() {
		for _, level := range p.ServiceControl {
			f(ServiceControlPolicy, level.Target, level.Policies)
		}
	}
}

// A Level is the SCPs or RCPs attached to one root, organizational unit or account.
type Level struct {
	Target   string
	Policies []*Policy
}
