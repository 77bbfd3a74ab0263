package render_test

import (
	"bytes"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/manage"
)

// testApplied is a plan file with a change that ended in each way.
func testApplied() *render.Applied {
	a := &render.Applied{Time: now, AccountID: "123456789012", Caller: testCallerARN}
	all := testChanges()
	for _, name := range []string{"done", "failed", "refused", "unplanned", "unchanged", "interrupted", "key-shown", "planned"} {
		a.Changes = append(a.Changes, &render.AppliedChange{Change: *all[name], Reason: "was last used \x1b[2J long ago", UnusedSince: daysAgo(400)})
	}
	skipped := *testChange(render.ChangeSkipped)
	skipped.Plan = nil
	skipped.Change = manage.TagIdentity{IdentityName: "deploy-bot", IdentityType: "role", Tags: map[string]string{"b": "2", "a": "1"}}
	a.Changes = append(a.Changes, &render.AppliedChange{Change: skipped, Skipped: "it was used today"})
	return a
}

func TestAppliedGoldens(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 110} {
		golden(t, fmt.Sprintf("apply-plans-%d.txt", width), func(w io.Writer) error { return render.PlansText(w, testApplied(), render.Style{Width: width}) })
		golden(t, fmt.Sprintf("apply-%d.txt", width), func(w io.Writer) error { return render.AppliedText(w, testApplied(), render.Style{Width: width}) })
	}
	golden(t, "apply.json", func(w io.Writer) error { return render.AppliedJSON(w, testApplied()) })
	var out bytes.Buffer
	require.NoError(t, render.AppliedJSON(&out, testApplied()))
	requireValid(t, compile(t, "apply-v1.json"), &out)
}

func testCleanup() *render.Cleanup {
	const arn = "arn:aws:iam::123456789012:"
	return &render.Cleanup{Account: testAccount(), Time: now, UnusedFor: 90 * 24 * time.Hour, Found: &manage.Cleanup{
		Proposals: []manage.Proposal{
			{Change: manage.UpdateAccessKey{UserName: "deploy-bot", AccessKeyID: "AKIAEXAMPLEONE", Status: "Inactive"}, Reason: "Access key AKIAEXAMPLEONE was last used on 2025-08-31 (400 days ago).", UnusedSince: daysAgo(400)},
			{Change: manage.AttachUserPolicy{UserName: "=cmd\x1b[2J", PolicyARN: "arn:aws:iam::aws:policy/AWSDenyAll"}, Reason: "never \x1b used"},
			{Change: manage.DeleteUser{UserName: "gone", Force: true}, Reason: "unused", UnusedSince: daysAgo(91)},
		},
		LeftOut: []manage.LeftOut{
			{ARN: arn + "role/a", Reason: "it belongs to an AWS service"}, {ARN: arn + "role/b", Reason: "it belongs to an AWS service"},
			{ARN: arn + "role/c", Reason: "it belongs to an AWS service"}, {ARN: arn + "role/d\x1b[2J", Reason: "it belongs to an AWS service"},
			{ARN: "*", Reason: "not all of the account was read: iam:ListUsers: AccessDenied: \x1b[2J"},
		},
	}}
}

func TestCleanupGoldens(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 60, 100} {
		golden(t, fmt.Sprintf("cleanup-%d.txt", width), func(w io.Writer) error { return render.CleanupTable(w, testCleanup(), render.Style{Width: width}) })
	}
	nothing := testCleanup()
	nothing.Found = &manage.Cleanup{}
	golden(t, "cleanup-nothing.txt", func(w io.Writer) error { return render.CleanupTable(w, nothing, render.Style{}) })
}

func TestAppliedWriteErrorsAreReturned(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, render.PlansText(brokenWriter{}, testApplied(), render.Style{}), errBroken)
	require.ErrorIs(t, render.AppliedText(brokenWriter{}, testApplied(), render.Style{}), errBroken)
	require.ErrorIs(t, render.AppliedJSON(brokenWriter{}, testApplied()), errBroken)
	require.ErrorIs(t, render.CleanupTable(brokenWriter{}, testCleanup(), render.Style{}), errBroken)
}
