// Package trust says who can assume an IAM role, and what kind of role that makes it.
//
// Call [Classify] with a role. The [Classification] has the role's [Kind], one
// [Path] for every principal that the trust policy lets in, with all that narrows
// it, and a [Danger] for everything that lets in more than it should.
//
// The answer takes the whole trust policy into account: wildcards in actions,
// NotAction, NotPrincipal, conditions and their operators, and Deny statements.
// It does not take into account what the principals' own policies, service
// control policies or resource control policies allow. Whose an account is comes
// from the caller's own list, see [ReadAccounts], and then from an embedded list
// of known vendors.
//
// Trust policies are described at
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html.
package trust
