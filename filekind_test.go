package nhiscan_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

func TestReadKindError(t *testing.T) {
	t.Parallel()
	report, err := os.ReadFile("testdata/accounts/cloudmapper-demo.csv")
	require.NoError(t, err)
	for name, c := range map[string]struct{ input, seems string }{
		"empty":                      {"", "an empty file"},
		"white space":                {" \n\n", "an empty file"},
		"empty gzip":                 {gzipped(t, ""), "an empty file"},
		"empty object":               {"{}", "an empty JSON object"},
		"empty list":                 {"[]", "an empty JSON list"},
		"list of nothing but pages":  {`["a"]`, "a JSON list of something else than objects"},
		"a policy":                   {`{"Version":"2012-10-17","Statement":[]}`, "one policy document"},
		"list-roles":                 {`{"Roles":[{"RoleName":"a"}]}`, "the output of aws iam list-roles"},
		"list-users":                 {`{"Users":[]}`, "the output of aws iam list-users"},
		"list-policies":              {`{"Policies":[{"PolicyName":"a","Arn":"b"}]}`, "the output of aws iam list-policies"},
		"get-role":                   {`{"Role":{}}`, "the output of aws iam get-role"},
		"get-user":                   {`{"User":{}}`, "the output of aws iam get-user"},
		"get-policy-version":         {`{"PolicyVersion":{}}`, "the output of aws iam get-policy-version"},
		"simulation":                 {`{"EvaluationResults":[],"IsTruncated":false}`, "the output of aws iam simulate-principal-policy"},
		"CloudTrail":                 {`{"Records":[{"eventName":"a"}]}`, "a CloudTrail file"},
		"Terraform state":            {`{"version":4,"terraform_version":"1.9.0","resources":[]}`, "a Terraform state"},
		"Terraform plan":             {`{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{}}`, "a Terraform plan"},
		"CloudFormation":             {`{"Resources":{}}`, "a CloudFormation template"},
		"scan output":                {`{"schema":"nhiscan/scan/v1","identities":[]}`, "the output of nhiscan scan"},
		"report as CSV":              {string(report), "a credential report"},
		"report as JSON":             {`{"Content":"dXNlcg==","ReportFormat":"text/csv"}`, "a credential report"},
		"some other object":          {`{"a":1,"b":2,"c":3,"d":4}`, "a JSON object with a, b, c, …"},
		"one string":                 {`"` + strings.Repeat("a", 1000) + `"`, "a single JSON value or plain text"},
		"HTML":                       {"\n<!DOCTYPE html><html>", "a web page (HTML)"},
		"HTML in gzip":               {gzipped(t, "<html></html>"), "a web page (HTML)"},
		"XML":                        {`<?xml version="1.0"?>`, "XML"},
		"CSV":                        {"a,b,c\n1,2,3\n", "a CSV file"},
		"YAML":                       {"UserDetailList:\n- UserName: a\n", "YAML or plain text"},
		"YAML with a mark":           {"---\na: b\n", "YAML or plain text"},
		"an error of the AWS CLI":    {"\nAn error occurred (AccessDenied) when calling the GetAccountAuthorizationDetails operation: no\n", "an error message of the AWS CLI"},
		"text":                       {"hello there\n", "plain text"},
		"binary":                     {"\x7fELF\x02\x01\x01\x00\x00", "a binary file"},
		"ZIP":                        {"PK\x03\x04\x00\x00", "a ZIP archive"},
		"a saved file of the future": {`{"Nhiscan":{"Schema":"nhiscan/account/v9","Users":5}}`, "an account file of another version of nhiscan (nhiscan/account/v9)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := nhiscan.Read(strings.NewReader(c.input))
			var kind *nhiscan.KindError
			require.ErrorAs(t, err, &kind)
			require.Equal(t, c.seems, kind.Seems)
			if !strings.Contains(name, "future") {
				require.ErrorContains(t, err, "aws iam get-account-authorization-details > account.json")
			}
		})
	}
}
