package policydoc_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

func TestMatchAction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, action string
		want            bool
	}{
		{"*", "s3:GetObject", true},
		{"*:*", "s3:GetObject", true},
		{"s3:*", "s3:GetObject", true},
		{"s3:*", "s3express:GetObject", false},
		{"s3:GetObject", "s3:GetObject", true},
		{"S3:getOBJECT", "s3:GetObject", true},
		{"s3:GetObject", "s3:GetObjectAcl", false},
		{"s3:GetObjectAcl", "s3:GetObject", false},
		{"s3:*Object", "s3:GetObject", true},
		{"s3:*Object", "s3:GetObjectAcl", false},
		{"s3:*object*", "s3:GetObjectAcl", true},
		{"s3:?etObject", "s3:GetObject", true},
		{"s3:?GetObject", "s3:GetObject", false},
		{"s3:Get???ect", "s3:GetObject", true},
		{"iam:*Role*Policy", "iam:AttachRolePolicy", true},
		{"iam:*Role*Policy", "iam:PutRolePermissionsBoundary", false},
		{"iam:*a*a*", "iam:DetachGroupPolicy", false},
		{"**", "s3:GetObject", true},
		{"s3:GetObject**", "s3:GetObject", true},
		{"", "s3:GetObject", false},
		{"", "", true},
		{"*", "", true},
		{"?", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.pattern+" "+tt.action, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, policydoc.MatchAction(tt.pattern, tt.action))
		})
	}
}

func TestMatchResource(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, arn string
		want         bool
	}{
		{"*", "arn:aws:s3:::bucket/key", true},
		{"arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b:c", true},
		{"arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", false},
		{"arn:aws:s3:::Bucket/*", "arn:aws:s3:::bucket/key", false},
		{"arn:aws:iam::*:role/deploy", "arn:aws:iam::123456789012:role/deploy", true},
		{"arn:aws:iam::123456789012:role/*/deploy", "arn:aws:iam::123456789012:role/a/b/deploy", true},
		{"arn:aws:s3:::logs-????", "arn:aws:s3:::logs-2024", true},
		{"arn:aws:s3:::logs-????", "arn:aws:s3:::logs-202", false},
		{"arn:aws:s3:::a.b", "arn:aws:s3:::axb", false},
		{"arn:aws:s3:::a[bc]+(d|e)^$", "arn:aws:s3:::a[bc]+(d|e)^$", true},
		{"arn:aws:s3:::${aws:username}", "arn:aws:s3:::${aws:username}", true},
		{"arn:aws:s3:::b/?", "arn:aws:s3:::b/é", true},
		{"arn:aws:s3:::b/??", "arn:aws:s3:::b/é", false},
		{"*??", "日", false},
		{"*日", "日本日", true},
	}
	for _, tt := range tests {
		t.Run(tt.pattern+" "+tt.arn, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, policydoc.MatchResource(tt.pattern, tt.arn))
		})
	}
}

// A matcher that tries every split for every star would not come back from this.
func TestMatchDoesNotExplode(t *testing.T) {
	t.Parallel()
	require.False(t, policydoc.MatchResource(strings.Repeat("*a", 500)+"b", strings.Repeat("a", 2000)))
	require.True(t, policydoc.MatchResource(strings.Repeat("*a", 500)+"*", strings.Repeat("a", 2000)))
}

// Not parallel: allocations are counted for the whole process.
func TestMatchDoesNotAllocate(t *testing.T) {
	require.Zero(t, testing.AllocsPerRun(100, func() {
		policydoc.MatchAction("s3:*obj*T", "s3:GetObject")
		policydoc.MatchResource("arn:aws:s3:::*/é?", "arn:aws:s3:::bucket/éé")
	}))
}

func TestStatementApplies(t *testing.T) {
	t.Parallel()
	type statement = policydoc.Statement
	const action, arn = "s3:GetObject", "arn:aws:s3:::bucket/key"
	tests := []struct {
		name             string
		statement        statement
		action, resource bool
	}{
		{"action", statement{Actions: []string{"ec2:*", "S3:get*"}}, true, true},
		{"other action", statement{Actions: []string{"ec2:*"}}, false, true},
		{"no action in the list", statement{Actions: []string{}}, false, true},
		{"neither action nor not-action", statement{}, false, true},
		{"not-action", statement{NotActions: []string{"ec2:*", "iam:*"}}, true, true},
		{"not-action that names it", statement{NotActions: []string{"ec2:*", "s3:*"}}, false, true},
		{"empty not-action excludes nothing", statement{NotActions: []string{}}, true, true},
		{"resource", statement{Actions: []string{"*"}, Resources: []string{"x", "arn:aws:s3:::bucket/*"}}, true, true},
		{"other resource", statement{Actions: []string{"*"}, Resources: []string{"arn:aws:s3:::Bucket/*"}}, true, false},
		{"no resource in the list", statement{Actions: []string{"*"}, Resources: []string{}}, true, false},
		{"not-resource", statement{Actions: []string{"*"}, NotResources: []string{"arn:aws:s3:::other/*"}}, true, true},
		{"not-resource that names it", statement{Actions: []string{"*"}, NotResources: []string{"x", "*/key"}}, true, false},
		{"empty not-resource excludes nothing", statement{Actions: []string{"*"}, NotResources: []string{}}, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.action, tt.statement.AppliesToAction(action))
			require.Equal(t, tt.resource, tt.statement.AppliesToResource(arn))
		})
	}
}
