package nhiscan

import "time"

// A CredentialReport is IAM's credential report: a row for each user, and one
// for the root user.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html.
type CredentialReport struct {
	// GeneratedAt is when AWS made the report; zero in a CSV file, which does not say.
	GeneratedAt time.Time
	// AccountID is the account that the ARNs name.
	AccountID string
	Partition string
	// Root is the root user's row; nil in a report without it.
	Root *CredentialReportRow
	// Rows are the users' rows in the order of the report.
	Rows []CredentialReportRow
}

// A CredentialReportRow is what the report says of one user. Keys, certificates
// and MFA devices have no ids in a report. An MFA device has no kind either, and
// there is one for however many the user has.
type CredentialReportRow struct {
	UserName   string
	ARN        string
	CreateDate time.Time
	Credentials
	// Known is what the row tells. A fact is not known where the report has no
	// such column or says not_supported.
	Known Facts
	// More is what the report says of credentials beyond the two keys and two
	// certificates that it has columns for; empty for none.
	More string
}
