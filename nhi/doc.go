// Package nhi tells the identities of an AWS account that people use from those
// that software uses, the non-human identities.
//
// Call [Classify] first. It looks at every user and role of an account and gives
// each a [Classification]: a verdict, the probability that the identity is
// non-human, the share of the evidence that could be looked at, a category, and
// every piece of evidence with its weight.
//
// # The score
//
// Evidence adds up in log-odds, positive for non-human: a console password
// speaks for a person, a trust policy that names lambda.amazonaws.com for
// software. Signals that tell the same thing twice share a family, and a family
// counts at most up to its cap. With the sum s, the confidence is
//
//	1 / (1 + exp(-(prior + s) / temperature))
//
// and the verdict human up to 0.35, nhi from 0.65, uncertain between. All weights,
// caps, thresholds and word lists are data: [DefaultSignals] returns those that
// are built in, and [LoadSignals] reads a file that extends or replaces them.
//
// A fact that could not be read is no evidence. It weighs nothing, lowers the
// coverage and is named in Unseen.
//
// # Roles
//
// A role is what its trust policy makes it, path by path. A role that both people
// and software can assume is [Mixed], with confidence one half: whatever holds for
// people's access and whatever holds for workloads' applies to it. Mixed are also
//   - the roles through which an organization's management account administers
//     this one, such as OrganizationAccountAccessRole;
//   - roles for the end users of an application (Amazon Cognito), which are people,
//     but no workforce, and whose credentials the application's code holds;
//   - roles that anyone with an AWS account can assume.
//
// A trust policy that names an account or an identity says nothing by itself.
// Such a role takes after those who can in fact assume it: the users and roles
// that the policy names, and, where it names its own account, the identities
// whose policies allow sts:AssumeRole on it. Conditions, boundaries and
// organization policies are not evaluated for that; an unconditional Deny is.
// Identities that may assume any role at all, such as administrators, count
// only where nobody is allowed this role in particular, and then little.
//
// The root user is neither scored nor listed: see nhiscan.Account.Root.
//
// AWS describes what kinds of identities there are at
// https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction_identity-management.html.
package nhi
