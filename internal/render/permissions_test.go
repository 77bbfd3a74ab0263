package render_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

const (
	botARN     = "arn:aws:iam::123456789012:user/deploy-bot"
	publicARN  = "arn:aws:iam::123456789012:role/integrations/partner-sync"
	orgARN     = "arn:aws:iam::123456789012:role/OrganizationAccountAccessRole"
	lambdaARN  = "arn:aws:iam::123456789012:role/service-role/resize-images"
	personARN  = "arn:aws:iam::123456789012:user/people/ada.berg"
	hostile    = "x\x1b[2J\u202e"
	pushPolicy = `{"Version":"2012-10-17","Statement":[
	{"Effect":"Allow","Action":["lambda:*","s3:Get*"],"Resource":"*"},
	{"Sid":"Pass","Effect":"Allow","Action":"iam:PassRole","Resource":"*"}]}`
)

// match is a statement of a policy that is compiled for the test.
func match(t *testing.T, source permissions.Source, statement int, keys ...string) permissions.Match {
	t.Helper()
	doc, err := policydoc.Parse(pushPolicy)
	require.NoError(t, err)
	return permissions.Match{Policy: permissions.Compile(doc, source), Statement: statement, Keys: keys}
}

func push() permissions.Source {
	return permissions.Source{Type: permissions.IdentityPolicy, Name: "push", Holder: botARN}
}

func administrator() permissions.Source {
	return permissions.Source{
		Type: permissions.IdentityPolicy, Name: "AdministratorAccess", ARN: "arn:aws:iam::aws:policy/AdministratorAccess",
		Holder: "arn:aws:iam::123456789012:group/admins", AWSManaged: true,
	}
}

var passPath = &permissions.EscalationPath{
	ID: "lambda.create+invoke", Name: "Create a Lambda function", Category: permissions.NewPassRole,
	Actions: []string{"iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"}, Service: "lambda.amazonaws.com", Minimal: true,
}

