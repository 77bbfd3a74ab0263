// Package manage changes IAM by plans.
//
// Make a [Change], such as [DeleteUser], and call [NewPlan] with it. The [Plan] says
// what will be done, call by call, what that changes for whom, and why it is risky
// or refused. Show it to a person, then call [Plan.Apply]: the [Result] says what was
// done, what was not needed, what failed and what remains.
//
// NewPlan only reads. It finds everything that stands in the way of a deletion, on
// all pages, and fails rather than plan with less than all of it. Before anything
// that bears on permissions, it works out what those whom it concerns could do
// before and after: a change that makes an administrator, opens a way to more
// permissions, opens a role to strangers, or touches the identity that runs it is
// refused (see [Refusal]), unless [Options.AllowPrivileged]. Policies are checked
// as package policydoc does before they are sent.
//
// Apply carries out the steps in order and stops at the first that fails. What is
// gone already counts as progress, so that a change that was interrupted is
// finished by planning and applying it again. Calls that AWS can repeat without
// harm are retried; one that creates something is sent again only when AWS said
// that it was not carried out, and where that is not known the result says so.
//
// What is taken into account of permissions, and what is not, is that of package
// permissions. Resource policies and the organization's policies, where
// [Options.Permissions] does not give them, are not seen.
//
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html.
package manage
