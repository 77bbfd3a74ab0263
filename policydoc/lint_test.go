package policydoc_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

// version2012 makes a document of statements.
func version2012(statements ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
}

// when makes a statement that allows reading objects under a condition.
func when(condition string) string {
	return version2012(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{` + condition + `}}`)
}

// does makes a statement that allows an action on a resource.
func does(action, resource string) string {
	return version2012(`{"Effect":"Allow","Action":` + action + `,"Resource":` + resource + `}`)
}

// trusts makes a trust policy.
func trusts(principal, rest string) string {
	return version2012(`{"Effect":"Allow","Principal":` + principal + `,` + rest + `}`)
}

const (
	identity = policydoc.KindIdentity
	trust    = policydoc.KindTrust
	resource = policydoc.KindResource
	scp      = policydoc.KindServiceControl
	rcp      = policydoc.KindResourceControl
)

var lintCases = []struct {
	rule  string
	kind  policydoc.Kind
	text  string
	at    string // what the text goes on with at the finding
	path  string
	fine  string // a document like it that is fine
	fixed string // part of the Fix
}{
	{"syntax", "", `{"Statement":[{"Effect":"allow"}]}`, `"allow"`, "Effect", does(`"s3:ListAllMyBuckets"`, `"*"`), ""},

	{"missing-version", "", `{"Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`, `{"Statement"`, "", does(`"s3:ListAllMyBuckets"`, `"*"`), "2012"},
	{"old-version", "", `{"Version":"2008-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`, `"2008`, "Version", does(`"s3:ListAllMyBuckets"`, `"*"`), "2012"},
	{"no-statement", "", version2012(), `"Statement"`, "Statement", does(`"s3:ListAllMyBuckets"`, `"*"`), ""},
	{"policy-size", identity, does(`"s3:GetObject"`, `"arn:aws:s3:::`+strings.Repeat("b", 6200)+`/*"`), "{", "", does(`"s3:GetObject"`, `"arn:aws:s3:::`+strings.Repeat("b", 5000)+`/*"`), ""},
	{"invalid-character", identity, does(`"s3:GetObject"`, `"arn:aws:s3:::日/*"`), "日", "", does(`"s3:GetObject"`, `"arn:aws:s3:::é/*"`), ""},
	{"invalid-sid", identity, version2012(`{"Sid":"a b","Effect":"Deny","Action":"*","Resource":"*"}`), `"a b"`, "Sid", version2012(`{"Sid":"ab9","Effect":"Deny","Action":"*","Resource":"*"}`), ""},
	{"duplicate-sid", identity, version2012(`{"Sid":"a","Effect":"Deny","Action":"s3:*","Resource":"*"}`, `{"Sid":"a","Effect":"Deny","Action":"ec2:*","Resource":"*"}`),
		`"a","Effect":"Deny","Action":"ec2`, "Sid", version2012(`{"Sid":"a","Effect":"Deny","Action":"s3:*","Resource":"*"}`, `{"Sid":"b","Effect":"Deny","Action":"ec2:*","Resource":"*"}`), ""},
	{"empty-list", "", does(`[]`, `"*"`), `"Action"`, "Action", does(`["s3:ListAllMyBuckets"]`, `"*"`), ""},

	{"unexpected-principal", identity, trusts(`"*"`, `"Action":"s3:ListAllMyBuckets","Resource":"*"`), `"Principal"`, "Principal", does(`"s3:ListAllMyBuckets"`, `"*"`), ""},
	{"missing-principal", trust, version2012(`{"Effect":"Allow","Action":"sts:AssumeRole"}`), `{"Effect"`, "", trusts(`{"Service":"ec2.amazonaws.com"}`, `"Action":"sts:AssumeRole"`), ""},
	{"unexpected-resource", trust, trusts(`{"Service":"ec2.amazonaws.com"}`, `"Action":"sts:AssumeRole","Resource":"*"`), `"Resource"`, "Resource", trusts(`{"Service":"ec2.amazonaws.com"}`, `"Action":"sts:AssumeRole"`), ""},
	{"missing-resource", identity, version2012(`{"Effect":"Deny","Action":"*"}`), `{"Effect"`, "", version2012(`{"Effect":"Deny","Action":"*","Resource":"*"}`), ""},
	{"trust-action", trust, trusts(`{"Service":"ec2.amazonaws.com"}`, `"Action":["sts:AssumeRole","sts:GetCallerIdentity"]`), `"sts:Get`, "Action[1]", trusts(`{"Service":"ec2.amazonaws.com"}`, `"Action":["sts:AssumeRole","sts:TagSession"]`), ""},
	{"trust-action-principal", trust, trusts(`{"Federated":"arn:aws:iam::111122223333:saml-provider/x"}`, `"Action":"sts:AssumeRole"`), `"arn:aws:iam`, "Principal.Federated",
		trusts(`{"Federated":"arn:aws:iam::111122223333:saml-provider/x"}`, `"Action":"sts:AssumeRoleWithSAML"`), "AssumeRoleWithSAML"},
	{"rcp-effect", rcp, trusts(`"*"`, `"Action":"s3:*","Resource":"*"`), `"Allow"`, "Effect", trusts(`"*"`, `"Action":"*","Resource":"*"`), "Deny"},
	{"rcp-principal", rcp, version2012(`{"Effect":"Deny","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"*"}`), `"Principal"`, "Principal", version2012(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`), ""},
	{"rcp-element", rcp, version2012(`{"Effect":"Deny","Principal":"*","NotAction":"s3:*","Resource":"*"}`), `"NotAction"`, "NotAction", version2012(`{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}`), ""},
	{"rcp-service", rcp, version2012(`{"Effect":"Deny","Principal":"*","Action":["s3:*","iam:*"],"Resource":"*"}`), `"iam:*"`, "Action[1]", version2012(`{"Effect":"Deny","Principal":"*","Action":["s3:*","kms:*"],"Resource":"*"}`), ""},
	{"invalid-principal", resource, trusts(`{"AWS":["111122223333","arn:aws:iam::111122223333:group/g"]}`, `"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`), `"arn:aws:iam`, "Principal.AWS[1]",
		trusts(`{"AWS":["111122223333","arn:aws:iam::111122223333:user/u"]}`, `"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`), ""},

	{"action-format", "", does(`["s3:ListAllMyBuckets","GetObject"]`, `"*"`), `"GetObject"`, "Action[1]", does(`["s3:ListAllMyBuckets","s3:GetObject"]`, `"*"`), ""},
	{"service-wildcard", "", does(`"s?:GetObject"`, `"*"`), `"s?`, "Action", does(`"s3:GetObjec?"`, `"*"`), ""},
	{"unknown-service", "", does(`"lamda:InvokeFunction"`, `"*"`), `"lamda`, "Action", does(`"LAMBDA:InvokeFunction"`, `"*"`), "lambda"},
	{"unknown-action", "", does(`"s3:GetObjects"`, `"*"`), `"s3:GetObjects"`, "Action", does(`"s3:getobject"`, `"*"`), "s3:GetObject"},
	{"unmatched-action-pattern", "", does(`"s3:Gett*"`, `"*"`), `"s3:Gett*"`, "Action", does(`"s3:Get*"`, `"*"`), ""},

	{"invalid-arn", "", does(`"s3:GetObject"`, `["arn:aws:s3:::b/*","bucket/*"]`), `"bucket`, "Resource[1]", does(`"s3:GetObject"`, `["arn:aws:s3:::b/*","arn:aws:s3:::c/*"]`), "arn:"},
	{"invalid-arn-partition", "", does(`"s3:GetObject"`, `"arn:amazon:s3:::b/*"`), `"arn`, "Resource", does(`"s3:GetObject"`, `"arn:aws-iso-b:s3:::b/*"`), ""},
	{"invalid-arn-service", "", does(`"s3:GetObject"`, `"arn:aws:s*:::b/*"`), `"arn`, "Resource", does(`"s3:GetObject"`, `"arn:aws:s3:::*/*"`), ""},
	{"invalid-arn-region", "", does(`"sqs:SendMessage"`, `"arn:aws:sqs:frankfurt:111122223333:q"`), `"arn`, "Resource", does(`"sqs:SendMessage"`, `"arn:aws:sqs:eu-central-1:111122223333:q"`), ""},
	{"invalid-arn-account", "", does(`"sqs:SendMessage"`, `"arn:aws:sqs:eu-central-1:11112222333:q"`), `"arn`, "Resource", does(`"sqs:SendMessage"`, `"arn:aws:sqs:eu-central-1:*:q"`), "12"},
	{"action-without-resource", "", does(`["s3:GetObject","s3:ListBucket"]`, `"arn:aws:s3:::b"`), `"s3:GetObject"`, "Action[0]", does(`["s3:GetObject","s3:ListBucket"]`, `["arn:aws:s3:::b","arn:aws:s3:::b/*"]`), "${BucketName}/${ObjectName}"},
	{"action-needs-all-resources", "", does(`["s3:GetObject","s3:ListAllMyBuckets"]`, `"arn:aws:s3:::b/*"`), `"s3:List`, "Action[1]", does(`["s3:GetObject","s3:ListAllMyBuckets"]`, `"*"`), ""},
	{"resource-without-action", "", does(`"s3:GetObject"`, `["arn:aws:s3:::b/*","arn:aws:s3:::b"]`), `"arn:aws:s3:::b"`, "Resource[1]", does(`["s3:GetObject","s3:ListBucket"]`, `["arn:aws:s3:::b/*","arn:aws:s3:::b"]`), ""},

	{"unknown-operator", "", when(`"StringEqual":{"aws:username":"x"}`), `"StringEqual"`, "Condition.StringEqual", when(`"StringEquals":{"aws:username":"x"}`), "StringEquals"},
	{"operator-case", "", when(`"stringequals":{"aws:username":"x"}`), `"stringequals"`, "Condition.stringequals", when(`"StringEqualsIfExists":{"aws:username":"x"}`), "StringEquals"},
	{"null-if-exists", "", when(`"NullIfExists":{"aws:username":"true"}`), `"NullIfExists"`, "Condition.NullIfExists", when(`"Null":{"aws:username":"true"}`), "Null"},
	{"null-with-qualifier", "", when(`"ForAnyValue:Null":{"aws:TagKeys":"true"}`), `"ForAnyValue:Null"`, "Condition.ForAnyValue:Null", when(`"Null":{"aws:TagKeys":"true"}`), "Null"},
	{"condition-key-format", "", when(`"StringEquals":{"username":"x"}`), `"username"`, "Condition.StringEquals.username", when(`"StringEquals":{"aws:username":"x"}`), "aws:username"},
	{"unknown-condition-key", "", when(`"StringEquals":{"aws:usrname":"x"}`), `"aws:usrname"`, "Condition.StringEquals.aws:usrname", when(`"StringEquals":{"token.actions.githubusercontent.com:sub":"x"}`), "aws:username"},
	{"deprecated-condition-key", "", when(`"ArnLike":{"aws:ARN":"arn:aws:iam::*:user/x"}`), `"aws:ARN"`, "Condition.ArnLike.aws:ARN", when(`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/x"}`), "aws:PrincipalArn"},
	{"missing-tag-key", "", when(`"StringEquals":{"aws:ResourceTag":"x"}`), `"aws:ResourceTag"`, "Condition.StringEquals.aws:ResourceTag", when(`"StringEquals":{"aws:ResourceTag/Team":"x"}`), "aws:ResourceTag/"},
	{"duplicate-condition-key", "", when(`"StringEquals":{"aws:username":"x","aws:UserName":"y"}`), `"aws:`, "", when(`"StringEquals":{"aws:username":["x","y"]}`), ""},
	{"unsupported-condition-key", "", when(`"StringEquals":{"s3:prefix":"x"}`), `"s3:prefix"`, "Condition.StringEquals.s3:prefix", version2012(`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringEquals":{"s3:prefix":"x"}}}`), ""},
	{"operator-type-mismatch", "", when(`"IpAddress":{"aws:PrincipalArn":"192.0.2.1"}`), `"IpAddress"`, "Condition.IpAddress", when(`"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/x"}`), "ArnLike"},
	{"invalid-condition-value", "", when(`"Bool":{"aws:SecureTransport":["true","yes"]}`), `"yes"`, "Condition.Bool.aws:SecureTransport[1]", when(`"Bool":{"aws:SecureTransport":[true,"false"]}`), "true or false"},
	{"literal-wildcard", "", when(`"StringEquals":{"aws:username":"dev-*"}`), `"dev-*"`, "Condition.StringEquals.aws:username", when(`"StringLike":{"aws:username":"dev-*"}`), "StringLike"},
	{"private-source-ip", "", when(`"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}`), `"10.`, "Condition.IpAddress.aws:SourceIp", when(`"IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}`), "aws:VpcSourceIp"},
	{"cidr-host-bits", "", when(`"IpAddress":{"aws:SourceIp":"192.0.2.7/24"}`), `"192.`, "Condition.IpAddress.aws:SourceIp", when(`"IpAddress":{"aws:SourceIp":["192.0.2.7","2001:db8::/32"]}`), "192.0.2.0/24"},
	{"missing-qualifier", "", when(`"StringEquals":{"aws:TagKeys":"x"}`), `"StringEquals"`, "Condition.StringEquals", when(`"ForAnyValue:StringEquals":{"aws:TagKeys":"x"}`), "ForAnyValue"},
	{"needless-qualifier", "", when(`"ForAllValues:StringEquals":{"aws:username":"x"}`), `"ForAll`, "Condition.ForAllValues:StringEquals", when(`"StringEquals":{"aws:username":"x"}`), "StringEquals"},
	{"for-all-values-missing-key", "", when(`"ForAllValues:StringEquals":{"aws:CalledVia":"x"}`), `"ForAll`, "Condition.ForAllValues:StringEquals", when(`"ForAllValues:StringEquals":{"aws:CalledVia":"x"},"Null":{"aws:CalledVia":"false"}`), "Null"},

	{"variable-in-old-version", "", `{"Version":"2008-10-17","Statement":[{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}"}]}`, `"arn`, "Resource", does(`"s3:GetObject"`, `"arn:aws:s3:::b/${aws:username}"`), "2012"},
	{"variable-not-supported", "", when(`"Bool":{"aws:SecureTransport":"${aws:username}"}`), `"${`, "Condition.Bool.aws:SecureTransport", when(`"StringLike":{"aws:username":"${aws:PrincipalTag/x}*"}`), ""},
	{"malformed-variable", "", does(`"s3:GetObject"`, `"arn:aws:s3:::b/${aws:username"`), `"arn`, "Resource", does(`"s3:GetObject"`, `"arn:aws:s3:::b/${aws:username, 'nobody'}/${*}"`), ""},
	{"unknown-variable", "", does(`"s3:GetObject"`, `"arn:aws:s3:::b/${aws:usrname}"`), `"arn`, "Resource", does(`"s3:GetObject"`, `"arn:aws:s3:::b/${aws:PrincipalTag/Team}"`), "aws:username"},

	{"allow-all", "", does(`["s3:*","*"]`, `"*"`), `"*"`, "Action[1]", version2012(`{"Effect":"Deny","Action":"*","Resource":"*"}`), ""},
	{"allow-not-action", "", version2012(`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`), `"NotAction"`, "NotAction", version2012(`{"Effect":"Deny","NotAction":"iam:*","Resource":"*"}`), ""},
	{"allow-not-resource", "", version2012(`{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/*"}`), `"NotResource"`, "NotResource", version2012(`{"Effect":"Deny","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/*"}`), ""},
	{"allow-not-principal", resource, version2012(`{"Effect":"Allow","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`), `"NotPrincipal"`, "NotPrincipal",
		version2012(`{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`), ""},
	{"public-principal", resource, trusts(`{"AWS":["111122223333","*"]}`, `"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"`), `"*"`, "Principal.AWS[1]",
		trusts(`"*"`, `"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1234567890"}}`), ""},
	{"pass-any-role", "", does(`["iam:GetRole","iam:Pass*"]`, `"*"`), `"iam:Pass*"`, "Action[1]",
		version2012(`{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}`), "iam:PassedToService"},

	{"redundant-action", "", does(`["s3:Get*","s3:GetObject"]`, `"*"`), `"s3:GetObject"`, "Action[1]", does(`["s3:Get?bject","s3:Get*Acl"]`, `"*"`), ""},
	{"redundant-resource", "", does(`"s3:GetObject"`, `["arn:aws:s3:::b/x","arn:aws:s3:::b/*"]`), `"arn:aws:s3:::b/x"`, "Resource[0]", does(`"s3:GetObject"`, `["arn:aws:s3:::b/x","arn:aws:s3:::B/*"]`), ""},
	{"redundant-statement", "", version2012(
		`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`,
		`{"Effect":"Allow","Action":["s3:Get*","ec2:*"],"Resource":"*"}`), `{"Effect":"Allow","Action":"s3:GetObject"`, "",
		version2012(`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`,
			`{"Effect":"Allow","Action":"s3:Get*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`), ""},
}

func lint(text string, kind policydoc.Kind) []policydoc.Finding {
	return policydoc.Lint(text, &policydoc.LintOptions{Kind: kind})
}

func ruleNames(findings []policydoc.Finding) []string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Rule)
	}
	return names
}

