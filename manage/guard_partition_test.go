package manage_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

// Grants mean the same in every partition.
func TestGuardPartitions(t *testing.T) {
	t.Parallel()
	for _, partition := range []string{"aws-cn", "aws-us-gov"} {
		there := func(s string) string { return strings.ReplaceAll(s, "arn:aws:", "arn:"+partition+":") }
		role := guardRole("plain", there(trusts(`{"AWS":"`+guardIAM+`user/alice"}`)), nil)
		role.ARN = there(role.ARN)
		alice, bob := guardUser("alice", nil), guardUser("bob", nil)
		alice.ARN, bob.ARN = there(alice.ARN), there(bob.ARN)
		alice.AttachedPolicies = attachedTo(there(awsPolicy + "AdministratorAccess"))
		account := &nhiscan.Account{ID: guardAccount, Partition: partition, Users: []nhiscan.User{alice, bob}, Roles: []nhiscan.Role{role}}
		for name, c := range map[string]struct {
			change manage.Change
			want   []manage.RiskCode
		}{
			"administrator access": {manage.AttachUserPolicy{UserName: "bob", PolicyARN: there(awsPolicy + "AdministratorAccess")}, admin},
			"IAM full access":      {manage.AttachUserPolicy{UserName: "bob", PolicyARN: there(awsPolicy + "IAMFullAccess")}, admin},
			"keys":                 {manage.PutUserPolicy{UserName: "bob", PolicyName: "p", PolicyDocument: there(allow(`"iam:CreateAccessKey"`, `"`+guardIAM+`user/alice"`))}, escalate},
			"everyone":             {manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: trusts(`"*"`)}, public},
			"a bucket":             {manage.PutUserPolicy{UserName: "bob", PolicyName: "p", PolicyDocument: there(guardRead)}, nil},
		} {
			t.Run(partition+" "+name, func(t *testing.T) {
				t.Parallel()
				s := fakeiam.New(account)
				s.ManagedPolicies(there(awsPolicy+"AdministratorAccess"), there(awsPolicy+"IAMFullAccess"))
				p, err := manage.NewPlan(t.Context(), guardAPI(s, func(o *iam.Options) { o.Region = regionOf[partition] }), c.change, &manage.Options{CallerARN: there(guardCaller)})
				require.NoError(t, err)
				require.Equal(t, c.want, codesOf(p.Refusals), "%v", p.Refusals)
			})
		}
	}
}

var regionOf = map[string]string{"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
