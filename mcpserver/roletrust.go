package mcpserver

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/trust"
)

// How many ways to assume a role an answer tells: of each role in a list, and of
// one that was asked for.
const (
	maxAssumersListed = 5
	maxAssumers       = 50
)

type classifyRoleTrustArguments struct {
	RoleName    string         `json:"role_name,omitzero" doc:"Name or ARN. Without it: all roles"`
	TrustPolicy policyArgument `json:"trust_policy,omitzero" doc:"Look at this document instead of an account"`
	AccountID   string         `json:"account_id,omitzero" doc:"The account that trust_policy is for" maxlen:"12"`
	bigPageArguments
	accountArguments
}

type classifyRoleTrustResult struct {
	accountInfo
	Roles []object `json:"roles" doc:"The most dangerous first: arn, kind, provider, error, who_can_assume, dangers; of one role also paths"`
	// ByKind and ByDanger count all roles: by kind, and by their worst danger.
	ByKind   map[string]int `json:"by_kind"`
	ByDanger map[string]int `json:"by_danger"`
	page

	lines []string
}

// A roleTrust is who can assume a role.
type roleTrust struct {
	ARN      string `json:"arn"`
	Kind     string `json:"kind"`
	Provider string `json:"provider"`
	Error    string `json:"error"`
	// WhoCanAssume are sentences, Paths the same in the published form, of one role only.
	WhoCanAssume []string     `json:"who_can_assume"`
	Paths        []object     `json:"paths"`
	Dangers      []roleDanger `json:"dangers"`
}

type roleDanger struct {
	Code      string `json:"code"`
	Severity  string `json:"severity"`
	Statement int    `json:"statement"`
	Principal string `json:"principal"`
	Message   string `json:"message"`
	Fix       string `json:"fix"`
}

func (r classifyRoleTrustResult) summary() string {
	return strings.Join(append(r.lines, r.unread()...), "\n")
}

func classifyRoleTrustTool() *tool {
	return define(Tool{
		Name:  "classify_role_trust",
		Title: "Classify role trust",
		Description: "Who can assume a role, what kind of role that makes it (a service's, CI's, a vendor's, people's), " +
			"what is dangerous about it, and the fix. For one role, all roles, or a trust policy that you give.",
		Toolset: ToolsetPermissions,
		Actions: accountActions(),
	}, classifyRoleTrust)
}

var accountID = regexp.MustCompile(`^[0-9]{12}$`)

func (in *classifyRoleTrustArguments) check() error {
	switch {
	case in.AccountID != "" && !accountID.MatchString(in.AccountID):
		return invalid("account_id: want 12 digits")
	case in.AccountID != "" && !in.TrustPolicy.given():
		return invalid("account_id goes with trust_policy; profile and role_arn choose the account whose roles are read")
	case in.TrustPolicy.given() && in.RoleName != "":
		return invalid("role_name and trust_policy are two questions: give one")
	case in.TrustPolicy.given() && in.Cursor != "":
		return invalid("cursor: one trust policy has no pages")
	}
	return nil
}

func classifyRoleTrust(ctx context.Context, c *call, in classifyRoleTrustArguments) (none classifyRoleTrustResult, err error) {
	if err := in.check(); err != nil {
		return none, err
	}
	if in.TrustPolicy.given() {
		return c.classifyDocument(&in)
	}
	var want *answer.Query
	if in.RoleName != "" {
		if want, err = answer.NewQuery(in.RoleName, nhi.TypeRole); err != nil {
			return none, err
		}
	}
	s, offset, err := c.open(ctx, in, false, in.page(), in.RoleName)
	if err != nil {
		return none, err
	}
	roles := rolesOf(s.Account())
	if want != nil {
		arn, err := want.Locate(s.Account())
		if err != nil {
			return none, err
		}
		roles = slices.DeleteFunc(roles, func(r *nhiscan.Role) bool { return r.ARN != arn })
	}
	all, err := calculate(ctx, c, func() ([]classifiedRole, error) { return c.classify(roles), nil })
	if err != nil {
		return none, err
	}
	out := newRoleTrustResult(all)
	out.accountInfo = c.accountInfo(s, roleGaps(s.Account().Gaps, want))
	list, info := cutPage(c, s, all, offset, in.page(), in.RoleName)
	out.page = info
	for i := range list {
		out.Roles = append(out.Roles, asObject(list[i].item(want != nil)))
	}
	out.lines = roleLines(all, list, want != nil)
	return out, nil
}

