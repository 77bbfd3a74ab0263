package nhi

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

// side is who a way to assume a role is for: a set of people and workloads.
type side uint8

const (
	people side = 1 << iota
	workloads
)

// roleWork is a role on its way to a classification.
type roleWork struct {
	role    *nhiscan.Role
	trust   *trust.Classification
	score   *score
	reading reading
	match   *pattern
	// own is who can assume the role by the nature of its trust policy.
	own side
	// open are the paths that name an account or an identity, and so say nothing by themselves.
	open []*trust.Path
	// shared says that the role is for anyone, for end users or for an
	// organization's administration: for people and workloads by its nature.
	shared bool
}

// role reads a role alone, without those who can assume it.
func (c *classifier) role(r *nhiscan.Role, options *trust.Options) roleWork {
	w := roleWork{role: r, score: &score{from: c.signals, kind: TypeRole, signals: make([]Signal, 0, 6)}}
	s := w.score
	s.look("name", true)
	s.look("path", true)
	w.trust = trust.Classify(r, options)
	s.look("trust", r.Known.Has(nhiscan.FactTrustPolicy) && w.trust.Err == nil)
	s.readTags(r.Tags, r.Known)
	w.match = s.readPatterns(r.Name)
	w.reading = c.signals.read(r.Name)
	for i := range w.trust.Paths {
		w.readTrustPath(&w.trust.Paths[i])
	}
	s.readPath(r.Path)
	if len(w.trust.Paths) > 0 {
		s.drop("service-role-path") // the trust policy tells it better
	}
	if w.trust.Err == nil && len(w.trust.Paths) > 0 && w.trust.Kind == trust.KindNobody {
		s.add("trusts-nobody", "nobody can assume the role: its principals were deleted or are denied")
	}
	return w
}

// readTrustPath weighs one way to assume the role.
func (w *roleWork) readTrustPath(p *trust.Path) {
	if !p.Open() || p.Who == trust.WhoNobody {
		return
	}
	switch {
	case p.Kind == trust.KindServiceLinked:
		w.takes(workloads, "service-linked", "service-linked role of "+p.Service)
	case p.Kind == trust.KindIdentityCenter:
		w.takes(people, "identity-center", "people sign in through IAM Identity Center")
	case p.SSOSession:
		w.takes(people, "sso-session", "trusts sessions of IAM Identity Center ("+p.Principal+")")
	case p.Who == trust.WhoEndUsers:
		w.shared = true
		w.score.add("trusts-end-users", "end users of an application sign in ("+p.Provider+")")
	case p.Who == trust.WhoAnyone:
		w.shared = true
		w.score.add("trusts-anyone", "anyone with an AWS account can assume the role")
	case p.Kind == trust.KindSAML && p.ConsoleAudience:
		w.takes(people, "saml-console", "people sign in to the console through "+p.Provider)
	case p.Service != "":
		w.takes(workloads, "trusts-service", "trusts "+p.Service)
	case p.MFA:
		w.takes(people, "trust-requires-mfa", "trusts "+p.Principal+" with multi-factor authentication")
	case p.UserNameSession:
		w.takes(people, "user-name-session", "sessions must carry the user's own name")
	case p.Who == trust.WhoPeople:
		w.takes(people, "trusts-people", "people sign in through "+firstOf(p.Provider, p.Principal))
	default:
		w.readWorkloadPath(p)
	}
}

func (w *roleWork) readWorkloadPath(p *trust.Path) {
	switch {
	case p.Relation == trust.RelationVendor:
		w.takes(workloads, "trusts-vendor", "trusts "+firstOf(p.Vendor, p.AccountName, p.Account)+", a third party")
	case p.ExternalID:
		w.takes(workloads, "external-id", "trusts account "+p.Account+" with an external id, as third-party software is given")
	case p.Who == trust.WhoWorkload && p.PrincipalType == "Federated":
		w.takes(workloads, "trusts-workload-identity", "trusts workloads of "+p.Provider)
	case p.Who == trust.WhoWorkload:
		w.takes(workloads, "trusts-workload", "trusts "+firstOf(p.Provider, p.Principal)+", which is software")
	default:
		w.open = append(w.open, p)
		if p.MFAIfPresent {
			w.score.add("trust-asks-for-mfa", "asks for multi-factor authentication where the caller can have it")
		}
	}
}

