package permissions_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// decideCondition asks for a request under one condition. Values are parted by
// spaces; "-" is a key that is known to be absent, "?" one that is unknown.
func decideCondition(t *testing.T, operator, policy, request string) permissions.Decision {
	t.Helper()
	doc := &policydoc.Document{Version: policydoc.Version2012, Statements: []policydoc.Statement{{
		Effect:     policydoc.Allow,
		Actions:    []string{"*"},
		Resources:  []string{"*"},
		Conditions: []policydoc.Condition{{Operator: operator, Key: "Test:Key", Values: strings.Fields(policy)}},
	}}}
	values := map[string][]string{"test:OTHER": {"other"}, "test:wild": {"a*"}, "test:many": {"a", "b"}, "test:absent": nil}
	switch request {
	case "?":
	case "-":
		values["test:key"] = nil
	default:
		values["test:key"] = strings.Fields(request)
	}
	p := permissions.Policies{Identity: []*permissions.Policy{permissions.Compile(doc, permissions.Source{})}}
	r := permissions.Request{
		Principal: mustPrincipal(t, userARN),
		Action:    "s3:GetObject", Resource: objectARN,
		Context: permissions.NewContext(values, false),
	}
	return permissions.Evaluate(&p, &r)
}

// The operators are those of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html,
// the quantifiers those of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
func TestConditions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		operator, policy, request string
		want                      permissions.Outcome
	}{
		{"StringEquals", "a b", "b", "allowed"},
		{"StringEquals", "a", "A", "denied"},
		{"StringEquals", "a*", "ab", "denied"},
		{"StringEquals", "a*", "a*", "allowed"},
		{"StringEquals", "a", "-", "denied"},
		{"StringEquals", "", "a", "denied"},
		{"StringEquals", "", "?", "denied"},
		{"StringEquals", "a", "?", "depends"},
		{"StringEquals", "a b", "a b", "denied"},
		{"StringNotEquals", "c", "a b", "denied"},
		{"StringNotEquals", "a", "b", "allowed"},
		{"StringNotEquals", "a b", "b", "denied"},
		{"StringNotEquals", "a", "-", "allowed"},
		{"StringNotEquals", "a", "?", "depends"},
		{"stringequals", "a", "a", "allowed"},
		{"StringEqualsIgnoreCase", "a", "A", "allowed"},
		{"StringNotEqualsIgnoreCase", "a", "A", "denied"},
		{"StringLike", "a*c", "abbc", "allowed"},
		{"StringLike", "a?c", "abbc", "denied"},
		{"StringLike", "*", "x", "allowed"},
		{"StringLike", "*", "-", "denied"},
		{"StringNotLike", "a*", "abc", "denied"},
		{"StringNotLike", "a*", "b", "allowed"},

		{"StringEqualsIfExists", "a", "-", "allowed"},
		{"StringEqualsIfExists", "a", "b", "denied"},
		{"StringEqualsIfExists", "a", "?", "depends"},
		{"StringNotEqualsIfExists", "a", "-", "allowed"},
		{"StringNotEqualsIfExists", "a", "a", "denied"},

		{"ForAllValues:StringEquals", "a b", "a", "allowed"},
		{"ForAllValues:StringEquals", "a b", "a c", "denied"},
		{"ForAllValues:StringEquals", "a", "-", "allowed"},
		{"ForAllValues:StringNotEquals", "a", "b c", "allowed"},
		{"ForAllValues:StringNotEquals", "a", "a b", "denied"},
		{"ForAnyValue:StringEquals", "a b", "c a", "allowed"},
		{"ForAnyValue:StringEquals", "a b", "c", "denied"},
		{"ForAnyValue:StringEquals", "a", "-", "denied"},
		{"ForAnyValue:StringEqualsIfExists", "a", "-", "allowed"},
		{"ForAnyValue:StringNotEquals", "a", "a b", "allowed"},
		{"ForAnyValue:StringNotEquals", "a", "a", "denied"},
		{"ForAnyValue:StringNotEquals", "a", "-", "denied"},

		{"NumericEquals", "10", "10.0", "allowed"},
		{"NumericNotEquals", "10", "11", "allowed"},
		{"NumericNotEquals", "10", "-", "allowed"},
		{"NumericLessThan", "10", "9", "allowed"},
		{"NumericLessThan", "10", "10", "denied"},
		{"NumericLessThanEquals", "10", "10", "allowed"},
		{"NumericGreaterThan", "10", "10", "denied"},
		{"NumericGreaterThan", "10", "100", "allowed"},
		{"NumericGreaterThanEquals", "10", "10", "allowed"},
		{"NumericLessThan", "10", "ten", "denied"},
		{"NumericNotEquals", "10", "ten", "denied"},
		{"NumericNotEquals", "ten", "10", "denied"},
		{"NumericLessThan", "ten", "1", "denied"},

		{"DateEquals", "2024-01-01T00:00:00Z", "1704067200", "allowed"},
		{"DateNotEquals", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "denied"},
		{"DateLessThan", "2024-01-01", "2023-12-31T23:59:59Z", "allowed"},
		{"DateLessThanEquals", "2024", "2024-01-01T00:00:00Z", "allowed"},
		{"DateGreaterThan", "2024-06", "2024-06-01T00:00:00.5Z", "allowed"},
		{"DateGreaterThanEquals", "1704067200", "2024-01-01T00:00:00Z", "allowed"},
		{"DateGreaterThan", "yesterday", "2024-01-01", "denied"},
		{"DateNotEquals", "2024-01-01", "yesterday", "denied"},

		{"Bool", "true", "True", "allowed"},
		{"Bool", "True", "true", "allowed"},
		{"Bool", "false", "-", "denied"},
		{"BoolIfExists", "false", "-", "allowed"},
		{"Bool", "yes", "yes", "denied"},
		{"BinaryEquals", "QmluYXJ5", "QmluYXJ5", "allowed"},
		{"BinaryEquals", "QmluYXJ5", "QmluYXJ6", "denied"},
		{"BinaryEquals", "???", "???", "denied"},

		{"IpAddress", "10.0.0.0/8", "10.1.2.3", "allowed"},
		{"IpAddress", "10.0.0.7/8", "10.1.2.3", "allowed"},
		{"IpAddress", "10.0.0.1", "10.0.0.1", "allowed"},
		{"IpAddress", "10.0.0.1", "10.0.0.2", "denied"},
		{"IpAddress", "2001:db8::/32", "2001:db8:1::1", "allowed"},
		{"IpAddress", "0.0.0.0/0", "2001:db8:1::1", "denied"},
		{"IpAddress", "10.0.0.0/8", "10.0.0.0/16", "allowed"},
		{"IpAddress", "10.0.0.0/16", "10.0.0.0/8", "denied"},
		{"NotIpAddress", "10.0.0.0/8", "192.0.2.1", "allowed"},
		{"NotIpAddress", "10.0.0.0/8", "10.1.2.3", "denied"},
		{"NotIpAddress", "10.0.0.0/8", "-", "allowed"},
		{"NotIpAddress", "10.0.0.0/8", "nowhere", "denied"},
		{"NotIpAddress", "nowhere", "10.1.2.3", "denied"},

		{"ArnEquals", "arn:aws:s3:::b*", "arn:aws:s3:::bucket", "allowed"},
		{"ArnLike", "arn:aws:sns:*:111122223333:t", "arn:aws:sns:eu-west-1:111122223333:t", "allowed"},
		{"ArnLike", "arn:aws:s3*:bucket", "arn:aws:s3:::bucket", "denied"},
		{"ArnLike", "arn:aws:logs:*:*:log-group:a:*", "arn:aws:logs:r:1:log-group:a:log-stream:b", "allowed"},
		{"ArnLike", "*", "arn:aws:s3:::bucket", "denied"},
		{"ArnNotLike", "arn:aws:s3:::a*", "arn:aws:s3:::bucket", "allowed"},
		{"ArnNotEquals", "arn:aws:s3:::b*", "arn:aws:s3:::bucket", "denied"},
		{"ArnNotLike", "arn:aws:s3:::a*", "bucket", "denied"},
		{"ArnNotLike", "bucket", "arn:aws:s3:::a", "denied"},

		{"Null", "true", "-", "allowed"},
		{"Null", "true", "a", "denied"},
		{"Null", "false", "a", "allowed"},
		{"Null", "False", "-", "denied"},
		{"Null", "true", "?", "depends"},
		{"NullIfExists", "true", "-", "depends"},
		{"StringMatches", "a", "a", "depends"},
		{"ForEachValue:StringEquals", "a", "a", "depends"},

		{"StringEquals", "${test:other}", "other", "allowed"},
		{"StringEquals", "x-${TEST:Other}-${test:other}", "x-other-other", "allowed"},
		{"StringEquals", "${test:other}", "${test:other}", "denied"},
		{"StringEquals", "${test:unknown}", "a", "depends"},
		{"StringNotEquals", "${test:unknown}", "a", "depends"},
		{"StringEquals", "${test:absent}", "a", "denied"},
		{"StringNotEquals", "${test:absent}", "a", "allowed"},
		{"StringNotEquals", "${test:absent} a", "a", "denied"},
		{"StringNotLike", "${test:absent}*", "a", "allowed"},
		{"StringNotEquals", "${test:unknown} a", "a", "denied"},
		{"StringEquals", "${test:absent,'a'}", "a", "allowed"},
		{"StringEquals", "${test:other,'a'}", "a", "denied"},
		{"StringEquals", "${test:many}", "a", "denied"},
		{"StringLike", "${test:wild}", "ab", "denied"},
		{"StringLike", "${test:wild}", "a*", "allowed"},
		{"StringLike", "${test:wild}*", "a*b", "allowed"},
		{"StringLike", "a${*}", "ab", "denied"},
		{"StringLike", "a${*}${?}${$}", "a*?$", "allowed"},
		{"StringEquals", "a${*}", "a*", "allowed"},
		{"StringEqualsIgnoreCase", "${test:other}", "OTHER", "allowed"},
		{"ArnLike", "arn:aws:iam::1:user/${test:other}", "arn:aws:iam::1:user/other", "allowed"},
		{"StringEquals", "${test:other", "${test:other", "allowed"},
	}
	for _, tt := range tests {
		t.Run(strings.Join([]string{tt.operator, tt.policy, tt.request}, " "), func(t *testing.T) {
			t.Parallel()
			d := decideCondition(t, tt.operator, tt.policy, tt.request)
			require.Equal(t, tt.want, d.Outcome)
			if tt.want == permissions.Depends && !strings.Contains(tt.policy, "unknown") {
				require.Equal(t, []string{"Test:Key"}, d.Keys)
			} else if tt.want == permissions.Depends {
				require.Equal(t, []string{"test:unknown"}, d.Keys)
			}
		})
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func TestVariablesInResources(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, statement, version string
		context                  map[string][]string
		want                     permissions.Outcome
	}{
		{"user name", `"Resource": "arn:aws:s3:::home/${aws:username}/*"`, "2012-10-17", nil, "allowed"},
		{"old version", `"Resource": "arn:aws:s3:::home/${aws:username}/*"`, "2008-10-17", nil, "denied"},
		{"other value", `"Resource": "arn:aws:s3:::home/${test:key}/*"`, "2012-10-17", map[string][]string{"test:key": {"bob"}}, "denied"},
		{"unknown", `"Resource": "arn:aws:s3:::home/${test:key}/*"`, "2012-10-17", nil, "depends"},
		{"unknown and impossible", `"Resource": "arn:aws:s3:::elsewhere/${test:key}/*"`, "2012-10-17", nil, "denied"},
		{"absent", `"Resource": "arn:aws:s3:::home/${test:key}/*"`, "2012-10-17", map[string][]string{"test:key": nil}, "denied"},
		{"absent with default", `"Resource": "arn:aws:s3:::home/${test:key, 'ann'}/*"`, "2012-10-17", map[string][]string{"test:key": nil}, "allowed"},
		{"star in the value", `"Resource": "arn:aws:s3:::home/${test:key}/*"`, "2012-10-17", map[string][]string{"test:key": {"*"}}, "denied"},
		{"NotResource", `"NotResource": "arn:aws:s3:::home/${test:key}/*"`, "2012-10-17", map[string][]string{"test:key": {"bob"}}, "allowed"},
		{"NotResource that names it", `"NotResource": "arn:aws:s3:::home/${aws:username}/*"`, "2012-10-17", nil, "denied"},
		{"NotResource, unknown", `"NotResource": "arn:aws:s3:::home/${test:key}/*"`, "2012-10-17", nil, "depends"},
		{"NotResource, unknown and impossible", `"NotResource": "arn:aws:s3:::elsewhere/${test:key}/*"`, "2012-10-17", nil, "allowed"},
		{"NotResource, absent", `"NotResource": "arn:aws:s3:::home/${test:key}/*"`, "2012-10-17", map[string][]string{"test:key": nil}, "allowed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := compilePolicyVersion(t, permissions.IdentityPolicy, tt.version, `{"Effect": "Allow", "Action": "s3:*", `+tt.statement+`}`)
			d := permissions.Evaluate(&permissions.Policies{Identity: []*permissions.Policy{p}}, &permissions.Request{
				Principal: mustPrincipal(t, userARN),
				Action:    "s3:GetObject", Resource: "arn:aws:s3:::home/ann/file",
				Context: permissions.NewContext(tt.context, false),
			})
			require.Equal(t, tt.want, d.Outcome, "%+v", d)
		})
	}
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func TestDerivedKeys(t *testing.T) {
	t.Parallel()
	tests := []struct {
		principal, operator, key, value string
		want                            permissions.Outcome
	}{
		{userARN, "StringEquals", "aws:PrincipalArn", userARN, "allowed"},
		{sessionARN, "StringEquals", "aws:PrincipalArn", roleARN, "allowed"},
		{roleARN, "ArnLike", "AWS:principalARN", "arn:aws:iam::*:role/path/*", "allowed"},
		{userARN, "StringEquals", "aws:PrincipalAccount", hereID, "allowed"},
		{userARN, "StringEquals", "aws:ResourceAccount", thereID, "allowed"},
		{userARN, "StringEquals", "aws:PrincipalType", "User", "allowed"},
		{sessionARN, "StringEquals", "aws:PrincipalType", "AssumedRole", "allowed"},
		{userARN, "StringEquals", "aws:username", "ann", "allowed"},
		{roleARN, "Null", "aws:username", "true", "allowed"},
		{roleARN, "StringEquals", "aws:userid", "AROAX:i-1", "depends"},
		{userARN, "StringEquals", "aws:userid", "AIDAX", "depends"},
		{guestARN, "StringEquals", "aws:userid", hereID + ":guest", "allowed"},
		{rootARN, "StringEquals", "aws:userid", hereID, "allowed"},
		{userARN, "Bool", "aws:PrincipalIsAWSService", "false", "allowed"},
		{"ec2.amazonaws.com", "Bool", "aws:PrincipalIsAWSService", "true", "allowed"},
		{"ec2.amazonaws.com", "StringEquals", "aws:PrincipalServiceName", "ec2.amazonaws.com", "allowed"},
		{"ec2.amazonaws.com", "Null", "aws:PrincipalOrgID", "true", "allowed"},
		{userARN, "Null", "aws:PrincipalServiceName", "true", "allowed"},
		{userARN, "StringEquals", "aws:PrincipalOrgID", "o-1", "depends"},
		{"*", "StringEquals", "aws:PrincipalAccount", "anonymous", "allowed"},
		{"*", "Null", "aws:PrincipalArn", "true", "allowed"},
	}
	for _, tt := range tests {
		t.Run(strings.Join([]string{tt.principal, tt.operator, tt.key}, " "), func(t *testing.T) {
			t.Parallel()
			statement := `{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"` + tt.operator + `": {"` + tt.key + `": "` + tt.value + `"}}}`
			r := permissions.Request{Principal: mustPrincipal(t, tt.principal), Action: "s3:GetObject", Resource: objectARN, ResourceAccount: thereID}
			if r.Principal.Type == permissions.PrincipalSession {
				r.Principal.RoleARN = roleARN
			}
			d := permissions.Evaluate(&permissions.Policies{
				Identity: []*permissions.Policy{compilePolicy(t, permissions.IdentityPolicy, allowAnything)},
				Session:  []*permissions.Policy{compilePolicy(t, permissions.SessionPolicy, allowAnything)},
				Resource: compilePolicy(t, permissions.ResourcePolicy, statement),
			}, &r)
			require.Equal(t, tt.want, d.Outcome, "%+v", d)
		})
	}
}
