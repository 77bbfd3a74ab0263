package policydoc_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/awsmanaged"
	"github.com/nhiscan/nhiscan/policydoc"
)

// dangersOf returns the dangers of a document made of statements, one line each.
func dangersOf(t *testing.T, statements string) []string {
	t.Helper()
	doc, err := policydoc.Parse(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)
	require.NoError(t, err)
	lines := []string{}
	for _, d := range policydoc.Dangerous(doc) {
		scope := "named"
		if d.AllResources {
			scope = "all"
		}
		actions := strings.Join(d.Actions, " ")
		if d.Count > 3 {
			actions = "…"
		}
		lines = append(lines, fmt.Sprintf("%d %s %s %s %s %s", d.Statement, d.Severity, d.Category, d.Pattern, scope, actions))
	}
	return lines
}

func TestDangerous(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statements string
		want       []string
	}{
		"nothing": {`{"Effect":"Allow","Action":["s3:ListAllMyBuckets","ec2:Describe*"],"Resource":"arn:aws:s3:::b"}`, []string{}},
		"a secret": {`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"}`, []string{
			"1 high credentials_exposure secretsmanager:GetSecretValue all secretsmanager:GetSecretValue"}},
		"a named secret": {`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:123456789012:secret:app-*"}`, []string{
			"1 medium credentials_exposure secretsmanager:GetSecretValue named secretsmanager:GetSecretValue"}},
		"a named secret under a condition": {`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:123456789012:secret:app-*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}`, []string{
			"1 low credentials_exposure secretsmanager:GetSecretValue named secretsmanager:GetSecretValue"}},
		"all secrets of the account": {`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"arn:aws:secretsmanager:*:123456789012:secret:*"}`, []string{
			"1 high credentials_exposure secretsmanager:GetSecretValue all secretsmanager:GetSecretValue"}},
		"a condition that anybody meets": {`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"},"StringLike":{"aws:PrincipalTag/team":"*"}}}`, []string{
			"1 high credentials_exposure secretsmanager:GetSecretValue all secretsmanager:GetSecretValue"}},
		"the resources of another service": {`{"Effect":"Allow","Action":["secretsmanager:GetSecretValue","iam:PutUserPolicy"],"Resource":"arn:aws:s3:::bucket/*"}`, []string{}},
		"all of S3 by its ARN": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::*"}`, []string{
			"1 medium data_exfiltration s3:GetObject all s3:GetObject"}},
		"a bucket": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::bucket/*"}`, []string{
			"1 low data_exfiltration s3:GetObject named s3:GetObject"}},
		"another partition": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws-us-gov:s3:::*"}`, []string{
			"1 medium data_exfiltration s3:GetObject all s3:GetObject"}},
		"a resource of another type of the service": {`{"Effect":"Allow","Action":"cloudtrail:Stop*","Resource":"arn:aws:cloudtrail:*:123456789012:trail/app"}`, []string{
			"1 high defence_evasion cloudtrail:Stop* named cloudtrail:StopLogging"}},
		"what takes no resource, on a resource": {`{"Effect":"Allow","Action":"organizations:LeaveOrganization","Resource":"arn:aws:organizations::123456789012:account/*"}`, []string{}},
		"own access keys": {`{"Effect":"Allow","Action":"iam:*AccessKey","Resource":"arn:aws:iam::*:user/${aws:username}"}`, []string{
			"1 high credentials_exposure iam:*AccessKey named iam:CreateAccessKey iam:UpdateAccessKey"}},
		"own policies": {`{"Effect":"Allow","Action":"iam:PutUserPolicy","Resource":"arn:aws:iam::*:user/${aws:username}"}`, []string{
			"1 high privilege_escalation iam:PutUserPolicy named iam:PutUserPolicy"}},
		"PassRole of one role": {`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/app"}`, []string{}},
		"PassRole of one role and its use": {`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/app"},{"Effect":"Allow","Action":"lambda:CreateFunction","Resource":"arn:aws:lambda:*:*:function:app"}`, []string{
			"1 medium privilege_escalation iam:PassRole named iam:PassRole",
			"2 low privilege_escalation lambda:CreateFunction named lambda:CreateFunction"}},
		"PassRole of all roles": {`{"Effect":"Allow","Action":"iam:PassRole","Resource":"arn:aws:iam::123456789012:role/*"}`, []string{
			"1 medium privilege_escalation iam:PassRole all iam:PassRole"}},
		"infrastructure": {`{"Effect":"Allow","Action":["dynamodb:PutItem","dynamodb:Tag*","dynamodb:Delete*"],"Resource":"*"}`, []string{
			"1 medium infrastructure_modification dynamodb:Delete* all …",
			"1 low resource_exposure dynamodb:Delete* all dynamodb:DeleteResourcePolicy",
			"1 low infrastructure_modification dynamodb:PutItem all dynamodb:PutItem",
			"1 low infrastructure_modification dynamodb:Tag* all dynamodb:TagResource"}},
		"infrastructure under a condition": {`{"Effect":"Allow","Action":"dynamodb:PutItem","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}`, []string{}},
		"a denied action":                  {`{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*"},{"Effect":"Deny","Action":"secretsmanager:*","Resource":"*"}`, []string{}},
		"denied on all its resources":      {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::*"}`, []string{}},
		"denied on the same resources":     {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/x/*"},{"Effect":"Deny","NotAction":"iam:*","Resource":"arn:aws:s3:::a/*"}`, []string{}},
		"denied on all other resources":    {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/x/*"},{"Effect":"Deny","Action":"*","NotResource":"arn:aws:s3:::b/*"}`, []string{}},
		"denied on some resources": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::secret/*"}`, []string{
			"1 medium data_exfiltration s3:GetObject all s3:GetObject"}},
		"denied at times": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"},{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}}`, []string{
			"1 medium data_exfiltration s3:GetObject all s3:GetObject"}},
		"NotResource": {`{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::secret/*"}`, []string{
			"1 medium data_exfiltration s3:GetObject all s3:GetObject"}},
		"NotResource that leaves nothing": {`{"Effect":"Allow","Action":["secretsmanager:GetSecretValue","secretsmanager:PutSecretValue"],"NotResource":"arn:aws:secretsmanager:*:*:*"}`, []string{}},
		"a service": {`{"Effect":"Allow","Action":"sdb:*","Resource":"arn:aws:sdb:*:*:domain/*"}`, []string{
			"1 medium data_exfiltration sdb:* all sdb:Select",
			"1 medium service_wildcard sdb:* all …",
			"1 medium infrastructure_modification sdb:* all …"}},
		"a trust policy": {`{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}`, []string{}},
		"an action twice": {`{"Effect":"Allow","Action":["sts:AssumeRole","sts:AssumeRole"],"Resource":"*"}`, []string{
			"1 medium privilege_escalation sts:AssumeRole all sts:AssumeRole"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, dangersOf(t, c.statements))
		})
	}
}

// An administrator's policy is dangerous in every way.
func TestDangerousStar(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"star":      `{"Effect":"Allow","Action":"*","Resource":"*"}`,
		"stars":     `{"Effect":"Allow","Action":"*:*","Resource":"*"}`,
		"NotAction": `{"Effect":"Allow","NotAction":"aws-portal:*","Resource":"*"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := policydoc.Parse(`{"Version":"2012-10-17","Statement":` + statement + `}`)
			require.NoError(t, err)
			seen := map[policydoc.DangerCategory]policydoc.Danger{}
			for _, d := range policydoc.Dangerous(doc) {
				require.NotContains(t, seen, d.Category)
				seen[d.Category] = d
				require.LessOrEqual(t, len(d.Actions), policydoc.MaxDangerActions)
				require.GreaterOrEqual(t, d.Count, len(d.Actions))
				require.True(t, d.AllResources)
				require.NotEmpty(t, d.Why)
				require.IsIncreasing(t, lowerAll(d.Actions))
			}
			require.Len(t, seen, len(policydoc.DangerCategories()))
			require.Equal(t, policydoc.SeverityCritical, seen[policydoc.DangerServiceWildcard].Severity)
			require.Contains(t, seen[policydoc.DangerCredentialsExposure].Actions, "iam:CreateAccessKey")
			require.Greater(t, seen[policydoc.DangerInfrastructureModification].Count, 5000)
		})
	}
}

// lowerAll makes names compare as they are sorted: by service, then by name.
func lowerAll(names []string) []string {
	lower := make([]string, len(names))
	for i, n := range names {
		lower[i] = strings.ReplaceAll(strings.ToLower(n), ":", " ")
	}
	return lower
}

// Every name of the list of risks is an action as the catalogue spells it, is
// there once a category, and under a known category and severity.
func TestRisksFile(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("data/risks.txt")
	require.NoError(t, err)
	var category, severity string
	count := 0
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || line[0] == '#':
			continue
		case line[0] != '\t':
			head, why, ok := strings.Cut(line, ": ")
			require.True(t, ok, line)
			require.NotEmpty(t, why)
			fields := strings.Fields(head)
			category, severity = fields[0], fields[1]
			require.Contains(t, policydoc.DangerCategories(), policydoc.DangerCategory(category))
			require.Contains(t, policydoc.Severities(), policydoc.Severity(severity))
			for _, mark := range fields[2:] {
				require.Contains(t, []string{"[of-others]", "[with-use]"}, mark)
			}
			continue
		}
		for _, name := range strings.Fields(line) {
			count++
			action, ok := policydoc.LookupAction(name)
			require.True(t, ok, "no such action: %s", name)
			require.Equal(t, action.String(), name)
			require.False(t, seen[category+name], "%s twice under %s", name, category)
			seen[category+name] = true
			var of []policydoc.Severity
			for _, r := range policydoc.Risks(name) {
				if string(r.Category) == category {
					of = append(of, r.Severity)
				}
			}
			require.Equal(t, []policydoc.Severity{policydoc.Severity(severity)}, of, name)
		}
	}
	require.Greater(t, count, 600)
}

func TestRisks(t *testing.T) {
	t.Parallel()
	require.Nil(t, policydoc.Risks("s3:ListAllMyBuckets"))
	require.Nil(t, policydoc.Risks("s3:NoSuchAction"))
	require.Equal(t, []policydoc.Risk{{Category: policydoc.DangerDefenceEvasion, Severity: policydoc.SeverityCritical,
		Why: "stops or redirects the record of what is done in the account"}}, policydoc.Risks("CloudTrail:stoplogging"))
}

// Dangerous over the documents that AWS wrote, as a share of an account's.
func BenchmarkDangerous(b *testing.B) {
	docs := managedDocuments(b)
	policydoc.Dangerous(docs[0])
	b.ReportAllocs()
	for b.Loop() {
		for _, doc := range docs {
			policydoc.Dangerous(doc)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(docs)), "ns/document")
}

func managedDocuments(tb testing.TB) []*policydoc.Document {
	tb.Helper()
	var docs []*policydoc.Document
	for _, text := range awsmanaged.All() {
		doc, err := policydoc.Parse(text)
		require.NoError(tb, err)
		docs = append(docs, doc)
	}
	return docs
}
