package fakeiam_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
)

func TestCredentialReportTakesItsTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		polls int
		// steps are what is called and, after the colon, what comes back.
		steps []string
	}{
		{"at once", 0, []string{"get: ReportNotPresent", "generate: COMPLETE", "get: text/csv"}},
		{"by default on the second call", 1, []string{"generate: STARTED", "generate: COMPLETE", "get: text/csv", "generate: COMPLETE"}},
		{"polled by asking for the report", 2, []string{"generate: STARTED", "get: ReportInProgress", "get: text/csv"}},
		{"after three polls", 3, []string{"generate: STARTED", "generate: INPROGRESS", "generate: INPROGRESS", "generate: COMPLETE"}},
		{"made anew after it expired", 1, []string{
			"generate: STARTED", "generate: COMPLETE", "expire: ", "get: ReportExpired", "generate: STARTED", "get: text/csv",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(account())
			server.ReportPolls(tt.polls)
			var got []string
			for _, step := range tt.steps {
				call, _, _ := strings.Cut(step, ":")
				got = append(got, call+": "+reportStep(t, server, call))
			}
			require.Equal(t, tt.steps, got)
		})
	}
}

func reportStep(t *testing.T, server *fakeiam.Server, call string) string {
	c := iamClient(server)
	switch call {
	case "generate":
		out, err := c.GenerateCredentialReport(t.Context(), &iam.GenerateCredentialReportInput{})
		require.NoError(t, err)
		return string(out.State)
	case "get":
		out, err := c.GetCredentialReport(t.Context(), &iam.GetCredentialReportInput{})
		if err != nil {
			return errorCode(t, err)
		}
		require.Equal(t, day(30), *out.GeneratedTime)
		return string(out.ReportFormat)
	}
	server.ExpireReport()
	return ""
}

const reportHeader = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
	"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
	"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
	"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated\n"

func TestCredentialReportContent(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		account *nhiscan.Account
		want    string
	}{
		{"root and users", account(), reportHeader +
			"<root_account>,arn:aws:iam::123456789012:root,2026-03-01T04:05:06Z,true,2026-03-09T04:05:06Z,2026-03-01T04:05:06Z,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n" +
			"alice,arn:aws:iam::123456789012:user/people/alice,2026-03-03T04:05:06Z,true,2026-03-20T04:05:06Z,2026-03-04T04:05:06Z,2026-03-28T04:05:06Z,true,true,2026-03-05T04:05:06Z,2026-03-21T04:05:06Z,eu-west-1,s3,false,2026-03-06T04:05:06Z,N/A,N/A,N/A,true,2026-03-10T04:05:06Z,false,2026-03-11T04:05:06Z\n" +
			"Bob,arn:aws:iam::123456789012:user/Bob,2026-03-04T04:05:06Z,false,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"},
		{"root that is not known, password never used", &nhiscan.Account{
			ID: accountID,
			Users: []nhiscan.User{{
				Name: "carol", ARN: arnPrefix + "user/carol", CreateDate: day(3),
				Credentials: nhiscan.Credentials{Password: nhiscan.Password{Enabled: true, LastUsed: nhiscan.LastUse{Known: true}, LastChanged: day(3)}},
			}},
		}, reportHeader +
			"<root_account>,arn:aws:iam::123456789012:root,N/A,false,N/A,N/A,not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n" +
			"carol,arn:aws:iam::123456789012:user/carol,2026-03-03T04:05:06Z,true,no_information,2026-03-03T04:05:06Z,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := fakeiam.New(tt.account)
			server.ReportPolls(0)
			c := iamClient(server)
			_, err := c.GenerateCredentialReport(t.Context(), &iam.GenerateCredentialReportInput{})
			require.NoError(t, err)
			out, err := c.GetCredentialReport(t.Context(), &iam.GetCredentialReportInput{})
			require.NoError(t, err)
			require.Equal(t, tt.want, string(out.Content))
		})
	}
}
