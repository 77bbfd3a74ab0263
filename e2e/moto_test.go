package e2e_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestScanOfThousands(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 3000, 3000)
	r := run(t, m.as("admin"), "scan", "--format", "json", "--allow-gaps")
	require.Equal(t, 0, r.status, r.stderr)
	s := r.scan(t)

	require.Equal(t, "123456789012", s.AccountID)
	require.Equal(t, 3003, s.Summary.Users, "those seeded and the three callers")
	require.Equal(t, 3001, s.Summary.Roles)
	require.Len(t, s.Identities, 6004)
	require.Equal(t, map[string]int{"human": 1500}, s.verdicts("maria.lopez"))
	require.Equal(t, map[string]int{"nhi": 1500}, s.verdicts("svc-orders"))
	require.Equal(t, map[string]int{"nhi": 750}, s.verdicts("lambda-role"))
	require.Equal(t, map[string]int{"nhi": 750}, s.verdicts("ec2-role"))
	require.Equal(t, map[string]int{"nhi": 750}, s.verdicts("github-role"))
	require.Equal(t, map[string]int{"human": 750}, s.verdicts("AWSReservedSSO_"))
}

func TestSavedFileScansAlike(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 20, 20)
	file := filepath.Join(t.TempDir(), "account.json")
	r := run(t, m.as("admin"), "collect", "--detail", "--allow-gaps", "-o", file)
	require.Equal(t, 0, r.status, r.stderr)
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	live := run(t, m.as("admin"), "scan", "--detail", "--format", "json", "--allow-gaps").scan(t)
	saved := run(t, nil, "scan", "--snapshot", file, "--format", "json", "--allow-gaps").scan(t)
	require.Equal(t, live.Summary, saved.Summary)
	require.Equal(t, live.Identities, saved.Identities)
	require.Equal(t, live.Gaps, saved.Gaps)
}

func TestOneIdentity(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 4, 4)
	for name, args := range map[string][]string{
		"user":     {"identity", "svc-orders-00001", "--type", "user"},
		"role":     {"identity", "lambda-role-00000", "--type", "role"},
		"any type": {"identity", "github-role-00002"},
		"caller":   {"caller"},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, m.as("admin"), append(args, "--format", "json", "--allow-gaps")...)
			require.Equal(t, 0, r.status, r.stderr)
			require.Contains(t, r.stdout, `"schema"`)
		})
	}
	missing := run(t, m.as("admin"), "identity", "nobody-here")
	require.Equal(t, 3, missing.status)
	require.Contains(t, missing.stderr, "nobody-here")
}

func TestLeastPrivilege(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 20, 20)
	m.enforce(t)
	r := run(t, m.as("reader"), "scan", "--format", "json")
	require.Equal(t, 3, r.status, "what was refused leaves the scan incomplete: %s", r.stderr)
	s := r.scan(t)
	require.False(t, s.Complete)
	require.NotEmpty(t, s.Gaps)
	require.Len(t, s.Identities, 44, "every identity is there all the same")
	require.Equal(t, map[string]int{"nhi": 5}, s.verdicts("lambda-role"))
	require.Equal(t, map[string]int{"human": 5}, s.verdicts("AWSReservedSSO_"))
	require.Equal(t, map[string]int{"nhi": 10}, s.verdicts("svc-orders"))

	require.Equal(t, 0, run(t, m.as("reader"), "scan", "--format", "json", "--allow-gaps").status)
}

func TestNoPermission(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 2, 2)
	m.enforce(t)
	r := run(t, m.as("nobody"), "scan")
	require.Equal(t, 3, r.status)
	require.Empty(t, r.stdout)
	require.Contains(t, r.stderr, "403")
	require.Contains(t, r.stderr, "allow iam:GetAccountAuthorizationDetails", "the hint names a permission that would help")
}

func TestUnknownKey(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 2, 2)
	m.enforce(t)
	r := run(t, environment(m.Endpoint, "AKIAIOSFODNN7EXAMPLE", "wrong"), "scan")
	require.Equal(t, 3, r.status)
	require.Empty(t, r.stdout)
	require.Contains(t, r.stderr, "403", "moto's errors hold their code where the SDK does not look")
}

func TestAssumedRole(t *testing.T) {
	t.Parallel()
	m := startMoto(t, 2, 2)
	r := run(t, m.as("admin"), "caller", "--role-arn", "arn:aws:iam::123456789012:role/scanner", "--format", "json", "--allow-gaps")
	require.Equal(t, 0, r.status, r.stderr)
	require.Contains(t, r.stdout, "assumed-role/scanner/")
}

func TestNoCredentials(t *testing.T) {
	t.Parallel()
	env := []string{"HOME=" + os.DevNull, "AWS_EC2_METADATA_DISABLED=true"}
	r := run(t, env, "scan")
	require.Equal(t, 3, r.status)
	require.Empty(t, r.stdout)
	require.Contains(t, r.stderr, "--profile")
	require.Contains(t, r.stderr, "--snapshot")
	require.Contains(t, r.stderr, "--demo")
}

// TestHungEndpoint interrupts a scan whose endpoint accepts requests and never answers.
func TestHungEndpoint(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{}, 100)
	release := make(chan struct{})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		asked <- struct{}{}
		<-release
	})}
	go func() { _ = server.Serve(listener) }() // ends with Close, below
	t.Cleanup(func() {
		close(release)
		require.NoError(t, server.Close())
	})

	cmd, stdout, stderr := command(t, environment("http://"+listener.Addr().String(), "AKIAIOSFODNN7EXAMPLE", "x"), "scan")
	require.NoError(t, cmd.Start())
	<-asked
	interrupted := time.Now()
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.Error(t, cmd.Wait())
	require.Equal(t, 3, cmd.ProcessState.ExitCode(), stderr.String())
	require.Empty(t, stdout.String())
	require.Contains(t, stderr.String(), "Interrupted")
	t.Logf("ended %v after the interrupt", time.Since(interrupted))
}
