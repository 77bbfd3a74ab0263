package manage

import "slices"

// Kinds returns all kinds of change, in the order in which they are documented.
func Kinds() []Kind {
	return slices.Concat(
		userKinds(), accessKeyKinds(), loginProfileKinds(), groupKinds(), membershipKinds(), roleKinds(), instanceProfileKinds(),
		attachKinds(), inlinePolicyKinds(), policyKinds(), policyVersionKinds(), boundaryKinds(), tagKinds(),
	)
}

// actions are the IAM actions of lists, sorted, each once.
func actions(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}