// takes records that a path lets in people or workloads.
func (w *roleWork) takes(side side, signal, fact string) {
	w.own |= side
	w.score.add(signal, fact)
}

// finish adds what the name and those who can assume the role say, and classifies.
func (w *roleWork) finish(inherited side) Classification {
	s := w.score
	s.addName(&w.reading, s.from.model.RoleNameFactor)
	s.capFamilies(map[string]float64{"machine-name": s.from.model.RoleNameFactor})
	result := s.classification()
	sides := w.own | inherited
	switch {
	case w.unreadable():
		result.Verdict, result.Confidence = Uncertain, 0.5
	case s.has("declared-human"), s.has("declared-nhi"), s.has("declared-agent"):
	case w.shared, w.administersOrganization(), sides == people|workloads:
		result.Verdict, result.Confidence = Mixed, 0.5
		slices.SortStableFunc(result.Signals, func(a, b Signal) int { return cmp.Compare(decides(a), decides(b)) })
	}
	w.categorize(&result)
	return result
}

// decides is 0 for a signal about who assumes the role, which is what makes it
// mixed whatever the weights, and 1 for others.
func decides(s Signal) int {
	switch s.Family {
	case "made", "trust", "assumers":
		return 0
	}
	return 1
}

// unreadable reports whether there is a trust policy that cannot be understood.
func (w *roleWork) unreadable() bool {
	return w.trust.Err != nil && w.role.Known.Has(nhiscan.FactTrustPolicy) && !errors.Is(w.trust.Err, nhiscan.ErrNoDocument)
}

// administersOrganization reports whether the role has the name of one through
// which an organization is administered, and does trust an account for it.
func (w *roleWork) administersOrganization() bool {
	return w.match != nil && w.match.Category == CategoryOrganizationAdmin && w.own == 0 && (len(w.open) > 0 || !w.role.Known.Has(nhiscan.FactTrustPolicy))
}

// nameVerdict is what the role's own evidence comes to, without those who can assume it.
func (w *roleWork) nameVerdict() Verdict {
	s := &score{from: w.score.from, kind: TypeRole, signals: append([]Signal(nil), w.score.signals...)}
	s.addName(&w.reading, s.from.model.RoleNameFactor)
	s.capFamilies(map[string]float64{"machine-name": s.from.model.RoleNameFactor})
	return s.verdict(s.confidence(s.sum("")))
}

// readPrincipalName weighs the name of a user or role of another account, of
// which nothing else is known.
func (w *roleWork) readPrincipalName(p *trust.Path) {
	kind, name := principalName(p.Principal)
	if name == "" {
		return
	}
	r := w.score.from.read(name)
	switch {
	case r.has(classStrong, classVendor):
		w.score.add("named-workload", "trusts "+p.Principal+", named like software")
	case kind == "user" && (r.person == personEmail || r.person == personFirstLast || r.person == personGiven || r.person == personInitial) && !r.has(classMedium):
		w.score.add("named-person", "trusts "+p.Principal+", named like a person")
	}
}

// principalName returns the kind and name of the identity that an ARN names.
func principalName(principal string) (kind, name string) {
	i := strings.LastIndexByte(principal, ':')
	if i < 0 {
		return "", ""
	}
	kind, rest, ok := strings.Cut(principal[i+1:], "/")
	if !ok || strings.ContainsAny(rest, "*?") {
		return "", ""
	}
	if kind == "assumed-role" {
		name, _, _ = strings.Cut(rest, "/")
		return kind, name
	}
	return kind, rest[strings.LastIndexByte(rest, '/')+1:]
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return "an unnamed principal"
}
