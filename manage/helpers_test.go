package manage_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

const (
	accountID = "123456789012"
	prefix    = "arn:aws:iam::" + accountID + ":"
	callerARN = prefix + "user/operator"

	readLogs = prefix + "policy/team/ReadLogs" // v1 and v2, in force; attached to ci, devs and worker
	fullUp   = prefix + "policy/FullUp"        // v2 to v6, v4 in force
	bound    = prefix + "policy/Bound"         // the boundary of ci and worker
	spare    = prefix + "policy/Spare"         // attached to nobody, one version

	awsDenyAll = "arn:aws:iam::aws:policy/AWSDenyAll"

	readBucket  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::logs/*"}]}`
	readQueue   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"arn:aws:sqs:us-east-1:123456789012:jobs"}]}`
	trustEC2    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	trustLambda = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

// made is when everything of testAccount was.
var made = time.Date(2025, 3, 1, 12, 0, 0, 0, time.UTC)

// testAccount has a user, a group, a role and a policy with something of everything
// (ci, devs, worker, ReadLogs), and some with nothing (bob, nobodies, idle, Spare).
func testAccount() *nhiscan.Account {
	readsLogs := nhiscan.AttachedPolicy{Name: "ReadLogs", ARN: readLogs}
	inline := func(name string) nhiscan.InlinePolicy {
		return nhiscan.InlinePolicy{Name: name, Document: nhiscan.NewPolicyDocument(readQueue)}
	}
	user := func(name string) nhiscan.User {
		return nhiscan.User{Name: name, ID: "AIDA" + id(name), ARN: prefix + "user/" + name, Path: "/", CreateDate: made}
	}
	ci := user("ci")
	ci.ARN, ci.Path = prefix+"user/robots/ci", "/robots/"
	ci.Tags = []nhiscan.Tag{{Key: "Team", Value: "web"}, {Key: "stage", Value: "prod"}}
	ci.Groups = []string{"devs", "readers"}
	ci.AttachedPolicies = []nhiscan.AttachedPolicy{readsLogs}
	ci.InlinePolicies = []nhiscan.InlinePolicy{inline("queue"), inline("queue-old")}
	ci.PermissionsBoundary = bound
	ci.Credentials = nhiscan.Credentials{
		Password: nhiscan.Password{Enabled: true, LastUsed: nhiscan.LastUse{Known: true}},
		AccessKeys: []nhiscan.AccessKey{
			{ID: "AKIACI00000000000001", Active: true, CreateDate: made, LastUsed: nhiscan.LastUse{Known: true, At: made.AddDate(0, 1, 0)}},
			{ID: "AKIACI00000000000002", CreateDate: made, LastUsed: nhiscan.LastUse{Known: true}},
		},
		MFADevices:                 []nhiscan.MFADevice{{SerialNumber: prefix + "mfa/ci", Kind: nhiscan.MFAVirtual, EnableDate: made}, {SerialNumber: "GAHT12345678", Kind: nhiscan.MFAHardware, EnableDate: made}},
		SigningCertificates:        []nhiscan.SigningCertificate{{ID: "CERTCI00000000000000000001", Active: true, UploadDate: made}},
		SSHPublicKeys:              []nhiscan.SSHPublicKey{{ID: "APKACI00000000000001", Active: true, UploadDate: made}},
		ServiceSpecificCredentials: []nhiscan.ServiceSpecificCredential{{ID: "ACCACI00000000000001", Service: "codecommit.amazonaws.com", UserName: "ci-at-1", Active: true, CreateDate: made}},
	}
	bob := user("bob")
	bob.Groups = []string{"devs"}

	group := func(name string) nhiscan.Group {
		return nhiscan.Group{Name: name, ID: "AGPA" + id(name), ARN: prefix + "group/" + name, Path: "/", CreateDate: made}
	}
	devs := group("devs")
	devs.AttachedPolicies = []nhiscan.AttachedPolicy{readsLogs}
	devs.InlinePolicies = []nhiscan.InlinePolicy{inline("queue"), inline("queue-old")}

	role := func(name string) nhiscan.Role {
		return nhiscan.Role{Name: name, ID: "AROA" + id(name), ARN: prefix + "role/" + name, Path: "/", CreateDate: made,
			TrustPolicy: nhiscan.NewPolicyDocument(trustEC2), MaxSessionDuration: time.Hour, LastUsed: nhiscan.LastUse{Known: true}}
	}
	worker := role("worker")
	worker.Tags = []nhiscan.Tag{{Key: "Team", Value: "web"}}
	worker.AttachedPolicies = []nhiscan.AttachedPolicy{readsLogs}
	worker.InlinePolicies = []nhiscan.InlinePolicy{inline("queue"), inline("queue-old")}
	worker.PermissionsBoundary = bound
	worker.LastUsed.At = made.AddDate(0, 1, 0)
	worker.InstanceProfiles = []nhiscan.InstanceProfile{profile("web"), profile("web-old")}

	a := &nhiscan.Account{
		ID: accountID, Partition: "aws", Source: nhiscan.SourceAWS, CollectedAt: made,
		Users:  []nhiscan.User{user("operator"), ci, bob, user("idle")},
		Groups: []nhiscan.Group{devs, group("readers"), group("nobodies")},
		Roles:  []nhiscan.Role{worker, role("idle")},
		Policies: []nhiscan.ManagedPolicy{
			policy("/team/", "ReadLogs", 1, 2, 2), policy("/", "FullUp", 2, 6, 4), policy("/", "Bound", 1, 1, 1), policy("/", "Spare", 1, 1, 1),
		},
	}
	a.Sort()
	return a
}

// id makes the rest of an id from a name.
func id(name string) string {
	return (strings.ToUpper(strings.ReplaceAll(name, "-", "")) + strings.Repeat("0", 17))[:17]
}

func profile(name string) nhiscan.InstanceProfile {
	return nhiscan.InstanceProfile{Name: name, ID: "AIPA" + id(name), ARN: prefix + "instance-profile/" + name, Path: "/", CreateDate: made}
}

// policy is one with versions from first to last.
func policy(path, name string, first, last, inForce int) nhiscan.ManagedPolicy {
	p := nhiscan.ManagedPolicy{Name: name, ID: "ANPA" + id(name), ARN: prefix + "policy" + path + name, Path: path, Attachable: true,
		DefaultVersionID: version(inForce), CreateDate: made, UpdateDate: made}
	for n := first; n <= last; n++ {
		text := strings.Replace(readBucket, "logs/*", "logs/"+version(n)+"/*", 1)
		p.Versions = append(p.Versions, nhiscan.PolicyVersion{ID: version(n), Default: n == inForce, CreateDate: made.AddDate(0, 0, n), Document: nhiscan.NewPolicyDocument(text)})
	}
	return p
}

func version(n int) string { return "v" + string(rune('0'+n)) }

// newServer serves the account as it is changed by the functions.
func newServer(change ...func(*nhiscan.Account)) *fakeiam.Server {
	a := testAccount()
	for _, c := range change {
		c(a)
	}
	a.Sort()
	s := fakeiam.New(a)
	s.CallerARN(callerARN)
	s.ManagedPolicies(awsDenyAll)
	s.Now(func() time.Time { return made.AddDate(1, 0, 0) })
	s.ReportPolls(0)
	vacant := "vacant" // an account holds no instance profile without a role
	if _, err := apiOf(s).CreateInstanceProfile(context.Background(), &iam.CreateInstanceProfileInput{InstanceProfileName: &vacant}); err != nil {
		panic(err)
	}
	s.Reset()
	return s
}

// apiOf is a client of the server that retries without waiting.
func apiOf(s *fakeiam.Server) *iam.Client {
	return iam.NewFromConfig(aws.Config{
		Region:      "us-east-1",
		HTTPClient:  s.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE000000001", "secret", ""),
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts = 4
				o.RateLimiter = ratelimit.None
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
	})
}

func caller() *manage.Options { return &manage.Options{CallerARN: callerARN} }

// planOf plans the change, which must not be refused.
func planOf(t *testing.T, s *fakeiam.Server, c manage.Change) *manage.Plan {
	t.Helper()
	p, err := manage.NewPlan(context.Background(), apiOf(s), c, caller())
	require.NoError(t, err)
	require.Empty(t, p.Refusals)
	return p
}

// apply plans the change and carries it out.
func apply(t *testing.T, s *fakeiam.Server, c manage.Change) *manage.Result {
	t.Helper()
	r, err := planOf(t, s, c).Apply(context.Background(), apiOf(s))
	require.NoError(t, err)
	require.Nil(t, r.Failed())
	return r
}

// mutations are those of the server, one a line.
func mutations(s *fakeiam.Server) []string {
	var list []string
	for _, m := range s.Mutations() {
		list = append(list, m.String())
	}
	return list
}

// actionsOf are the IAM actions of the plan's steps, in order.
func actionsOf(p *manage.Plan) []string {
	var list []string
	for _, s := range p.Steps {
		list = append(list, s.Action)
	}
	return list
}
