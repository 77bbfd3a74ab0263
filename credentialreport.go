package nhiscan

import (
	"errors"
	"io"
	"time"
)

// A CredentialReport is IAM's credential report.
type CredentialReport struct {
	// GeneratedAt is when AWS made the report; zero where the input does not say.
	GeneratedAt time.Time
	// AccountID is the account field of the report's ARNs.
	AccountID string
	Rows      []CredentialReportRow
}

// A CredentialReportRow is what the report says of one user or of the root user.
type CredentialReportRow struct {
	UserName   string
	ARN        string
	CreateDate time.Time
	Credentials
	Known Facts
}

// ReadCredentialReport reads a credential report.
func ReadCredentialReport(r io.Reader) (*CredentialReport, error) { return nil, errors.ErrUnsupported }

// ApplyCredentialReport adds the report's facts to the account.
func (a *Account) ApplyCredentialReport(r *CredentialReport) error { return errors.ErrUnsupported }
