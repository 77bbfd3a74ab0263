package permissions

// A Request is one call of the AWS API, as far as it is known.
type Request struct {
	Principal Principal
	// Action is service:Name, in any case.
	Action string
	// Resource is the ARN of the resource, or "*" for an action that has none.
	Resource string
	// ResourceAccount is the id of the account that owns the resource. Empty is the
	// one in the ARN, or the principal's where the ARN names none.
	ResourceAccount string
	Context         *Context
}

// accountOfARN returns the account part of an ARN; empty when it has none.
func accountOfARN(arn string) string {
	start, colons := 0, 0
	for i := range len(arn) {
		if arn[i] != ':' {
			continue
		}
		if colons++; colons == 4 {
			start = i + 1
		} else if colons == 5 {
			return arn[start:i]
		}
	}
	return ""
}
