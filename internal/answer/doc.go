// Package answer puts a question of a person or an assistant to an account and
// returns what package render shows. It is what the command line and the MCP
// server have in common between reading the arguments and writing the result.
//
// Call [NewSubject] first, with the account and what is known beside it. Its
// methods answer: [Subject.Identity] says everything about one user or role,
// [Subject.Can] whether it may do something, [Subject.WhoCan] who may.
// [Documents], [Lint], [Explain] and [Expand] are about policy documents.
//
// A question that cannot be put as it stands is an [*InputError], one about
// something that the account does not have a [*NotFoundError]. Neither names a
// flag, a command or a tool: whoever asks adds how it is said there. What was
// asked is repeated as it was given; who shows a message makes it printable.
//
// The analysis, and what it leaves out, is that of the packages nhi and
// permissions.
package answer
