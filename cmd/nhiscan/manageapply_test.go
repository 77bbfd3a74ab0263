package main

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/manage"
)

const etlKey = "AKIAWGH63Q4HXEXAMPLE"

// planFile saves a plan file with these changes.
func planFile(t *testing.T, changes ...string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "plan.json")
	text := `{"schema": "nhiscan/plan/v1", "account_id": "123456789012", "created_at": "2026-10-05T09:00:00Z", "changes": [` + strings.Join(changes, ",\n") + "]}"
	require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
	return name
}

const (
	deactivate = `{"change": "update_access_key", "arguments": {"user_name": "etl-loader", "access_key_id": "` + etlKey + `", "status": "Inactive"}, "reason": "never used", "unused_since": "2025-11-09T00:00:00Z"}`
	createTemp = `{"change": "create_group", "arguments": {"group_name": "temporary"}}`
	deleteGone = `{"change": "delete_group", "arguments": {"group_name": "nobody-has-it"}}`
	deleteFinn = `{"change": "delete_user", "arguments": {"user_name": "finn", "force": true}}`
)

func statuses(t *testing.T, p *person) []string {
	t.Helper()
	var doc struct {
		Schema  string
		Changes []struct{ Change struct{ Status string } }
	}
	require.NoError(t, json.Unmarshal(p.stdout.Bytes(), &doc), p.stdout.String())
	require.Equal(t, "nhiscan/apply/v1", doc.Schema)
	var out []string
	for _, c := range doc.Changes {
		out = append(out, c.Change.Status)
	}
	return out
}

func TestApplyAsksOnce(t *testing.T) {
	for name, c := range map[string]struct {
		typed   string
		changes []string
		flags   string
		status  int
		made    []string
		becomes []string
		stderr  string
	}{
		"yes":                     {"y\n", []string{createTemp}, "", 0, []string{"CreateGroup"}, []string{"done"}, "Do it? [y/N]"},
		"no":                      {"n\n", []string{createTemp}, "", 1, nil, []string{"declined"}, "declined: nothing was changed"},
		"deletions are counted":   {"delete 1\n", []string{createTemp, deleteFinn}, "", 0, []string{"CreateGroup", "DeleteUser"}, []string{"done", "done"}, "1 of 2 changes cannot be undone"},
		"yes is not enough":       {"y\n", []string{createTemp, deleteFinn}, "", 1, nil, []string{"declined", "declined"}, "declined"},
		"the plan":                {"", []string{createTemp, deleteFinn}, "--plan-only", 0, nil, []string{"planned", "planned"}, ""},
		"one that fails":          {"", []string{deleteGone, createTemp}, "--yes", 3, []string{"CreateGroup"}, []string{"failed", "done"}, "1 of 2 failed"},
		"nothing that can be":     {"", []string{deleteGone}, "", 3, nil, []string{"failed"}, "not all changes were made"},
		"what is used is skipped": {"", []string{strings.Replace(deactivate, "2025-11-09", "2020-01-01", 1), createTemp}, "--yes", 0, []string{"CreateGroup"}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t, c.typed)
			p.piped = true
			status := p.run(append([]string{"manage", "apply", planFile(t, c.changes...)}, strings.Fields(c.flags)...)...)
			require.Equal(t, c.status, status, p.stderr.String())
			require.Contains(t, p.stderr.String(), c.stderr)
			if c.made == nil {
				require.Empty(t, p.changes())
			} else {
				require.Subset(t, p.changes(), c.made)
			}
			if c.becomes != nil {
				require.Equal(t, c.becomes, statuses(t, p))
			}
		})
	}
}

func TestApplyTable(t *testing.T) {
	p := newPerson(t, "delete 1\n")
	p.iam.Deny("DeleteUser")
	require.Equal(t, commandline.ExitFailed, p.run("manage", "apply", planFile(t, createTemp, deleteFinn)))
	out := p.stdout.String()
	require.Contains(t, out, "2. Delete user finn with")
	require.Contains(t, out, "failed: AccessDenied")
	require.Contains(t, out, "Done: 1 of 2 changes, 1 failed.")
	require.Contains(t, p.stderr.String(), "run the same command again")
}

// What the file cannot be is wrong usage, with its place, and AWS is not asked.
func TestApplyWrongFiles(t *testing.T) {
	for name, c := range map[string]struct{ change, want string }{
		"an unknown change":   {`{"change": "delete_uesr", "arguments": {}}`, `plan.json:1:122: change 1: there is no change "delete_uesr"`},
		"an unknown argument": {`{"change": "delete_user", "arguments": {"user": "ci"}}`, "user"},
		"no JSON":             {`{`, "plan.json:1:"},
		"a key to nowhere":    {`{"change": "create_access_key", "arguments": {"user_name": "finn"}}`, "--secrets-dir DIR"},
		"a rotation's key":    {`{"change": "rotate_access_key", "arguments": {"user_name": "finn"}}`, "--secrets-dir DIR"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t, "y\n")
			require.Equal(t, commandline.ExitUsage, p.run("manage", "apply", planFile(t, c.change)), p.stderr.String())
			require.Contains(t, p.stderr.String(), c.want)
			require.Zero(t, p.iam.Total())
		})
	}
	p := newPerson(t, "y\n")
	p.iam.CallerARN("arn:aws:iam::999999999999:user/other")
	require.Equal(t, commandline.ExitUsage, p.run("manage", "apply", planFile(t, createTemp)))
	require.Contains(t, p.stderr.String(), "the plan file is for another account")
	require.Equal(t, commandline.ExitUsage, p.run("manage", "apply"))
	require.Equal(t, commandline.ExitFailed, p.run("manage", "apply", filepath.Join(t.TempDir(), "none.json")))
}

