package trust

import (
	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A Kind is what kind of role a trust policy makes. The zero value is a trust
// policy that was not read or not understood.
type Kind string

const (
	KindUnknown        Kind = ""
	KindServiceLinked  Kind = "service-linked"   // made and owned by an AWS service
	KindService        Kind = "service"          // an AWS service without a kind of its own below
	KindLambda         Kind = "lambda"           // Lambda execution, Lambda@Edge
	KindEC2            Kind = "ec2"              // EC2 instance profile
	KindECSTask        Kind = "ecs-task"         //
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
	RelationUnset    Relation = "" // the path names no account
	RelationSame     Relation = "same-account"
	RelationInternal Relation = "internal" // listed by the user as their own
	RelationVendor   Relation = "vendor"   // a known third party
	RelationUnknown  Relation = "unknown"  // another account, nobody knows whose
)

// A Path is one way in which a role can be assumed: one principal of one Allow statement.
type Path struct {
	// Statement is the number of the statement, from 1.
	Statement int
	// PrincipalType is AWS, Service, Federated or CanonicalUser; "*" for the bare star; NotPrincipal.
	PrincipalType string
	// Principal is as written.
	Principal string
	// Actions are the sts actions that the statement allows on this path, such as sts:AssumeRole.
	Actions []string
	Who     Who
	// Kind is the kind that a role with this path alone would have.
	Kind Kind

	// Account is the 12-digit id of the AWS account that the principal is of, and Relation whose that is.
	Account  string
	Relation Relation
	// Vendor names the third party when Relation is RelationVendor.
	Vendor string
	// WholeAccount says that the principal is an account's root, which delegates to that account's own policies.
	WholeAccount bool
	// Deleted says that the principal is the unique id that AWS leaves behind for a deleted user or role.
	Deleted bool

	// Service is the service principal's service, such as lambda.amazonaws.com.
	Service string
	// Provider is a readable name of the identity provider, such as "GitHub Actions" or "SAML provider okta".
	Provider string
	// Subjects are the values that the sub claim (or a provider's own such claim) must match.
	Subjects []string

	// ExternalID says that the path demands an sts:ExternalId.
	ExternalID bool
	// MFA says that the path demands multi-factor authentication.
	MFA bool
	// UserNameSession says that the session must carry the user's own name (sts:RoleSessionName = ${aws:username}).
	UserNameSession bool
	// ConsoleAudience says that a SAML path is for signing in to the AWS console.
	ConsoleAudience bool
	// SSOSession says that the principal is a role of IAM Identity Center.
	SSOSession bool
	// Conditions are the statement's conditions: all that narrows the path.
	Conditions []policydoc.Condition
	// Denied says that a Deny statement closes the path, as far as can be told without a request.
	Denied bool
}

// A Danger is something about a trust policy that lets in more than it should.
type Danger struct {
	// Code is one of the Danger constants.
	Code DangerCode
	// Severity is critical, high, medium, low.
	Severity string
	// Statement is the number of the statement, from 1; 0 for the policy as a whole.
	Statement int
	// Principal is the principal it is about, as written.
	Principal string
	// Message says in a sentence what is wrong, and Fix what to change.
	Message string
	Fix     string
}

// A DangerCode names a kind of Danger.
type DangerCode string

const (
	DangerAnyone           DangerCode = "anyone"             // every AWS account can assume the role
	DangerNotPrincipal     DangerCode = "not-principal"      // Allow with NotPrincipal lets in everyone else
	DangerNoExternalID     DangerCode = "no-external-id"     // a third party without sts:ExternalId
	DangerUnknownAccount   DangerCode = "unknown-account"    // an account that is neither ours nor a known vendor's
	DangerOIDCNoSubject    DangerCode = "oidc-no-subject"    // any identity of the provider
	DangerOIDCLooseSubject DangerCode = "oidc-loose-subject" // org/*, *, or a pattern that strangers can satisfy
	DangerOIDCNoAudience   DangerCode = "oidc-no-audience"
	DangerDeletedPrincipal DangerCode = "deleted-principal"
	DangerConfusedDeputy   DangerCode = "confused-deputy" // a service acts for other accounts; no SourceArn or SourceAccount
	DangerCognitoGuests    DangerCode = "cognito-unauthenticated"
	DangerCognitoNoPool    DangerCode = "cognito-no-pool" // any identity pool of any account
	DangerSAMLNoAudience   DangerCode = "saml-no-audience"
	DangerMalformed        DangerCode = "malformed"
)

// A Classification is what a role's trust policy says about it.
type Classification struct {
	Kind Kind
	// Provider is a readable name for what Kind leaves open: the service, the
	// identity provider, the vendor or the account.
	Provider string
	// Paths are the ways to assume the role, in the order of the policy. Denied ones are included and marked.
	Paths []Path
	// Dangers are sorted by severity, then by statement.
	Dangers []Danger
	// Err says why the trust policy could not be read; then Kind is KindUnknown and Paths is empty.
	Err error
}

// Options changes what Classify takes for known. The zero value knows the embedded list of vendors only.
type Options struct {
	// Accounts names further accounts, and comes before the embedded list.
	Accounts map[string]KnownAccount
}

// A KnownAccount is an AWS account whose owner is known.
type KnownAccount struct {
	Name string
	// Relation is RelationInternal or RelationVendor.
	Relation Relation
}

var _ = nhiscan.Role{}
