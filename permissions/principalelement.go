package permissions

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// A how says by which name a Principal element covers a principal, from the
// vaguest on: it decides what else must allow the request.
type how uint8

const (
	notNamed how = iota
	// namedAccount is the account, which leaves it to the account's own policies.
	namedAccount
	// namedRole is the role of a session.
	namedRole
	// namedEveryone is "*".
	namedEveryone
	// namedDirectly is the user, session, service or provider itself.
	namedDirectly
)

// A principalElement is a Principal or NotPrincipal.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
type principalElement struct {
	everyone      bool
	anyProvider   bool
	arns          []principalName
	services      []string
	providers     []string
	canonicalUser bool
}

// A principalName is an entry of Principal.AWS.
type principalName struct {
	arn string
	// account is set when the entry is an account: its id, or the ARN of its root.
	account string
	// role is account/name when the entry is a role, which sessions do not know the path of.
	role string
	// id is set when the entry is a unique id.
	id string
}

func newPrincipalElement(p *policydoc.Principal) *principalElement {
	element := &principalElement{
		everyone:      p.Everyone,
		services:      p.Service,
		providers:     p.Federated,
		canonicalUser: len(p.CanonicalUser) > 0,
	}
	for _, name := range p.AWS {
		if name == "*" {
			element.everyone = true
		} else {
			element.arns = append(element.arns, newPrincipalName(name))
		}
	}
	for _, name := range p.Federated {
		element.anyProvider = element.anyProvider || name == "*"
	}
	return element
}

func newPrincipalName(name string) principalName {
	if isAccountID(name) {
		return principalName{account: name}
	}
	p, err := ParsePrincipal(name)
	switch {
	case err != nil && !strings.Contains(name, ":"):
		return principalName{id: name}
	case err != nil:
		return principalName{arn: name}
	case p.Type == PrincipalRoot:
		return principalName{account: p.Account}
	case p.Type == PrincipalRole:
		return principalName{arn: name, role: roleOf(&p)}
	}
	return principalName{arn: name}
}

// roleOf returns account/name of a role or a session's role: role names are unique
// in an account whatever their path.
func roleOf(p *Principal) string {
	switch p.Type {
	case PrincipalRole:
		return p.Account + p.ARN[strings.LastIndexByte(p.ARN, '/'):]
	case PrincipalSession:
		_, rest, _ := strings.Cut(p.ARN, ":assumed-role/")
		name, _, _ := strings.Cut(rest, "/")
		return p.Account + "/" + name
	}
	return ""
}

// sameRole reports whether p is the role named account/name or a session of it.
func sameRole(p *Principal, role string) bool {
	if role == "" || !strings.HasPrefix(role, p.Account) {
		return false
	}
	switch name := role[len(p.Account):]; p.Type {
	case PrincipalRole:
		return strings.HasSuffix(p.ARN, name)
	case PrincipalSession:
		_, rest, ok := strings.Cut(p.ARN, ":assumed-role")
		rest, found := strings.CutPrefix(rest, name)
		return ok && found && strings.HasPrefix(rest, "/")
	}
	return false
}

// A naming is what a principal element says of one principal.
type naming struct {
	everyone, directly, role, account, canonical bool
	// session says that a session of the role is named, and which one asks is not known.
	session bool
}

func (el *principalElement) naming(e *environment) naming {
	p := e.principal
	n := naming{everyone: el.everyone, canonical: el.canonicalUser}
	switch p.Type {
	case PrincipalService:
		n.directly = contains(el.services, p.ARN)
		return n
	case PrincipalProvider:
		n.directly = el.anyProvider || contains(el.providers, p.ARN)
		return n
	case PrincipalAnonymous:
		n.canonical = false
		return n
	}
	for i := range el.arns {
		el.arns[i].addTo(&n, e)
	}
	return n
}

func (name *principalName) addTo(n *naming, e *environment) {
	p := e.principal
	switch {
	case name.account != "":
		n.account = n.account || name.account == p.Account
	case name.id != "":
		n.directly = n.directly || e.hasUserID(name.id)
	case name.role != "":
		n.role = n.role || sameRole(p, name.role)
	case p.Type == PrincipalRole:
		n.session = n.session || sessionOf(p, name.arn)
	default:
		n.directly = n.directly || name.arn == p.ARN
	}
}

// sessionOf reports whether the ARN is that of a session of the role.
func sessionOf(role *Principal, arn string) bool {
	if !strings.Contains(arn, ":assumed-role/") || accountOfARN(arn) != role.Account {
		return false
	}
	_, rest, _ := strings.Cut(arn, ":assumed-role/")
	name, _, _ := strings.Cut(rest, "/")
	return name == role.ARN[strings.LastIndexByte(role.ARN, '/')+1:]
}

// hasUserID reports whether the principal is known to have a unique id. AWS shows
// one in place of an ARN when the principal is gone, so an id that is not known to
// be the principal's is another's.
func (e *environment) hasUserID(id string) bool {
	key := newKeyRef("aws:userid")
	v := e.values(&key)
	for i := range v.len() {
		if value := v.at(i); value == id || strings.HasPrefix(value, id) && value[len(id)] == ':' {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for i := range list {
		if list[i] == s {
			return true
		}
	}
	return false
}

// coversPrincipal says whether the statement's Principal covers the request's, or
// its NotPrincipal does not, and by which name.
func (s *statement) coversPrincipal(e *environment) (truth, how) {
	if s.principals == nil {
		return no, notNamed
	}
	n := s.principals.naming(e)
	if s.notPrincipal {
		return s.escapes(e, n).not(), namedEveryone
	}
	switch {
	case n.directly:
		return yes, namedDirectly
	case n.everyone:
		return yes, namedEveryone
	case n.role:
		return yes, namedRole
	case n.account:
		return yes, namedAccount
	case n.session:
		return maybe, namedDirectly
	case n.canonical:
		return maybe, namedAccount
	}
	return no, notNamed
}

// escapes says whether a NotPrincipal excepts the principal. A Deny excepts it
// only when its account is named too, and for a session its role, and never when
// it has a permissions boundary.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html.
func (s *statement) escapes(e *environment, n naming) truth {
	if !s.deny {
		t := truthOf(n.everyone || n.directly || n.role || n.account)
		if n.session || n.canonical {
			t = t.or(maybe)
		}
		return t
	}
	switch {
	case e.bounded:
		return no
	case n.everyone:
		return yes
	}
	t := yes
	switch e.principal.Type {
	case PrincipalService, PrincipalProvider, PrincipalAnonymous:
		return truthOf(n.directly)
	case PrincipalRoot:
		t = truthOf(n.account)
	case PrincipalRole:
		t = truthOf(n.account && n.role && n.session).and(maybe)
	case PrincipalSession:
		t = truthOf(n.account && n.role && n.directly)
	default:
		t = truthOf(n.account && n.directly)
	}
	if n.canonical {
		t = t.or(maybe)
	}
	return t
}

// principalKeys appends what a principal match hangs on that is not certain.
func (s *statement) principalKeys(e *environment, keys []string) []string {
	n := s.principals.naming(e)
	if n.session {
		keys = append(keys, "aws:userid")
	}
	if n.canonical {
		keys = append(keys, "CanonicalUser")
	}
	return keys
}
