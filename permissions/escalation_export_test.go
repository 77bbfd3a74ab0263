package permissions

// CountEscalations works out the escalations of every identity and nothing else.
func CountEscalations(x *Analysis) int {
	n := 0
	for i := range x.identities {
		n += len(x.escalationsOf(i))
	}
	return n
}
