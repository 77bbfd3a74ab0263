package e2e_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"
)

// TestManageEdges shares one account between what does not come in one another's way.
func TestManageEdges(t *testing.T) {
	t.Parallel()
	c := newChanger(t)
	for _, part := range []struct {
		name string
		test func(*changer)
	}{
		{"keys", keysOfOneUser}, {"missing", missingEntities}, {"refused", refusedByMeaning}, {"plan only", plansOnly},
		{"allowed", privilegedWhenAllowed}, {"cleanup", cleanupInTwoRuns},
		{"denied", deniedByAWS}, // the last: the mock checks permissions from here on
	} {
		t.Run(part.name, func(t *testing.T) { part.test(c.in(t)) })
	}
}

// A keptKey is the file of a new access key.
type keptKey struct {
	Schema    string `json:"schema"`
	AccountID string `json:"account_id"`
	UserName  string `json:"user_name"`
	ID        string `json:"access_key_id"`
	Secret    string `json:"secret_access_key"`
}

// kept reads the file that a change says it has put a secret into; the secret is
// nowhere else.
func (c *changer) kept(d changeDocument) keptKey {
	c.Helper()
	require.NotNil(c, d.AccessKey)
	require.Empty(c, d.AccessKey.Secret)
	require.Equal(c, c.keys, filepath.Dir(d.AccessKey.KeptIn))
	info, err := os.Stat(d.AccessKey.KeptIn)
	require.NoError(c, err)
	require.Equal(c, os.FileMode(0o600), info.Mode().Perm())
	text, err := os.ReadFile(d.AccessKey.KeptIn)
	require.NoError(c, err)
	var key keptKey
	require.NoError(c, json.Unmarshal(text, &key))
	require.Equal(c, d.AccessKey.ID, key.ID)
	require.NotEmpty(c, key.Secret)
	return key
}

func keysOfOneUser(c *changer) {
	keys := func() string {
		return get(c, c.iam.ListAccessKeys, &iam.ListAccessKeysInput{UserName: aws.String("plain")})
	}
	_, r := c.manage("create-access-key", "plain", "--yes")
	require.Equal(c, 2, r.status, "the secret would be lost")
	first := c.kept(c.done("create-access-key", "plain", "--secrets-dir", c.keys))
	require.Equal(c, keptKey{"nhiscan/access-key/v1", "123456789012", "plain", first.ID, first.Secret}, first)
	who := run(c.T, environment(c.moto.Endpoint, first.ID, first.Secret), "caller", "--format", "json", "--allow-gaps")
	require.Contains(c, who.stdout, ":user/plain", "the secret that was kept is the key's")

	second := c.kept(c.done("rotate-access-key", "plain", "--secrets-dir", c.keys))
	require.NotEqual(c, first.ID, second.ID)
	require.Contains(c, keys(), second.ID)
	_, r = c.manage("create-access-key", "plain", "--yes", "--reveal-secrets")
	require.Equal(c, 3, r.status)
	require.Contains(c, r.stderr, "LimitExceeded")
	check, r := c.manage("rotate-access-key", "plain", "--step", "check", "--yes")
	require.Equal(c, 0, r.status, r.stderr)
	require.Equal(c, "unchanged", check.Status)
	require.NotEmpty(c, check.Notes)
	_, r = c.manage("rotate-access-key", "plain", "--step", "delete", "--yes")
	require.NotEqual(c, 0, r.status, "it is active")

	deactivate := []string{"rotate-access-key", "plain", "--step", "deactivate"}
	require.Empty(c, c.aws.during(func() {
		_, r = c.manage(append(deactivate, "--yes")...)
		require.NotEqual(c, 0, r.status, "nobody has used the new key yet")
	}))
	who = run(c.T, environment(c.moto.Endpoint, second.ID, second.Secret), "caller", "--format", "json", "--allow-gaps")
	require.Contains(c, who.stdout, ":user/plain")
	c.done(deactivate...)
	require.Contains(c, keys(), "Inactive")
	c.done("rotate-access-key", "plain", "--step", "delete")
	require.NotContains(c, keys(), first.ID)

	for _, status := range []string{"Inactive", "Active", "Inactive"} {
		args := []string{"update-access-key", "plain", second.ID, status}
		c.done(args...)
		require.Contains(c, keys(), `"`+status+`"`)
		again, _ := c.manage(append(args, "--yes")...)
		require.Equal(c, "unchanged", again.Status)
	}
	_, r = c.manage("delete-access-key", "member", second.ID, "--yes")
	require.Equal(c, 3, r.status, "the key is of another user")
	c.done("delete-access-key", "plain", second.ID)
	require.NotContains(c, keys(), second.ID)

	shown := c.done("create-access-key", "plain", "--reveal-secrets")
	require.NotEmpty(c, shown.AccessKey.Secret)
	require.Empty(c, shown.AccessKey.KeptIn)
	c.done("delete-access-key", "plain", shown.AccessKey.ID)
}

