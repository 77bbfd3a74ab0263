// Package fakeiam is an in-memory IAM, and the two STS calls that go with it,
// for tests and benchmarks. It serves the reads of one nhiscan.Account over the
// AWS query protocol, so that the real SDK signs, sends, retries and parses.
//
// Call [New] first, then give [Server.HTTPClient] to the SDK's configuration
// (no sockets), or the Server itself to net/http/httptest (any client, the AWS
// command line too). [Server.PageSize], [Server.Allow], [Server.Deny] and
// [Server.Inject] make it as awkward as AWS can be.
//
// What AWS leaves out of an answer is left out here: ListUsers and ListRoles
// tell no tags, boundaries or last use, GetAccountAuthorizationDetails tells no
// credentials, no role settings and no tags of policies. Policy documents are
// percent-encoded per RFC 3986. Nothing is evaluated: who may call what, what the
// policy simulator decides ([Server.Simulate]) and which services were used
// ([Server.ServicesLastAccessed]) is what the test says, never what the Account's
// policies say.
//
// The shapes are those of
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html and
// https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html.
package fakeiam
