package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

// TestKilledDeletionsFinish kills the program at every request of a deletion that
// changes something, once before it is carried out and once after, and runs it
// again: then all is gone that should be, and nothing else.
func TestKilledDeletionsFinish(t *testing.T) {
	t.Parallel()
	for kind, name := range map[string]string{"user": "ci", "group": "builders", "role": "deploy"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			args := []string{"manage", "delete-" + kind, name, "--force", "--yes"}
			whole := newKiller(t, 0, false)
			status, out := whole.run(args)
			require.Zero(t, status, out)
			want := whole.state(t)
			require.Greater(t, whole.seen, 3)
			for n := 1; n <= whole.seen; n++ {
				for _, carriedOut := range []bool{false, true} {
					t.Run(fmt.Sprintf("request %d, carried out %v", n, carriedOut), func(t *testing.T) {
						k := newKiller(t, n, carriedOut)
						status, _ := k.run(args)
						require.Equal(t, -1, status, "it was not killed")
						status, out := k.run(args)
						if n == whole.seen && carriedOut {
							require.Equal(t, 3, status, "it is gone already")
							require.Contains(t, out, "NoSuchEntity")
						} else {
							require.Zero(t, status, out)
						}
						require.True(t, want == k.state(t), "the state differs: %s", out)
					})
				}
			}
		})
	}
}

// A killer is an AWS that kills the program that asks it to change something for
// the nth time.
type killer struct {
	iam        *fakeiam.Server
	listener   *httptest.Server
	nth        int
	carriedOut bool

	mu   sync.Mutex
	seen int
	kill context.CancelFunc
}

func newKiller(t *testing.T, nth int, carriedOut bool) *killer {
	t.Helper()
	k := &killer{iam: fakeiam.New(crowded()), nth: nth, carriedOut: carriedOut}
	k.iam.PageSize(1)
	k.iam.CallerARN("arn:aws:iam::123456789012:user/operator")
	k.listener = httptest.NewServer(k)
	t.Cleanup(func() {
		k.listener.CloseClientConnections()
		k.listener.Close()
	})
	return k
}

// ServeHTTP implements [http.Handler].
func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil || reads(form.Get("Action")) {
		k.iam.ServeHTTP(w, r)
		return
	}
	k.mu.Lock()
	k.seen++
	last, kill := k.seen == k.nth, k.kill
	k.mu.Unlock()
	if !last {
		k.iam.ServeHTTP(w, r)
		return
	}
	if k.carriedOut {
		k.iam.ServeHTTP(httptest.NewRecorder(), r)
	}
	kill()
	<-r.Context().Done()
}

func reads(operation string) bool {
	for _, prefix := range []string{"Get", "List", "Generate", "Simulate"} {
		if strings.HasPrefix(operation, prefix) {
			return true
		}
	}
	return false
}

// run returns the exit status, which is -1 for a program that was killed, and what it wrote.
func (k *killer) run(args []string) (int, string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	k.mu.Lock()
	k.kill = cancel
	k.mu.Unlock()
	cmd := exec.CommandContext(ctx, "nhiscan", args...)
	cmd.Env = append(cmd.Environ(), "AWS_ENDPOINT_URL="+k.listener.URL, "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_EC2_METADATA_DISABLED=true",
		"AWS_CONFIG_FILE=none", "AWS_SHARED_CREDENTIALS_FILE=none")
	out, _ := cmd.CombinedOutput() // the exit status tells
	return cmd.ProcessState.ExitCode(), string(out)
}

// state is all that there is.
func (k *killer) state(t *testing.T) string {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, k.iam.Account().Write(&text))
	return fmt.Sprintf("%s\n%v\n%v", text.String(), k.iam.InstanceProfiles(), k.iam.UnassignedMFADevices())
}

