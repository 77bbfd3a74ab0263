package mcpserver

import (
	"context"
	"strings"
	"unicode"

	"github.com/nhiscan/nhiscan"
)

type accountSummaryResult struct {
	Summary map[string]int `json:"summary" doc:"AWS's counts, quotas and 0 or 1 for the root user's credentials"`
	iamInfo
}

type credentialReportArguments struct {
	markerArguments
	accountArguments
}

type credentialReportResult struct {
	GeneratedAt stamp       `json:"generated_at"`
	Rows        []reportRow `json:"rows" doc:"AWS's columns; null: never; missing: none or not told"`
	listed
}

func accountTools() []*tool {
	return []*tool{
		defineIAM(Tool{
			Name: "get_account_summary", Title: "Get the account's summary",
			Description: "Counts of users, roles, groups and policies with their quotas, and whether the root user has keys and MFA.",
		}, "AccountSummary", getAccountSummary),
		defineIAM(Tool{
			Name: "get_credential_report", Title: "Get the credential report",
			Description: "The credential report: a row for each user and root with password, access keys, certificates and MFA. AWS makes a new one every four hours.",
		}, "CredentialReport", getCredentialReport),
	}
}

func getAccountSummary(ctx context.Context, source iamSource, _ accountArguments) (none accountSummaryResult, err error) {
	summary, gaps, err := source.accountSummary(ctx)
	if err != nil {
		return none, err
	}
	out := accountSummaryResult{Summary: make(map[string]int, len(summary)), iamInfo: newIAMInfo(source, gaps)}
	for name, n := range summary {
		out.Summary[snakeCase(name)] = n
	}
	return out, nil
}

// snakeCase makes mfa_devices_in_use of MFADevicesInUse.
func snakeCase(name string) string {
	var out strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		first := i > 0 && unicode.IsUpper(r) &&
			(!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1]))
		if first {
			out.WriteByte('_')
		}
		out.WriteRune(unicode.ToLower(r))
	}
	return out.String()
}

func (r accountSummaryResult) summary() string {
	var words []string
	for _, key := range []string{"users", "roles", "groups", "policies"} {
		if n, ok := r.Summary[key]; ok {
			words = append(words, say("%d %s", n, key))
		}
	}
	lines := []string{"The identities could not be counted."}
	if len(words) > 0 {
		lines[0] = "Account: " + strings.Join(words, ", ") + "."
	}
	for _, root := range []struct {
		key   string
		value int
		text  string
	}{
		{"account_mfa_enabled", 0, "The root user has no MFA device."},
		{"account_access_keys_present", 1, "The root user has access keys."},
	} {
		if n, ok := r.Summary[root.key]; ok && n == root.value {
			lines = append(lines, root.text)
		}
	}
	return r.text(lines...)
}

func getCredentialReport(ctx context.Context, source iamSource, in credentialReportArguments) (none credentialReportResult, err error) {
	report, gaps, err := source.credentialReport(ctx)
	if err != nil {
		return none, err
	}
	rows := report.Rows
	if report.Root != nil {
		rows = append([]nhiscan.CredentialReportRow{*report.Root}, rows...)
	}
	opts := listArguments{markerArguments: in.markerArguments}
	part, err := opts.options()
	if err != nil {
		return none, err
	}
	list, err := cutList(rows, &part, func(r *nhiscan.CredentialReportRow) (string, string) { return r.ARN, "" })
	if err != nil {
		return none, err
	}
	out := credentialReportResult{GeneratedAt: stamp(report.GeneratedAt), listed: newListed(source, list, gaps)}
	for i := range list.Items {
		out.Rows = append(out.Rows, newReportRow(&list.Items[i]))
	}
	return out, nil
}

func (r credentialReportResult) summary() string {
	return r.listed.text("Rows of the credential report", nil)
}
