// Package fakeiam is an in-memory IAM, and the two STS calls that go with it,
// for tests and benchmarks. It serves one nhiscan.Account over the AWS query
// protocol, reads and writes, so that the real SDK signs, sends, retries and
// parses.
//
// Call [New] first, then give [Server.HTTPClient] to the SDK's configuration
// (no sockets), or the Server itself to net/http/httptest (any client, the AWS
// command line too). [Server.PageSize], [Server.Allow], [Server.Deny] and
// [Server.Inject] make it as awkward as AWS can be; with [Fault].AfterEffect an
// answer is lost, not the effect.
//
// What AWS leaves out of an answer is left out here: ListUsers and ListRoles
// tell no tags, boundaries or last use, GetAccountAuthorizationDetails tells no
// credentials, no role settings and no tags of policies. Policy documents are
// percent-encoded per RFC 3986. Nothing is evaluated: who may call what, what the
// policy simulator decides ([Server.Simulate]) and which services were used
// ([Server.ServicesLastAccessed]) is what the test says, never what the Account's
// policies say.
//
// Writes obey IAM's rules, and refuse in its words: what must go before something
// can be deleted, names that differ by case only, quotas per user, group, role and
// policy, the forms of names, paths and tags, what a policy and a trust policy
// may say and whom a trust policy may name, roles that only AWS may change. What
// was written shows in every read that follows, except in a credential report
// that exists already; the Account given to New stays as it is. A test looks at
// the result with [Server.Account], at what led there with [Server.Mutations],
// keeps a server from being written to with [Server.ForbidWrites], comes between
// two requests with [Server.OnRequest], and sets the clock with [Server.Now].
//
// Not modelled: eventual consistency (inject NoSuchEntity or
// EntityTemporarilyUnmodifiable instead), quotas of the whole account and the
// account's password policy.
//
// The shapes are those of
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html and
// https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html.
package fakeiam
