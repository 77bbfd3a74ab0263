package mcpserver

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
)

// maxAdministrators is how many administrators an answer names.
const maxAdministrators = 20

type findEscalationArguments struct {
	IdentityName string `json:"identity_name,omitzero" doc:"Name or ARN. Without it: the whole account"`
	IdentityType string `json:"identity_type,omitzero" doc:"Where both have the name" enum:"user,role"`
	OnlyAdmin    bool   `json:"only_admin,omitzero" doc:"Only ways to administrator access" default:"false"`
	MinCertainty string `json:"min_certainty,omitzero" doc:"certain: nothing unseen is needed" enum:"possible,certain" default:"possible"`
	bigPageArguments
	accountArguments
}

type findEscalationResult struct {
	accountInfo
	Identity *object  `json:"identity" doc:"That was asked for"`
	Paths    []object `json:"paths" doc:"Of identity: path, name, admin, certain, targets, needs, depends_on, hops (sentence, grants)"`
	// Identities are those of the account that have a path.
	Identities []object `json:"identities" doc:"Of the account: arn, to_admin, certain, hops, way, needs, depends_on, paths"`
	// Administrators are their ARNs, some of them.
	Administrators []string `json:"administrators"`
	// AdministratorCount is of the whole account, or 1 for one that is.
	AdministratorCount int      `json:"administrator_count"`
	FilteredOut        int      `json:"filtered_out"`
	Notes              []string `json:"notes"`
	page

	lines []string
}

// An escalating is an identity and its best path.
type escalating struct {
	ARN  string `json:"arn"`
	Type string `json:"type"`
	// AdminKind is direct, changes-itself or empty.
	AdminKind string `json:"admin_kind"`
	// ToAdmin says that the path below ends in administrator access.
	ToAdmin   bool     `json:"to_admin"`
	Certain   bool     `json:"certain"`
	Hops      int      `json:"hops"`
	Path      string   `json:"path"`
	Way       string   `json:"way"`
	Needs     []string `json:"needs"`
	DependsOn []string `json:"depends_on"`
	// Paths counts all that it has.
	Paths int `json:"paths"`
}

func (r findEscalationResult) summary() string {
	return strings.Join(append(r.lines, r.unread()...), "\n")
}

func findEscalationPathsTool() *tool {
	return define(Tool{
		Name:  "find_escalation_paths",
		Title: "Find privilege escalation paths",
		Description: "How identities could get more permissions, up to administrator. " +
			"For one identity: each path with its hops and the statements that allow them. " +
			"For the account: who could become administrator, and the shortest way.",
		Toolset: ToolsetPermissions,
		Actions: accountActions(),
	}, findEscalationPaths)
}

func findEscalationPaths(ctx context.Context, c *call, in findEscalationArguments) (none findEscalationResult, err error) {
	if in.IdentityName == "" && in.IdentityType != "" {
		return none, invalid("identity_type goes with identity_name")
	}
	var want *answer.Query
	if in.IdentityName != "" {
		if want, err = answer.NewQuery(in.IdentityName, nhi.IdentityType(in.IdentityType)); err != nil {
			return none, err
		}
	}
	s, offset, err := c.open(ctx, in, false, in.page(), in.question()...)
	if err != nil {
		return none, err
	}
	analysis, err := calculate(ctx, c, func() (*permissions.Analysis, error) { return s.Analysis(), nil })
	if err != nil {
		return none, err
	}
	out := findEscalationResult{accountInfo: c.accountInfo(s, answer.PolicyGaps(analysis.Gaps())), Notes: []string{}}
	if c.server.options.Permissions == nil {
		out.Notes = append(out.Notes, noServiceControl)
	}
	if want != nil {
		return out, out.ofIdentity(ctx, c, s, want, offset, &in)
	}
	return out, out.ofAccount(ctx, c, s, offset, &in)
}

// question is what tells one list from another.
func (in *findEscalationArguments) question() []any {
	return []any{in.IdentityName, in.IdentityType, in.OnlyAdmin, in.MinCertainty}
}

// wants reports whether the path is one that was asked for.
func (in *findEscalationArguments) wants(e *permissions.Escalation) bool {
	return (e.Admin || !in.OnlyAdmin) && (e.Certain() || in.MinCertainty != "certain")
}

// ofIdentity answers for one identity.
func (r *findEscalationResult) ofIdentity(ctx context.Context, c *call, s *scan, want *answer.Query, offset int, in *findEscalationArguments) error {
	arn, err := want.Locate(s.Account())
	if err != nil {
		return err
	}
	p, err := s.permissionsOf(ctx, c, arn)
	if err != nil {
		return err
	}
	all := render.Escalations(p)
	wanted := slices.DeleteFunc(slices.Clone(all), func(e *permissions.Escalation) bool { return !in.wants(e) })
	r.FilteredOut = len(all) - len(wanted)
	slices.SortStableFunc(wanted, compareEscalations)
	identity := asObject(newEscalating(p, wanted))
	r.Identity = &identity
	if p.Admin.Is() {
		r.Administrators, r.AdministratorCount = []string{arn}, 1
	}
	list, info := cutPage(c, s, wanted, offset, in.page(), in.question()...)
	r.page = info
	r.Paths = objects(list, render.EscalationJSON)
	r.lines = r.withFiltered(pathLines(p, wanted, list), "path", "paths")
	return nil
}

