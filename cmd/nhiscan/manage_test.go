package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// A person runs the program on a terminal, against an account that can be changed.
type person struct {
	iam *fakeiam.Server
	ctx context.Context
	// typed is what is answered to questions; there is no terminal to type on
	// where it is nil.
	typed io.Reader
	// piped says that the result goes elsewhere than to the terminal.
	piped          bool
	stdout, stderr bytes.Buffer
}

func newPerson(t *testing.T, typed string) *person {
	t.Helper()
	account, err := demo.Account()
	require.NoError(t, err)
	p := &person{iam: fakeiam.New(account), ctx: t.Context(), typed: strings.NewReader(typed)}
	p.iam.CallerARN("arn:aws:iam::123456789012:user/jonas.okafor")
	listener := httptest.NewServer(p.iam)
	t.Cleanup(func() {
		listener.CloseClientConnections()
		listener.Close()
	})
	t.Setenv("AWS_ENDPOINT_URL", listener.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", "none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "none")
	return p
}

func (p *person) run(args ...string) int {
	p.stdout.Reset()
	p.stderr.Reset()
	con := terminal(&p.stdout, &p.stderr, map[string]string{"NO_COLOR": "1"})
	con.stdoutTerminal = !p.piped
	con.stdin, con.stdinTerminal = p.typed, p.typed != nil
	return run(p.ctx, args, con)
}

func (p *person) changes() []string {
	var out []string
	for _, m := range p.iam.Mutations() {
		out = append(out, m.Operation)
	}
	return out
}

func TestManageAsks(t *testing.T) {
	for name, c := range map[string]struct {
		typed   string
		args    string
		status  int
		changes []string
		stdout  string
		stderr  string
	}{
		"yes":                           {"y\n", "create-user ci2 --tag team=build", 0, []string{"CreateUser"}, "Done: 1 call.", "Do it? [y/N]"},
		"Yes":                           {"Yes\n", "create-user ci2", 0, []string{"CreateUser"}, "arn:aws:iam::123456789012:user/ci2", "Do it? [y/N]"},
		"no":                            {"n\n", "create-user ci2", 1, nil, "Create user ci2", "declined: nothing was changed"},
		"an empty line":                 {"\n", "create-user ci2", 1, nil, "Create user ci2", "declined"},
		"the end of the input":          {"", "create-user ci2", 1, nil, "Create user ci2", "declined"},
		"half a line":                   {"y", "create-user ci2", 1, nil, "Create user ci2", "declined"},
		"no question with --yes":        {"", "create-user ci2 --yes", 0, []string{"CreateUser"}, "Done", ""},
		"the name of what is deleted":   {"finn\n", "delete-user finn --force", 0, []string{"DeleteLoginProfile"}, "Done", "Type finn to do it"},
		"another name":                  {"fin\n", "delete-user finn --force", 1, nil, "This cannot be undone.", "declined"},
		"yes instead of the name":       {"yes\n", "delete-user finn --force", 1, nil, "delete user finn", "declined"},
		"the name in other letters":     {"FINN\n", "delete-user finn --force", 1, nil, "delete user finn", "declined"},
		"only the plan":                 {"", "delete-user finn --force --plan-only", 0, nil, "delete user finn", ""},
		"what is not there":             {"", "delete-user nobody", 3, nil, "", "NoSuchEntity"},
		"what is there already":         {"", "create-user finn", 3, nil, "", "EntityAlreadyExists: user finn exists already"},
		"what stands in the way":        {"", "delete-user finn", 3, nil, "", "DeleteConflict"},
		"an argument that cannot be":    {"", "create-user fi/nn", 2, nil, "", `--user-name: "fi/nn" cannot be a name`},
		"an ARN of another account":     {"", "delete-user arn:aws:iam::999999999999:user/finn", 2, nil, "", "--user-name: arn:aws:iam::999999999999:user/finn is of account 999999999999"},
		"the same argument as a flag":   {"y\n", "create-user --user-name ci2", 0, []string{"CreateUser"}, "Done", ""},
		"one argument too many":         {"y\n", "create-user --user-name ci2 ci3", 2, nil, "", `create-user: "ci3" is one argument too many`},
		"plan and yes":                  {"y\n", "create-user ci2 --yes --plan-only", 2, nil, "", "--plan-only and --yes exclude one another"},
		"a saved account":               {"y\n", "create-user ci2 --snapshot a.json", 2, nil, "", "a saved account cannot be changed"},
		"the demo":                      {"y\n", "create-user ci2 --demo", 2, nil, "", "a saved account cannot be changed"},
		"an argument that is missing":   {"y\n", "delete-user", 2, nil, "", "delete-user: --user-name is missing, as in: nhiscan manage delete-user ci"},
		"a command that does not exist": {"y\n", "delete-uesr ci --force", 2, nil, "", `there is no command "delete-uesr"; did you mean delete-user?`},
		"a flag that does not exist":    {"y\n", "delete-user ci --farce", 2, nil, "", "did you mean --force?"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t, c.typed)
			require.Equal(t, c.status, p.run(append([]string{"manage"}, strings.Fields(c.args)...)...), p.stderr.String())
			require.Contains(t, strings.ToLower(p.stdout.String()), strings.ToLower(c.stdout))
			require.Contains(t, p.stderr.String(), c.stderr)
			if len(c.changes) == 0 {
				require.Empty(t, p.changes())
			} else {
				require.Subset(t, p.changes(), c.changes)
			}
		})
	}
}

