package mcpserver

import (
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/nhiscan/nhiscan/manage"
)

// askAgain is the hint where an answer does not count.
const askAgain = "call the tool again, and a person is asked anew"

// confirmation returns what the person behind the client has confirmed; nil when
// nobody was asked. The error is for every answer that is not a confirmation of
// this very call. AWS is not asked for it.
func (x *changing) confirmation() (*confirmation, error) {
	if _, answered := server.InputResponse(x.responses, confirmID); !answered {
		return nil, nil
	}
	asked, ok := x.server.confirmer.open(x.state)
	now := time.Now()
	switch {
	case !ok:
		return nil, refusef("the confirmation does not belong to a question of this server: nothing was changed", askAgain)
	case !same(asked.Tool, x.tool.Name) || !same(asked.Arguments, x.digest):
		return nil, refusef("the confirmation is of a call with other arguments: nothing was changed", askAgain)
	case !same(asked.Caller, x.callerKey()):
		return nil, refusef("the confirmation is of another client's call: nothing was changed", askAgain)
	case now.After(asked.Expires):
		return nil, refusef("the confirmation has expired: nothing was changed", askAgain)
	case !x.server.confirmer.use(asked, now):
		return nil, refusef("the confirmation was used before: nothing was changed", askAgain)
	}
	return asked, x.checkAnswer(asked)
}

// checkAnswer refuses every answer but a yes, and the name where it has to be typed.
func (x *changing) checkAnswer(asked *confirmation) error {
	answer := server.ElicitationResponse(x.responses, confirmID)
	switch {
	case answer == nil:
		return refusef("the answer to the question cannot be read: nothing was changed", askAgain)
	case answer.Action == mcp.ElicitationResponseActionDecline, answer.Action == mcp.ElicitationResponseActionCancel:
		return x.declined("the person who was asked has not confirmed it: nothing was changed")
	case answer.Action != mcp.ElicitationResponseActionAccept:
		return refusef("the answer to the question is neither a yes nor a no: nothing was changed", askAgain)
	}
	content, _ := answer.Content.(map[string]any)
	if asked.Name != "" {
		if typed, ok := content[fieldName].(string); !ok || !same(typed, asked.Name) {
			return refusef(say("what was typed is not the name %s: nothing was changed", asked.Name), askAgain)
		}
		return nil
	}
	if yes, ok := content[fieldConfirm].(bool); !ok || !yes {
		return x.declined("the form was sent without a yes: nothing was changed")
	}
	return nil
}

func (x *changing) declined(message string) error {
	x.note(func(r *record) { r.Decision = decisionDeclined })
	return &Error{Code: CodeDeclined, Message: message, Hint: "do not ask again unless the user wants it"}
}

// checkSame refuses to do other than what was confirmed: the account, or whose the
// credentials are, may have changed since the question.
func (x *changing) checkSame(confirmed *confirmation, plan *manage.Plan) error {
	switch {
	case confirmed == nil:
		x.note(func(r *record) { r.Decision = decisionUnconfirmed })
		return nil
	case !same(confirmed.Identity, sessionless(x.identity)):
		return refusef("the credentials are no longer those of the question: nothing was changed", askAgain)
	case !same(confirmed.Plan, plan.Digest()):
		return refusef("the account has changed since the question: nothing was changed", "call again: a person is asked about what would be done now")
	}
	x.note(func(r *record) { r.Decision = decisionConfirmed })
	return nil
}