// ofAccount answers for all identities.
func (r *findEscalationResult) ofAccount(ctx context.Context, c *call, s *scan, offset int, in *findEscalationArguments) error {
	all, err := s.permissions(ctx, c)
	if err != nil {
		return err
	}
	var found []escalating
	perhaps := 0 // how many could become administrator in ways that are left out alone
	for _, arn := range s.Analysis().Principals() {
		p := all[arn]
		if p.Admin.Is() {
			r.AdministratorCount++
			if len(r.Administrators) < maxAdministrators {
				r.Administrators = append(r.Administrators, arn)
			}
			continue
		}
		paths := render.Escalations(p)
		wanted := slices.DeleteFunc(slices.Clone(paths), func(e *permissions.Escalation) bool { return !in.wants(e) })
		if isAdmin := func(e *permissions.Escalation) bool { return e.Admin }; slices.ContainsFunc(paths, isAdmin) && !slices.ContainsFunc(wanted, isAdmin) {
			perhaps++
		}
		if len(wanted) > 0 {
			slices.SortStableFunc(wanted, compareEscalations)
			found = append(found, *newEscalating(p, wanted))
		} else if len(paths) > 0 {
			r.FilteredOut++
		}
	}
	slices.SortStableFunc(found, func(a, b escalating) int {
		return cmp.Or(trueFirst(a.ToAdmin, b.ToAdmin), trueFirst(a.Certain, b.Certain), cmp.Compare(a.Hops, b.Hops), cmp.Compare(a.ARN, b.ARN))
	})
	list, info := cutPage(c, s, found, offset, in.page(), in.question()...)
	r.page = info
	for i := range list {
		r.Identities = append(r.Identities, asObject(&list[i]))
	}
	r.lines = r.withFiltered(accountLines(found, list, r.AdministratorCount, len(all)), "identity", "identities")
	if perhaps > 0 {
		r.lines = append(r.lines, say("%d more could perhaps become administrator: min_certainty=possible shows how.", perhaps))
	}
	return nil
}

// withFiltered adds how many the arguments leave out.
func (r *findEscalationResult) withFiltered(lines []string, one, many string) []string {
	if r.FilteredOut > 0 {
		lines = append(lines, say("%s left out, as only_admin or min_certainty asks.", counted(r.FilteredOut, one+" is", many+" are")))
	}
	return lines
}

// compareEscalations puts the ways to administrator access before others, certain
// ones before others, and short ones first.
func compareEscalations(a, b *permissions.Escalation) int {
	return cmp.Or(trueFirst(a.Admin, b.Admin), trueFirst(a.Certain(), b.Certain()), cmp.Compare(len(a.Hops), len(b.Hops)))
}

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// newEscalating takes the paths in their order: the best is the first.
func newEscalating(p *permissions.Permissions, paths []*permissions.Escalation) *escalating {
	e := &escalating{ARN: p.ARN, Type: typeOf(p.ARN), AdminKind: string(p.Admin.Kind), Paths: len(paths)}
	if len(paths) == 0 {
		return e
	}
	best := paths[0]
	e.ToAdmin, e.Certain, e.Hops, e.Way = best.Admin, best.Certain(), len(best.Hops), render.WayText(best)
	e.Path, e.Needs, e.DependsOn = best.Path.ID, best.Needs, best.Keys
	return e
}

// typeOf tells a user from a role by the ARN.
func typeOf(arn string) string {
	if strings.Contains(arn, ":user/") {
		return string(nhi.TypeUser)
	}
	return string(nhi.TypeRole)
}

// pathLines tell the first paths of a page.
func pathLines(p *permissions.Permissions, all, shown []*permissions.Escalation) []string {
	admin, certain := 0, 0
	for _, e := range all {
		if e.Admin {
			admin++
			if e.Certain() {
				certain++
			}
		}
	}
	lines := []string{say("%s has %s to more permissions, %d of them to administrator access, %d of these certain.",
		render.EntityText(p.ARN), counted(len(all), "path", "paths"), admin, certain)}
	switch {
	case p.Admin.Kind == permissions.AdminDirect && len(all) == 0:
		lines = append(lines, "It is an administrator already.")
	case p.Admin.Kind == permissions.AdminDirect:
		lines = append(lines, "It is an administrator already; its paths are those by which it is rid of what is denied to it.")
	case p.Admin.Is():
		lines = append(lines, "It is as good as an administrator: it can give itself every permission.")
	}
	first, _ := firstOf(shown, summaryLines)
	for _, e := range first {
		lines = append(lines, render.EscalationTitle(e)+": "+render.WayText(e))
	}
	return addMore(lines, len(all)-len(first), "path", "paths")
}

// accountLines name those who could become administrator, the shortest ways first.
func accountLines(found, shown []escalating, administrators, identities int) []string {
	admin, certain := 0, 0
	for i := range found {
		if found[i].ToAdmin {
			admin++
			if found[i].Certain {
				certain++
			}
		}
	}
	lines := []string{say("Of %s %s, and %d more could become one, %d of these for certain.",
		counted(identities, "identity", "identities"), counted(administrators, "is an administrator", "are administrators"), admin, certain)}
	if rest := len(found) - admin; rest > 0 {
		lines = append(lines, say("%s can get more permissions, and not become administrator.", counted(rest, "other", "others")))
	}
	told := 0
	for i := range shown {
		e := &shown[i]
		if !e.ToAdmin || told == summaryLines {
			break
		}
		told++
		sure := ""
		if !e.Certain {
			sure = " (perhaps)"
		}
		lines = append(lines, say("%s%s: %s", render.EntityText(e.ARN), sure, e.Way))
	}
	return lines
}
