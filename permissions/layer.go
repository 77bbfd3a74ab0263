package permissions

// A layer is one of the things that must, or can, allow a request.
type layer uint8

const (
	layerIdentity layer = iota
	layerBoundary
	layerSession
	layerServiceControl
	// The policy of the resource, by how it names the principal.
	layerResourceAccount
	layerResourceRole
	layerResourceDirect
	layerCount

	// layerResource is the policy of the resource before it is known how it names
	// the principal.
	layerResource
	layerResourceControl
)

// layer returns the layer of a grant by the resource's policy. "*" gives to
// whoever asks, as their own name does.
func (h how) layer() layer {
	switch h {
	case namedAccount:
		return layerResourceAccount
	case namedRole:
		return layerResourceRole
	}
	return layerResourceDirect
}

// layers are what the policies said of a request.
type layers struct {
	truths [layerCount]truth
	denied truth
	// unseen says that the resource may have a policy which was not read.
	unseen bool
}

// resource says whether the resource's policy allows, under whatever name.
func (l *layers) resource() truth {
	return l.truths[layerResourceAccount].or(l.truths[layerResourceRole]).or(l.truths[layerResourceDirect])
}

// limits says whether the permissions boundary and the session policies allow.
func (l *layers) limits() truth { return l.truths[layerBoundary].and(l.truths[layerSession]) }

// decide puts the layers together.
func (l *layers) decide(s *situation) truth {
	return l.granted(s).and(l.truths[layerServiceControl]).and(l.denied.not())
}

// granted says whether the request is allowed but for SCPs and denies.
//
// Within an account, what the resource's policy gives to a user, to a session or
// to everyone needs nothing else, what it gives to a role is subject to boundary
// and session policies, and what it gives to the account is for the account's own
// policies to hand on. Between accounts both sides must allow.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-cross-account.html.
func (l *layers) granted(s *situation) truth {
	own := l.truths[layerIdentity].and(l.limits())
	switch {
	case s.resourceAlone:
		return l.resource()
	case s.root:
		return yes
	case !s.sameAccount:
		return own.and(l.resource())
	}
	if s.resourceRequired {
		own = own.and(l.resource())
	}
	role := l.truths[layerResourceRole].and(l.limits())
	return own.or(role).or(l.truths[layerResourceDirect])
}

// outcome decides with what is known, and lets an unseen policy make a difference.
func (v *evaluation) outcome() truth {
	without := v.decide(&v.situation)
	if !v.unseen || v.withUnseen(yes) == without {
		return without
	}
	return maybe
}

// withUnseen decides as if the policy that was not read gave t to the principal.
func (v *evaluation) withUnseen(t truth) truth {
	l := v.layers
	l.truths[layerResourceDirect] = t
	return l.decide(&v.situation)
}

// hangsOn returns the keys, sorted, of the statements that make a difference, and
// whether a policy that was not read does.
func (v *evaluation) hangsOn() (keys []string, unseen bool) {
	if v.unseen {
		unseen = v.withUnseen(yes) != v.withUnseen(no)
	}
	var matters [layerCount]bool
	for l := range v.truths {
		matters[l] = v.matters(layer(l), unseen)
	}
	for i := range v.allows.count {
		if m := v.allows.at(i); matters[m.layer] {
			keys = append(keys, m.Keys...)
		}
	}
	for i := range v.denies.count {
		keys = append(keys, v.denies.at(i).Keys...)
	}
	return sortedKeys(keys), unseen
}

// matters reports whether it makes a difference what an uncertain layer says.
func (v *evaluation) matters(which layer, unseen bool) bool {
	if v.truths[which] != maybe {
		return false
	}
	l := v.layers
	if unseen {
		l.truths[layerResourceDirect] = maybe
	}
	l.truths[which] = no
	without := l.decide(&v.situation)
	l.truths[which] = yes
	return l.decide(&v.situation) != without
}

// missingKinds returns the kinds of policy that would have to allow a request that
// nothing denies; v.levels has those of SCPs that do not.
func (v *evaluation) missingKinds() []Missing {
	var missing []Missing
	add := func(t PolicyType) { missing = append(missing, Missing{Type: t}) }
	direct := v.sameAccount && v.truths[layerResourceDirect] != no
	if !v.resourceAlone && !v.root && !direct {
		role := v.sameAccount && v.truths[layerResourceRole] != no
		if v.truths[layerIdentity] == no && !role {
			add(IdentityPolicy)
		}
		if v.truths[layerBoundary] == no {
			add(PermissionsBoundary)
		}
		if v.truths[layerSession] == no {
			add(SessionPolicy)
		}
	}
	missing = append(missing, v.levels...)
	if needed := v.resourceAlone || !v.root && (v.resourceRequired || !v.sameAccount); needed && v.resource() == no && !v.unseen {
		add(v.resourcePolicyType())
	}
	return missing
}
