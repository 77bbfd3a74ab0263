// Package nhiscan is the model of an AWS account's IAM: users with their
// credentials, roles with their trust, groups, policies, and what could not be
// read of them.
//
// Call [ReadFile] first. It reads the JSON that
//
//	aws iam get-account-authorization-details
//
// prints, or the file that nhiscan itself saves, and returns an [Account].
// Package collect returns the same Account from the AWS API. From there on
// everything is a pure function of that value: package trust says who can assume
// a role, package nhi tells human from non-human identities, and package
// permissions says what each can do. Package manage changes IAM, by plans that are
// judged and shown before they are applied.
//
// Authorization details do not tell passwords, access keys and MFA devices. A
// credential report does: [ReadCredentialReport] reads it, and
// [Account.ApplyCredentialReport] adds it.
//
// An Account says what it does not know. A fact of an identity is to be trusted
// only when its Known set has it, and everything that could not be read is
// listed in Account.Gaps.
package nhiscan
