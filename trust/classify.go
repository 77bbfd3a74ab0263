package trust

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// Options changes what Classify takes for known. The zero value knows the embedded list of vendors only.
type Options struct {
	// Accounts names further accounts, and comes before the embedded list.
	Accounts map[string]KnownAccount
}

// Classify reads the role's trust policy. It looks at nothing else of the role
// but its ARN, name and path: the ARN says which account is the role's own.
//
// The answer is about the trust policy only. Whether a user or role of the same
// account that the policy names can in fact assume the role, and whether the
// principals of an account that it names whole can, is up to their own policies;
// service control policies and session policies are not considered either.
//
// Options may be nil. Classify never returns nil, and what is wrong with the
// trust policy is in the Classification.
func Classify(r *nhiscan.Role, opts *Options) *Classification {
	if opts == nil {
		opts = &Options{}
	}
	if r == nil {
		return &Classification{Err: nhiscan.ErrNoDocument}
	}
	c := &classifier{opts: opts, reserved: reservedKind(r), role: r, result: &Classification{}}
	if arn, ok := nhiscan.ParseARN(r.ARN); ok && isAccountID(arn.Account) {
		c.own = arn.Account
	}
	doc, err := r.TrustPolicy.Parse()
	if err == nil && doc == nil {
		err = nhiscan.ErrNoDocument
	}
	if err != nil {
		c.unread(err)
		return c.result
	}
	c.read(doc)
	return c.result
}

// A classifier holds what is the same for all paths of a role.
type classifier struct {
	opts     *Options
	role     *nhiscan.Role
	own      string // the role's account; empty when the ARN does not tell
	reserved Kind   // the kind that the role's path tells; KindUnknown for a role of the customer's
	denials  []denial
	result   *Classification
}

// reservedKind tells the roles that AWS makes, whose paths no one else can use.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
// and https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html.
func reservedKind(r *nhiscan.Role) Kind {
	path, name := r.Path, r.Name
	if arn, ok := nhiscan.ParseARN(r.ARN); ok && strings.HasPrefix(arn.Resource, "role/") {
		full := strings.TrimPrefix(arn.Resource, "role")
		i := strings.LastIndexByte(full, '/')
		path, name = full[:i+1], full[i+1:]
	}
	switch {
	case strings.HasPrefix(path, "/aws-service-role/"):
		return KindServiceLinked
	case isReservedSSORole(strings.Trim(path, "/"), name):
		return KindIdentityCenter
	}
	return KindUnknown
}

func (c *classifier) unread(err error) {
	c.result.Kind = c.reserved
	c.result.Err = fmt.Errorf("role %s: trust policy: %w", c.role.Name, err)
	if !errors.Is(err, nhiscan.ErrNoDocument) {
		c.danger(Danger{
			Code: DangerMalformed, Severity: SeverityMedium,
			Message: "The trust policy cannot be read, so who can assume the role is not known: " + err.Error() + ".",
			Fix:     "Read the role again; if AWS itself returns this text, write the trust policy anew.",
		})
	}
}

func (c *classifier) read(doc *policydoc.Document) {
	c.denials = denials(doc)
	c.result.Paths = make([]Path, 0, len(doc.Statements))
	for i := range doc.Statements {
		if s := &doc.Statements[i]; s.Effect == policydoc.Allow {
			if acts := statementActions(s); acts != 0 {
				c.readAllow(i+1, s, acts)
			}
		}
	}
	c.result.Kind = c.reserved
	if c.reserved == KindUnknown {
		c.result.Kind = kindOf(c.result.Paths)
	}
	if c.result.Kind != KindPublic {
		c.result.Provider = providerOf(c.result.Paths)
	}
	sortDangers(c.result.Dangers)
}

func (c *classifier) danger(d Danger) { c.result.Dangers = append(c.result.Dangers, d) }

func (c *classifier) readAllow(number int, s *policydoc.Statement, acts actions) {
	found := false
	add := func(principalType string, p principal) {
		found = true
		c.addPath(&way{
			Path: Path{
				Statement: number, PrincipalType: principalType, Principal: p.value,
				Conditions: s.Conditions[:len(s.Conditions):len(s.Conditions)],
			},
			principal: p,
			actions:   acts,
		})
	}
	if s.NotPrincipal != nil {
		var excepted []string
		eachPrincipal(s.NotPrincipal, func(_ string, p principal) { excepted = append(excepted, p.value) })
		add(typeNotPrincipal, principal{form: formNotPrincipal, value: strings.Join(excepted, ", ")})
	}
	eachPrincipal(s.Principal, add)
	if !found {
		c.danger(Danger{
			Code: DangerMalformed, Severity: SeverityLow, Statement: number,
			Message: "The statement allows assuming the role but names no principal, so it lets nobody in.",
			Fix:     "Name the principal that is to assume the role, or remove the statement.",
		})
	}
}

// A way is a path in the making.
type way struct {
	Path
	principal principal
	actions   actions
	demands   []demand
	narrowing narrowing
	owner     owner

	provider provider
	issuer   string
	claims   claimCheck
}

func (c *classifier) addPath(w *way) {
	fitting := w.actions & w.principal.canUse(w.actions)
	if fitting == 0 {
		c.danger(Danger{
			Code: DangerMalformed, Severity: SeverityLow, Statement: w.Statement, Principal: w.Principal,
			Message: fmt.Sprintf("This %s principal cannot use %s, so this part of the statement lets nobody in.",
				w.PrincipalType, strings.Join(w.actions.names(), ", ")),
			Fix: "Allow the action that fits the principal: sts:AssumeRole for AWS and Service, " +
				"sts:AssumeRoleWithSAML or sts:AssumeRoleWithWebIdentity for Federated.",
		})
		return
	}
	w.actions = fitting
	w.applyDenials(c.denials)
	w.demands = parseConditions(w.Conditions)
	w.narrowing = narrow(w.demands)
	c.describe(w)
	w.Actions = w.actions.names()
	if w.Denied || w.Deleted {
		w.Who = WhoNobody
	}
	if c.reserved != KindUnknown {
		w.Kind = c.reserved
	} else if !w.Denied {
		c.findDangers(w)
	}
	c.result.Paths = append(c.result.Paths, w.Path)
}

// canUse returns the actions with which the principal can assume a role, of a
// statement that allows the given ones.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html.
func (p principal) canUse(allowed actions) actions {
	switch p.form {
	case formFederated:
		if isSAML(p.value, allowed) {
			return assumeRoleWithSAML
		}
		return assumeRoleWithWebIdentity
	case formAnyFederated:
		return assumeRoleWithSAML | assumeRoleWithWebIdentity
	case formAnyone, formNotPrincipal:
		return anyAssume
	}
	return assumeRole
}
