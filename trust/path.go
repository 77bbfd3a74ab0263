package trust

import "github.com/nhiscan/nhiscan/policydoc"

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

	// Account is the 12-digit id of the AWS account that the principal is of, and
	// Relation whose that is. Where conditions name several accounts, it is the
	// one that is known the least.
	Account  string
	Relation Relation
	// Vendor names the third party when Relation is RelationVendor.
	Vendor string
	// AccountName is the account's name, where one is known, whatever the Relation.
	AccountName string
	// Organization is the AWS organization, or its path, that the caller must belong to.
	Organization string
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
	// MFAIfPresent says that the path asks for MFA only of callers whose request
	// carries aws:MultiFactorAuthPresent. Calls with an access key do not carry
	// it, so a key alone is enough.
	MFAIfPresent bool
	// UserNameSession says that the session must carry the user's own name
	// (sts:RoleSessionName or sts:SourceIdentity = ${aws:username}).
	UserNameSession bool
	// ConsoleAudience says that a SAML path is for signing in to the AWS console.
	ConsoleAudience bool
	// SSOSession says that the principal is a role of IAM Identity Center.
	SSOSession bool
	// Conditions are all that narrows the path: the statement's conditions, and
	// those of Deny statements turned round, so that a Deny with StringNotEquals
	// is here as StringEquals. All of them must hold.
	Conditions []policydoc.Condition
	// Denied says that a Deny statement closes the path, as far as can be told without a request.
	Denied bool
	// PartlyDenied are the numbers of the Deny statements that close the path for
	// some of its principals or requests, in ways that Conditions do not show.
	PartlyDenied []int
}

// Open reports whether the path lets anyone in: it is not denied, and its
// principal still exists.
func (p *Path) Open() bool { return !p.Denied && !p.Deleted }