func missingEntities(c *changer) {
	for _, args := range []string{
		"delete-user nobody", "delete-user nobody --force", "delete-group nobody", "delete-role nobody", "delete-instance-profile nobody",
		"delete-policy " + accountARN + "policy/nothing", "add-user-to-group --group-name devs --user-name nobody", "add-user-to-group --group-name nobody --user-name plain", "remove-user-from-group --group-name devs --user-name nobody",
		"attach-user-policy nobody " + booksPolicy, "attach-user-policy plain " + accountARN + "policy/nothing", "attach-role-policy nobody " + booksPolicy,
		"attach-group-policy nobody " + booksPolicy, "detach-role-policy nobody " + booksPolicy, "put-user-policy nobody p %books", "put-role-policy nobody p %books",
		"put-group-policy nobody p %books", "delete-role-policy worker nothing", "update-assume-role-policy nobody %lambda",
		"create-policy-version " + accountARN + "policy/nothing %books", "set-default-policy-version " + booksPolicy + " v9", "delete-policy-version " + booksPolicy + " v9",
		"set-permissions-boundary nobody " + boundPolicy, "set-permissions-boundary plain " + accountARN + "policy/nothing", "delete-permissions-boundary nobody --identity-type role",
		"tag-identity nobody --tag a=b", "untag-identity nobody --tag-key a", "create-user new --permissions-boundary " + accountARN + "policy/nothing",
		"create-access-key nobody --reveal-secrets", "update-access-key plain AKIAIOSFODNN7EXAMPLE Inactive", "delete-access-key plain AKIAIOSFODNN7EXAMPLE",
		"rotate-access-key nobody --step check", "delete-login-profile nobody", "add-role-to-instance-profile --instance-profile-name nobody --role-name worker", "add-role-to-instance-profile --instance-profile-name vacant --role-name nobody",
		"remove-role-from-instance-profile --instance-profile-name vacant --role-name nobody",
	} {
		require.Empty(c, c.aws.during(func() {
			d, r := c.manage(append(c.words(args), "--yes")...)
			require.Equal(c, 3, r.status, "%s: %s", args, r.stderr)
			require.Contains(c, r.stderr, "NoSuchEntity", args)
			require.Equal(c, "failed", d.Status, args)
			require.Empty(c, d.Steps, args)
		}), args)
	}
}

// refusals are changes that no one should make by oversight, and why they are refused.
var refusals = map[string]string{
	"attach-user-policy plain " + adminPolicy:                                "makes-admin",
	"attach-role-policy worker arn:aws:iam::aws:policy/IAMFullAccess":        "makes-admin",
	"attach-group-policy crowd " + adminPolicy:                               "makes-admin",
	"put-user-policy plain p %everything":                                    "makes-admin",
	"put-role-policy worker p %everything":                                   "makes-admin",
	"create-policy-version " + booksPolicy + " %everything --set-as-default": "makes-admin",
	"update-assume-role-policy worker %anyone":                               "public-trust",
	"create-role open %anyone":                                               "public-trust",
	"put-user-policy nhiscan-admin p %books":                                 "changes-caller",
	"set-permissions-boundary nhiscan-admin " + boundPolicy:                  "changes-caller",
	"delete-user nhiscan-admin --force":                                      "changes-caller",
	"set-default-policy-version " + accountARN + "policy/wide v2":            "makes-admin",
}

func refusedByMeaning(c *changer) {
	c.done("create-policy", "wide", readBooks)
	c.done("create-policy-version", accountARN+"policy/wide", everything)
	c.done("attach-user-policy", "member", accountARN+"policy/wide")
	for args, code := range refusals {
		for _, how := range []string{"--yes", "--plan-only"} {
			require.Empty(c, c.aws.during(func() {
				d, r := c.manage(append(c.words(args), how)...)
				require.Equal(c, 1, r.status, "%s: %s", args, r.stderr)
				require.Equal(c, "refused", d.Status, args)
				require.Contains(c, r.stderr, "nothing was changed")
				require.Contains(c, strings.Join(d.dangers(), " "), code, args)
			}), args)
		}
	}
	require.NotContains(c, c.identity("plain"), "AdministratorAccess")
}

