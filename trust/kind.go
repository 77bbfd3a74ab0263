package trust

// A Kind is what kind of role a trust policy makes. The zero value is a trust
// policy that was not read or not understood.
type Kind string

const (
	KindUnknown        Kind = ""
	KindServiceLinked  Kind = "service-linked"   // made and owned by an AWS service
	KindService        Kind = "service"          // an AWS service without a kind of its own below, or several services
	KindLambda         Kind = "lambda"           // Lambda execution, Lambda@Edge
	KindEC2            Kind = "ec2"              // EC2 instance profile
	KindECSTask        Kind = "ecs-task"         // containers of an ECS task
	KindEKSPodIdentity Kind = "eks-pod-identity" // pods.eks.amazonaws.com
	KindEKSIRSA        Kind = "eks-irsa"         // service accounts of an EKS cluster, through its OIDC provider
	KindRolesAnywhere  Kind = "roles-anywhere"   // workloads with X.509 certificates
	KindAgent          Kind = "agent"            // bedrock.amazonaws.com, bedrock-agentcore.amazonaws.com
	KindOIDC           Kind = "oidc"             // a web identity provider; Provider names it
	KindSAML           Kind = "saml"             // an enterprise directory's users
	KindIdentityCenter Kind = "identity-center"  // AWSReservedSSO_*: people through IAM Identity Center
	KindCognito        Kind = "cognito"          // end users of an application
	KindCrossAccount   Kind = "cross-account"    // principals of other accounts; Relation of the paths tells whose
	KindSameAccount    Kind = "same-account"     // users and roles of this account
	KindPublic         Kind = "public"           // anyone with an AWS account
	KindMixed          Kind = "mixed"            // paths of more than one of the kinds above
	KindNobody         Kind = "nobody"           // no path is left: deleted principals only, or everything denied
)

// service reports whether k is a role that AWS services of one's own account
// use: several of them together still make a service role.
func (k Kind) service() bool {
	switch k {
	case KindService, KindLambda, KindEC2, KindECSTask, KindEKSPodIdentity:
		return true
	}
	return false
}

// Who says what sort of principal a path lets in. The zero value is unknown.
type Who string

const (
	WhoUnknown  Who = ""
	WhoPeople   Who = "people"    // by its own nature for people: SAML console sign-in, Identity Center, MFA required
	WhoWorkload Who = "workload"  // by its own nature for software: services, workload OIDC, known vendors
	WhoEndUsers Who = "end-users" // customers of an application, through Cognito or a social provider
	WhoEither   Who = "either"    // whoever the named account or principal is: see who can in fact assume it
	WhoAnyone   Who = "anyone"
	WhoNobody   Who = "nobody" // a deleted principal, or a path that a Deny closes
)

// Relation says whose an AWS account is, seen from the role's own. The zero value is unknown.
type Relation string

const (
	// RelationUnset is a path that names no account, or one of a role whose own account is not known.
	RelationUnset    Relation = ""
	RelationSame     Relation = "same-account"
	RelationInternal Relation = "internal" // listed by the user as their own
	RelationVendor   Relation = "vendor"   // a known third party
	RelationUnknown  Relation = "unknown"  // another account, nobody knows whose
	// RelationOrganization is any account of the AWS organization that the path
	// demands; the policy does not say whose organization that is.
	RelationOrganization Relation = "organization"
)
