package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/manage"
)

const readReports = `{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}]
}`

// Every kind of change has a command whose help shows its arguments, and whose
// example is a command line that can be.
func TestEveryKindIsACommand(t *testing.T) {
	t.Parallel()
	for _, kind := range manage.Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			require.Equal(t, 0, run(t.Context(), []string{"manage", commandName(kind.Name), "--help"}, terminal(&stdout, &stderr, nil)))
			arguments := newChangeArguments(kind)
			for _, a := range arguments.all {
				require.Contains(t, stdout.String(), "--"+a.flag+" ")
			}
			require.Contains(t, stdout.String(), "nhiscan manage "+commandName(kind.Name))
			words := strings.Fields(arguments.sample())[1:]
			require.NoError(t, arguments.positional(words))
			require.Empty(t, arguments.open())
		})
	}
}

func TestChangeArguments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	policy, torn := file("policy.json", readReports), file("torn.json", "{\n  \"Statement\": [{\"Effect\": 1}]}")
	account, list := file("account.json", `{"UserDetailList": []}`), file("list.json", "[]")
	for name, c := range map[string]struct {
		args  []string
		stdin string
		want  string // JSON, or the error
	}{
		"in their order":           {args: []string{"put-user-policy", "ci", "read", policy}, want: `{"user_name":"ci","policy_name":"read","policy_document":` + quoted(readReports) + `}`},
		"flags and the rest":       {args: []string{"put-user-policy", "--policy-name", "read", "ci", policy}, want: `{"user_name":"ci","policy_name":"read","policy_document":` + quoted(readReports) + `}`},
		"a document itself":        {args: []string{"put-user-policy", "ci", "read", readReports}, want: `{"user_name":"ci","policy_name":"read","policy_document":` + quoted(readReports) + `}`},
		"from standard input":      {args: []string{"put-user-policy", "ci", "read", "-"}, stdin: readReports, want: `{"user_name":"ci","policy_name":"read","policy_document":` + quoted(readReports) + `}`},
		"tags":                     {args: []string{"create-user", "ci", "--tag", "team=build", "--tag", "a=b=c"}, want: `{"user_name":"ci","path":"/","tags":{"team":"build","a":"b=c"}}`},
		"tags without a flag":      {args: []string{"tag-identity", "ci", "team=build", "x="}, want: `{"identity_name":"ci","identity_type":"user","tags":{"team":"build","x":""}}`},
		"a list":                   {args: []string{"untag-identity", "ci", "team", "--tag-key", "x"}, want: "one argument too many"},
		"a list without a flag":    {args: []string{"untag-identity", "ci", "team", "x"}, want: `{"identity_name":"ci","identity_type":"user","tag_keys":["team","x"]}`},
		"a switch":                 {args: []string{"delete-user", "ci", "--force"}, want: `{"user_name":"ci","force":true}`},
		"a switch off":             {args: []string{"delete-user", "ci", "--force=false"}, want: `{"user_name":"ci"}`},
		"a switch that is no such": {args: []string{"delete-user", "ci", "--force=maybe"}, want: "--force maybe: want true or false"},
		"a number out of range":    {args: []string{"create-role", "r", policy, "--max-session-duration", "60"}, want: "--max-session-duration 60: want a number from 3600"},
		"a number that is none":    {args: []string{"create-role", "r", policy, "--max-session-duration", "1h"}, want: "want a whole number"},
		"a word":                   {args: []string{"update-access-key", "ci", "AKIAIOSFODNN7EXAMPLE", "inactve"}, want: "--status inactve: did you mean Inactive? want one of Active, Inactive"},
		"a word as a flag":         {args: []string{"update-access-key", "ci", "AKIAIOSFODNN7EXAMPLE", "--status", "off"}, want: "--status off: want one of Active, Inactive"},
		"a tag without a value":    {args: []string{"create-user", "ci", "--tag", "x"}, want: "--tag x: want KEY=VALUE"},
		"a tag twice":              {args: []string{"create-user", "ci", "--tag", "x=1", "--tag", "x=2"}, want: `the key "x" is given twice`},
		"nothing":                  {args: []string{"put-user-policy", "ci"}, want: "put-user-policy: --policy-name is missing, as in: nhiscan manage put-user-policy ci read-reports policy.json"},
		"an empty argument":        {args: []string{"delete-user", ""}, want: "delete-user: argument 1 is empty"},
		"a torn document":          {args: []string{"put-user-policy", "ci", "read", torn}, want: "torn.json:2:28: statement 1: Effect: "},
		"a torn document itself":   {args: []string{"put-user-policy", "ci", "read", `{"Statement": 1}`}, want: "--policy-document:1:"},
		"an account file":          {args: []string{"put-user-policy", "ci", "read", account}, want: "is an account file, not a policy document"},
		"no document":              {args: []string{"put-user-policy", "ci", "read", list}, want: "list.json:1:1: "},
		"no such file":             {args: []string{"put-user-policy", "ci", "read", filepath.Join(dir, "none.json")}, want: "--policy-document: open "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			change, err := parseChange(t.Context(), c.args, c.stdin)
			if !strings.HasPrefix(c.want, "{") {
				require.ErrorContains(t, err, c.want)
				return
			}
			require.NoError(t, err)
			text, err := json.Marshal(change)
			require.NoError(t, err)
			require.JSONEq(t, c.want, string(text))
		})
	}
}

// parseChange is what a command line means.
func parseChange(ctx context.Context, args []string, stdin string) (manage.Change, error) {
	con := terminal(io.Discard, io.Discard, nil)
	con.stdin = strings.NewReader(stdin)
	kind, _ := manage.KindOf(strings.ReplaceAll(args[0], "-", "_"))
	cmd := newChangeCommand(con, kind)
	arguments := newChangeArguments(kind)
	cmd.ResetFlags()
	arguments.register(cmd)
	if err := cmd.ParseFlags(args[1:]); err != nil {
		return nil, commandline.FlagError(cmd, err)
	}
	if err := arguments.positional(cmd.Flags().Args()); err != nil {
		return nil, err
	}
	return arguments.change(ctx, con)
}

func quoted(text string) string {
	out, _ := json.Marshal(text)
	return string(out)
}

func TestKeepRefusesNobody(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	require.Equal(t, commandline.ExitUsage, run(t.Context(), []string{"cleanup", "--demo", "--keep", "greta.hol"}, terminal(&stdout, &stderr, nil)))
	require.Contains(t, stderr.String(), "--keep greta.hol: there is no such user or role; did you mean greta.holm?")
	stdout.Reset()
	require.Equal(t, 0, run(t.Context(), []string{"cleanup", "--demo", "--keep", "Greta.Holm"}, terminal(&stdout, &stderr, nil)))
	require.NotContains(t, stdout.String(), "greta.holm AKIA")
}
