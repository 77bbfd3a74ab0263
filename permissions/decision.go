package permissions

// An Outcome is the answer to a request. The zero value is none, and never allowed.
type Outcome string

const (
	Allowed Outcome = "allowed"
	Denied  Outcome = "denied"
	// Depends is an answer that hangs on condition keys whose values are not known,
	// or on a resource policy that was not read.
	Depends Outcome = "depends"
)

// A Decision is the answer to a request with its reasons.
type Decision struct {
	Outcome Outcome
	// Allows are the statements that allow the request, or may.
	Allows []Match
	// Denies are the statements that deny it explicitly, or may.
	Denies []Match
	// Missing are the kinds of policy that would have to allow the request and do
	// not; empty unless the request is denied implicitly.
	Missing []Missing
	// Keys are the condition keys of unknown value that the outcome hangs on,
	// sorted, in the spelling of the policies; empty unless the outcome is Depends.
	Keys []string
	// ResourcePolicyUnseen says that the outcome hangs on the policy of the
	// resource, which was not read.
	ResourcePolicyUnseen bool
}

// Explicit reports whether a statement denies the request whatever the context.
func (d *Decision) Explicit() bool {
	for i := range d.Denies {
		if d.Denies[i].Certain() {
			return d.Outcome == Denied
		}
	}
	return false
}

// A Match is a statement that applies to a request.
type Match struct {
	Policy *Policy
	// Statement is the number of the statement, from 1.
	Statement int
	// Keys are the condition keys of unknown value on which it depends whether
	// the statement applies, sorted.
	Keys []string
}

// Certain reports whether the statement applies whatever the unknown values are.
func (m Match) Certain() bool { return len(m.Keys) == 0 }

// A Missing says which kind of policy did not allow a request.
type Missing struct {
	Type PolicyType
	// Target is the level of an SCP or RCP.
	Target string
}
