package nhi

import (
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

// A Verdict tells human from non-human. Its zero value is none.
type Verdict string

const (
	Human     Verdict = "human"
	NonHuman  Verdict = "nhi"
	Mixed     Verdict = "mixed"     // people and workloads can both act as it
	Uncertain Verdict = "uncertain" // the signals do not decide
)

// A Category says what the identity is for.
type Category string

const (
	CategoryHuman          Category = "human"
	CategoryBreakGlass     Category = "break_glass"
	CategoryUncertain      Category = "uncertain"
	CategoryServiceAccount Category = "service_account"
	CategoryMachineUser    Category = "machine_user" // access keys only, purpose unknown
	CategoryCICDUser       Category = "cicd_user"
	CategoryThirdPartyUser Category = "third_party_user"
	CategorySMTPUser       Category = "smtp_user"
	CategoryAPIKeyUser     Category = "api_key_user"

	CategoryServiceRole          Category = "service_role"
	CategoryLambdaExecution      Category = "lambda_execution"
	CategoryEC2InstanceProfile   Category = "ec2_instance_profile"
	CategoryECSTask              Category = "ecs_task"
	CategoryEKSIRSA              Category = "eks_irsa"
	CategoryEKSPodIdentity       Category = "eks_pod_identity"
	CategoryServiceLinked        Category = "service_linked"
	CategoryAgent                Category = "agent"
	CategoryCrossAccountInternal Category = "cross_account_internal"
	CategoryCrossAccountVendor   Category = "cross_account_vendor"
	CategoryCrossAccountUnknown  Category = "cross_account_unknown"
	CategoryFederatedSAML        Category = "federated_saml"
	CategoryFederatedOIDC        Category = "federated_oidc"
	CategoryIdentityCenter       Category = "identity_center"
	CategoryCognito              Category = "cognito"
	CategoryRolesAnywhere        Category = "roles_anywhere"
	CategoryApplicationRole      Category = "application_role"
	CategoryOrganizationAdmin    Category = "organization_admin"
	CategoryPublic               Category = "public"
)

// An IdentityType is user or role.
type IdentityType string

const (
	TypeUser IdentityType = "user"
	TypeRole IdentityType = "role"
)

// A Report is what Classify found about an account.
type Report struct {
	Account *nhiscan.Account
	// Time is the time that ages and "used within" were reckoned from.
	Time time.Time
	// Identities are the account's users and roles, sorted by ARN.
	Identities []Identity
	// Gaps are the account's gaps and those found on the way, such as a trust policy that does not parse.
	Gaps []nhiscan.Gap
}

// An Identity is one user or role with its classification.
type Identity struct {
	Type IdentityType
	Name string
	ARN  string
	// User is set when Type is TypeUser, Role and Trust when it is TypeRole.
	User  *nhiscan.User
	Role  *nhiscan.Role
	Trust *trust.Classification
	Classification
}

// A Classification is the answer for one identity, with its reasons.
type Classification struct {
	Verdict Verdict
	// Confidence is the probability that the identity is non-human, from 0 to 1.
	Confidence float64
	// Coverage is the share, from 0 to 1, of the evidence that could be looked at.
	Coverage float64
	Category Category
	// Detail says more than the category can, such as the provider, vendor or service; may be empty.
	Detail string
	// Signals are the reasons, heaviest first.
	Signals []Signal
	// Unseen names what could not be looked at, in readable words such as "console password".
	Unseen []string
}

// A Signal is one piece of evidence.
type Signal struct {
	// Name is the signal's stable name, such as "console-password".
	Name string
	// Family is the group of correlated signals whose sum is capped.
	Family string
	// Weight is in log-odds; positive speaks for a non-human identity.
	Weight float64
	// Fact is what was seen, in words that can be checked.
	Fact string
}
