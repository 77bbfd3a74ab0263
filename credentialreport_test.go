package nhiscan_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

const reportHeader = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
	"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
	"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
	"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"

// asJSON returns a report as the AWS CLI prints it.
func asJSON(report string) string {
	return fmt.Sprintf(`{"Content": %q, "ReportFormat": "text/csv", "GeneratedTime": "2026-03-01T12:00:00+00:00"}`,
		base64.StdEncoding.EncodeToString([]byte(report)))
}

func readReport(t *testing.T, text string) *nhiscan.CredentialReport {
	t.Helper()
	report, err := nhiscan.ReadCredentialReport(strings.NewReader(text))
	require.NoError(t, err)
	return report
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestReadCredentialReportRow(t *testing.T) {
	t.Parallel()
	const all = nhiscan.FactPassword | nhiscan.FactPasswordLastUsed | nhiscan.FactAccessKeys | nhiscan.FactMFADevices | nhiscan.FactSigningCertificates
	never := nhiscan.LastUse{Known: true}
	for name, c := range map[string]struct {
		row   string
		want  nhiscan.Credentials
		known nhiscan.Facts
	}{
		"nothing": {
			"false,N/A,N/A,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A",
			nhiscan.Credentials{Password: nhiscan.Password{LastUsed: never}}, all,
		},
		"a person": {
			"TRUE,2026-01-02T00:00:00Z,2025-01-02T00:00:00Z,2026-04-02T00:00:00+00:00,TRUE,FALSE,N/A,N/A,N/A,N/A,FALSE,N/A,N/A,N/A,N/A,FALSE,N/A,FALSE,N/A",
			nhiscan.Credentials{
				Password: nhiscan.Password{Enabled: true, LastUsed: nhiscan.LastUse{Known: true, At: day("2026-01-02")},
					LastChanged: day("2025-01-02"), NextRotation: day("2026-04-02")},
				MFADevices: []nhiscan.MFADevice{{}},
			}, all,
		},
		"a password never used": {
			"true,no_information,2025-01-02T00:00:00Z,N/A,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A",
			nhiscan.Credentials{Password: nhiscan.Password{Enabled: true, LastUsed: never, LastChanged: day("2025-01-02")}}, all,
		},
		"the root user before 2025": {
			"not_supported,2026-01-02T00:00:00Z,not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A",
			nhiscan.Credentials{Password: nhiscan.Password{LastUsed: nhiscan.LastUse{Known: true, At: day("2026-01-02")}},
				MFADevices: []nhiscan.MFADevice{{}}}, all &^ nhiscan.FactPassword,
		},
		"keys and certificates": {
			"false,N/A,N/A,N/A,false,true,2025-05-01T00:00:00Z,2026-02-01T00:00:00Z,eu-west-1,s3,false,2020-05-01T00:00:00Z,N/A,N/A,N/A,true,2020-01-01T00:00:00Z,false,2019-01-01T00:00:00Z",
			nhiscan.Credentials{
				Password: nhiscan.Password{LastUsed: never},
				AccessKeys: []nhiscan.AccessKey{
					{Active: true, CreateDate: day("2025-05-01"), LastUsed: nhiscan.LastUse{Known: true, At: day("2026-02-01"), Region: "eu-west-1", Service: "s3"}},
					{CreateDate: day("2020-05-01"), LastUsed: never},
				},
				SigningCertificates: []nhiscan.SigningCertificate{{Active: true, UploadDate: day("2020-01-01")}, {UploadDate: day("2019-01-01")}},
			}, all,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := reportHeader + "\nu,arn:aws:iam::123456789012:user/u,2020-01-01T00:00:00+00:00," + c.row + "\n"
			for _, input := range []string{text, asJSON(text), "\ufeff" + text, strings.ReplaceAll(text, "\n", "\r\n"), gzipped(t, text), strings.TrimSpace(text)} {
				report := readReport(t, input)
				require.Equal(t, "123456789012", report.AccountID)
				require.Len(t, report.Rows, 1)
				require.Equal(t, c.want, report.Rows[0].Credentials)
				require.Equal(t, c.known.Names(), report.Rows[0].Known.Names())
				require.Equal(t, day("2020-01-01"), report.Rows[0].CreateDate)
			}
		})
	}
}

func TestReadCredentialReportColumns(t *testing.T) {
	t.Parallel()
	report := readReport(t, "new_column,mfa_active,password_enabled,arn,user,additional_credentials_info\n"+
		"x,true,true,arn:aws:iam::123456789012:root,<root_account>,N/A\n"+
		"\"a,b\",false,false,arn:aws:iam::123456789012:user/u,u,1 access key\n")
	require.Equal(t, nhiscan.FactPassword|nhiscan.FactMFADevices, report.Root.Known)
	require.True(t, report.Root.Password.Enabled)
	require.Empty(t, report.Root.More)
	require.Equal(t, "u", report.Rows[0].UserName)
	require.Equal(t, "1 access key", report.Rows[0].More)

	require.Equal(t, day("2026-03-01").Add(12*time.Hour), readReport(t, asJSON(reportHeader)).GeneratedAt)
}

func TestReadCredentialReportErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ input, want string }{
		"empty":          {"", "read credential report: this seems to be an empty file; make a credential report with: aws iam generate-credential-report"},
		"an account":     {`{"UserDetailList":[]}`, "this seems to be an account file"},
		"a policy":       {`{"Version":"2012-10-17","Statement":[]}`, "this seems to be one policy document"},
		"a list":         {`[]`, "this seems to be a JSON list"},
		"other CSV":      {"a,b,c\n", "this seems to be a CSV file"},
		"HTML":           {"<html>", "this seems to be a web page (HTML)"},
		"no arn":         {"user,password_enabled\nu,true\n", "line 1, column 1: arn: the report has no such column"},
		"no boolean":     {"user,arn,password_enabled\n\nu,a,perhaps\n", `line 3, column 5: password_enabled: want TRUE or FALSE, found "perhaps"`},
		"no time":        {"user,arn,password_enabled,cert_1_active,cert_1_last_rotated\nu,a,true,true,soon\n", `line 2, column 15: cert_1_last_rotated: want a time such as 2024-05-01T12:00:00+00:00, found "soon"`},
		"a short row":    {"user,arn,password_enabled\nu,a\n", "line 2, column 1: not CSV: wrong number of fields"},
		"an open quote":  {"user,arn,password_enabled\n\"u,a,true\n", "not CSV: extraneous or missing \" in quoted-field"},
		"a nameless row": {"user,arn,password_enabled\n,a,true\n", "line 2, column 1: user: the row names no user"},
		"not base64":     {`{"Content":"user,arn"}`, "line 1, column 12: /Content: want base64"},
		"base64 of what": {asJSON("<html>"), "the text in Content: "},
		"cut off":        {asJSON(reportHeader)[:100], "the file ends inside /Content"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := nhiscan.ReadCredentialReport(strings.NewReader(c.input))
			require.ErrorContains(t, err, c.want)
		})
	}
}

// A report gives back what it was made from.
func TestApplyCredentialReport(t *testing.T) {
	t.Parallel()
	want := synth.Account(synth.Size{Users: 200, Roles: 20, Groups: 5, Policies: 20}, 3)
	var details, text bytes.Buffer
	require.NoError(t, synth.WriteCLI(&details, want))
	require.NoError(t, synth.WriteCredentialReport(&text, want))
	got, err := nhiscan.Read(&details)
	require.NoError(t, err)
	require.False(t, got.Complete())
	report := readReport(t, text.String())
	require.NoError(t, got.ApplyCredentialReport(report))
	require.True(t, got.Complete(), "%v", got.Gaps)
	require.Equal(t, want.Root, got.Root)
	for i := range want.Users {
		require.Equal(t, want.Users[i].Credentials, got.Users[i].Credentials, want.Users[i].Name)
		require.Equal(t, want.Users[i].Known.Names(), got.Users[i].Known.Names())
	}
	once := written(t, got)
	require.NoError(t, got.ApplyCredentialReport(report))
	require.Equal(t, once, written(t, got), "applying it again changes nothing")
}

func reportOf(users ...string) string {
	var b strings.Builder
	b.WriteString("user,arn,password_enabled,mfa_active,access_key_1_active\n")
	for _, u := range users {
		fmt.Fprintf(&b, "%s,arn:aws:iam::123456789012:user/%s,true,false,false\n", u, u)
	}
	return b.String()
}

func accountOf(t *testing.T, users ...string) *nhiscan.Account {
	t.Helper()
	list := ""
	for _, u := range users {
		list += fmt.Sprintf(`,{"UserName":%q,"Arn":"arn:aws:iam::123456789012:user/%s","GroupList":[],"AttachedManagedPolicies":[],"Tags":[]}`, u, u)
	}
	account, err := nhiscan.Read(strings.NewReader(`{"UserDetailList":[` + strings.TrimPrefix(list, ",") + `],"GroupDetailList":[],"RoleDetailList":[],"Policies":[]}`))
	require.NoError(t, err)
	return account
}

