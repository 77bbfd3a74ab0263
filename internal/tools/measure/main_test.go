package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMeasure(t *testing.T) {
	t.Parallel()
	for name, namesOnly := range map[string]bool{"labels": false, "names-only": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, warn bytes.Buffer
			require.NoError(t, run("testdata/labels.csv", "", namesOnly, true, &out, &warn))
			require.Equal(t, "line 17: role puzzle: trust not understood, left unread: whoever asks nicely\n", warn.String())
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), out.String())
		})
	}
}

func TestMeasureErrors(t *testing.T) {
	t.Parallel()
	const header = "name,kind,label,subkind,iam_path,trust,console_password,access_key,mfa\n"
	for name, c := range map[string]struct{ file, want string }{
		"empty":        {"", "header: EOF"},
		"no column":    {"name,kind\n", "line 1: the column label is missing"},
		"kind":         {header + "a,group,human,,/,,,,\n", `line 2: kind "group" must be user or role`},
		"label":        {header + "a,user,robot,,/,,,,\n", `line 2: label "robot" must be human, nonhuman or mixed`},
		"short record": {header + "a,user\n", "wrong number of fields"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readLabels(strings.NewReader(c.file))
			require.ErrorContains(t, err, c.want)
		})
	}
	require.ErrorContains(t, run("testdata/none.csv", "", false, false, nil, nil), "none.csv")
	require.ErrorContains(t, run("testdata/labels.csv", "testdata/labels.csv", false, false, nil, nil), "signals: line 1: not JSON")
}

func TestTranslateTrust(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]trust.Kind{
		"Service:ec2.amazonaws.com,sagemaker.amazonaws.com":        trust.KindService,
		"Service: lambda.amazonaws.com":                            trust.KindLambda,
		"AWS:111122223333; ExternalId":                             trust.KindCrossAccount,
		"AWS:*":                                                    trust.KindPublic,
		"AWS: own account root":                                    trust.KindSameAccount,
		"AWS: one IAM user ARN with an e-mail name; MFA condition": trust.KindCrossAccount,
		"Federated GitLab OIDC":                                    trust.KindOIDC,
		"Federated oidc-provider/oidc.example.com":                 trust.KindOIDC,
		"Federated cognito-identity.amazonaws.com":                 trust.KindCognito,
		"Federated SAML":                                           trust.KindSAML,
		"Federated SAML + AWS":                                     trust.KindMixed,
		"Federated Okta SAML; sts:AssumeRoleWithSAML":              trust.KindSAML,
		"Federated ADFS":                                           trust.KindSAML,
		"Federated IAM Identity Center":                            trust.KindIdentityCenter,
		"Federated Cognito":                                        trust.KindCognito,
		"GitHub OIDC":                                              trust.KindOIDC,
		"Federated ${var.oidc_arn}; StringEquals:${var.url}:aud=\"sts.amazonaws.com\"":       trust.KindOIDC,
		"Federated ${var.oidc_arn}; StringLike:${var.url}:sub=\"system:serviceaccount:a:b\"": trust.KindEKSIRSA,
		"EKS OIDC; sts:AssumeRoleWithWebIdentity":                                            trust.KindEKSIRSA,
		"Federated Google (GCP service account)":                                             trust.KindOIDC,
		"AWS:*; no condition":                                                                trust.KindPublic,
		"*":                                                                                  trust.KindPublic,
		"AWS: *; aws:PrincipalOrgID":                                                         trust.KindCrossAccount,
		"AWS: vendor account":                                                                trust.KindCrossAccount,
		"AWS: SSO role ARN pattern":                                                          trust.KindSameAccount,
		"AWS: same-account root":                                                             trust.KindSameAccount,
		"AWS: IAM group members (MFA required)":                                              trust.KindCrossAccount,
		"Roles Anywhere":                                                                     trust.KindRolesAnywhere,
		"Service:lambda":                                                                     trust.KindLambda,
		"Service:logs.${var.region}.amazonaws.com":                                           trust.KindService,
		"lambda.amazonaws.com":                                                               trust.KindLambda,
		"Service:ec2.amazonaws.com, AWS: same account role":                                  trust.KindMixed,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			policy, ok := translateTrust(text)
			require.True(t, ok)
			role := nhiscan.Role{
				Name: "x", ARN: "arn:aws:iam::" + ownAccount + ":role/x", Path: "/", Known: nhiscan.FactTrustPolicy,
				TrustPolicy: nhiscan.NewPolicyDocument(policy),
			}
			got := trust.Classify(&role, nil)
			require.NoError(t, got.Err)
			require.Equal(t, want, got.Kind, policy)
		})
	}
	for _, text := range []string{"", "people", "AWS: somebody", "Federated by somebody", "Service: something"} {
		_, ok := translateTrust(text)
		require.False(t, ok, text)
	}
	policy, ok := translateTrust("AWS: vendor account (no ExternalId, without MFA)")
	require.True(t, ok)
	require.NotContains(t, policy, "Condition")
}