// Without a terminal nothing is asked, of AWS neither.
func TestManageWithoutTerminal(t *testing.T) {
	p := newPerson(t, "")
	p.typed = nil
	require.Equal(t, commandline.ExitUsage, p.run("manage", "create-user", "ci2"))
	require.Contains(t, p.stderr.String(), "there is no terminal: --yes does without")
	require.Zero(t, p.iam.Total())
	require.Equal(t, commandline.ExitClean, p.run("manage", "create-user", "ci2", "--yes"))
	require.Equal(t, []string{"CreateUser"}, p.changes())
}

// The plan is shown with the question when the result goes elsewhere.
func TestManageAsksWithThePlan(t *testing.T) {
	p := newPerson(t, "finn\n")
	p.piped = true
	require.Equal(t, commandline.ExitClean, p.run("manage", "delete-user", "finn", "--force"), p.stderr.String())
	require.Contains(t, p.stderr.String(), "Delete user finn with")
	var doc struct {
		Schema string
		Change struct {
			Kind, Status string
			Steps        []struct{ Action, Status string }
		}
	}
	require.NoError(t, json.Unmarshal(p.stdout.Bytes(), &doc), p.stdout.String())
	require.Equal(t, "nhiscan/manage/v1", doc.Schema)
	require.Equal(t, "done", doc.Change.Status)
	require.Equal(t, "delete_user", doc.Change.Kind)
	require.Equal(t, len(p.changes()), len(doc.Change.Steps))
}

// A script gets a document of what could not be planned too.
func TestManageNotPlanned(t *testing.T) {
	p := newPerson(t, "")
	p.typed, p.piped = nil, true
	require.Equal(t, commandline.ExitFailed, p.run("manage", "delete-user", "nobody", "--yes"))
	var doc struct {
		Change struct {
			Status string
			Error  struct{ Code string }
		}
	}
	require.NoError(t, json.Unmarshal(p.stdout.Bytes(), &doc), p.stdout.String())
	require.Equal(t, "failed", doc.Change.Status)
	require.Equal(t, "NoSuchEntity", doc.Change.Error.Code)
}

// A trust policy in the place of another policy is called one.
func TestManageOtherKindOfPolicy(t *testing.T) {
	p := newPerson(t, "")
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	require.Equal(t, commandline.ExitUsage, p.run("manage", "put-user-policy", "finn", "p", trust, "--yes"))
	require.Contains(t, p.stderr.String(), "hint: this is a trust policy")
}

// Half way: what was done, what failed with AWS's code, what remains; the same
// command finishes it.
func TestManageHalfWay(t *testing.T) {
	p := newPerson(t, "")
	p.iam.Deny("DeleteLoginProfile")
	require.Equal(t, commandline.ExitFailed, p.run("manage", "delete-user", "finn", "--force", "--yes"))
	require.Empty(t, p.changes())
	require.Contains(t, p.stderr.String(), "iam:DeleteLoginProfile")
	require.Contains(t, p.stderr.String(), "AccessDenied")
	require.Contains(t, p.stderr.String(), "nothing was changed")

	p = newPerson(t, "")
	p.iam.Inject(fakeiam.Fault{Operation: "RemoveUserFromGroup", Code: "ServiceFailure", Status: 400, Times: 1})
	require.Equal(t, commandline.ExitFailed, p.run("manage", "delete-user", "finn", "--force", "--yes"))
	require.NotEmpty(t, p.changes())
	require.NotContains(t, p.changes(), "DeleteUser")
	require.Contains(t, p.stdout.String(), "not tried")
	require.Contains(t, p.stdout.String(), "not known: ServiceFailure")
	require.Contains(t, p.stderr.String(), "is not known: run the same command again, which does what is left")
	require.Equal(t, commandline.ExitClean, p.run("manage", "delete-user", "finn", "--force", "--yes"), p.stderr.String())
	require.Contains(t, p.changes(), "DeleteUser")
}

// Of a creation whose answer is lost nobody knows whether it was.
func TestManageLostAnswer(t *testing.T) {
	p := newPerson(t, "")
	p.iam.Inject(fakeiam.Fault{Operation: "CreateUser", Shape: fakeiam.ShapeReset, AfterEffect: true, Times: 1})
	require.Equal(t, commandline.ExitFailed, p.run("manage", "create-user", "ci2", "--yes"))
	require.Equal(t, []string{"CreateUser"}, p.changes())
	require.Contains(t, p.stdout.String(), "not known")
	require.Contains(t, p.stderr.String(), "look at arn:aws:iam::123456789012:user/ci2 before you try again")
}

// Ctrl-C lets the call that runs come to its end, and begins no further one.
func TestManageInterrupted(t *testing.T) {
	p := newPerson(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	p.ctx = ctx
	p.iam.OnRequest(func(operation string, _ url.Values) {
		if operation == "DeleteLoginProfile" {
			cancel()
		}
	})
	require.Equal(t, commandline.ExitFailed, p.run("manage", "delete-user", "finn", "--force", "--yes"))
	require.Equal(t, []string{"DeleteLoginProfile"}, p.changes())
	require.Contains(t, p.stdout.String(), "Interrupted: 1 of 6 calls done, 5 not tried.")
	require.Contains(t, p.stderr.String(), "run the same command again to finish")
}

func TestManageInterruptedAtTheQuestion(t *testing.T) {
	p := newPerson(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	in, hold := io.Pipe()
	defer hold.Close()
	p.ctx, p.typed = ctx, &interrupting{in, cancel}
	require.Equal(t, commandline.ExitFailed, p.run("manage", "create-user", "ci2"))
	require.Empty(t, p.changes())
	require.Contains(t, p.stderr.String(), "interrupted: nothing was changed")
}

// interrupting ends a context when it is first read from.
type interrupting struct {
	io.Reader
	cancel context.CancelFunc
}

func (r *interrupting) Read(p []byte) (int, error) {
	r.cancel()
	return r.Reader.Read(p)
}
