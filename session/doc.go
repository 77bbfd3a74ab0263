// Package session obtains AWS credentials and settings for the SDK's clients.
//
// Call [Config] with the options of a command line, and give its answer to
// iam.NewFromConfig. It follows the SDK's own chain (environment, shared files,
// IAM Identity Center, containers, instances), assumes a role when asked, retries
// patiently, ends a call that hangs, and says what to do when there are no
// credentials.
//
// Options.AccessKeyID and its secret stand in place of that chain; a [Secret] is
// printed nowhere. Options.Permit may refuse a call before it is made;
// Options.Observe sees each with its request id.
//
// The SDK sends the AWS_ENDPOINT_URL of the environment no request of a profile
// that has a role_arn; Options.RoleARN honours it.
//
// See https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html.
package session