func TestApplyCredentialReportMismatch(t *testing.T) {
	t.Parallel()
	a := accountOf(t, "Both", "file-only")
	require.NoError(t, a.ApplyCredentialReport(readReport(t, reportOf("bOTH", "report-only"))))
	require.Len(t, a.Users, 3)

	both, _ := a.User("both")
	require.True(t, both.Known.Has(nhiscan.FactPassword|nhiscan.FactTags))
	require.True(t, both.Password.Enabled)
	fileOnly, _ := a.User("file-only")
	require.False(t, fileOnly.Known.Has(nhiscan.FactPassword))
	reportOnly, _ := a.User("report-only")
	require.Equal(t, nhiscan.FactPassword|nhiscan.FactMFADevices|nhiscan.FactAccessKeys, reportOnly.Known)
	require.Equal(t, "arn:aws:iam::123456789012:user/report-only", reportOnly.ARN)

	require.Len(t, a.Gaps, 2)
	require.Equal(t, reportOnly.ARN, a.Gaps[0].Resource)
	require.Equal(t, "iam:GetAccountAuthorizationDetails", a.Gaps[0].Operation)
	require.Equal(t, fileOnly.ARN, a.Gaps[1].Resource)
	require.Equal(t, "iam:GetCredentialReport", a.Gaps[1].Operation)
}

func TestApplyCredentialReportManyMismatches(t *testing.T) {
	t.Parallel()
	var names []string
	for i := range 11 {
		names = append(names, fmt.Sprintf("user-%02d", i))
	}
	a := accountOf(t, names...)
	require.NoError(t, a.ApplyCredentialReport(readReport(t, reportOf())))
	require.Len(t, a.Gaps, 1)
	require.Equal(t, "*", a.Gaps[0].Resource)
	require.Contains(t, a.Gaps[0].Message, "11 users: each has no row")
	require.Contains(t, a.Gaps[0].Message, "user/user-09")
}

func TestApplyCredentialReportOfAnotherAccount(t *testing.T) {
	t.Parallel()
	a := accountOf(t, "u")
	err := a.ApplyCredentialReport(readReport(t, strings.ReplaceAll(reportOf("u"), "123456789012", "111122223333")))
	require.EqualError(t, err, "apply credential report: it is of account 111122223333, but the account is 123456789012; give the report of account 123456789012")
	require.Error(t, a.ApplyCredentialReport(nil))
}

// What was read key by key is not lost to a report, which knows no ids.
func TestApplyCredentialReportKeepsRicherFacts(t *testing.T) {
	t.Parallel()
	a := accountOf(t, "u")
	u := &a.Users[0]
	u.AccessKeys = []nhiscan.AccessKey{
		{ID: "AKIAEXAMPLE000000001", Active: true, CreateDate: day("2025-05-01")},
		{ID: "AKIAEXAMPLE000000002", Active: true, CreateDate: day("2026-02-01"), LastUsed: nhiscan.LastUse{Known: true, At: day("2026-03-01"), Service: "s3"}},
	}
	u.MFADevices = []nhiscan.MFADevice{{SerialNumber: "arn:aws:iam::123456789012:mfa/u", Kind: nhiscan.MFAVirtual}}
	u.Known |= nhiscan.FactAccessKeys | nhiscan.FactMFADevices
	text := reportHeader + "\nu,arn:aws:iam::123456789012:user/u,2020-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false," +
		"true,2025-05-01T00:00:00+00:00,2026-02-02T00:00:00+00:00,eu-west-1,ecr," +
		"true,2020-01-01T00:00:00+00:00,N/A,N/A,N/A,false,N/A,false,N/A\n"
	require.NoError(t, a.ApplyCredentialReport(readReport(t, text)))
	require.Equal(t, []nhiscan.AccessKey{
		{ID: "AKIAEXAMPLE000000001", Active: true, CreateDate: day("2025-05-01"), LastUsed: nhiscan.LastUse{Known: true, At: day("2026-02-02"), Region: "eu-west-1", Service: "ecr"}},
		{ID: "AKIAEXAMPLE000000002", Active: true, CreateDate: day("2026-02-01"), LastUsed: nhiscan.LastUse{Known: true, At: day("2026-03-01"), Service: "s3"}},
	}, a.Users[0].AccessKeys)
	require.Equal(t, nhiscan.MFAVirtual, a.Users[0].MFADevices[0].Kind)
}

func TestApplyCredentialReportMore(t *testing.T) {
	t.Parallel()
	a := accountOf(t, "u")
	require.NoError(t, a.ApplyCredentialReport(readReport(t, "user,arn,password_enabled,mfa_active,access_key_1_active,additional_credentials_info\nu,arn:aws:iam::123456789012:user/u,true,true,false,1 access key\n")))
	require.Equal(t, nhiscan.GapTruncated, a.Gaps[0].Code)
}

// Reports that others made are read and applied to the accounts beside them.
func TestApplyCredentialReportOfOthers(t *testing.T) {
	t.Parallel()
	for name, gaps := range map[string]int{"cloudmapper-demo": 2, "fixinventory-test": 5} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := nhiscan.ReadFile("testdata/accounts/" + name + ".json")
			require.NoError(t, err)
			text, err := os.ReadFile("testdata/accounts/" + name + ".csv")
			require.NoError(t, err)
			require.NoError(t, a.ApplyCredentialReport(readReport(t, string(text))))
			require.NotNil(t, a.Root)
			require.Len(t, a.Gaps, gaps, "%v", a.Gaps)
		})
	}
}
