package permissions_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A compiled statement covers what [policydoc.MatchAction] and
// [policydoc.MatchResource] say that it covers: the index and the short cuts for
// patterns of common forms make no difference.
func FuzzCompiledPatterns(f *testing.F) {
	for _, seed := range [][4]string{
		{"s3:Get*", "ec2:*", "s3:GetObject", "arn:aws:s3:::b/*"},
		{"*", "s3:?etObject", "S3:GETOBJECT", "arn:aws:s3:::?/*/x"},
		{"s*", "*:Get*", "sqs:GetQueueUrl", "*"},
		{"s3*", "*Object", "s3express:CreateSession", "arn:*:s3:::*é*"},
		{"s?:*", "*t:x", "s3:get:x", "arn:aws:s3:::b"},
		{"?", "", "x", "**"},
		{"s3:*", "s3:*", "s3", "*b*b"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], "arn:aws:s3:::b/é/bb")
	}
	f.Fuzz(func(t *testing.T, first, second, action, pattern, resource string) {
		all := first + second + action + pattern + resource
		if !utf8.ValidString(all) || strings.ContainsAny(all, "\x00\x01") || !isASCII(first+second+action) || len(all) > 1000 ||
			strings.EqualFold(action, "sts:GetCallerIdentity") {
			return
		}
		for _, s := range []policydoc.Statement{
			{Actions: []string{first, second}, Resources: []string{pattern}},
			{NotActions: []string{first, second}, NotResources: []string{pattern}},
		} {
			s.Effect = policydoc.Allow
			doc := &policydoc.Document{Version: policydoc.Version2008, Statements: []policydoc.Statement{s}}
			p := permissions.Policies{Identity: []*permissions.Policy{permissions.Compile(doc, permissions.Source{})}}
			d := permissions.Evaluate(&p, &permissions.Request{
				Principal: permissions.Principal{Type: permissions.PrincipalUser, ARN: userARN, Account: hereID},
				Action:    action, Resource: resource, ResourceAccount: hereID,
			})
			want := strings.Contains(action, ":") && s.AppliesToAction(action) && s.AppliesToResource(resource)
			if isKey := strings.Contains(resource, ":key/") || strings.Contains(resource, ":role/"); isKey {
				return // needs a resource policy
			}
			if got := d.Outcome == permissions.Allowed; got != want {
				t.Fatalf("%+v\n%s on %q: %v, want %v", s, action, resource, got, want)
			}
		}
	})
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
