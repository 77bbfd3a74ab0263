package mcpserver

import (
	"context"
	"errors"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
)

type identityArguments struct {
	IdentityName string           `json:"identity_name" doc:"Name or ARN" maxlen:"2048"`
	IdentityType nhi.IdentityType `json:"identity_type,omitzero" doc:"An ARN says it itself" enum:"user,role" default:"user"`
	credentialArguments
}

type identityResult struct {
	identityReport
	Resource string `json:"resource" doc:"URI of the whole document, nhiscan/identity/v1"`
	accountInfo

	shown *render.Identity
}

func identityDetails(ctx context.Context, c *call, in identityArguments) (identityResult, error) {
	query, err := answer.NewQuery(in.IdentityName, kindOf(in))
	if err != nil {
		return identityResult{}, withOtherEntity(in.IdentityName, err)
	}
	s, err := c.account(ctx, in)
	if err != nil {
		return identityResult{}, err
	}
	shown, err := calculate(ctx, c, func() (*render.Identity, error) { return s.Identity(query, true) })
	if err != nil {
		return identityResult{}, otherKind(s, in, err)
	}
	report, err := newIdentityReport(shown)
	if err != nil {
		return identityResult{}, err
	}
	return identityResult{
		identityReport: report, Resource: identityURI(s, in.credentials(), shown.Identity.ARN),
		accountInfo: c.accountInfo(s, shown.Gaps), shown: shown,
	}, nil
}

// kindOf is what the arguments say of the type, which nothing tells from its
// default: an ARN knows better.
func kindOf(in identityArguments) nhi.IdentityType {
	if strings.HasPrefix(in.IdentityName, "arn:") {
		return ""
	}
	return in.IdentityType
}

// otherKind adds to the error that there is no such user that there is such a
// role, and the other way round.
func otherKind(s *scan, in identityArguments, err error) error {
	var missing *answer.NotFoundError
	if !errors.As(err, &missing) {
		return err
	}
	e := notFound("%s", missing.Error())
	e.Hint = "scan_iam_identities lists the names"
	other := nhi.TypeRole
	if kindOf(in) == nhi.TypeRole {
		other = nhi.TypeUser
	}
	if kindOf(in) == "" {
		return e
	}
	if in.IdentityName == rootName {
		e.Hint = rootHint
	} else if _, ok := s.Account().Group(in.IdentityName); ok {
		e.Hint = "there is a group of that name: get_group has its members and policies"
	}
	if query, err := answer.NewQuery(in.IdentityName, other); err == nil {
		if _, err := query.Locate(s.Account()); err == nil {
			e.Hint = say("there is a %s of that name: call again with identity_type=%s", string(other), string(other))
		}
	}
	return e
}

// rootName is what the root user is called; IAM knows no user of that name.
const rootName = "root"

const rootHint = "the root user is no IAM user, and may do everything: root in scan_iam_identities and distinguish_users_vs_nhi says how it can sign in"

// withOtherEntity adds to the error for an ARN that is of no user or role where
// what it is of is told.
func withOtherEntity(arn string, err error) error {
	e := invalid("%s", err)
	switch parsed, ok := nhiscan.ParseARN(arn); {
	case !ok || parsed.Service != "iam":
		return err
	case parsed.Resource == rootName:
		e.Hint = rootHint
	case strings.HasPrefix(parsed.Resource, "group/"):
		e.Hint = "get_group has the members and policies of a group"
	case strings.HasPrefix(parsed.Resource, "policy/"):
		e.Hint = "get_managed_policy_document has the text of a policy"
	default:
		return err
	}
	return e
}

func (r identityResult) summary() string {
	lines := append(identityLines(r.shown), adviceLine(r.Advice)...)
	if len(r.shown.Gaps) > 0 {
		lines = append(lines, say("Not all could be read (%s).", counted(len(r.shown.Gaps), "gap", "gaps")))
	}
	return strings.Join(lines, "\n")
}

// identityLines say in short what an identity is and what it can do.
func identityLines(shown *render.Identity) []string {
	id := shown.Identity
	line := say("%s %s: %s, category %s", string(id.Type), id.Name, verdictText(id.Verdict), string(id.Category))
	if id.Detail != "" {
		line += say(" (%s)", id.Detail)
	}
	line += say(". The probability of non-human is %v, from %.0f%% of the evidence.", render.Confidence(id.Confidence), 100*id.Coverage)
	lines := []string{line}
	if reasons := reasons(id, maxReasons); len(reasons) > 0 {
		lines = append(lines, say("Why: %s.", strings.Join(reasons, "; ")))
	}
	if danger := trustDanger(id); danger != "" {
		lines = append(lines, say("Trust policy, %s", danger))
	}
	if shown.Permissions != nil {
		lines = append(lines, abilityLine(shown))
	}
	return lines
}

func verdictText(v nhi.Verdict) string {
	if v == nhi.NonHuman {
		return "non-human"
	}
	return string(v)
}

// abilityLine says how far the identity's permissions go.
func abilityLine(shown *render.Identity) string {
	can := shown.Permissions
	text := say("Access: %s, %s.", render.LevelWord(can.Access.Level), counted(can.Access.Actions, "action", "actions"))
	way := render.ShortestToAdmin(can)
	switch {
	case can.Admin.Is():
		text += " It is an administrator"
		if len(can.Admin.Keys) > 0 {
			text += ", under conditions"
		}
		return text + "."
	case way == nil:
		return text + " It is no administrator, and no way to become one was found."
	case way.Certain():
		return text + say(" It can become administrator: %s.", render.WayText(way))
	}
	return text + say(" It can perhaps become administrator: %s.", render.WayText(way))
}

func adviceLine(advice []string) []string {
	if len(advice) == 0 {
		return nil
	}
	text := say("First: %s", advice[0])
	if n := len(advice) - 1; n > 0 {
		text += say(" (%d more under advice)", n)
	}
	return []string{text}
}
