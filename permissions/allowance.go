package permissions

// An allowance is the IAM entities on which an identity may do an action: those on
// which it may whatever the unknown is, and those on which it depends.
type allowance struct{ sure, unsure targetSet }

func (a allowance) possible() targetSet { return a.sure.union(a.unsure) }

func (a allowance) len() int { return a.sure.len() + a.unsure.len() }

// both returns the entities that are in both allowances.
func both(a, b allowance) allowance {
	sure := a.sure.intersect(b.sure)
	return allowance{sure, a.possible().intersect(b.possible()).subtract(sure)}
}

// or returns the entities that are in either allowance.
func (a allowance) or(b allowance) allowance {
	sure := a.sure.union(b.sure)
	return allowance{sure, a.unsure.union(b.unsure).subtract(sure)}
}

// in returns the entities that are in a set too.
func (a allowance) in(set targetSet) allowance {
	return allowance{a.sure.intersect(set), a.unsure.intersect(set)}
}

func (a allowance) without(set targetSet) allowance {
	return allowance{a.sure.subtract(set), a.unsure.subtract(set)}
}

// weakened returns the allowance when something else has to hold as well.
func (a allowance) weakened(t truth) allowance {
	switch t {
	case no:
		return allowance{}
	case maybe:
		return allowance{unsure: a.possible()}
	}
	return a
}

func (a allowance) empty() bool { return len(a.sure) == 0 && len(a.unsure) == 0 }

func (a allowance) holds(n int32) truth {
	switch {
	case a.sure.has(n):
		return yes
	case a.unsure.has(n):
		return maybe
	}
	return no
}

// any says whether it may be done on some entity.
func (a allowance) any() truth {
	switch {
	case len(a.sure) > 0:
		return yes
	case len(a.unsure) > 0:
		return maybe
	}
	return no
}

// add adds an entity with a number above all others for which something holds.
func (a *allowance) add(n int32, holds truth) {
	switch holds {
	case yes:
		a.sure = a.sure.with(n, n+1)
	case maybe:
		a.unsure = a.unsure.with(n, n+1)
	}
}
