package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// How many lines each part of an identity's permissions has.
const (
	maxServices  = 15
	maxWildcards = 6
	maxUnusable  = 10
)

// abilities says what the identity can do, how it can become an administrator,
// what is dangerous about that, and what to do.
func (p *printer) abilities(id *Identity) {
	if id.Permissions == nil {
		return
	}
	p.heading("What it can do")
	p.administrator(id)
	p.access(id.Permissions)
	p.wildcards(id)
	p.services(id.Permissions)
	p.escalations(id)
	p.dangerous(id)
	p.boundary(id.Permissions)
	p.unusable(id)
	p.advice(id)
}

func (p *printer) administrator(id *Identity) {
	admin := &id.Permissions.Admin
	way := shortest(id.Permissions)
	text, paint := "no", green
	switch {
	case admin.Kind == permissions.AdminDirect:
		text, paint = "yes: it may do everything on everything", red
		if len(admin.Limits) > 0 {
			text = "yes, but for what is said below"
		}
	case admin.Is():
		text, paint = "as good as: it can give itself every permission, as said below", red
	case way != nil && way.Certain():
		text, paint = "no, but it can become one, as said below", red
	case way != nil:
		text, paint = "no, but it can perhaps become one, as said below", yellow
	}
	p.item("admin", paint, labelWidth, text+ifKeys(admin.Keys))
	for _, m := range admin.Grants {
		p.item("", plain, labelWidth, "by "+matchText(m, id.Identity.ARN, id.Line))
	}
	for _, limit := range admin.Limits {
		p.item("except", faint, labelWidth, Printable(limit))
	}
}

// ifKeys is the end of a sentence that hangs on condition keys.
func ifKeys(keys []string) string {
	if len(keys) == 0 {
		return ""
	}
	return ", depending on " + keyWords(keys)
}

// keyWords lists condition keys, and says in words what stands for something that
// is not one.
func keyWords(keys []string) string {
	words := make([]string, len(keys))
	for i, key := range keys {
		switch key {
		case permissions.KeyUnreadPolicy:
			words[i] = "a policy that was not read"
		case permissions.KeyUndecided:
			words[i] = "resource patterns that are too involved to compare"
		default:
			words[i] = Printable(key)
		}
	}
	return strings.Join(words, ", ")
}

func (p *printer) access(perms *permissions.Permissions) {
	a := &perms.Access
	if a.Level == policydoc.LevelUnknown {
		p.item("access", faint, labelWidth, "none: no action is allowed")
		return
	}
	p.item("access", faint, labelWidth, accessText(a))
	p.item("actions", faint, labelWidth, fmt.Sprintf("%s in %s", count(a.Actions, "action"), count(len(perms.Services), "service")))
}

// accessText names the access levels of the four scopes as far as each gives more
// than the ones before it.
func accessText(a *permissions.Access) string {
	var parts []string
	reached := policydoc.LevelUnknown
	for _, scope := range []struct {
		level policydoc.AccessLevel
		words string
	}{
		{a.All, "on all resources"},
		{a.Named, "on named resources"},
		{a.ConditionalAll, "on all resources under conditions"},
		{a.ConditionalNamed, "on named resources under conditions"},
	} {
		if scope.level.Compare(reached) > 0 {
			reached = scope.level
			parts = append(parts, fmt.Sprintf("%s %s", scope.level, scope.words))
		}
	}
	return strings.Join(parts, "; ")
}

// scopeText says on which resources the highest level is held.
func scopeText(a *permissions.Access) string {
	switch a.Level {
	case a.All:
		return "all"
	case a.Named:
		return "named"
	case a.ConditionalAll:
		return "all, under conditions"
	}
	return "named, under conditions"
}

func (p *printer) wildcards(id *Identity) {
	for i, w := range id.Permissions.Wildcards {
		if i == maxWildcards {
			p.item("", plain, labelWidth, fmt.Sprintf("and %d more: --format json lists all", len(id.Permissions.Wildcards)-i))
			return
		}
		label := ""
		if i == 0 {
			label = "wildcards"
		}
		on := "on named resources"
		if w.AllResources {
			on = "on all resources"
		}
		p.item(label, faint, labelWidth, sprintf("%s: %s %s (%s)", w.Pattern, count(w.Actions, "action"), on,
			matchText(w.Match, id.Identity.ARN, id.Line)))
	}
}

// services is a table of the services, those with the most power first.
func (p *printer) services(perms *permissions.Permissions) {
	if len(perms.Services) == 0 || perms.Admin.Kind == permissions.AdminDirect && len(perms.Admin.Limits) == 0 {
		return
	}
	order := slices.Clone(perms.Services)
	slices.SortStableFunc(order, func(a, b permissions.ServiceAccess) int {
		return cmp.Or(b.Level.Compare(a.Level), cmp.Compare(b.Actions, a.Actions), cmp.Compare(a.Service, b.Service))
	})
	shown := order[:min(len(order), maxServices)]
	cells := make([]string, 4*len(shown))
	take := func() []string {
		part := cells[:len(shown):len(shown)]
		cells = cells[len(shown):]
		return part
	}
	service := &column{title: "  SERVICE", cells: take(), least: 12}
	level := &column{title: "ACCESS LEVEL", cells: take()}
	on := &column{title: "RESOURCES", cells: take(), optional: 1}
	actions := &column{title: "ACTIONS", cells: take(), optional: 2, right: true}
	for i := range shown {
		s := &shown[i]
		service.cells[i] = sprintf("  %s", s.Service)
		level.cells[i] = levelWord(s.Level)
		on.cells[i] = scopeText(&s.Access)
		actions.cells[i] = fmt.Sprintf("%d of %d", s.Actions, s.Of)
	}
	p.raw("")
	p.writeTable([]*column{service, level, on, actions})
	if rest := order[len(shown):]; len(rest) > 0 {
		p.raw(fmt.Sprintf("  and %s with at most %s: --format json lists all", count(len(rest), "more service"), levelWord(rest[0].Level)))
	}
}

func (p *printer) boundary(perms *permissions.Permissions) {
	b := perms.Boundary
	if b == nil {
		return
	}
	p.heading("Permissions boundary")
	if b.Unresolved {
		p.item("", plain, 0, sprintf("The text of %s is not known, so nothing is taken for allowed.", b.Policy.Name))
		return
	}
	text := sprintf("%s takes nothing away: all of the %s that policies allow are left.", b.Policy.Name, count(b.Granted, "action"))
	if b.Allowed < b.Granted {
		text = sprintf("Of the %s that policies allow, %s leaves %s.", count(b.Granted, "action"), b.Policy.Name, Thousands(b.Allowed))
	}
	p.item("", plain, 0, text)
}

func (p *printer) unusable(id *Identity) {
	list := id.Permissions.Unusable
	if len(list) == 0 {
		return
	}
	p.heading("Granted and never usable")
	for i, u := range list {
		if i == maxUnusable {
			p.item("", plain, 0, fmt.Sprintf("and %d more: --format json lists all", len(list)-i))
			return
		}
		p.item("-", plain, 1, sprintf("%s in %s: %s", listSome(u.Actions, maxNames),
			policyText(u.Policy, id.Identity.ARN)+statementText(u.Statement, ""), strings.TrimSuffix(u.Reason, ".")))
	}
}

// count is "1 action", "22,091 actions".
func count(n int, noun string) string {
	_, rest, _ := strings.Cut(plural(n, noun), " ")
	return Thousands(n) + " " + rest
}

// Thousands writes a number with commas between thousands.
func Thousands(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
