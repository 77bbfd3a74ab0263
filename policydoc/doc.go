// Package policydoc reads and writes AWS IAM policy documents.
//
// Call [Parse] first: it turns the JSON text of an identity policy, a trust
// policy, a permissions boundary, a resource policy or a service control policy
// into a [Document], or says where and why the text is not one. Text that comes
// from the AWS API is percent-encoded: [Decode] it before. A Document prints
// itself back as canonical JSON. [MatchAction] and [MatchResource] apply the
// patterns that a statement holds.
//
// Parse knows the grammar and nothing of the vocabulary: that an action exists,
// that a condition operator is spelt right or that an ARN is well formed is not
// its business, and neither is what a kind of policy requires beyond the
// grammar, such as the Principal of a trust policy.
//
// It also holds the action catalogue, every AWS action with its access level,
// the resources that it takes and its condition keys: [LookupAction], [Details],
// [LookupConditionKey]. [ActionsMatching] and [Statement.ActionSet] say which of
// its actions patterns cover. [Catalogue] says where it comes from and of when it is.
//
// With the catalogue three functions read a document for people: [Lint] finds what
// is wrong with its text or has no effect, [Dangerous] what it grants that can be
// misused, and [Explain] says in sentences what each statement does.
//
// The package looks at one document and at nothing else. It does not decide
// what a principal may do: that takes all the policies that apply to a request,
// in the order that AWS evaluates them.
//
// The grammar is https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
package policydoc
