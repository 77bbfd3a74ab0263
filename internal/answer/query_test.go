package answer_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/nhi"
)

func TestNewQuery(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in        string
		kind      nhi.IdentityType
		name, arn string
		want      nhi.IdentityType
		text      string
	}{
		"a name":                      {in: "deploy", name: "deploy", text: "user or role deploy"},
		"a name of a kind":            {in: "deploy", kind: nhi.TypeRole, name: "deploy", want: nhi.TypeRole, text: "role deploy"},
		"the ARN of a user":           {in: userTwin, name: "twin", arn: userTwin, want: nhi.TypeUser, text: "user " + userTwin},
		"the ARN of a role of a kind": {in: roleApp, kind: nhi.TypeRole, name: "app", arn: roleApp, want: nhi.TypeRole, text: "role " + roleApp},
		"a session means its role": {
			in: "arn:aws:sts::123456789012:assumed-role/app/i-1", name: "app", want: nhi.TypeRole, text: "role app",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, err := answer.NewQuery(c.in, c.kind)
			require.NoError(t, err)
			require.Equal(t, c.name, q.Name())
			require.Equal(t, c.arn, q.ARN())
			require.Equal(t, c.want, q.Kind())
			require.Equal(t, c.text, q.String())
		})
	}
}

func TestNewQueryRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		kind nhi.IdentityType
		want string
	}{
		"nothing":                {want: "is empty"},
		"half an ARN":            {in: "arn:aws:iam", want: "is not a whole ARN"},
		"a group":                {in: "arn:aws:iam::123456789012:group/x", want: "is not the ARN of a user or role"},
		"a session of nothing":   {in: "arn:aws:sts::123456789012:assumed-role/app", want: "is not the ARN of a user or role"},
		"the ARN of the other":   {in: userTwin, kind: nhi.TypeRole, want: "is not the ARN of a role"},
		"a session is no user's": {in: "arn:aws:sts::123456789012:assumed-role/app/s", kind: nhi.TypeUser, want: "is not the ARN of a user"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := answer.NewQuery(c.in, c.kind)
			requireInput(t, err, c.want)
		})
	}
	_, err := answer.NewQuery(userTwin, nhi.TypeRole)
	var other *answer.TypeError
	require.ErrorAs(t, err, &other)
}

func TestLocate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		kind nhi.IdentityType
		want string
	}{
		"by name":            {in: "app", want: roleApp},
		"in another case":    {in: "APP", want: roleApp},
		"by ARN":             {in: userTwin, want: userTwin},
		"by kind":            {in: "twin", kind: nhi.TypeRole, want: roleTwin},
		"by a session's ARN": {in: "arn:aws:sts::123456789012:assumed-role/app/s", want: roleApp},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, err := answer.NewQuery(c.in, c.kind)
			require.NoError(t, err)
			arn, err := q.Locate(twins())
			require.NoError(t, err)
			require.Equal(t, c.want, arn)
		})
	}
}

func TestLocateNothing(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"twni":                               "there is no user or role twni in this account; did you mean twin?",
		"somebody":                           "there is no user or role somebody in this account",
		"arn:aws:iam::123456789012:role/app": "there is no role arn:aws:iam::123456789012:role/app in this account; did you mean arn:aws:iam::123456789012:role/service/app?",
	} {
		_, err := query(t, in).Locate(twins())
		var missing *answer.NotFoundError
		require.ErrorAs(t, err, &missing)
		require.EqualError(t, err, want)
	}
}

func TestLocateTwo(t *testing.T) {
	t.Parallel()
	_, err := query(t, "twin").Locate(twins())
	requireInput(t, err, "twin is the name of two: "+userTwin+" and "+roleTwin)
	var two *answer.AmbiguousError
	require.ErrorAs(t, err, &two)
	require.Equal(t, []string{userTwin, roleTwin}, two.ARNs)
	var hinted interface{ Hint() string }
	require.ErrorAs(t, err, &hinted)
	require.Equal(t, "say whether the user or the role is meant, or give one of the ARNs "+userTwin+" and "+roleTwin, hinted.Hint())
}

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"human", "nhi", "mixed", "uncertain", "lambda_execution"}
	for word, want := range map[string]string{
		"hmuan": "human", "Human": "human", "nih": "nhi", "lambda": "lambda_execution", "certain": "uncertain",
		"robot": "", "x": "", "": "",
	} {
		require.Equal(t, want, answer.Nearest(word, words), word)
	}
}