func plansOnly(c *changer) {
	for _, r := range rounds {
		if strings.HasPrefix(r.args, "create-") && !strings.Contains(r.args, "version") || strings.HasPrefix(r.args, "delete-login") {
			require.Empty(c, c.aws.during(func() {
				d, out := c.manage(append(c.words(r.args), "--plan-only")...)
				require.Equal(c, 0, out.status, out.stderr)
				require.Equal(c, "planned", d.Status)
				require.NotEmpty(c, d.actions(c.T, "planned"))
			}))
		}
	}
	_, r := c.manage("delete-user", "crowded", "--force")
	require.Equal(c, 2, r.status, "nobody can be asked")
}

func privilegedWhenAllowed(c *changer) {
	d := c.done("attach-user-policy", "plain", adminPolicy, "--allow-privileged-grants")
	require.Contains(c, d.dangers(), "makes-admin", "it says so all the same")
	require.Len(c, d.Effects, 1)
	require.NotEmpty(c, d.Effects[0].After.Admin)
	require.Contains(c, c.identity("plain"), adminPolicy)
	c.done("detach-user-policy", "plain", adminPolicy)
}

// cleanupInTwoRuns deactivates what nobody uses, and deletes it the next time.
func cleanupInTwoRuns(c *changer) {
	file := filepath.Join(c.TempDir(), "plan.json")
	applied := func(args ...string) (int, string) {
		r := run(c.T, c.env, append([]string{"manage", "apply", file, "--format", "json"}, args...)...)
		return r.status, r.stdout + r.stderr
	}
	propose := func() []string {
		require.Empty(c, c.aws.during(func() {
			r := run(c.T, c.env, "cleanup", "-o", file, "--allow-gaps")
			require.Equal(c, 0, r.status, r.stderr)
		}))
		text, err := os.ReadFile(file)
		require.NoError(c, err)
		var plan struct {
			Changes []struct{ Change string }
		}
		require.NoError(c, json.Unmarshal(text, &plan))
		var kinds []string
		for _, change := range plan.Changes {
			kinds = append(kinds, change.Change)
		}
		return kinds
	}
	require.Equal(c, []string{"update_access_key", "attach_user_policy", "attach_role_policy"}, propose())
	require.Empty(c, c.aws.during(func() {
		status, out := applied("--plan-only")
		require.Equal(c, 0, status, out)
	}))
	require.Equal(c, []string{"UpdateAccessKey", "AttachUserPolicy", "AttachRolePolicy"}, c.aws.during(func() {
		status, out := applied("--yes")
		require.Equal(c, 0, status, out)
	}))
	require.Contains(c, c.identity("legacy"), "AWSDenyAll")
	require.Empty(c, c.aws.during(func() {
		status, out := applied("--yes")
		require.Equal(c, 0, status, "the second time there is nothing to do: %s", out)
	}))
	second := propose()
	require.Contains(c, second, "delete_user")
	require.Contains(c, second, "delete_role")
	status, out := applied("--yes")
	require.Equal(c, 0, status, out)
	userGone("legacy")(c)
	roleGone("legacy-job")(c)
	require.Empty(c, propose())
}

func deniedByAWS(c *changer) {
	c.moto.enforce(c.T)
	c.env = c.moto.as("reader")
	for _, args := range []string{"create-group new", "tag-identity plain --tag a=b", "delete-user plain", "put-user-policy plain p %books", "create-role new %lambda"} {
		_, r := c.manage(append(c.words(args), "--yes")...)
		if r.status == 1 {
			require.Contains(c, r.stdout, "iam:GetAccountAuthorizationDetails", "what was not read cannot be judged")
			continue
		}
		require.Equal(c, 3, r.status, "%s: %s", args, r.stderr)
		require.Contains(c, r.stderr, "403", "moto's errors hold their code where the SDK does not look")
	}
	groupGone("new")(c)
	roleGone("new")(c)
	require.NotContains(c, get(c, c.iam.GetUser, &iam.GetUserInput{UserName: aws.String("plain")}), "Tags\":[{")
}