// testPermissions are what the identities of the test account can do: everything,
// nothing, and all sorts between.
func testPermissions(t *testing.T) map[string]*permissions.Permissions {
	t.Helper()
	pass := match(t, push(), 2)
	way := permissions.Escalation{
		Path: passPath, Admin: true, Targets: []string{orgARN, lambdaARN}, TargetCount: 14,
		Hops: []permissions.Hop{
			{From: botARN, To: lambdaARN, Path: passPath, Sentence: "creates a Lambda function that runs as role resize-images",
				Grants: []permissions.HopGrant{{Action: "iam:PassRole", Resource: lambdaARN, Match: pass}, {Action: "lambda:CreateFunction", Resource: "*", Match: match(t, push(), 1)}}},
			{From: lambdaARN, To: orgARN, Path: &permissions.EscalationPath{ID: "sts.assume-role", Name: "Assume a role"}, Sentence: "assumes role OrganizationAccountAccessRole",
				Grants: []permissions.HopGrant{{Action: "sts:AssumeRole", Resource: orgARN, Match: match(t, administrator(), 1)}}},
		},
	}
	other := permissions.Escalation{
		Path: &permissions.EscalationPath{ID: "lambda.update-code", Name: "Change a Lambda function", Category: permissions.ExistingPassRole}, Targets: []string{lambdaARN}, TargetCount: 1,
		Needs: []string{"A Lambda function that runs as the role must exist."}, Keys: []string{"aws:SourceIp"},
	}
	all := permissions.Access{Level: policydoc.LevelPermissionsManagement, All: policydoc.LevelPermissionsManagement, Actions: 22091}
	lambda := permissions.Access{Level: policydoc.LevelWrite, All: policydoc.LevelRead, Named: policydoc.LevelWrite, Actions: 119}
	s3 := permissions.Access{Level: policydoc.LevelRead, ConditionalNamed: policydoc.LevelRead, Actions: 60}
	return map[string]*permissions.Permissions{
		orgARN: {ARN: orgARN, Access: all, Admin: permissions.Admin{Kind: permissions.AdminDirect, Grants: []permissions.Match{match(t, administrator(), 1)}}},
		personARN: {ARN: personARN, Access: all, Admin: permissions.Admin{
			Kind: permissions.AdminDirect, Keys: []string{"aws:MultiFactorAuthPresent"}, Limits: []string{"organizations:LeaveOrganization is denied"},
			Grants: []permissions.Match{match(t, administrator(), 1, "aws:MultiFactorAuthPresent")},
		}},
		publicARN: {ARN: publicARN, Access: lambda, Admin: permissions.Admin{Kind: permissions.AdminSelf, Escalation: &permissions.Escalation{
			Path: &permissions.EscalationPath{ID: "iam.put-role-policy", Name: "Give itself a policy", Category: permissions.SelfEscalation}, Admin: true,
			Hops: []permissions.Hop{{From: publicARN, To: publicARN, Sentence: "puts an inline policy on itself"}},
		}}},
		botARN: {
			ARN:      botARN,
			Access:   permissions.Access{Level: policydoc.LevelWrite, All: policydoc.LevelRead, Named: policydoc.LevelWrite, Actions: 180},
			Services: []permissions.ServiceAccess{{Service: "lambda", Access: lambda, Of: 119}, {Service: "s3", Access: s3, Of: 180}},
			Wildcards: []permissions.Wildcard{
				{Pattern: "lambda:*", Match: match(t, push(), 1), Actions: 119, AllResources: true},
				{Pattern: "s3:" + hostile + "*", Match: match(t, push(), 1), Actions: 1},
			},
			Dangerous: []permissions.Danger{
				{Policy: new(push()), Keys: []string{"iam:PassedToService"}, Danger: &policydoc.Danger{
					Category: policydoc.DangerPrivilegeEscalation, Severity: policydoc.SeverityHigh, Pattern: "iam:PassRole", Actions: []string{"iam:PassRole"}, Count: 1,
					Statement: 2, SID: "Pass", Resources: []string{"*"}, AllResources: true,
					Conditions: []policydoc.Condition{{Operator: "StringEquals", Key: "iam:PassedToService", Values: []string{"lambda.amazonaws.com"}}}}},
				{Policy: new(push()), Danger: &policydoc.Danger{
					Category: policydoc.DangerServiceWildcard, Severity: policydoc.SeverityMedium, Pattern: "lambda:*",
					Actions: []string{"lambda:AddPermission", "lambda:CreateFunction", "lambda:DeleteFunction", "lambda:InvokeFunction"}, Count: 119,
					Statement: 1, Resources: []string{"arn:aws:lambda:*:*:function:" + hostile}}},
			},
			Escalations: []permissions.Escalation{other, way},
			Boundary:    &permissions.BoundaryEffect{Policy: permissions.Source{Type: permissions.PermissionsBoundary, Name: "boundary"}, Granted: 220, Allowed: 180},
			Unusable:    []permissions.Unusable{{Policy: push(), Statement: 1, Actions: []string{"s3:Put*"}, Reason: "the permissions boundary boundary does not allow it"}},
			Unresolved:  []nhiscan.Gap{{Operation: "iam:GetPolicyVersion", Resource: "arn:aws:iam::aws:policy/Gone", Code: nhiscan.GapNotInFile, Message: "the text is not in the file"}},
		},
	}
}

func scanWithPermissions(t *testing.T) *render.Scan {
	scan := testScan()
	scan.Permissions = testPermissions(t)
	scan.Gaps = []nhiscan.Gap{{Operation: "iam:GetPolicyVersion", Resource: "arn:aws:iam::aws:policy/Gone", Code: nhiscan.GapNotInFile, Message: "the text is not in the file"}}
	return scan
}

func identityWithPermissions(t *testing.T, name string) *render.Identity {
	id := testIdentity(name)
	id.Permissions = testPermissions(t)[id.Identity.ARN]
	id.Line = func(m permissions.Match) int { return 10 * m.Statement }
	return id
}

