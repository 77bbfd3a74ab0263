package render_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/session"
)

const testCallerARN = "arn:aws:sts::123456789012:assumed-role/admin/ada"

// testPlan is a plan with something of everything that is shown.
func testPlan() *manage.Plan {
	const user = "arn:aws:iam::123456789012:user/service/deploy-bot"
	step := func(action, does string) manage.Step {
		return manage.Step{Action: action, Resource: user, Does: does}
	}
	return &manage.Plan{
		Change: manage.DeleteUser{UserName: "deploy-bot", Force: true}, AccountID: "123456789012", Target: user, TargetName: "deploy-bot",
		Summary: "delete user deploy-bot with 1 access key and 1 inline policy", Destructive: true,
		Steps: []manage.Step{
			step("iam:DeleteAccessKey", "delete access key AKIAIOSFODNN7EXAMPLE"),
			step("iam:DeleteUserPolicy", "delete inline policy "+strings.Repeat("long-", 16)+"\x1b[2J\u202e"),
			step("iam:DeleteUser", "delete user deploy-bot"),
		},
		Effects: []manage.Effect{
			{ARN: user, Before: manage.Power{AccessLevel: "Read", Actions: 1200, Escalations: []string{"iam.create-access-key"}}, After: manage.Power{Admin: "direct", AccessLevel: "Permissions management", Actions: 21830, Escalations: []string{"sts.assume-role"}}},
			{ARN: "arn:aws:iam::123456789012:role/=cmd\x1b[2J", Before: manage.Power{Admin: "changes-itself", AccessLevel: "Read", Actions: 3}, After: manage.Power{AccessLevel: "Read", Actions: 3}},
			{ARN: "arn:aws:iam::123456789012:role/same", Before: manage.Power{Actions: 3}, After: manage.Power{Actions: 3}},
		},
		Risks:    []manage.Risk{{Code: manage.RiskInUse, Message: "user deploy-bot was last used on 2026-10-02"}},
		Refusals: []manage.Refusal{{Code: manage.RiskAdmin, Message: "user \x1b[31mdeploy-bot becomes an administrator"}},
		Notes:    []string{"the next step is to look \x07 for what used it"},
	}
}

func testChange(status render.ChangeStatus) *render.Change {
	return &render.Change{Time: now, AccountID: "123456789012", Caller: testCallerARN, Change: manage.DeleteUser{UserName: "deploy-bot"}, Plan: testPlan(), Status: status}
}

// withResult adds a result whose steps have these statuses.
func withResult(c *render.Change, err error, statuses ...manage.StepStatus) *render.Change {
	c.Err, c.Result = err, &manage.Result{Plan: c.Plan}
	for i, status := range statuses {
		step := manage.StepResult{Step: c.Plan.Steps[i], Status: status}
		if status == manage.StepFailed || status == manage.StepUnknown {
			step.Err = err
		}
		c.Result.Steps = append(c.Result.Steps, step)
	}
	return c
}

const canary = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

// testChanges are changes that ended in each way.
func testChanges() map[string]*render.Change {
	denied := &collect.Error{Operation: "iam:DeleteUserPolicy", Resource: "deploy-bot", Code: "AccessDenied", Message: "not \x1b[2J allowed", RequestID: "0f1c"}
	created := withResult(testChange(render.ChangeDone), nil, manage.StepDone)
	created.Result.ARN, created.Result.ID, created.Result.VersionID = "arn:aws:iam::123456789012:policy/p", "ANPA1", "v2"
	key := &manage.NewAccessKey{ID: "AKIAIOSFODNN7EXAMPLE", UserName: "deploy-bot", Secret: session.NewSecret(canary), CreateDate: now}
	kept, shown := withResult(testChange(render.ChangeDone), nil, manage.StepDone), withResult(testChange(render.ChangeDone), nil, manage.StepDone)
	shown.Result.AccessKey, shown.RevealSecret = key, true
	kept.Result.AccessKey = new(manage.NewAccessKey)
	*kept.Result.AccessKey = *key
	kept.Result.AccessKey.KeptIn = "keys/123456789012-deploy-bot.json"
	unplanned := testChange(render.ChangeFailed)
	unplanned.Plan, unplanned.Err = nil, errors.New("there is no user \x1b[2J")
	unchanged := testChange(render.ChangeUnchanged)
	unchanged.Plan = &manage.Plan{Change: unchanged.Change, Summary: "user ci is in group dev already", Notes: []string{"nothing is to be done"}}
	return map[string]*render.Change{
		"planned":     testChange(render.ChangePlanned),
		"refused":     testChange(render.ChangeRefused),
		"declined":    testChange(render.ChangeDeclined),
		"unchanged":   unchanged,
		"unplanned":   unplanned,
		"done":        withResult(testChange(render.ChangeDone), nil, manage.StepDone, manage.StepSkipped, manage.StepDone),
		"failed":      withResult(testChange(render.ChangeFailed), denied, manage.StepDone, manage.StepFailed, manage.StepRemaining),
		"failed-once": withResult(testChange(render.ChangeFailed), denied, manage.StepFailed, manage.StepRemaining, manage.StepRemaining),
		"unknown":     withResult(testChange(render.ChangeFailed), denied, manage.StepUnknown, manage.StepRemaining),
		"interrupted": withResult(testChange(render.ChangeInterrupted), context.Canceled, manage.StepDone, manage.StepRemaining),
		"created":     created,
		"key-kept":    kept,
		"key-shown":   shown,
	}
}

func TestChangeGoldens(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 60, 100} {
		golden(t, fmt.Sprintf("manage-plan-%d.txt", width), func(w io.Writer) error {
			return render.PlanText(w, testChange(render.ChangePlanned), render.Style{Width: width})
		})
	}
	golden(t, "manage-plan-color.txt", func(w io.Writer) error {
		return render.PlanText(w, testChange(render.ChangePlanned), render.Style{Width: 100, Color: true})
	})
	for name, c := range testChanges() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, "manage-"+name+".json", func(w io.Writer) error { return render.ChangeJSON(w, c) })
			golden(t, "manage-"+name+".txt", func(w io.Writer) error { return render.ResultText(w, c, render.Style{Width: 100}) })
		})
	}
}

func TestChangeJSONIsOfItsSchema(t *testing.T) {
	t.Parallel()
	for name, c := range testChanges() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			require.NoError(t, render.ChangeJSON(&out, c))
			requireValid(t, compile(t, "manage-v1.json"), &out)
		})
	}
}

// The secret of a key is shown where that was asked for, and nowhere else.
func TestSecretOfANewKey(t *testing.T) {
	t.Parallel()
	for name, c := range testChanges() {
		var out bytes.Buffer
		require.NoError(t, render.ChangeJSON(&out, c))
		require.NoError(t, render.PlanText(&out, testChange(render.ChangePlanned), render.Style{}))
		require.NoError(t, render.ResultText(&out, c, render.Style{}))
		want := 0
		if c.RevealSecret {
			want = 2
		}
		require.Equal(t, want, strings.Count(out.String(), canary), name)
	}
}

func TestChangeWriteErrorsAreReturned(t *testing.T) {
	t.Parallel()
	c := withResult(testChange(render.ChangeDone), nil, manage.StepDone)
	require.ErrorIs(t, render.PlanText(brokenWriter{}, c, render.Style{}), errBroken)
	require.ErrorIs(t, render.ResultText(brokenWriter{}, c, render.Style{}), errBroken)
	require.ErrorIs(t, render.ChangeJSON(brokenWriter{}, c), errBroken)
}