// crowded is an account with a user, a group and a role that have two of
// everything, and a neighbour of each that has the same.
func crowded() *nhiscan.Account {
	made := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	arn := func(resource string) string { return "arn:aws:iam::123456789012:" + resource }
	document := nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}]}`)
	trust := nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	a := &nhiscan.Account{ID: "123456789012", Partition: "aws", Users: []nhiscan.User{{
		Name: "operator", ID: "AIDAOPERATOR", ARN: arn("user/operator"), Path: "/", CreateDate: made, Known: ^nhiscan.Facts(0),
	}}}
	var attached []nhiscan.AttachedPolicy
	for _, name := range []string{"read", "write"} {
		a.Policies = append(a.Policies, nhiscan.ManagedPolicy{
			Name: name, ID: "ANPA" + strings.ToUpper(name), ARN: arn("policy/" + name), Path: "/", DefaultVersionID: "v1", Attachable: true, CreateDate: made,
			Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true, CreateDate: made, Document: document}}, Known: ^nhiscan.Facts(0),
		})
		attached = append(attached, nhiscan.AttachedPolicy{Name: name, ARN: arn("policy/" + name)})
	}
	inline := []nhiscan.InlinePolicy{{Name: "one", Document: document}, {Name: "two", Document: document}}
	for i, name := range []string{"ci", "neighbour"} {
		id := func(prefix string, n int) string { return fmt.Sprintf("%sEXAMPLE0000%d%d", prefix, i, n) }
		a.Users = append(a.Users, nhiscan.User{
			Name: name, ID: id("AIDA", 0), ARN: arn("user/" + name), Path: "/", CreateDate: made, Known: ^nhiscan.Facts(0),
			Groups: []string{"builders", "others"}, AttachedPolicies: attached, InlinePolicies: inline,
			Credentials: nhiscan.Credentials{
				Password:            nhiscan.Password{Enabled: true, LastChanged: made},
				AccessKeys:          []nhiscan.AccessKey{{ID: id("AKIA", 1), Active: true, CreateDate: made}, {ID: id("AKIA", 2), CreateDate: made}},
				SigningCertificates: []nhiscan.SigningCertificate{{ID: id("CERT", 1), Active: true, UploadDate: made}, {ID: id("CERT", 2), UploadDate: made}},
				SSHPublicKeys:       []nhiscan.SSHPublicKey{{ID: id("APKA", 1), Active: true, UploadDate: made}, {ID: id("APKA", 2), UploadDate: made}},
				ServiceSpecificCredentials: []nhiscan.ServiceSpecificCredential{
					{ID: id("ACCA", 1), Service: "codecommit.amazonaws.com", UserName: name + "-at-1", Active: true, CreateDate: made},
					{ID: id("ACCA", 2), Service: "cassandra.amazonaws.com", UserName: name + "-at-2", Active: true, CreateDate: made},
				},
				MFADevices: []nhiscan.MFADevice{
					{SerialNumber: arn("mfa/" + name), Kind: nhiscan.MFAVirtual, EnableDate: made},
					{SerialNumber: id("GAHT", 1), Kind: nhiscan.MFAHardware, EnableDate: made},
				},
			},
		})
	}
	for i, name := range []string{"builders", "others"} {
		a.Groups = append(a.Groups, nhiscan.Group{
			Name: name, ID: fmt.Sprintf("AGPAEXAMPLE%d", i), ARN: arn("group/" + name), Path: "/", CreateDate: made, Known: ^nhiscan.Facts(0),
			Members: []string{"ci", "neighbour"}, AttachedPolicies: attached, InlinePolicies: inline,
		})
	}
	for i, name := range []string{"deploy", "backup"} {
		profile := func(n int) nhiscan.InstanceProfile {
			p := fmt.Sprintf("%s-%d", name, n)
			return nhiscan.InstanceProfile{Name: p, ID: fmt.Sprintf("AIPAEXAMPLE%d%d", i, n), ARN: arn("instance-profile/" + p), Path: "/", CreateDate: made}
		}
		a.Roles = append(a.Roles, nhiscan.Role{
			Name: name, ID: fmt.Sprintf("AROAEXAMPLE%d", i), ARN: arn("role/" + name), Path: "/", CreateDate: made, MaxSessionDuration: time.Hour, Known: ^nhiscan.Facts(0),
			TrustPolicy: trust, InstanceProfiles: []nhiscan.InstanceProfile{profile(1), profile(2)}, AttachedPolicies: attached, InlinePolicies: inline,
		})
	}
	a.Sort()
	return a
}