// classifyDocument answers for a trust policy that is of no account.
func (c *call) classifyDocument(in *classifyRoleTrustArguments) (none classifyRoleTrustResult, err error) {
	doc, err := in.TrustPolicy.parse("trust_policy")
	if err != nil {
		return none, err
	}
	if len(doc.Statements) > 0 && !slices.ContainsFunc(doc.Statements, namesPrincipals) {
		e := invalid("trust_policy: no statement has a Principal, so this is no trust policy")
		e.Hint = "explain_policy tells what a permissions policy allows"
		return none, e
	}
	role := &nhiscan.Role{TrustPolicy: nhiscan.NewPolicyDocument(in.TrustPolicy.text)}
	if in.AccountID != "" {
		role.ARN = "arn:aws:iam::" + in.AccountID + ":role/role"
	}
	all := c.classify([]*nhiscan.Role{role})
	out := newRoleTrustResult(all)
	out.accountInfo = accountInfo{AccountID: in.AccountID, Scan: scanInfo{Source: "trust_policy"}, Complete: true}
	item := all[0].item(true)
	item.ARN = ""
	out.Roles, out.page = []object{asObject(item)}, page{Total: 1, Returned: 1}
	out.lines = roleLines(all, all, true)
	return out, nil
}

func namesPrincipals(s policydoc.Statement) bool { return s.Principal != nil || s.NotPrincipal != nil }

// A classifiedRole is a role and what its trust policy says.
type classifiedRole struct {
	role *nhiscan.Role
	*trust.Classification
}

func rolesOf(a *nhiscan.Account) []*nhiscan.Role {
	roles := make([]*nhiscan.Role, len(a.Roles))
	for i := range a.Roles {
		roles[i] = &a.Roles[i]
	}
	return roles
}

// roleGaps are the gaps that may hide trust policies, of one role or of all.
func roleGaps(gaps []nhiscan.Gap, want *answer.Query) []nhiscan.Gap {
	gaps = answer.PolicyGaps(gaps)
	return slices.DeleteFunc(gaps, func(g nhiscan.Gap) bool {
		one := g.Resource != "" && g.Resource != "*"
		isRole := strings.Contains(g.Operation, "Role") || strings.Contains(g.Resource, ":role/")
		if want == nil || !one {
			return one && !isRole
		}
		return !strings.EqualFold(g.Resource, want.Name()) && !strings.HasSuffix(g.Resource, "/"+want.Name())
	})
}

// classify classifies roles, the most dangerous first.
func (c *call) classify(roles []*nhiscan.Role) []classifiedRole {
	all := make([]classifiedRole, len(roles))
	for i, r := range roles {
		all[i] = classifiedRole{r, trust.Classify(r, c.server.options.Trust)}
	}
	slices.SortStableFunc(all, func(a, b classifiedRole) int {
		return cmp.Or(compareWorst(a.Dangers, b.Dangers), cmp.Compare(a.role.ARN, b.role.ARN))
	})
	return all
}

// compareWorst puts the worse first; dangers are sorted by severity.
func compareWorst(a, b []trust.Danger) int {
	if len(a) == 0 || len(b) == 0 {
		return cmp.Compare(min(1, len(b)), min(1, len(a)))
	}
	return b[0].Severity.Compare(a[0].Severity)
}

func newRoleTrustResult(all []classifiedRole) classifyRoleTrustResult {
	out := classifyRoleTrustResult{ByKind: map[string]int{}, ByDanger: map[string]int{}}
	for i := range all {
		out.ByKind[all[i].kind()]++
		if len(all[i].Dangers) > 0 {
			out.ByDanger[string(all[i].Dangers[0].Severity)]++
		}
	}
	return out
}

// wrong says why the trust policy could not be read, without the name of a role
// that a document alone does not have.
func (r *classifiedRole) wrong() string {
	if parse := (*policydoc.ParseError)(nil); errors.As(r.Err, &parse) {
		return parse.Error()
	}
	return r.Err.Error()
}

func (r *classifiedRole) kind() string {
	if r.Kind == trust.KindUnknown {
		return "unknown"
	}
	return string(r.Kind)
}

// item is the role in an answer, whole when it is the only one.
func (r *classifiedRole) item(whole bool) roleTrust {
	item := roleTrust{ARN: r.role.ARN, Kind: r.kind(), Provider: r.Provider, WhoCanAssume: atMost(r.assumers(), maxAssumersListed, "and %d more")}
	if r.Err != nil {
		item.Error = r.wrong()
	}
	if whole {
		item.WhoCanAssume = atMost(r.assumers(), maxAssumers, "and %d more")
		paths, _ := firstOf(r.Paths, maxAssumers)
		item.Paths = objects(paths, func(p trust.Path) jsontext.Value { return render.TrustPathJSON(&p) })
	}
	for _, d := range r.Dangers {
		item.Dangers = append(item.Dangers, roleDanger{
			Code: string(d.Code), Severity: string(d.Severity), Statement: d.Statement, Principal: d.Principal, Message: d.Message, Fix: d.Fix,
		})
	}
	return item
}

func (r *classifiedRole) assumers() []string {
	lines := make([]string, len(r.Paths))
	for i := range r.Paths {
		lines[i] = render.TrustPathText(&r.Paths[i])
	}
	return lines
}
