package nhiscan

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// sniff says what a text seems to be by its beginning; "" for JSON.
func sniff(head []byte) string {
	text := bytes.TrimLeft(head, " \t\r\n")
	lower := bytes.ToLower(text[:min(len(text), 512)])
	switch {
	case len(text) == 0:
		return "an empty file"
	case bytes.HasPrefix(lower, []byte("pk\x03\x04")):
		return "a ZIP archive"
	case bytes.IndexByte(head, 0) >= 0:
		return "a binary file"
	case text[0] == '{' || text[0] == '[':
		return ""
	case !mostlyUTF8(head):
		return "a binary file"
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")):
		return "a web page (HTML)"
	case text[0] == '<':
		return "XML"
	case text[0] == '"' || text[0] == '-' && !bytes.HasPrefix(text, []byte("---")) || '0' <= text[0] && text[0] <= '9':
		return "a single JSON value or plain text"
	}
	return sniffLine(lower)
}

// sniffLine tells kinds of text by the first line, given in lower case.
func sniffLine(lower []byte) string {
	line, _, _ := strings.Cut(string(lower), "\n")
	line = strings.TrimRight(line, "\r")
	switch {
	case isReportHeader(line):
		return "a credential report"
	case strings.Contains(line, "error occurred") || strings.HasPrefix(line, "aws: "):
		return "an error message of the AWS CLI"
	case strings.Count(line, ",") >= 2 && !strings.Contains(line, ", "):
		return "a CSV file"
	case strings.HasPrefix(line, "---") || strings.HasSuffix(strings.TrimSpace(line), ":") || strings.Contains(line, ": "):
		return "YAML or plain text"
	}
	return "plain text"
}

// mostlyUTF8 reports whether the beginning of a text is UTF-8, but for a
// character that its end may cut in two.
func mostlyUTF8(head []byte) bool {
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 {
			return len(head) < utf8.UTFMax
		}
		head = head[size:]
	}
	return true
}

// isReportHeader reports whether a line, in lower case, begins a credential report.
func isReportHeader(line string) bool {
	return strings.Contains(line, "user") && strings.Contains(line, "password_enabled")
}

// A fileKind is a kind of JSON file that people mistake for an account file,
// known by keys that it has at its top.
type fileKind struct {
	keys  []string
	seems string
}

// fileKinds come in the order in which they are tried.
var fileKinds = [...]fileKind{
	{[]string{"Content", "ReportFormat"}, "a credential report"},
	{[]string{"schema", "identities"}, "the output of nhiscan scan"},
	{[]string{"PolicyVersion"}, "the output of aws iam get-policy-version"},
	{[]string{"Statement"}, "one policy document"},
	{[]string{"EvaluationResults"}, "the output of aws iam simulate-principal-policy"},
	{[]string{"Records"}, "a CloudTrail file"},
	{[]string{"terraform_version", "planned_values"}, "a Terraform plan"},
	{[]string{"terraform_version"}, "a Terraform state"},
	{[]string{"AWSTemplateFormatVersion"}, "a CloudFormation template"},
	{[]string{"Resources"}, "a CloudFormation template"},
	{[]string{"Roles"}, "the output of aws iam list-roles"},
	{[]string{"Users"}, "the output of aws iam list-users"},
	{[]string{"Groups"}, "the output of aws iam list-groups"},
	{[]string{"Policies"}, "the output of aws iam list-policies"},
	{[]string{"Role"}, "the output of aws iam get-role"},
	{[]string{"User"}, "the output of aws iam get-user"},
	{[]string{"Group"}, "the output of aws iam get-group"},
	{[]string{"Policy"}, "the output of aws iam get-policy or aws organizations describe-policy"},
	{[]string{"AccessKeyMetadata"}, "the output of aws iam list-access-keys"},
	{[]string{"SummaryMap"}, "the output of aws iam get-account-summary"},
	{[]string{"PolicyDocument"}, "the output of an aws iam get-…-policy command"},
	{[]string{"Account", "UserId", "Arn"}, "the output of aws sts get-caller-identity"},
}

// seemsByKeys says what a JSON object seems to be by the keys at its top.
func seemsByKeys(keys []string) string {
	if len(keys) == 0 {
		return "an empty JSON object"
	}
	has := make(map[string]bool, len(keys))
	for _, key := range keys {
		has[key] = true
	}
next:
	for _, kind := range &fileKinds {
		for _, key := range kind.keys {
			if !has[key] {
				continue next
			}
		}
		return kind.seems
	}
	names := make([]string, 0, 4)
	for _, key := range keys[:min(len(keys), 3)] {
		names = append(names, clip(key))
	}
	if len(keys) > 3 {
		names = append(names, "…")
	}
	return "a JSON object with " + strings.Join(names, ", ")
}