func TestPermissionsGoldens(t *testing.T) {
	t.Parallel()
	for _, width := range []int{80, 118, 200} {
		golden(t, fmt.Sprintf("permissions-%d.txt", width), func(w io.Writer) error {
			return render.ScanTable(w, scanWithPermissions(t), render.Style{Width: width})
		})
	}
	for name, emit := range map[string]func(io.Writer, *render.Scan) error{
		"permissions.json": render.ScanJSON, "permissions.csv": render.ScanCSV, "permissions.md": render.ScanMarkdown,
	} {
		golden(t, name, func(w io.Writer) error { return emit(w, scanWithPermissions(t)) })
	}
	for file, name := range map[string]string{
		"can-do-bot": "deploy-bot", "can-do-everything": "OrganizationAccountAccessRole", "can-do-itself": "partner-sync", "can-do-mfa": "ada.berg",
	} {
		golden(t, file+".txt", func(w io.Writer) error {
			return render.IdentityText(w, identityWithPermissions(t, name), render.Style{Width: 100})
		})
	}
	alone := identityWithPermissions(t, "partner-sync")
	alone.Alone = true
	golden(t, "caller-writes.txt", func(w io.Writer) error { return render.CallerText(w, testCaller(alone), render.Style{Width: 100}) })
}

func testCans(t *testing.T) map[string]*render.Can {
	account := testAccount()
	denies := match(t, permissions.Source{Type: permissions.ServiceControlPolicy, Name: "guard", Target: "r-abcd"}, 1)
	line := func(m permissions.Match) int { return 10 * m.Statement }
	get := render.Action{Name: "s3:GetObject", Known: true}
	return map[string]*render.Can{
		"can-allowed": {Account: account, Principal: botARN, Action: get, Resource: "arn:aws:s3:::bucket/key", Outcome: permissions.Allowed,
			Allows: []permissions.Match{match(t, push(), 1), match(t, administrator(), 1)}, Line: line},
		"can-denied": {Account: account, Principal: botARN, Action: get, Resource: "arn:aws:s3:::bucket/key", Outcome: permissions.Denied, Explicit: true,
			Denies: []permissions.Match{denies}, Allows: []permissions.Match{match(t, push(), 1)}},
		"can-nothing": {Account: account, Principal: publicARN, Action: render.Action{Name: "s3:" + hostile}, Resource: "*", Outcome: permissions.Denied, ServiceControlUnseen: true,
			Missing: []permissions.Missing{
				{Type: permissions.IdentityPolicy}, {Type: permissions.PermissionsBoundary}, {Type: permissions.SessionPolicy}, {Type: permissions.TrustPolicy},
				{Type: permissions.ServiceControlPolicy, Target: "ou-1"}, {Type: permissions.ResourceControlPolicy, Target: "r-1"}, {Type: permissions.ResourcePolicy}},
			Gaps: []nhiscan.Gap{{Operation: "iam:GetPolicyVersion", Resource: "gone", Code: nhiscan.GapNotInFile, Message: "the text is not in the file"}}},
		"can-boundary": {Account: account, Principal: botARN, Action: get, Resource: "arn:aws:s3:::bucket/key", Outcome: permissions.Denied,
			Missing: []permissions.Missing{{Type: permissions.PermissionsBoundary}}},
		"can-own-policies": {Account: account, Principal: botARN, Action: get, Resource: "arn:aws:s3:::bucket/key", Outcome: permissions.Depends,
			ResourcePolicyUnseen: true},
		"can-depends": {Account: account, Principal: publicARN, Action: render.Action{Name: "kms:Decrypt", Known: true}, Resource: "arn:aws:kms:eu-west-1:123456789012:key/1", Outcome: permissions.Depends,
			Keys: []string{"aws:SourceIp"}, ResourcePolicyUnseen: true, Allows: []permissions.Match{match(t, push(), 2, "aws:SourceIp")}},
		"can-where": {Account: account, Principal: botARN, Action: get, Outcome: permissions.Allowed, Resources: []string{"arn:aws:s3:::bucket/*", hostile}, Except: []string{"arn:aws:s3:::bucket/secret"},
			Allows: []permissions.Match{match(t, push(), 1)}},
		"can-everywhere": {Account: account, Principal: botARN, Action: get, Outcome: permissions.Allowed, All: true},
		"can-all-but":    {Account: account, Principal: botARN, Action: get, Outcome: permissions.Depends, Keys: []string{"aws:SourceIp"}, All: true, Except: []string{"arn:aws:s3:::secret/*"}},
	}
}

