package answer

import (
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// A Query is the one user or role that a question is about.
type Query struct {
	name, arn string
	kind      nhi.IdentityType
}

// NewQuery understands a name or the ARN of a user, a role or an assumed role's
// session, which means the role. Kind says whether a user or a role is meant;
// empty when that is not known. The error is an [*InputError], with a
// [*TypeError] for an ARN that is not of that kind.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
func NewQuery(nameOrARN string, kind nhi.IdentityType) (*Query, error) {
	if nameOrARN == "" {
		return nil, inputf("the name of the user or role is empty")
	}
	if !strings.HasPrefix(nameOrARN, "arn:") {
		return &Query{name: nameOrARN, kind: kind}, nil
	}
	arn, ok := nhiscan.ParseARN(nameOrARN)
	if !ok {
		return nil, inputf("%s is not a whole ARN", nameOrARN)
	}
	parts := strings.Split(arn.Resource, "/")
	q := &Query{arn: nameOrARN, name: parts[len(parts)-1]}
	switch {
	case parts[0] == "user" && len(parts) > 1:
		q.kind = nhi.TypeUser
	case parts[0] == "role" && len(parts) > 1:
		q.kind = nhi.TypeRole
	case parts[0] == "assumed-role" && len(parts) == 3:
		// The ARN of a session leaves out the path of the role.
		q = &Query{kind: nhi.TypeRole, name: parts[1]}
	default:
		return nil, inputf("%s is not the ARN of a user or role", nameOrARN)
	}
	if kind != "" && kind != q.kind {
		return nil, &InputError{Err: &TypeError{ARN: nameOrARN, Type: kind}, Advice: "the ARN says itself what is meant: leave out the type"}
	}
	return q, nil
}

// Name is the friendly name.
func (q *Query) Name() string { return q.name }

// ARN is empty unless that of the user or role itself was given.
func (q *Query) ARN() string { return q.arn }

// Kind is empty when a user or a role may be meant.
func (q *Query) Kind() nhi.IdentityType { return q.kind }

// String is what an error calls it, such as "user or role deploy".
func (q *Query) String() string {
	subject := "user or role"
	if q.kind != "" {
		subject = string(q.kind)
	}
	if q.arn != "" {
		return subject + " " + q.arn
	}
	return subject + " " + q.name
}

// Locate returns the ARN of the one user or role that is meant. The error is a
// [*NotFoundError], or an [*InputError] with an [*AmbiguousError] when a user and
// a role have the name.
func (q *Query) Locate(a *nhiscan.Account) (string, error) {
	var found []string
	each(a, func(kind nhi.IdentityType, name, arn string) {
		if q.matches(kind, name, arn) {
			found = append(found, arn)
		}
	})
	switch len(found) {
	case 0:
		return "", q.missing(a)
	case 1:
		return found[0], nil
	}
	return "", ambiguous(q.name, found[:2]...)
}

func each(a *nhiscan.Account, see func(kind nhi.IdentityType, name, arn string)) {
	for i := range a.Users {
		see(nhi.TypeUser, a.Users[i].Name, a.Users[i].ARN)
	}
	for i := range a.Roles {
		see(nhi.TypeRole, a.Roles[i].Name, a.Roles[i].ARN)
	}
}

func (q *Query) matches(kind nhi.IdentityType, name, arn string) bool {
	if q.arn != "" {
		return arn == q.arn
	}
	return (q.kind == "" || kind == q.kind) && strings.EqualFold(name, q.name)
}

func (q *Query) missing(a *nhiscan.Account) error {
	var names []string
	each(a, func(_ nhi.IdentityType, name, _ string) { names = append(names, name) })
	meant := Nearest(q.name, names)
	if strings.EqualFold(meant, q.name) { // of the other kind, or in another account
		each(a, func(_ nhi.IdentityType, name, arn string) {
			if name == meant {
				meant = arn
			}
		})
	}
	return &NotFoundError{Subject: q.String(), Meant: meant}
}