func TestLintRules(t *testing.T) {
	t.Parallel()
	for _, c := range lintCases {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			findings := lint(c.text, c.kind)
			i := slices.IndexFunc(findings, func(f policydoc.Finding) bool { return f.Rule == c.rule })
			require.GreaterOrEqual(t, i, 0, "%v", findings)
			f := findings[i]
			require.True(t, strings.HasPrefix(c.text[f.Offset:], c.at), "at %s", c.text[f.Offset:])
			if c.path != "" {
				require.Equal(t, c.path, f.Element)
			}
			require.Contains(t, f.Fix, c.fixed)
			require.NotEmpty(t, f.Message)
			require.NotContains(t, ruleNames(lint(c.fine, c.kind)), c.rule)
		})
	}
}

func TestLintEveryRuleHasACase(t *testing.T) {
	t.Parallel()
	var tested []string
	for _, c := range lintCases {
		tested = append(tested, c.rule)
	}
	slices.Sort(tested)
	var names []string
	for _, r := range policydoc.Rules() {
		names = append(names, r.Name)
		require.NotEmpty(t, r.Description)
		require.Contains(t, []policydoc.FindingLevel{policydoc.FindingError, policydoc.FindingWarning, policydoc.FindingSuggestion}, r.Level)
	}
	require.Equal(t, slices.Compact(tested), names)
}

func TestLintFindsNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind policydoc.Kind
		text string
	}{
		"identity": {identity, version2012(`{"Sid":"Read","Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion"],"Resource":"arn:aws:s3:::reports/${aws:PrincipalTag/Team}/*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"Bool":{"aws:MultiFactorAuthPresent":"true"},"DateLessThan":{"aws:CurrentTime":"2026-12-31T00:00:00Z"},"NumericLessThan":{"aws:MultiFactorAuthAge":"3600"}}}`)},
		"pipeline": {trust, version2012(`{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"},"StringLike":{"token.actions.githubusercontent.com:sub":"repo:o/r:*"}}}`)},
		"service":  {trust, version2012(`{"Sid":"with a space","Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]},"Action":"sts:AssumeRole"}`)},
		"scp":      {scp, version2012(`{"Effect":"Deny","NotAction":["iam:*","organizations:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1"]}}}`)},
		"rcp":      {rcp, version2012(`{"Effect":"Deny","Principal":"*","Action":["s3:*","sts:AssumeRole"],"Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-1234567890"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}}`)},
		"api":      {resource, version2012(`{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"execute-api:Invoke","Resource":"execute-api:/prod/GET/*"}`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, lint(c.text, c.kind))
		})
	}
}

// Levels differ with the kind: an error is only what AWS rejects.
func TestLintLevels(t *testing.T) {
	t.Parallel()
	duplicate := version2012(`{"Sid":"a","Effect":"Deny","Action":"s3:*","Resource":"*"}`, `{"Sid":"a","Effect":"Deny","Action":"ec2:*","Resource":"*"}`)
	require.Equal(t, policydoc.FindingError, lint(duplicate, identity)[0].Level)
	require.Equal(t, policydoc.FindingWarning, lint(duplicate, policydoc.KindUnknown)[0].Level)

	noVersion := `{"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}`
	require.Equal(t, policydoc.FindingError, lint(noVersion, rcp)[0].Level)
	require.Equal(t, policydoc.FindingWarning, lint(noVersion, resource)[0].Level)
}

