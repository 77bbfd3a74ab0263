// Package permissions says what an identity of an AWS account can really do: with
// all policies that bear on it put together as AWS does.
//
// Call [New] with an account, and ask the [Analysis]: [Analysis.Can] decides one
// request, [Analysis.Grant] says on which resources an action is allowed,
// [Analysis.WhoCan] who may do it, and [Analysis.Identities] what everyone can do,
// who is an administrator and who could become one. [Evaluate] decides requests on
// policies from anywhere.
//
// The answers take into account a user's own and its groups' policies, inline and
// managed; permissions boundaries; the trust policies of the account's roles; the
// organization's SCPs and RCPs where [Options] gives them; and Deny, NotAction,
// NotResource, conditions and policy variables wherever they stand. Conditions on
// who asks, such as aws:username, aws:PrincipalArn and a user's tags, are decided;
// what hangs on another condition key is [Depends], not guessed. The text of AWS
// managed policies that the account lacks is built in.
//
// Not taken into account are
//   - the policies of resources other than roles, which an account file does not
//     hold: they may let principals in or keep them out, and a decision that hangs
//     on one says so in ResourcePolicyUnseen;
//   - session policies and session tags of roles, but for [Analysis.CanWith];
//   - RCPs in [Analysis.Grant] and [Analysis.Identities], which are about no one
//     resource: only decisions about one look at them;
//   - VPC endpoint policies, access control lists, and grants of KMS;
//   - which resources there are: a pattern that no resource matches counts as one
//     that does.
//
// A policy that could not be read is in [Permissions.Unresolved] of those whom it
// concerns, and nothing of it in the rest of [Permissions]; decisions that it could
// change, and who can do something, hang on [KeyUnreadPolicy]. A boundary or SCP
// that could not be read makes all that it bears on conditional. The catalogue of
// actions decides what a pattern covers, so an action newer than it is counted
// nowhere; but Can, Grant and WhoCan answer for it.
//
// AWS describes how it evaluates policies at
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html,
// boundaries at https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html,
// SCPs at https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
// and resource control policies at https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html.
package permissions
