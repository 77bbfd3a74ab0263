package examples_test

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/testcache"
)

// awsOf serves an account with a user who has one access key.
func awsOf(t *testing.T) (fake *fakeiam.Server, env []string) {
	t.Helper()
	fake = fakeiam.New(&nhiscan.Account{ID: "123456789012", Partition: "aws", Users: []nhiscan.User{
		{
			Name: "ci", ID: "AIDAEXAMPLE00000001", ARN: "arn:aws:iam::123456789012:user/ci", Path: "/",
			Credentials: nhiscan.Credentials{AccessKeys: []nhiscan.AccessKey{{
				ID: "AKIAEXAMPLE000000001", Active: true, CreateDate: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
			}}},
		},
		{Name: "operator", ID: "AIDAEXAMPLE00000002", ARN: "arn:aws:iam::123456789012:user/operator", Path: "/"},
	}})
	fake.CallerARN("arn:aws:iam::123456789012:user/operator")
	listener := httptest.NewServer(fake)
	t.Cleanup(listener.Close)
	return fake, []string{"AWS_ENDPOINT_URL=" + listener.URL, "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_REGION=us-east-1"}
}

// rotate runs rotate_access_key in the directory, with what a person types.
func rotate(t *testing.T, dir string, env []string, typed string, args ...string) result {
	t.Helper()
	require.NoError(t, testcache.DependOn(".."))
	cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "rotate_access_key"), args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(typed)
	cmd.Env = append([]string{"SYSTEMROOT=" + os.Getenv("SYSTEMROOT"), "HOME=" + dir, "USERPROFILE=" + dir, "AWS_EC2_METADATA_DISABLED=true"}, env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); !failed {
		require.NoError(t, err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func TestRotateAccessKey(t *testing.T) {
	t.Parallel()
	fake, env := awsOf(t)
	dir := t.TempDir()
	before := len(fake.Mutations())

	got := rotate(t, dir, env, "no\n", "-user", "ci")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stdout, "Account 123456789012: create a second access key for user ci, to replace AKIAEXAMPLE000000001\n")
	require.Contains(t, got.stderr, "nothing was changed")
	require.Len(t, fake.Mutations(), before)

	got = rotate(t, dir, env, "yes\n", "-user", "ci")
	require.Zero(t, got.code, got.stderr)
	require.Contains(t, got.stdout, "done: create an access key for user ci")
	require.Len(t, fake.Mutations(), before+1)
	kept, err := filepath.Glob(filepath.Join(dir, "keys", "123456789012-ci-*.json"))
	require.NoError(t, err)
	require.Len(t, kept, 1)

	got = rotate(t, dir, env, "", "-user", "ci", "-step", "check")
	require.Zero(t, got.code, got.stderr)
	require.Contains(t, got.stdout, "AKIAEXAMPLE000000001 is not replaced")

	got = rotate(t, dir, env, "yes\n", "-user", "ci", "-step", "deactivate")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "has never been used")
	require.Contains(t, got.stderr, "hint: ")
	require.Len(t, fake.Mutations(), before+1)
}

func TestRotateAccessKeyErrors(t *testing.T) {
	t.Parallel()
	_, env := awsOf(t)
	got := rotate(t, t.TempDir(), env, "yes\n", "-user", "nobody")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "NoSuchEntity")
	got = rotate(t, t.TempDir(), nil, "yes\n", "-user", "ci")
	require.Equal(t, 1, got.code)
	require.Contains(t, got.stderr, "no AWS credentials")
}
