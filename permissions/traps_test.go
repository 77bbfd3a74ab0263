package permissions_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

const (
	trapUser = "arn:aws:iam::111111111111:user/alice"
	trapRole = "arn:aws:iam::111111111111:role/Deploy"
)

// trapPolicy compiles a policy. A text that is no whole document is the inside of
// its statements, to which the version is added.
func trapPolicy(t *testing.T, kind permissions.PolicyType, text string) *permissions.Policy {
	t.Helper()
	if !strings.Contains(text, `"Statement"`) {
		text = `{"Version": "2012-10-17", "Statement": [` + text + `]}`
	}
	doc, err := policydoc.Parse(text)
	require.NoError(t, err)
	return permissions.Compile(doc, permissions.Source{Type: kind, Name: string(kind)})
}

func trapRequest(t *testing.T, principal, action, resource string, values map[string][]string) *permissions.Request {
	t.Helper()
	p, err := permissions.ParsePrincipal(principal)
	require.NoError(t, err)
	return &permissions.Request{Principal: p, Action: action, Resource: resource, Context: permissions.NewContext(values, true)}
}

// What policy readers are known to get wrong about one identity policy of a user.
func TestTrapsOfOnePolicy(t *testing.T) {
	t.Parallel()
	const object, allow, deny = "arn:aws:s3:::data/a.b", permissions.Allowed, permissions.Denied
	for _, c := range []struct {
		name, policy, action, resource string
		context                        map[string][]string
		want                           permissions.Outcome
	}{
		{name: "NotAction of a Deny denies the rest", want: deny, action: "s3:GetObject", resource: object,
			policy: `{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}`},
		{name: "NotAction of a Deny spares what it names", want: allow, action: "iam:GetUser", resource: trapUser,
			policy: `{"Effect": "Allow", "Action": "*", "Resource": "*"}, {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}`},
		{name: "an unknown action in NotAction grants everything else", want: allow, action: "iam:CreateAccessKey", resource: trapUser,
			policy: `{"Effect": "Allow", "NotAction": "gamelist:Play", "Resource": "*"}`},
		{name: "NotResource allows the rest", want: allow, action: "s3:GetObject", resource: object,
			policy: `{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::logs/*"}`},
		{name: "NotResource does not allow what it names", want: deny, action: "s3:GetObject", resource: object,
			policy: `{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::data/*"}`},
		{name: "a Deny of other resources takes nothing away", want: allow, action: "s3:GetObject", resource: object,
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::logs/*"}`},
		{name: "a Deny whose condition does not hold takes nothing away", want: allow, action: "s3:GetObject", resource: object,
			context: map[string][]string{"aws:SecureTransport": {"true"}},
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
				{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`},
		{name: "a wildcard in front of the action's name", want: allow, action: "s3:PutObject", resource: object,
			policy: `{"Effect": "Allow", "Action": "s3:*Object", "Resource": "*"}`},
		{name: "a question mark and another case in the action", want: allow, action: "s3:GetObject", resource: object,
			policy: `{"Effect": "Allow", "Action": "S3:?ETobject", "Resource": "*"}`},
		{name: "resources are compared with case", want: deny, action: "s3:GetObject", resource: object,
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::Data/*"}`},
		{name: "a dot in a resource is a dot", want: deny, action: "s3:GetObject", resource: "arn:aws:s3:::data/aXb",
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/a.b"}`},
		{name: "brackets and plus in a resource are themselves", want: allow, action: "s3:GetObject", resource: "arn:aws:s3:::data/[a]+(b)$",
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/[a]+(b)$"}`},
		{name: "a single statement that is no list", want: allow, action: "s3:GetObject", resource: object,
			policy: `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`},
		{name: "a create action granted on a named resource", want: allow, action: "lambda:CreateFunction", resource: "arn:aws:lambda:us-east-1:111111111111:function:jobs",
			policy: `{"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "arn:aws:lambda:us-east-1:111111111111:function:jobs*"}`},

		{name: "a variable is replaced", want: allow, action: "s3:GetObject", resource: "arn:aws:s3:::data/alice/x",
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${aws:username}/*"}`},
		{name: "a 2008 policy takes a variable literally", want: deny, action: "s3:GetObject", resource: "arn:aws:s3:::data/alice/x",
			policy: `{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${aws:username}/*"}]}`},
		{name: "a policy without version takes a variable literally", want: deny, action: "s3:GetObject", resource: "arn:aws:s3:::data/alice/x",
			policy: `{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${aws:username}/*"}]}`},
		{name: "a 2008 policy names the literal text", want: allow, action: "s3:GetObject", resource: "arn:aws:s3:::data/${aws:username}/x",
			policy: `{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${aws:username}/*"}]}`},
		{name: "a variable without value matches nothing", want: deny, action: "s3:GetObject", resource: "arn:aws:s3:::data//x",
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${aws:PrincipalTag/Team}/*"}`},
		{name: "a variable's default", want: allow, action: "s3:GetObject", resource: "arn:aws:s3:::data/none/x",
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${aws:PrincipalTag/Team, 'none'}/*"}`},
		{name: "a default is not used where there is a value", want: deny, action: "s3:GetObject", resource: "arn:aws:s3:::data/none/x",
			context: map[string][]string{"aws:PrincipalTag/Team": {"blue"}},
			policy:  `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${aws:PrincipalTag/Team, 'none'}/*"}`},
		{name: "a star in a variable's value is a star", want: deny, action: "s3:GetObject", resource: "arn:aws:s3:::data/blue/x",
			context: map[string][]string{"aws:PrincipalTag/Team": {"*"}},
			policy:  `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${aws:PrincipalTag/Team}/*"}`},
		{name: "${*} is a star", want: deny, action: "s3:GetObject", resource: "arn:aws:s3:::data/x",
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${*}"}`},
		{name: "${*} covers a star", want: allow, action: "s3:GetObject", resource: "arn:aws:s3:::data/*",
			policy: `{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::data/${*}"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			policies := &permissions.Policies{Identity: []*permissions.Policy{trapPolicy(t, permissions.IdentityPolicy, c.policy)}}
			decision := permissions.Evaluate(policies, trapRequest(t, trapUser, c.action, c.resource, c.context))
			require.Equal(t, c.want, decision.Outcome)
		})
	}
}

// Conditions on keys that the request lacks, has with one value and has with several.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
func TestTrapsOfConditions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operator, key, value string
		// context are the key's values; nil is a request without the key.
		context []string
		want    bool
	}{
		{"StringEquals", "aws:UserAgent", "a", nil, false},
		{"StringLike", "aws:UserAgent", "*", nil, false},
		{"StringNotEquals", "aws:UserAgent", "a", nil, true},
		{"StringNotLike", "aws:UserAgent", "a*", nil, true},
		{"StringNotEqualsIgnoreCase", "aws:UserAgent", "a", nil, true},
		{"ArnNotLike", "aws:SourceArn", "arn:aws:s3:::*", nil, true},
		{"ArnNotEquals", "aws:SourceArn", "arn:aws:s3:::*", nil, true},
		{"NotIpAddress", "aws:SourceIp", "10.0.0.0/8", nil, true},
		{"NumericNotEquals", "aws:MultiFactorAuthAge", "1", nil, true},
		{"DateNotEquals", "aws:CurrentTime", "2026-01-01", nil, true},
		{"Bool", "aws:MultiFactorAuthPresent", "false", nil, false},
		{"BoolIfExists", "aws:MultiFactorAuthPresent", "true", nil, true},
		{"StringEqualsIfExists", "aws:UserAgent", "a", nil, true},
		{"StringNotEqualsIfExists", "aws:UserAgent", "a", []string{"a"}, false},
		{"Null", "aws:TokenIssueTime", "true", nil, true},
		{"Null", "aws:TokenIssueTime", "false", nil, false},
		{"Null", "aws:TokenIssueTime", "false", []string{"2026-01-01T00:00:00Z"}, true},

		{"ForAllValues:StringEquals", "aws:TagKeys", "a", nil, true},
		{"ForAllValues:StringEquals", "aws:TagKeys", "a", []string{"a", "b"}, false},
		{"ForAllValues:StringEquals", "aws:TagKeys", "a", []string{"a", "a"}, true},
		{"ForAnyValue:StringEquals", "aws:TagKeys", "a", nil, false},
		{"ForAnyValue:StringEquals", "aws:TagKeys", "a", []string{"a", "b"}, true},
		{"ForAnyValue:StringNotEquals", "aws:TagKeys", "a", []string{"a", "b"}, true},
		{"ForAnyValue:StringNotEquals", "aws:TagKeys", "a", []string{"a"}, false},
		{"ForAllValues:StringNotEquals", "aws:TagKeys", "a", []string{"b", "c"}, true},
		{"ForAllValues:StringNotEquals", "aws:TagKeys", "a", []string{"a", "c"}, false},

		{"StringEquals", "aws:useragent", "a", []string{"a"}, true},
		{"StringEquals", "aws:UserAgent", "A", []string{"a"}, false},
		{"StringEqualsIgnoreCase", "aws:UserAgent", "A", []string{"a"}, true},
		{"StringEquals", "aws:UserAgent", "a*", []string{"ab"}, false},
		{"StringLike", "aws:UserAgent", "a?c*", []string{"abc"}, true},
		{"StringLike", "aws:UserAgent", "a.c", []string{"abc"}, false},
		{"NumericEquals", "aws:MultiFactorAuthAge", "10.0", []string{"10"}, true},
		{"NumericLessThan", "aws:MultiFactorAuthAge", "9", []string{"10"}, false},
		{"NumericGreaterThanEquals", "aws:MultiFactorAuthAge", "10", []string{"10"}, true},
		{"DateLessThan", "aws:CurrentTime", "2026-01-02T00:00:00Z", []string{"2026-01-01T23:59:59Z"}, true},
		{"DateGreaterThan", "aws:EpochTime", "2026-01-01T00:00:00Z", []string{"1767225601"}, true},
		{"IpAddress", "aws:SourceIp", "203.0.113.0/24", []string{"203.0.113.255"}, true},
		{"IpAddress", "aws:SourceIp", "203.0.113.0/24", []string{"203.0.114.0"}, false},
		{"IpAddress", "aws:SourceIp", "2001:DB8::/32", []string{"2001:db8:0:0::7"}, true},
		{"IpAddress", "aws:SourceIp", "0.0.0.0/0", []string{"2001:db8::7"}, false},
		{"NotIpAddress", "aws:SourceIp", "203.0.113.7", []string{"203.0.113.7"}, false},
		{"ArnLike", "aws:SourceArn", "arn:aws:sns:*:111111111111:*", []string{"arn:aws:sns:us-east-1:111111111111:a:b"}, true},
		{"ArnLike", "aws:SourceArn", "arn:aws:*", []string{"arn:aws:sns:us-east-1:111111111111:a"}, false},
		{"ArnEquals", "aws:SourceArn", "arn:aws:sns:*:*:a", []string{"arn:aws:sns:us-east-1:111111111111:a"}, true},
		{"BinaryEquals", "aws:Referer", "QUJD", []string{"QUJD"}, true},
		{"BinaryEquals", "aws:Referer", "QUJD", []string{"qujd"}, false},
	} {
		t.Run(strings.Join([]string{c.operator, c.value, strings.Join(c.context, ",")}, " "), func(t *testing.T) {
			t.Parallel()
			policy := trapPolicy(t, permissions.IdentityPolicy, `{"Effect": "Allow", "Action": "s3:*", "Resource": "*",
				"Condition": {"`+c.operator+`": {"`+c.key+`": "`+c.value+`"}}}`)
			values := map[string][]string{c.key: c.context}
			decision := permissions.Evaluate(&permissions.Policies{Identity: []*permissions.Policy{policy}},
				trapRequest(t, trapUser, "s3:GetObject", "arn:aws:s3:::data/x", values))
			want := permissions.Denied
			if c.want {
				want = permissions.Allowed
			}
			require.Equal(t, want, decision.Outcome)
		})
	}
}
