package render_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/trust"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares what emit writes with the named file of testdata.
func golden(t *testing.T, name string, emit func(io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	require.NoError(t, emit(&got))
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
}

var now = time.Date(2026, time.October, 5, 9, 0, 0, 0, time.UTC)

func daysAgo(n int) time.Time { return now.AddDate(0, 0, -n) }

func used(n int) nhiscan.LastUse { return nhiscan.LastUse{Known: true, At: daysAgo(n)} }

const allFacts = ^nhiscan.Facts(0)

// testAccount holds an identity of each sort that output treats differently.
func testAccount() *nhiscan.Account {
	const arn = "arn:aws:iam::123456789012:"
	return &nhiscan.Account{
		ID: "123456789012", Partition: "aws", Aliases: []string{"larkspur"}, Source: "file", CollectedAt: now,
		Root: &nhiscan.RootUser{
			ARN: arn + "root", CreateDate: daysAgo(3000), Known: allFacts,
			Credentials: nhiscan.Credentials{
				Password:   nhiscan.Password{Enabled: true, LastUsed: used(200)},
				MFADevices: []nhiscan.MFADevice{{}},
				AccessKeys: []nhiscan.AccessKey{{Active: true, CreateDate: daysAgo(2900), LastUsed: used(400)}},
			},
		},
		Users: []nhiscan.User{
			{
				Name: "ada.berg", ID: "AIDAADA", ARN: arn + "user/people/ada.berg", Path: "/people/", CreateDate: daysAgo(900), Known: allFacts,
				Tags:             []nhiscan.Tag{{Key: "Team", Value: "Übersetzung"}, {Key: "Cost", Value: "=1+1"}},
				Groups:           []string{"developers"},
				AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "IAMUserChangePassword", ARN: "arn:aws:iam::aws:policy/IAMUserChangePassword"}},
				Credentials: nhiscan.Credentials{
					Password:   nhiscan.Password{Enabled: true, LastUsed: used(1), LastChanged: daysAgo(40)},
					MFADevices: []nhiscan.MFADevice{{SerialNumber: arn + "mfa/ada.berg", Kind: nhiscan.MFAVirtual, EnableDate: daysAgo(890)}},
				},
			},
			{
				Name: "deploy-bot", ID: "AIDABOT", ARN: arn + "user/deploy-bot", Path: "/", CreateDate: daysAgo(700), Known: allFacts,
				PermissionsBoundary: arn + "policy/boundary",
				InlinePolicies:      []nhiscan.InlinePolicy{{Name: "push", Document: nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[]}`)}, {Name: "torn", Document: nhiscan.NewPolicyDocument(`{"Version`)}},
				Credentials: nhiscan.Credentials{
					AccessKeys: []nhiscan.AccessKey{
						{ID: "AKIAEXAMPLEONE", Active: true, CreateDate: daysAgo(690), LastUsed: nhiscan.LastUse{Known: true, At: daysAgo(3), Service: "s3", Region: "eu-west-1"}},
						{ID: "AKIAEXAMPLETWO", CreateDate: daysAgo(60), LastUsed: nhiscan.LastUse{Known: true}},
					},
					SigningCertificates: []nhiscan.SigningCertificate{{ID: "CERT", Active: true, UploadDate: daysAgo(500)}},
					SSHPublicKeys:       []nhiscan.SSHPublicKey{{ID: "APKAEXAMPLE", UploadDate: daysAgo(500)}},
					ServiceSpecificCredentials: []nhiscan.ServiceSpecificCredential{
						{ID: "ACCAEXAMPLE", Service: "codecommit.amazonaws.com", UserName: "deploy-bot-at-123456789012", Active: true, CreateDate: daysAgo(500)},
					},
				},
			},
			{
				Name: "=cmd|' /C calc'!A0\x1b[2J\u202e", ID: "AIDAEVIL", ARN: arn + "user/=cmd|' /C calc'!A0\x1b[2J\u202e", Path: "/", CreateDate: daysAgo(10),
				Known: nhiscan.FactTags | nhiscan.FactGroups,
				Tags:  []nhiscan.Tag{{Key: "<script>", Value: "`tick` | pipe\x07"}},
			},
		},
		Roles: []nhiscan.Role{
			{
				Name: "OrganizationAccountAccessRole", ID: "AROAORG", ARN: arn + "role/OrganizationAccountAccessRole", Path: "/", CreateDate: daysAgo(2000), Known: allFacts,
				LastUsed: nhiscan.LastUse{Known: true}, MaxSessionDuration: time.Hour,
			},
			{
				Name: "partner-sync", ID: "AROAPUB", ARN: arn + "role/integrations/partner-sync", Path: "/integrations/", CreateDate: daysAgo(500), Known: allFacts,
				Description: "Made for a <b>partner</b>.\nAsk before deleting.", LastUsed: used(20), MaxSessionDuration: 12 * time.Hour,
				TrustPolicy: nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}`),
			},
			{
				Name: "resize-images", ID: "AROALAMBDA", ARN: arn + "role/service-role/resize-images", Path: "/service-role/", CreateDate: daysAgo(300),
				Known: allFacts &^ nhiscan.FactRoleLastUsed, InstanceProfiles: []nhiscan.InstanceProfile{{Name: "resize", ARN: arn + "instance-profile/resize"}},
			},
			{
				Name: "torn", ID: "AROATORN", ARN: arn + "role/torn", Path: "/", CreateDate: daysAgo(30), Known: allFacts, LastUsed: used(0),
			},
		},
		Gaps: []nhiscan.Gap{
			{Operation: "iam:GetLoginProfile", Resource: "=cmd", Code: "AccessDenied", Message: "not allowed; allow iam:GetLoginProfile"},
		},
	}
}

// testReport classifies the test account by hand.
func testReport() *nhi.Report {
	a := testAccount()
	trusts, classes := testTrusts(), testClassifications()
	report := &nhi.Report{Account: a, Time: now, Gaps: append(a.Gaps, nhiscan.Gap{
		Operation: "iam:GetRole", Resource: "torn", Code: nhiscan.GapMalformed, Message: "trust policy: the text ends too early",
	})}
	for i := range a.Roles {
		r := &a.Roles[i]
		report.Identities = append(report.Identities, nhi.Identity{
			Type: nhi.TypeRole, Name: r.Name, ARN: r.ARN, Role: r, Trust: trusts[i], Classification: classes[i],
		})
	}
	for i := range a.Users {
		u := &a.Users[i]
		report.Identities = append(report.Identities, nhi.Identity{
			Type: nhi.TypeUser, Name: u.Name, ARN: u.ARN, User: u, Classification: classes[len(a.Roles)+i],
		})
	}
	return report
}

func testTrusts() []*trust.Classification {
	return []*trust.Classification{
		{Kind: trust.KindCrossAccount, Paths: []trust.Path{
			{Statement: 1, PrincipalType: "AWS", Principal: "arn:aws:iam::111122223333:root", Actions: []string{"sts:AssumeRole"}, Who: trust.WhoEither,
				Kind: trust.KindCrossAccount, Account: "111122223333", Relation: trust.RelationInternal, WholeAccount: true, MFA: true,
				Conditions: []policydoc.Condition{
					{Operator: "Bool", Key: "aws:MultiFactorAuthPresent", Values: []string{"true"}},
					{Operator: "IpAddress", Key: "aws:SourceIp", Values: []string{"192.0.2.0/24", "198.51.100.0/24"}},
				}},
			{Statement: 2, PrincipalType: "AWS", Principal: "AROADELETED", Who: trust.WhoNobody, Deleted: true},
			{Statement: 3, PrincipalType: "AWS", Principal: "arn:aws:iam::123456789012:user/ada.berg", Account: "123456789012", Relation: trust.RelationSame, Denied: true},
		}},
		{Kind: trust.KindPublic, Paths: []trust.Path{
			{Statement: 1, PrincipalType: "AWS", Principal: "*", Actions: []string{"sts:AssumeRole"}, Who: trust.WhoAnyone, Kind: trust.KindPublic},
			{Statement: 2, PrincipalType: "AWS", Principal: "arn:aws:iam::444455556666:root", Account: "444455556666", Relation: trust.RelationVendor, Vendor: "Examplesoft", WholeAccount: true, ExternalID: true, Who: trust.WhoWorkload,
				Conditions: []policydoc.Condition{{Operator: "StringEquals", Key: "sts:ExternalId", Values: []string{"x"}}}},
			{Statement: 3, PrincipalType: "Federated", Principal: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com", Provider: "GitHub Actions", Subjects: []string{"repo:larkspur/*"}, Who: trust.WhoWorkload, Kind: trust.KindOIDC,
				Conditions: []policydoc.Condition{{Operator: "StringLike", Key: "token.actions.githubusercontent.com:sub", Values: []string{"repo:larkspur/*"}}}},
			{Statement: 4, PrincipalType: "NotPrincipal", Principal: "arn:aws:iam::777788889999:root", Who: trust.WhoAnyone},
			{Statement: 5, PrincipalType: "AWS", Principal: "arn:aws:iam::777788889999:root", Account: "777788889999", Relation: trust.RelationUnknown, WholeAccount: true, UserNameSession: true, Who: trust.WhoPeople},
			{Statement: 6, PrincipalType: "Federated", Principal: "arn:aws:iam::123456789012:saml-provider/okta", ConsoleAudience: true, Who: trust.WhoPeople},
			{Statement: 8, PrincipalType: "*", Principal: "*", Organization: "o-example", Relation: trust.RelationOrganization, Who: trust.WhoEither, PartlyDenied: []int{9},
				Conditions: []policydoc.Condition{{Operator: "StringEquals", Key: "aws:PrincipalOrgID", Values: []string{"o-example"}}}},
			{Statement: 10, PrincipalType: "*", Principal: "*", Account: "111122223333", Relation: trust.RelationInternal, AccountName: "shared services", Who: trust.WhoEither, MFAIfPresent: true},
			{Statement: 7, PrincipalType: "Federated", Principal: "cognito-identity.amazonaws.com", Who: trust.WhoEndUsers},
		}, Dangers: []trust.Danger{
			{Code: trust.DangerAnyone, Severity: "critical", Statement: 1, Principal: "*", Message: "every AWS account can assume the role", Fix: "name the principals that need it, or add aws:PrincipalOrgID"},
			{Code: trust.DangerUnknownAccount, Severity: "medium", Statement: 5, Principal: "arn:aws:iam::777788889999:root", Message: "account 777788889999 is nobody's that is known", Fix: "find out whose it is"},
		}},
		{Kind: trust.KindLambda, Provider: "lambda.amazonaws.com", Paths: []trust.Path{
			{Statement: 1, PrincipalType: "Service", Principal: "lambda.amazonaws.com", Service: "lambda.amazonaws.com", Who: trust.WhoWorkload, Kind: trust.KindLambda},
		}},
		{Err: errors.New("statement 1: Effect: missing")},
	}
}

func testClassifications() []nhi.Classification {
	return []nhi.Classification{
		{Verdict: nhi.Mixed, Confidence: 0.5, Coverage: 1, Category: nhi.CategoryOrganizationAdmin, Signals: []nhi.Signal{
			{Name: "organization-admin", Family: "trust", Fact: "made by AWS Organizations for the management account"},
		}},
		{Verdict: nhi.NonHuman, Confidence: 0.7512345, Coverage: 0.9, Category: nhi.CategoryPublic, Signals: []nhi.Signal{
			{Name: "name-medium", Family: "name", Weight: 1.5, Fact: `name has the word "sync"`},
		}},
		{Verdict: nhi.NonHuman, Confidence: 0.9961, Coverage: 1, Category: nhi.CategoryLambdaExecution, Detail: "lambda.amazonaws.com", Signals: []nhi.Signal{
			{Name: "service-principal", Family: "trust", Weight: 5, Fact: "only lambda.amazonaws.com can assume it"},
		}},
		{Verdict: nhi.Uncertain, Confidence: 0.5, Coverage: 0.2, Category: nhi.CategoryUncertain, Unseen: []string{"trust policy"}},
		{Verdict: nhi.Human, Confidence: 0.0004, Coverage: 1, Category: nhi.CategoryHuman, Signals: []nhi.Signal{
			{Name: "console-password", Family: "credentials", Weight: -4, Fact: "console password, last used yesterday"},
			{Name: "mfa", Family: "credentials", Weight: -2, Fact: "MFA active"},
			{Name: "name-person", Family: "name", Weight: -2, Fact: "a name of the form first.last"},
		}},
		{Verdict: nhi.NonHuman, Confidence: 0.9923, Coverage: 1, Category: nhi.CategoryCICDUser, Signals: []nhi.Signal{
			{Name: "name-strong", Family: "name", Weight: 2.4, Fact: `name has the words "deploy" and "bot"`},
			{Name: "no-password", Family: "credentials", Weight: 2.3, Fact: "no console password, an active access key"},
		}},
		{Verdict: nhi.Uncertain, Confidence: 0.52, Coverage: 0.3, Category: nhi.CategoryUncertain, Unseen: []string{"console password", "access keys"}, Signals: []nhi.Signal{
			{Name: "tag", Family: "tags", Weight: 0.1, Fact: "tag <script> = `tick` | pipe\x07"},
		}},
	}
}

func testScan() *render.Scan {
	report := testReport()
	scan := &render.Scan{Report: report, Threshold: 0.5}
	for i := range report.Identities {
		scan.Identities = append(scan.Identities, &report.Identities[i])
	}
	return scan
}

// testIdentity is the identity with the given name, whole.
func testIdentity(name string) *render.Identity {
	report := testReport()
	id := &render.Identity{Account: report.Account, Time: now, Threshold: 0.5}
	for i := range report.Identities {
		if report.Identities[i].Name == name {
			id.Identity = &report.Identities[i]
		}
	}
	for _, gap := range report.Gaps {
		if gap.Resource == name {
			id.Gaps = append(id.Gaps, gap)
		}
	}
	return id
}

func testCaller(id *render.Identity) *render.Caller {
	return &render.Caller{
		ARN: "arn:aws:sts::123456789012:assumed-role/partner-sync/ada\x1b[31m", AccountID: "123456789012", UserID: "AROAPUB:ada",
		Type: "assumed-role", Name: "partner-sync", SessionName: "ada\x1b[31m", Time: now, Identity: id,
	}
}

// emptyScan is that of an account without users and roles.
func emptyScan() *render.Scan {
	return &render.Scan{Report: &nhi.Report{Account: &nhiscan.Account{Source: "file"}, Time: now}, Threshold: 0.5}
}
