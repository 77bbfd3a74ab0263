package manage_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/manage"
)

func TestPlanFileOfDemo(t *testing.T) {
	t.Parallel()
	a, err := demo.Account()
	require.NoError(t, err)
	found := manage.ProposeCleanup(a, demo.Now(), nil)
	var text bytes.Buffer
	require.NoError(t, planFile(a.ID, demo.Now(), found.Proposals).Write(&text))
	f, err := manage.ReadPlanFile(&text)
	require.NoError(t, err)
	require.Equal(t, &manage.PlanFile{AccountID: a.ID, CreatedAt: demo.Now(), Proposals: found.Proposals}, f)
}

// Every change can be in a plan file, and comes out of it as it went in.
func TestPlanFileHasEveryKind(t *testing.T) {
	t.Parallel()
	var all []manage.Proposal
	for _, k := range manage.Kinds() {
		for _, e := range examples()[k.Name] {
			all = append(all, manage.Proposal{Change: e.change})
		}
	}
	var text bytes.Buffer
	require.NoError(t, planFile(accountID, today, all).Write(&text))
	validPlan(t, text.Bytes())
	f, err := manage.ReadPlanFile(&text)
	require.NoError(t, err)
	require.Equal(t, all, f.Proposals)
	require.Error(t, planFile(accountID, today, []manage.Proposal{{}}).Write(io.Discard))
}

// planText is a plan file of the changes.
func planText(changes ...string) string {
	return `{"schema":"nhiscan/plan/v1","account_id":"123456789012","created_at":"2026-03-01T12:00:00Z","comment":"by hand","changes":[` + strings.Join(changes, ",\n") + `]}`
}

func planFile(account string, created time.Time, proposals []manage.Proposal) *manage.PlanFile {
	return &manage.PlanFile{AccountID: account, CreatedAt: created, Proposals: proposals}
}

func TestReadPlanFile(t *testing.T) {
	t.Parallel()
	text := planText(
		`{"change":"delete_user","arguments":{"user_name":"ci","force":true},"reason":"gone","unused_since":"2025-03-01T12:00:00+01:00"}`,
		`{"arguments":{"policy_document": {"Version":"2012-10-17", "Statement":[]},"user_name":"ci","policy_name":"p"},"change":"put_user_policy"}`,
		`{"change":"create_role","arguments":{"role_name":"r","assume_role_policy_document":"{}","max_session_duration":7200,"tags":{"a":"b"}}}`,
		`{"change":"untag_identity","arguments":{"identity_name":"r","identity_type":"role","tag_keys":["a","b"]}}`,
	)
	f, err := manage.ReadPlanFile(iotest.OneByteReader(strings.NewReader(text)))
	require.NoError(t, err)
	require.Equal(t, "by hand", f.Comment)
	require.Len(t, f.Proposals, 4)
	require.Equal(t, manage.DeleteUser{UserName: "ci", Force: true}, f.Proposals[0].Change)
	require.True(t, f.Proposals[0].UnusedSince.Equal(time.Date(2025, 3, 1, 11, 0, 0, 0, time.UTC)))
	require.Equal(t, manage.PutUserPolicy{UserName: "ci", PolicyName: "p", PolicyDocument: `{"Version":"2012-10-17", "Statement":[]}`}, f.Proposals[1].Change)
	require.Equal(t, manage.CreateRole{RoleName: "r", AssumeRolePolicyDocument: "{}", MaxSessionDuration: 7200, Tags: map[string]string{"a": "b"}}, f.Proposals[2].Change)
	require.Equal(t, manage.UntagIdentity{IdentityName: "r", IdentityType: "role", TagKeys: []string{"a", "b"}}, f.Proposals[3].Change)
	validPlan(t, []byte(text))

	require.NoError(t, f.CheckAccount(callerARN))
	require.ErrorIs(t, f.CheckAccount("arn:aws:iam::999999999999:user/x"), manage.ErrOtherAccount)
	require.ErrorIs(t, f.CheckAccount(""), manage.ErrOtherAccount)
}