func testWhoCan(t *testing.T, resource string) *render.WhoCan {
	return &render.WhoCan{Account: testAccount(), Action: render.Action{Name: "s3:GetObject", Known: true}, Resource: resource, ServiceControlUnseen: true, Grants: []permissions.Grant{
		{Principal: orgARN, Outcome: permissions.Allowed, All: true, Allows: []permissions.Match{match(t, administrator(), 1)}},
		{Principal: publicARN, Outcome: permissions.Depends, All: true, Except: []string{"arn:aws:s3:::secret/*"}, Keys: []string{"aws:SourceIp", hostile},
			Allows: []permissions.Match{match(t, push(), 1, "aws:SourceIp"), match(t, push(), 2)}},
		{Principal: botARN, Outcome: permissions.Allowed, Resources: []string{"arn:aws:s3:::bucket/*", "arn:aws:s3:::other/*"}, Allows: []permissions.Match{match(t, push(), 1)}},
	}}
}

func testLinted() []render.Linted {
	return []render.Linted{{Name: "clean.json"}, {Name: "bad " + hostile, Kind: policydoc.KindIdentity, Findings: []policydoc.Finding{
		{Level: policydoc.FindingError, Rule: "duplicate-sid", Statement: 2, SID: "A", Element: "Sid", Line: 4, Column: 5, Offset: 60, Message: "statement 1 has the same Sid " + hostile},
		{Level: policydoc.FindingWarning, Rule: "unknown-action", Statement: 1, Element: "Action[1]", Line: 3, Column: 30, Offset: 44, Message: "s3 has no such action", Fix: "did you mean s3:GetObject?"},
		{Level: policydoc.FindingSuggestion, Message: "shorter"},
	}}}
}

func testExpanded() []render.Expanded {
	actions := []policydoc.Action{{Service: "s3", Name: "GetObject", Level: policydoc.LevelRead}, {Service: "s3", Name: "PutObject", Level: policydoc.LevelWrite}, {Service: "x", Name: "New"}}
	return []render.Expanded{{Name: "s3:*", Statements: []render.ExpandedStatement{{Actions: actions}}}, {Name: "p.json", Statements: []render.ExpandedStatement{
		{Statement: 1, SID: hostile, Effect: policydoc.Allow, Actions: actions[:2], Unknown: []string{"s3:" + hostile}}, {Statement: 2, Effect: policydoc.Deny},
	}}}
}

func testExplained() []render.Explained {
	return []render.Explained{{Name: "p.json", Explanation: policydoc.Explanation{Summary: "It allows little.", Statements: []policydoc.StatementExplanation{
		{Statement: 1, SID: "A", Effect: policydoc.Allow, Sentence: "Allows reading " + hostile + ".", Actions: map[policydoc.AccessLevel]int{policydoc.LevelRead: 1200}, Notes: []string{"A note."}},
		{Statement: 2, Effect: policydoc.Deny, Sentence: "Denies the rest."},
	}}}}
}