func TestLintSizes(t *testing.T) {
	t.Parallel()
	ofSize := func(n int) string {
		text := version2012(`{"Effect":"Deny","Action":"s3:GetObject","Resource":"arn:aws:s3:::"}`)
		return strings.Replace(text, ":::", ":::"+strings.Repeat("b", n-len(text)-2)+"/*", 1)
	}
	for _, c := range []struct {
		options policydoc.LintOptions
		limit   int
	}{
		{policydoc.LintOptions{Kind: identity}, 6144},
		{policydoc.LintOptions{Kind: identity, Inline: "user"}, 2048},
		{policydoc.LintOptions{Kind: identity, Inline: "group"}, 5120},
		{policydoc.LintOptions{Kind: identity, Inline: "role"}, 10240},
		{policydoc.LintOptions{Kind: scp}, 10240},
		{policydoc.LintOptions{Kind: rcp}, 5120},
		{policydoc.LintOptions{Kind: trust}, 2048},
	} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			t.Parallel()
			text := ofSize(c.limit)
			require.Len(t, text, c.limit)
			require.NotContains(t, ruleNames(policydoc.Lint(text, &c.options)), "policy-size")
			require.NotContains(t, ruleNames(policydoc.Lint(strings.Replace(text, ",", ", \n", 1), &policydoc.LintOptions{Kind: identity, Inline: "role"})), "policy-size")
			require.Contains(t, ruleNames(policydoc.Lint(ofSize(c.limit+1), &c.options)), "policy-size")
		})
	}
}

func TestLintPositions(t *testing.T) {
	t.Parallel()
	text := "\uFEFF{\n \"Version\": \"2012-10-17\",\n \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": [\"s3:ListAllMyBuckets\",\n   \"é\", \"s3:Nö\"], \"Resource\": \"*\"}]}"
	findings := policydoc.Lint(text, nil)
	require.Equal(t, []string{"action-format", "unknown-action"}, ruleNames(findings))
	require.Equal(t, []int{5, 4, 1}, []int{findings[0].Line, findings[0].Column, findings[0].Statement})
	require.Equal(t, []int{5, 9}, []int{findings[1].Line, findings[1].Column})
	require.Equal(t, "Action[2]", findings[1].Element)
}
