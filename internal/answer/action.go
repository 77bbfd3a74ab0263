package answer

import (
	"regexp"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/policydoc"
)

// actionName is what every action looks like, those of tomorrow included.
var actionName = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9._-]+$`)

// ParseAction understands the name of one action, in any case. One that the
// catalogue does not have is taken as it is, with a warning: AWS has new ones
// every week. The error is an [*InputError], with a [*PatternError] for a pattern.
func ParseAction(name string) (action render.Action, warning string, err error) {
	service, rest, ok := strings.Cut(name, ":")
	switch {
	case !ok || service == "" || rest == "":
		return action, "", inputf("%q is not an action: an action has a service before it, as in s3:GetObject%s", name, similar(name))
	case strings.ContainsAny(name, "*?"):
		return action, "", &InputError{Err: &PatternError{Pattern: name}, Advice: "expand the pattern to see the actions that it covers"}
	case !actionName.MatchString(name):
		return action, "", inputf("%q is not an action: its name has ASCII letters and digits%s", name, similar(name))
	}
	if known, ok := policydoc.LookupAction(name); ok {
		return render.Action{Name: known.String(), Known: true}, "", nil
	}
	return render.Action{Name: name}, name + " is not in the action catalogue" + similar(name), nil
}

// similar is the end of a message that offers the actions that were probably meant.
func similar(action string) string {
	list := policydoc.SuggestActions(action)
	return meaning(strings.Join(list[:min(3, len(list))], ", "))
}

// DefaultResource is "*", the only resource there is, for an action that takes
// none, and empty for others.
func DefaultResource(action render.Action) string {
	if known, ok := policydoc.LookupAction(action.Name); ok && !known.ResourceLevel {
		return "*"
	}
	return ""
}