// emits are all outputs of this file, by golden file.
func emits(t *testing.T) (texts map[string]func(io.Writer) error, documents map[string]func(io.Writer) error) {
	style := render.Style{Width: 80}
	gaps := []nhiscan.Gap{{Operation: "iam:GetPolicyVersion", Resource: hostile, Code: nhiscan.GapMalformed, Message: "torn"}}
	texts = map[string]func(io.Writer) error{
		"who-can.txt":          func(w io.Writer) error { return render.WhoCanTable(w, testWhoCan(t, ""), render.Style{Width: 118}) },
		"who-can-80.txt":       func(w io.Writer) error { return render.WhoCanTable(w, testWhoCan(t, ""), style) },
		"who-can-resource.txt": func(w io.Writer) error { return render.WhoCanTable(w, testWhoCan(t, "arn:aws:s3:::bucket/key"), style) },
		"who-can-nobody.txt": func(w io.Writer) error {
			return render.WhoCanTable(w, &render.WhoCan{Account: testAccount(), Action: render.Action{Name: "a:B"}}, style)
		},
		"policy-lint.txt":         func(w io.Writer) error { return render.LintText(w, testLinted(), gaps, style) },
		"policy-expand.txt":       func(w io.Writer) error { return render.ExpandTable(w, testExpanded(), gaps, 0, style) },
		"policy-expand-count.txt": func(w io.Writer) error { return render.ExpandTable(w, testExpanded(), nil, 1, style) },
		"policy-explain.txt":      func(w io.Writer) error { return render.ExplainText(w, testExplained(), gaps, style) },
	}
	documents = map[string]func(io.Writer) error{
		"who-can-v1.json":        func(w io.Writer) error { return render.WhoCanJSON(w, testWhoCan(t, "")) },
		"policy-lint-v1.json":    func(w io.Writer) error { return render.LintJSON(w, testLinted(), gaps) },
		"policy-expand-v1.json":  func(w io.Writer) error { return render.ExpandJSON(w, testExpanded(), gaps) },
		"policy-explain-v1.json": func(w io.Writer) error { return render.ExplainJSON(w, testExplained(), gaps) },
	}
	for name, c := range testCans(t) {
		texts[name+".txt"] = func(w io.Writer) error { return render.CanText(w, c, style) }
	}
	return texts, documents
}

func TestAnswerGoldens(t *testing.T) {
	t.Parallel()
	texts, documents := emits(t)
	for name, emit := range texts {
		golden(t, name, emit)
		var out bytes.Buffer
		require.NoError(t, emit(&out))
		for _, r := range out.String() {
			require.True(t, r == '\n' || unicode.IsPrint(r), "%s: %q in the output", name, r)
		}
		require.ErrorIs(t, emit(brokenWriter{}), errBroken, name)
	}
	for name, emit := range documents {
		golden(t, name, emit)
		var out bytes.Buffer
		require.NoError(t, emit(&out))
		requireValid(t, compile(t, name), &out)
		require.ErrorIs(t, emit(brokenWriter{}), errBroken, name)
	}
	for name, c := range testCans(t) {
		golden(t, name+".json", func(w io.Writer) error { return render.CanJSON(w, c) })
		var out bytes.Buffer
		require.NoError(t, render.CanJSON(&out, c))
		requireValid(t, compile(t, "can-v1.json"), &out)
	}
}

func TestPermissionsJSONIsOfItsSchema(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, render.ScanJSON(&out, scanWithPermissions(t)))
	requireValid(t, compile(t, "scan-v1.json"), &out)
	for _, name := range []string{"deploy-bot", "OrganizationAccountAccessRole", "partner-sync", "ada.berg"} {
		out.Reset()
		require.NoError(t, render.IdentityJSON(&out, identityWithPermissions(t, name)))
		requireValid(t, compile(t, "identity-v1.json"), &out)
	}
}

// The columns of permissions come after those that are there without.
func TestPermissionsCSV(t *testing.T) {
	t.Parallel()
	var plain, more bytes.Buffer
	require.NoError(t, render.ScanCSV(&plain, testScan()))
	require.NoError(t, render.ScanCSV(&more, scanWithPermissions(t)))
	without, err := csv.NewReader(&plain).ReadAll()
	require.NoError(t, err)
	with, err := csv.NewReader(&more).ReadAll()
	require.NoError(t, err)
	for i, row := range with {
		require.Equal(t, without[i], row[:len(without[i])])
		require.Len(t, row, len(with[0]))
	}
}
