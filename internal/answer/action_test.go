package answer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/answer"
)

func TestParseAction(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in, want string
		known    bool
		warning  string
		refused  string
	}{
		"one of the catalogue": {in: "s3:getobject", want: "s3:GetObject", known: true},
		"one that is new":      {in: "s3:GetObjct", want: "s3:GetObjct", warning: "s3:GetObjct is not in the action catalogue; did you mean s3:GetObject"},
		"without a service":    {in: "GetObject", refused: `"GetObject" is not an action: an action has a service before it`},
		"with a service only":  {in: "s3:", refused: "an action has a service before it"},
		"a pattern":            {in: "s3:Get*", refused: "s3:Get* is a pattern: name one action"},
		"other letters":        {in: "s3:Gét", refused: "its name has ASCII letters and digits"},
		"empty":                {refused: `"" is not an action`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			action, warning, err := answer.ParseAction(c.in)
			if c.refused != "" {
				requireInput(t, err, c.refused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, action.Name)
			require.Equal(t, c.known, action.Known)
			if c.warning == "" {
				require.Empty(t, warning)
			}
			require.Contains(t, warning, c.warning)
		})
	}
	_, _, err := answer.ParseAction("*:*")
	var pattern *answer.PatternError
	require.ErrorAs(t, err, &pattern)
	require.Equal(t, "*:*", pattern.Pattern)
}

func TestDefaultResource(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"s3:ListAllMyBuckets": "*", "s3:GetObject": ""} {
		require.Equal(t, want, answer.DefaultResource(action(t, name)), name)
	}
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	s := answer.NewSubject(twins(), nil)
	for resource, want := range map[string]string{
		roleTwin: "", userTwin: "", "*": "", "": "", book: "",
		"arn:aws:iam::123456789012:role/service/*":   "",
		"arn:aws:iam::999999999999:role/other":       "",
		"arn:aws:iam::123456789012:policy/any":       "",
		"arn:aws:iam::123456789012:role/twni":        "there is no role arn:aws:iam::123456789012:role/twni in this account; did you mean " + roleTwin + "?",
		"arn:aws:iam::123456789012:user/quite/other": "there is no user arn:aws:iam::123456789012:user/quite/other in this account; did you mean " + userTwin + "?",
	} {
		require.Equal(t, want, s.Absent(resource), resource)
	}
}

func TestContextValues(t *testing.T) {
	t.Parallel()
	type pair struct{ key, value string }
	for name, c := range map[string]struct {
		in      []pair
		want    answer.ContextValues
		refused string
	}{
		"values of a key in any case": {
			in:   []pair{{"aws:SourceIp", "192.0.2.1"}, {"AWS:sourceip", "2001:db8::1"}},
			want: answer.ContextValues{"aws:sourceip": {"192.0.2.1", "2001:db8::1"}},
		},
		"an absent key":        {in: []pair{{"aws:SourceVpce", ""}, {"aws:sourcevpce", ""}}, want: answer.ContextValues{"aws:sourcevpce": {}}},
		"seconds":              {in: []pair{{"aws:CurrentTime", "1767225600"}}, want: answer.ContextValues{"aws:currenttime": {"1767225600"}}},
		"a day":                {in: []pair{{"aws:CurrentTime", "2026-01-01"}}, want: answer.ContextValues{"aws:currenttime": {"2026-01-01"}}},
		"no service":           {in: []pair{{"SourceIp", "192.0.2.1"}}, refused: "a condition key has a service before it"},
		"absent after a value": {in: []pair{{"a:b", "1"}, {"A:b", ""}}, refused: "a:b is given a value and said to be absent"},
		"a value after absent": {in: []pair{{"a:b", ""}, {"A:b", "1"}}, refused: "a:b is given a value and said to be absent"},
		"no address":           {in: []pair{{"aws:sourceip", "here"}}, refused: "the value of aws:SourceIp is an IP address"},
		"no truth":             {in: []pair{{"aws:MultiFactorAuthPresent", "yes"}}, refused: "is true or false"},
		"no number":            {in: []pair{{"aws:MultiFactorAuthAge", "long"}}, refused: "is a number"},
		"no time":              {in: []pair{{"aws:CurrentTime", "noon"}}, refused: "is a time, such as"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var values answer.ContextValues
			var err error
			for _, p := range c.in {
				if err = values.Add(p.key, p.value); err != nil {
					break
				}
			}
			if c.refused != "" {
				requireInput(t, err, c.refused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, values)
		})
	}
}