func TestReadPlanFileErrors(t *testing.T) {
	t.Parallel()
	change := func(arguments string) string {
		return planText(`{"change":"update_access_key","arguments":` + arguments + `}`)
	}
	good := `{"change":"delete_group","arguments":{"group_name":"g"}}`
	cases := map[string]struct{ text, want string }{
		"empty":           {"", "line 1, column 1: the file ends too early"},
		"cut off":         {strings.TrimSuffix(planText(good), "]}"), "the file ends too early"},
		"no JSON":         {"{\n  \"schema\": x}", "line 2, column 13: invalid character 'x'"},
		"not an object":   {"[]", "line 1, column 1: want an object"},
		"two plans":       {planText() + "\n  {}", "line 2, column 3: something follows after the end of the plan"},
		"bad bytes":       {strings.Replace(planText(good), `"g"`, "\"\xff\"", 1), "not UTF-8"},
		"other schema":    {strings.Replace(planText(), "plan/v1", "plan/v2", 1), `the schema is "nhiscan/plan/v2": want nhiscan/plan/v1`},
		"no schema":       {`{"changes":[]}`, "account_id is missing"},
		"account":         {strings.Replace(planText(), "123456789012", "1234", 1), "account_id: want 12 digits"},
		"account number":  {strings.Replace(planText(), `"123456789012"`, "123456789012", 1), "account_id: want a string"},
		"time":            {strings.Replace(planText(), "2026-03-01T12:00:00Z", "yesterday", 1), "created_at: want a time such as"},
		"unknown field":   {strings.Replace(planText(), `"comment"`, `"coment"`, 1), `unknown "coment": there are account_id, changes, comment, created_at, schema`},
		"field twice":     {strings.Replace(planText(), `"comment"`, `"schema"`, 1), "schema is there twice"},
		"no list":         {strings.Replace(planText(), "[]", "{}", 1), "changes: want a list"},
		"null":            {strings.Replace(planText(), `"by hand"`, "null", 1), "comment: is null: leave it out instead"},
		"no change":       {planText(`{"arguments":{}}`), "change 1: change is missing"},
		"no arguments":    {planText(good, `{"change":"delete_user"}`), "line 2, column 1: change 2: delete_user: arguments is missing"},
		"unknown change":  {planText(good, `{"change":"delete_uesr","arguments":{}}`), `line 2, column 11: change 2: there is no change "delete_uesr"`},
		"field of change": {planText(`{"change":"delete_user","arguments":{"user_name":"u"},"why":"x"}`), `change 1: delete_user: unknown "why"`},
		"entry no object": {planText(good, "7"), "line 2, column 1: change 2: want an object"},
		"the same twice":  {planText(good, `{"change":"delete_group","reason":"again","arguments":{"group_name":"g"}}`), "change 2: delete_group: the same as change 1"},
		"unknown argument": {change(`{"user_name":"u","force":true}`),
			`change 1: update_access_key: unknown "force": there are access_key_id, status, user_name`},
		"argument twice":   {change(`{"user_name":"u","user_name":"v"}`), "user_name is there twice"},
		"missing argument": {change(`{"user_name":"u","status":"Active"}`), "access_key_id is missing"},
		"wrong type":       {change(`{"user_name":7}`), "user_name: want a string"},
		"wrong word":       {change(`{"user_name":"u","access_key_id":"x","status":"active"}`), "status: want Active, Inactive"},
		"null argument":    {change(`{"user_name":null}`), "user_name: is null: leave it out instead"},
		"arguments list":   {change(`[]`), "want an object"},
		"bool":             {planText(`{"change":"delete_user","arguments":{"user_name":"u","force":"yes"}}`), "force: want true or false"},
		"number":           {planText(`{"change":"create_role","arguments":{"max_session_duration":1.5}}`), "max_session_duration: want a whole number"},
		"tags":             {planText(`{"change":"create_user","arguments":{"tags":{"a":1}}}`), "tags: want an object of strings"},
		"tag twice":        {planText(`{"change":"create_user","arguments":{"tags":{"a":"1","a":"2"}}}`), `tags: "a" is there twice`},
		"null tag":         {planText(`{"change":"create_user","arguments":{"tags":{"a":null}}}`), "tags: want a string"},
		"null in list":     {planText(`{"change":"untag_identity","arguments":{"tag_keys":["a",null]}}`), "tag_keys: want a string"},
		"list":             {planText(`{"change":"untag_identity","arguments":{"tag_keys":"a"}}`), "tag_keys: want a list of strings"},
		"object for text":  {planText(`{"change":"create_user","arguments":{"user_name":{}}}`), "user_name: want a string"},
		"unused what":      {planText(`{"change":"delete_group","arguments":{"group_name":"g"},"unused_since":"2026-01-01T00:00:00Z"}`), "unused_since: it is about nothing whose last use AWS tells"},
		"too much":         {planText(strings.TrimSuffix(strings.Repeat("{},", 10_001), ",")), "more than 10000 changes"},
		"too long":         {planText() + strings.Repeat(" ", 16<<20), "longer than 16 MiB"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := manage.ReadPlanFile(strings.NewReader(c.text))
			require.ErrorContains(t, err, c.want)
			var e *manage.PlanFileError
			require.ErrorAs(t, err, &e)
			require.Positive(t, e.Line)
			require.Positive(t, e.Column)
		})
	}
	broken := errors.New("broken pipe")
	_, err := manage.ReadPlanFile(iotest.ErrReader(broken))
	require.ErrorIs(t, err, broken)
}

func FuzzReadPlanFile(f *testing.F) {
	f.Add(planText(`{"change":"delete_user","arguments":{"user_name":"ci","force":true},"reason":"x","unused_since":"2025-03-01T12:00:00Z"}`))
	f.Add(planText(`{"change":"create_user","arguments":{"user_name":"u","tags":{"a":"b"}}}`))
	f.Add(planText(`{"change":"untag_identity","arguments":{"identity_name":"r","tag_keys":["a"]}}`, "[1,2]"))
	f.Add("{\"schema\":\n\"nhiscan/plan/v1\"")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := manage.ReadPlanFile(strings.NewReader(text))
		if err != nil {
			return
		}
		var again bytes.Buffer
		require.NoError(t, file.Write(&again))
		second, err := manage.ReadPlanFile(&again)
		require.NoError(t, err)
		require.Equal(t, file.Comment, second.Comment)
		require.Len(t, second.Proposals, len(file.Proposals))
		for i, p := range second.Proposals {
			require.Equal(t, file.Proposals[i].Reason, p.Reason)
			require.True(t, file.Proposals[i].UnusedSince.Equal(p.UnusedSince))
			require.Equal(t, file.Proposals[i].Change, p.Change)
		}
	})
}
