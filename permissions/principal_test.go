package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
)

func TestParsePrincipal(t *testing.T) {
	t.Parallel()
	const oidc = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
	linked := "arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"
	linkedSession := "arn:aws:sts::111122223333:assumed-role/AWSServiceRoleForX/s"
	tests := []struct {
		in   string
		want permissions.Principal
	}{
		{"", permissions.Principal{Type: permissions.PrincipalAnonymous}},
		{"*", permissions.Principal{Type: permissions.PrincipalAnonymous}},
		{hereID, permissions.Principal{Type: permissions.PrincipalRoot, ARN: rootARN, Account: hereID}},
		{rootARN, permissions.Principal{Type: permissions.PrincipalRoot, ARN: rootARN, Account: hereID}},
		{userARN, permissions.Principal{Type: permissions.PrincipalUser, ARN: userARN, Account: hereID}},
		{roleARN, permissions.Principal{Type: permissions.PrincipalRole, ARN: roleARN, Account: hereID}},
		{linked, permissions.Principal{Type: permissions.PrincipalRole, ARN: linked, Account: hereID, ServiceLinked: true}},
		{sessionARN, permissions.Principal{Type: permissions.PrincipalSession, ARN: sessionARN, Account: hereID}},
		{linkedSession, permissions.Principal{Type: permissions.PrincipalSession, ARN: linkedSession, Account: hereID, ServiceLinked: true}},
		{guestARN, permissions.Principal{Type: permissions.PrincipalFederated, ARN: guestARN, Account: hereID}},
		{oidc, permissions.Principal{Type: permissions.PrincipalProvider, ARN: oidc, Account: hereID}},
		{"accounts.google.com", permissions.Principal{Type: permissions.PrincipalProvider, ARN: "accounts.google.com"}},
		{"lambda.amazonaws.com", permissions.Principal{Type: permissions.PrincipalService, ARN: "lambda.amazonaws.com"}},
		{"ec2.amazonaws.com.cn", permissions.Principal{Type: permissions.PrincipalService, ARN: "ec2.amazonaws.com.cn"}},
	}
	for _, tt := range tests {
		t.Run(tt.in, func(t *testing.T) {
			t.Parallel()
			got, err := permissions.ParsePrincipal(tt.in)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
	for _, in := range []string{"ann", "arn:aws:iam", "arn:aws:s3:::bucket", "arn:aws:iam::111122223333:group/g", "arn:aws:iam::111122223333:user", "arn:aws:sts::111122223333:assumed-role/app"} {
		_, err := permissions.ParsePrincipal(in)
		require.ErrorContains(t, err, in)
	}
}

// A principal of which only the ARN is given is understood.
func TestEvaluateCompletesThePrincipal(t *testing.T) {
	t.Parallel()
	p := permissions.Policies{Resource: compilePolicy(t, permissions.ResourcePolicy, resourceAllows(`{"AWS": "`+roleARN+`"}`))}
	d := permissions.Evaluate(&p, &permissions.Request{Principal: permissions.Principal{ARN: sessionARN}, Action: "s3:GetObject", Resource: objectARN})
	require.Equal(t, permissions.Allowed, d.Outcome)
	d = permissions.Evaluate(&p, &permissions.Request{Principal: permissions.Principal{ARN: "what"}, Action: "s3:GetObject", Resource: objectARN})
	require.Equal(t, permissions.Denied, d.Outcome)
}
