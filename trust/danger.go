package trust

import (
	"cmp"
	"slices"
)

// A Danger is something about a trust policy that lets in more than it should.
type Danger struct {
	Code     DangerCode
	Severity Severity
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
	DangerOIDCNoAudience   DangerCode = "oidc-no-audience"   // tokens that the provider made for another application
	DangerDeletedPrincipal DangerCode = "deleted-principal"
	DangerConfusedDeputy   DangerCode = "confused-deputy" // a service acts for other accounts; no SourceArn or SourceAccount
	DangerCognitoGuests    DangerCode = "cognito-unauthenticated"
	DangerCognitoNoPool    DangerCode = "cognito-no-pool" // any identity pool of any account
	DangerSAMLNoAudience   DangerCode = "saml-no-audience"
	DangerMalformed        DangerCode = "malformed"
)

// sortDangers puts the worst first and makes the order independent of how the
// dangers were found.
func sortDangers(list []Danger) {
	slices.SortStableFunc(list, func(a, b Danger) int {
		return cmp.Or(
			b.Severity.Compare(a.Severity),
			cmp.Compare(a.Statement, b.Statement),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Principal, b.Principal),
		)
	})
}
