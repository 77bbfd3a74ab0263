package manage_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/policydoc"
)

func TestDocumentRejected(t *testing.T) {
	t.Parallel()
	long := func(n int) string {
		return allow(`"s3:GetObject"`, `["arn:aws:s3:::`+strings.Repeat("a", n)+`"]`)
	}
	create := func(document string) manage.Change {
		return manage.CreatePolicy{PolicyName: "new", PolicyDocument: document}
	}
	for _, c := range []struct {
		name   string
		change manage.Change
		says   string
	}{
		{"nothing", create(" \n"), "is empty"},
		{"no JSON", create("{\n  nonsense"), "line 2, column 3, byte 4"},
		{"a wrong effect", create(strings.Replace(guardRead, "Allow", "allow", 1)), `statement 1: want "Allow" or "Deny"`},
		{"a principal", create(trusts(`"*"`)), "statement 1"},
		{"no statement", create(`{"Version":"2012-10-17","Statement":[]}`), "statement"},
		{"a trust policy with a resource", manage.CreateRole{RoleName: "new", AssumeRolePolicyDocument: guardRead}, "assume_role_policy_document: statement 1"},
		{"too long for a managed policy", create(long(6200)), "6144"},
		{"too long for a user", manage.PutUserPolicy{UserName: "bob", PolicyName: "p", PolicyDocument: long(2100)}, "2048"},
		{"too long for a group", manage.PutGroupPolicy{GroupName: "empty", PolicyName: "p", PolicyDocument: long(5200)}, "5120"},
		{"too long for a role", manage.PutRolePolicy{RoleName: "app", PolicyName: "p", PolicyDocument: long(10300)}, "10240"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := guardServer(guardedAccount())
			_, err := manage.NewPlan(context.Background(), guardAPI(s), c.change, &manage.Options{CallerARN: guardCaller})
			var argument *manage.ArgumentError
			require.ErrorAs(t, err, &argument)
			require.Contains(t, err.Error(), c.says)
			if c.name != "nothing" {
				var parse *policydoc.ParseError
				require.True(t, errors.As(err, &parse))
				require.Contains(t, err.Error(), fmt.Sprintf("byte %d)", parse.Offset))
			}
		})
	}
}

func TestDocumentRisks(t *testing.T) {
	t.Parallel()
	var statements []string
	for i := range 12 {
		statements = append(statements, fmt.Sprintf(`{"Effect":"Allow","Action":"s3:GetObjet%d","Resource":"*"}`, i))
	}
	p := planned(t, guardedAccount(), manage.CreatePolicy{PolicyName: "new",
		PolicyDocument: `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`}, manage.Options{})
	require.Empty(t, p.Refusals)
	require.Len(t, p.Risks, 11)
	require.Equal(t, []manage.RiskCode{manage.RiskPolicy}, codesOf(p.Risks))
	require.Contains(t, p.Risks[0].Message, "policy_document: statement 1: ")
	require.Contains(t, p.Risks[10].Message, "more findings")

	spaced := planned(t, guardedAccount(), manage.PutUserPolicy{UserName: "bob", PolicyName: "p",
		PolicyDocument: guardRead + strings.Repeat(" ", 3000)}, manage.Options{})
	require.Empty(t, spaced.Risks, "white space does not count")
}
