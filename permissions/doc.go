// Package permissions says what an identity of an AWS account can really do: with
// all policies that bear on it put together as AWS does.
//
// Call [New] with an account, and ask the [Analysis]: [Analysis.Can] decides one
// request, [Analysis.Grant] says on which resources an action is allowed,
// [Analysis.WhoCan] who may do it, and [Analysis.Identities] what everyone can do,
// who is an administrator and who could become one. [Evaluate] decides requests on
// policies from anywhere.
//
// The answers take into account a user's and its groups' policies, permissions
// boundaries, trust policies, and the organization's policies where [Options]
// gives them; conditions, NotAction, NotResource and policy variables included.
// What hangs on a condition key of unknown value is [Depends], not guessed. Not
// taken into account are the policies of resources other than roles, which an
// account file does not hold, and session policies; and what could not be read is
// in [Permissions.Unresolved].
//
// How AWS evaluates policies is described at
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
package permissions
