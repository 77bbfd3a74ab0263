package permissions

// A BoundaryEffect says what a permissions boundary takes away.
type BoundaryEffect struct {
	Policy Source
	// Unresolved says that the boundary's text is not known: nothing is taken for
	// allowed, and all that identity policies allow may be, which then hangs on
	// the condition key [KeyUnreadPolicy].
	Unresolved bool
	// Granted counts the actions that identity policies allow, Allowed those that are left.
	Granted, Allowed int
}

func boundaryOf(e *effect) *BoundaryEffect {
	boundary := e.id.policies.Boundary
	if boundary == nil {
		return nil
	}
	limit := &e.limits[0]
	granted := e.identity.allow.any().Subtract(e.identity.denyAll)
	b := &BoundaryEffect{Policy: boundary.Source, Unresolved: e.id.boundaryUnread, Granted: granted.Len()}
	if !b.Unresolved {
		b.Allowed = granted.Intersect(limit.allow.any()).Subtract(limit.denyAll).Len()
	}
	return b
}
