package main

import (
	"regexp"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/policydoc"
)

// actionName is what every action looks like, those of tomorrow included.
var actionName = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9._-]+$`)

// actionArgument understands an ACTION argument. One that the catalogue does not
// have is warned about and taken as it is: AWS has new ones every week.
func actionArgument(con *console, name string) (render.Action, error) {
	service, action, ok := strings.Cut(name, ":")
	switch {
	case !ok || service == "" || action == "":
		return render.Action{}, usagef("%q is not an action: an action has a service before it, as in s3:GetObject%s", name, didYouMean(name))
	case strings.ContainsAny(name, "*?"):
		return render.Action{}, usagef("%s is a pattern: name one action (nhiscan policy expand '%s' lists those it covers)", name, name)
	case !actionName.MatchString(name):
		return render.Action{}, usagef("%q is not an action: its name has ASCII letters and digits%s", name, didYouMean(name))
	}
	if known, ok := policydoc.LookupAction(name); ok {
		return render.Action{Name: known.String(), Known: true}, nil
	}
	con.say("warning: %s is not in the action catalogue%s", name, didYouMean(name))
	return render.Action{Name: name}, nil
}

func didYouMean(action string) string {
	list := policydoc.SuggestActions(action)
	if len(list) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(list[:min(3, len(list))], ", ") + "?"
}

// checkResource refuses what cannot be a resource of a request.
func checkResource(resource string) error {
	if _, ok := nhiscan.ParseARN(resource); !ok && resource != "*" {
		return usagef("%q is not a resource: give an ARN, such as arn:aws:s3:::bucket/key, or *", resource)
	}
	return nil
}

// warnAbsent warns of a resource that is a user or role which the account does not have.
func warnAbsent(con *console, account *nhiscan.Account, resource string) {
	arn, ok := nhiscan.ParseARN(resource)
	if !ok || arn.Service != "iam" || arn.Account != account.ID || strings.ContainsAny(resource, "*?") {
		return
	}
	var candidates []string
	kind, _, _ := strings.Cut(arn.Resource, "/")
	switch kind {
	case "role":
		if _, found := account.Role(resource); found {
			return
		}
		for i := range account.Roles {
			candidates = append(candidates, account.Roles[i].ARN)
		}
	case "user":
		if _, found := account.User(resource); found {
			return
		}
		for i := range account.Users {
			candidates = append(candidates, account.Users[i].ARN)
		}
	default:
		return
	}
	hint := ""
	if meant := nearest(resource, candidates); meant != "" {
		hint = "; did you mean " + meant + "?"
	}
	con.say("warning: there is no %s %s in this account%s", kind, resource, hint)
}
