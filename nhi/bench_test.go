package nhi_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// bigAccount has as many users as roles, of several kinds, with policies.
func bigAccount(each int) *nhiscan.Account {
	a := &nhiscan.Account{ID: "123456789012", Partition: "aws", CollectedAt: now}
	userNames := []string{"anna.kowalska%d", "svc-backup-%d", "hkowal%d", "ci-deploy-%d", "acme%d", "john.smith%d@example.com", "DatadogIntegration%d"}
	trusts := []string{
		allowTrust(`{"Service":"lambda.amazonaws.com"}`, ""),
		allowTrust(`{"AWS":"arn:aws:iam::123456789012:root"}`, ""),
		allowTrust(`{"Federated":"arn:aws:iam::123456789012:saml-provider/okta"}`, ""),
		allowTrust(`{"AWS":"arn:aws:iam::123456789012:role/team/platform-worker-1"}`, ""),
		allowTrust(`{"Service":["ec2.amazonaws.com","ecs-tasks.amazonaws.com"]}`, ""),
	}
	all := nhiscan.Facts(1<<32 - 1)
	for i := range each {
		policy := fmt.Sprintf("arn:aws:iam::123456789012:policy/policy-%d", i)
		resource := "arn:aws:s3:::bucket-" + fmt.Sprint(i)
		action := "s3:GetObject"
		if i%5 == 0 {
			action, resource = "sts:AssumeRole", fmt.Sprintf("arn:aws:iam::123456789012:role/team/*-%d", i)
		}
		a.Policies = append(a.Policies, nhiscan.ManagedPolicy{
			ARN: policy, DefaultVersionID: "v1",
			Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true, Document: allowPolicy(action, resource)}},
		})
		name := fmt.Sprintf(userNames[i%len(userNames)], i)
		a.Users = append(a.Users, nhiscan.User{
			Name: name, ARN: "arn:aws:iam::123456789012:user/" + name, Path: "/", Known: all, CreateDate: now.AddDate(-1, 0, 0),
			Credentials: nhiscan.Credentials{
				Password:   nhiscan.Password{Enabled: i%3 == 0, LastUsed: nhiscan.LastUse{Known: true, At: now.Add(-48 * time.Hour)}},
				AccessKeys: []nhiscan.AccessKey{{Active: true, LastUsed: nhiscan.LastUse{Known: true, At: now, Service: "s3"}}},
			},
			AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "policy", ARN: policy}},
			InlinePolicies:   []nhiscan.InlinePolicy{{Name: "inline", Document: allowPolicy("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:queue")}},
			Tags:             []nhiscan.Tag{{Key: "Team", Value: "robotics"}, {Key: "CostCenter", Value: "1234"}},
		})
		name = fmt.Sprintf("platform-worker-%d", i)
		a.Roles = append(a.Roles, nhiscan.Role{
			Name: name, ARN: "arn:aws:iam::123456789012:role/team/" + name, Path: "/team/", Known: all,
			TrustPolicy: nhiscan.NewPolicyDocument(trusts[i%len(trusts)]), AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "policy", ARN: policy}},
		})
	}
	return a
}

func BenchmarkClassify(b *testing.B) {
	a := bigAccount(5000)
	nhi.Classify(a, nil)
	b.ReportAllocs()
	for b.Loop() {
		nhi.Classify(a, nil)
	}
}

func BenchmarkLoadSignals(b *testing.B) {
	text, err := os.ReadFile("data/signals.json")
	require.NoError(b, err)
	for b.Loop() {
		_, err := nhi.LoadSignals(bytes.NewReader(text))
		require.NoError(b, err)
	}
}