// Each change is worked out again before it is made, and not made when it would do
// more than was shown, or something else speaks against it.
func TestApplyDoesWhatWasShown(t *testing.T) {
	t.Parallel()
	step := manage.Step{Action: "iam:DeleteUser", Resource: "arn", Does: "delete user ci"}
	more := manage.Step{Action: "iam:DeleteAccessKey", Resource: "arn", Does: "delete access key AKIA"}
	shown := &manage.Plan{Steps: []manage.Step{more, step}, Risks: []manage.Risk{{Code: manage.RiskInUse, Message: "used yesterday"}}}
	require.NoError(t, asConfirmed(shown, &manage.Plan{Steps: []manage.Step{step}}))
	require.NoError(t, asConfirmed(shown, &manage.Plan{Steps: shown.Steps, Risks: []manage.Risk{{Code: manage.RiskInUse, Message: "used today"}}}))
	require.ErrorContains(t, asConfirmed(&manage.Plan{Steps: []manage.Step{step}}, shown), "it would now do more than was shown: delete access key AKIA")
	require.ErrorContains(t, asConfirmed(&manage.Plan{Steps: shown.Steps}, shown), "what was not known when it was shown: used yesterday")
}

// A change is worked out for the account as the one before it has left it.
func TestApplyPlansAgain(t *testing.T) {
	p := newPerson(t, "")
	p.piped = true
	twice := strings.Replace(deleteFinn, "finn", "arn:aws:iam::123456789012:user/people/finn", 1)
	require.Equal(t, commandline.ExitFailed, p.run("manage", "apply", planFile(t, deleteFinn, twice), "--yes"), p.stderr.String())
	require.Equal(t, []string{"done", "failed"}, statuses(t, p))
	require.Contains(t, p.stdout.String(), "NoSuchEntity")
}

func TestApplyInterrupted(t *testing.T) {
	p := newPerson(t, "")
	p.piped = true
	ctx, cancel := context.WithCancel(t.Context())
	p.ctx = ctx
	p.iam.OnRequest(func(operation string, _ url.Values) {
		if operation == "CreateGroup" {
			cancel()
		}
	})
	require.Equal(t, commandline.ExitFailed, p.run("manage", "apply", planFile(t, createTemp, deleteFinn), "--yes"))
	require.Equal(t, []string{"CreateGroup"}, p.changes())
	require.Equal(t, []string{"done", "interrupted"}, statuses(t, p))
}

// What cleanup proposes, apply does; then there is nothing left but what waits for
// the next run.
func TestCleanupAndApply(t *testing.T) {
	p := newPerson(t, "")
	p.iam.ManagedPolicies("arn:aws:iam::aws:policy/AWSDenyAll")
	plan := filepath.Join(t.TempDir(), "plan.json")
	require.Equal(t, commandline.ExitClean, p.run("cleanup", "--unused-for", "90d", "-o", plan), p.stderr.String())
	require.Contains(t, p.stderr.String(), "look through them, then: nhiscan manage apply")
	require.Empty(t, p.changes())
	info, err := os.Stat(plan)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	p.piped = true
	status := p.run("manage", "apply", plan, "--yes")
	require.Contains(t, p.changes(), "UpdateAccessKey")
	require.Contains(t, p.changes(), "AttachUserPolicy")
	require.Equal(t, commandline.ExitClean, status, p.stderr.String()+p.stdout.String())
}

func TestNewKeyIsKeptOrShown(t *testing.T) {
	p := newPerson(t, "y\n")
	require.Equal(t, commandline.ExitUsage, p.run("manage", "create-access-key", "finn"))
	require.Contains(t, p.stderr.String(), "--secrets-dir DIR, or see it with --reveal-secrets")
	require.Zero(t, p.iam.Total())

	dir := filepath.Join(t.TempDir(), "keys")
	require.Equal(t, commandline.ExitUsage, p.run("manage", "create-access-key", "finn", "--secrets-dir", dir, "--reveal-secrets"))
	require.Equal(t, commandline.ExitClean, p.run("manage", "create-access-key", "finn", "--secrets-dir", dir), p.stderr.String())
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	var kept struct {
		Secret string `json:"secret_access_key"`
	}
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &kept))
	require.Len(t, kept.Secret, 40)
	require.NotContains(t, p.stdout.String()+p.stderr.String(), kept.Secret)
	require.Contains(t, p.stdout.String(), "123456789012-finn-")

	p = newPerson(t, "y\n")
	p.piped = true
	require.Equal(t, commandline.ExitClean, p.run("manage", "create-access-key", "finn", "--reveal-secrets"), p.stderr.String())
	var doc struct {
		Change struct {
			AccessKey struct {
				Secret string `json:"secret_access_key"`
			} `json:"access_key"`
		}
	}
	require.NoError(t, json.Unmarshal(p.stdout.Bytes(), &doc))
	require.Len(t, doc.Change.AccessKey.Secret, 40)
}

// The key exists when its secret cannot be shown, and that is said.
func TestNewKeyThatCannotBeShown(t *testing.T) {
	p := newPerson(t, "y\n")
	con := terminal(brokenWriter{}, &p.stderr, nil)
	con.stdin, con.stdinTerminal = p.typed, true
	require.Equal(t, commandline.ExitFailed, run(p.ctx, []string{"manage", "create-access-key", "finn", "--reveal-secrets", "--format", "json"}, con))
	require.Equal(t, []string{"CreateAccessKey"}, p.changes())
	require.Contains(t, p.stderr.String(), "of user finn was created and its secret is lost: delete it")
}
