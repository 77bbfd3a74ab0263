package answer_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/nhi"
)

func TestUserOrRole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in    string
		kind  nhi.IdentityType
		deny  []string
		users int
		roles int
		err   string
	}{
		"a role":                        {in: "app", roles: 1},
		"a role by its ARN":             {in: roleTwin, roles: 1},
		"a user by kind":                {in: "twin", kind: nhi.TypeUser, users: 1},
		"a role when users are refused": {in: "app", deny: []string{"GetUser", "ListUsers"}, roles: 1},
		"two":                           {in: "twin", err: "twin is a user and a role"},
		"neither":                       {in: "nobody", err: "there is no user or role nobody in this account"},
		"none that may be read":         {in: "nobody", deny: []string{"GetUser", "ListUsers"}, err: "AccessDenied"},
		"not known whether a role":      {in: "nobody", deny: []string{"GetRole", "ListRoles"}, err: "AccessDenied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(twins())
			server.Deny(c.deny...)
			api := iam.NewFromConfig(aws.Config{
				Region: "us-east-1", HTTPClient: server.HTTPClient(),
				Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE000000001", "secret", ""),
			})
			q, err := answer.NewQuery(c.in, c.kind)
			require.NoError(t, err)
			account, err := answer.UserOrRole(t.Context(), api, q, &collect.Options{})
			if c.err != "" {
				require.ErrorContains(t, err, c.err)
				return
			}
			require.NoError(t, err)
			require.Len(t, account.Users, c.users)
			require.Len(t, account.Roles, c.roles)
		})
	}
}
