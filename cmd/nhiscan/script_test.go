package main

import (
	"flag"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/scripttest"
)

var update = flag.Bool("update", false, "rewrite the golden files of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"nhiscan": main})
}

// TestScripts drives the built program as a person or a script does.
func TestScripts(t *testing.T) {
	t.Parallel()
	scripttest.Run(t, "nhiscan", *update, map[string]scripttest.Command{"fakeaws": scriptFakeAWS})
}

// scriptFakeAWS is "fakeaws [caller ARN] [code OPERATION CODE] [hang OPERATION]
// [deny OPERATION...]": it serves the demo account as AWS from there on, with
// these faults. The operation * is every one.
func scriptFakeAWS(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("fakeaws cannot be negated")
	}
	account, err := demo.Account()
	ts.Check(err)
	server := fakeiam.New(account)
	server.ManagedPolicies("arn:aws:iam::aws:policy/AWSDenyAll")
	for len(args) > 0 {
		switch {
		case args[0] == "deny" && len(args) > 1:
			server.Deny(args[1:]...)
			args = nil
		case args[0] == "code" && len(args) > 2:
			server.Inject(fakeiam.Fault{Operation: strings.TrimPrefix(args[1], "*"), Code: args[2], Status: 403})
			args = args[3:]
		case args[0] == "hang" && len(args) > 1:
			server.Inject(fakeiam.Fault{Operation: strings.TrimPrefix(args[1], "*"), Shape: fakeiam.ShapeHang})
			args = args[2:]
		case args[0] == "caller" && len(args) > 1:
			server.CallerARN(args[1])
			args = args[2:]
		default:
			ts.Fatalf("fakeaws: unknown argument %q", args[0])
		}
	}
	listener := httptest.NewServer(server)
	ts.Defer(func() {
		listener.CloseClientConnections()
		listener.Close()
	})
	ts.Setenv("AWS_ENDPOINT_URL", listener.URL)
	ts.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	ts.Setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
}
