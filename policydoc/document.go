package policydoc

// A Version is the policy language version that a document declares.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html.
type Version string

const (
	// VersionUnset is a document without a Version element. AWS treats it as Version2008.
	VersionUnset Version = ""
	// Version2008 takes policy variables such as ${aws:username} literally.
	Version2008 Version = "2008-10-17"
	// Version2012 is the current version.
	Version2012 Version = "2012-10-17"
)

// An Effect says whether a statement allows or denies. Its zero value is
// neither: [Parse] never returns a statement without an effect.
type Effect string

const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// A Document is one policy document.
type Document struct {
	Version    Version
	ID         string
	Statements []Statement
}

// A Statement is one element of a document's Statement list.
//
// A list that is nil was not in the document; one that is empty but not nil was
// there and empty, which AWS accepts and which matches nothing.
type Statement struct {
	SID          string
	Effect       Effect
	Principal    *Principal
	NotPrincipal *Principal
	Actions      []string
	NotActions   []string
	Resources    []string
	NotResources []string
	// Conditions are sorted by operator, then by key. All of them must hold.
	Conditions []Condition

	// Offset is the byte at which the statement begins in the text it was
	// parsed from; 0 in a statement that was not parsed.
	Offset int
}

// A Principal is the value of a Principal or NotPrincipal element.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
type Principal struct {
	// Everyone is the bare "*". It means what AWS: ["*"] means, and is kept
	// apart so that the document prints as it was written.
	Everyone bool
	// AWS holds account ids, ARNs, "*", and the unique ids (AIDA…, AROA…) that
	// AWS puts in place of a principal that was deleted.
	AWS           []string
	Service       []string
	Federated     []string
	CanonicalUser []string
}

// A Condition is one operator applied to one condition key: the request's value
// for Key must satisfy Operator with any of Values (for a negated operator, with
// all of them).
type Condition struct {
	// Operator is as written, with any ForAllValues: or ForAnyValue: prefix and IfExists suffix.
	Operator string
	// Key is as written; condition keys are compared without regard to case.
	Key string
	// Values are the values as text: JSON true and "true" are the same to AWS.
	// Empty but not nil for an empty list.
	Values []string
}
