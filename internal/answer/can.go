package answer

import (
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/permissions"
)

// A CanQuestion is whether a user or role may do something.
type CanQuestion struct {
	Principal *Query
	Action    render.Action
	// Resource is an ARN or "*"; empty asks on which resources the action is
	// allowed, unless it is one that takes none.
	Resource string
	// Context are the condition keys of the request; nil when nothing is known of them.
	Context *permissions.Context
	// Session are the policies that were given when the role's session was made.
	Session []*permissions.Policy
	// ResourcePolicy is that of the resource; nil when it is not known.
	ResourcePolicy *permissions.Policy
	// Texts are those of Session and ResourcePolicy, for the lines of statements.
	Texts map[permissions.Source]string
}

// aboutRequest reports whether something is given that only one request has.
func (q *CanQuestion) aboutRequest() bool {
	return q.Context != nil || len(q.Session) > 0 || q.ResourcePolicy != nil
}

// Can decides a request as AWS does, or says where an action is allowed. The
// error is one of [Query.Locate], or an [*InputError] for what is no resource
// and for a context or policy without one.
func (s *Subject) Can(q *CanQuestion) (*render.Can, error) {
	resource := q.Resource
	if resource == "" {
		resource = DefaultResource(q.Action)
	} else if err := CheckResource(resource); err != nil {
		return nil, err
	}
	if resource == "" && q.aboutRequest() {
		return nil, inputf("the context, the session policy and the resource's policy are about one request: name its resource")
	}
	arn, err := q.Principal.Locate(s.account)
	if err != nil {
		return nil, err
	}
	answer := &render.Can{
		Account: s.account, Principal: arn, Action: q.Action, Resource: resource,
		ServiceControlUnseen: s.opts.Permissions == nil,
		Gaps:                 s.Analysis().Unresolved(arn), Line: Lines(s.account, q.Texts),
	}
	if resource == "" {
		s.where(answer)
		return answer, nil
	}
	return answer, s.decide(answer, q)
}

// where says on which resources the action is allowed.
func (s *Subject) where(answer *render.Can) {
	g, _ := s.Analysis().Grant(answer.Principal, answer.Action.Name)
	answer.Outcome, answer.All, answer.Resources, answer.Except = g.Outcome, g.All, g.Resources, g.Except
	answer.Allows, answer.Denies, answer.Missing, answer.Keys = g.Allows, g.Denies, g.Missing, g.Keys
	answer.Explicit = g.Outcome == permissions.Denied && len(g.Denies) > 0
	answer.ResourcePolicyUnseen = g.ResourcePolicyUnseen
}

// decide decides the one request.
func (s *Subject) decide(answer *render.Can, q *CanQuestion) error {
	d, err := s.Analysis().CanWith(&permissions.Request{
		Principal: permissions.Principal{ARN: answer.Principal}, Action: answer.Action.Name, Resource: answer.Resource, Context: q.Context,
	}, q.Session, q.ResourcePolicy)
	if err != nil {
		return err
	}
	answer.Outcome, answer.Explicit = d.Outcome, d.Explicit()
	answer.Allows, answer.Denies, answer.Missing, answer.Keys = d.Allows, d.Denies, d.Missing, d.Keys
	answer.ResourcePolicyUnseen = d.ResourcePolicyUnseen
	return nil
}

// WhoCan lists the users and roles that may do the action on the resource, an ARN
// or "*"; empty is on any. Context may be nil. The error is an [*InputError] for
// what is no resource.
func (s *Subject) WhoCan(action render.Action, resource string, ctx *permissions.Context) (*render.WhoCan, error) {
	if resource != "" {
		if err := CheckResource(resource); err != nil {
			return nil, err
		}
	}
	return &render.WhoCan{
		Account: s.account, Action: action, Resource: resource,
		Grants:               s.Analysis().WhoCan(action.Name, resource, ctx),
		ServiceControlUnseen: s.opts.Permissions == nil,
		Gaps:                 PolicyGaps(s.Analysis().Gaps()),
		Line:                 Lines(s.account, nil),
	}, nil
}
