package permissions

// An Escalation is a path that an identity has.
type Escalation struct {
	Path *EscalationPath
	// Admin says that it ends in administrator access, at once or in further hops.
	Admin bool
	// Targets are the ARNs of the users, roles, groups or policies that the path
	// can be used on, those that lead to admin first; at most 10 of TargetCount.
	// Empty for a path that needs none.
	Targets     []string
	TargetCount int
	// Hops lead from the identity to administrator access, or to the first target
	// when none does. The first hop uses Path, or one that contains it when only that
	// is certain for the first target. Of more than [MaxHops] they are the first ones
	// and the last.
	Hops []Hop
	// HopsLeftOut counts the hops between the last two of Hops that are left out.
	HopsLeftOut int
	// Needs are what must be so that IAM does not show, one sentence each. Of the
	// hops that are left out there are no more than [MaxHops].
	Needs []string
	// Keys are the condition keys that it hangs on, sorted.
	Keys []string
}

// HopCount returns the number of hops, with those that are left out.
func (e *Escalation) HopCount() int { return len(e.Hops) + e.HopsLeftOut }

// MaxHops is how many hops of an Escalation are described at most: chains of roles
// that assume one another can be of any length.
const MaxHops = 16

// Certain reports whether the path is open whatever cannot be seen.
func (e *Escalation) Certain() bool { return len(e.Needs) == 0 && len(e.Keys) == 0 }

// A Hop is one step of an escalation.
type Hop struct {
	// From and To are ARNs. To is that of whom the step makes the caller; in the
	// hop that makes an administrator of From itself it is From.
	From, To string
	// Path is the catalogue entry that is used.
	Path *EscalationPath
	// Sentence says what is done, such as "creates a Lambda function that runs as role deploy".
	Sentence string
	// Grants are the statements that allow the step, each action's first.
	Grants []HopGrant
	Needs  []string
	Keys   []string
}

// A HopGrant is the statement that allows one action of a step.
type HopGrant struct {
	Action string
	// Resource is the ARN of the IAM entity that the action is about. For other
	// resources it is an example of an ARN that the policies allow.
	Resource string
	Match
}
