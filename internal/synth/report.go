package synth

import (
	"encoding/csv"
	"io"
	"strconv"
	"time"

	"github.com/nhiscan/nhiscan"
)

var reportColumns = []string{
	"user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
	"password_next_rotation", "mfa_active",
	"access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
	"access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region", "access_key_2_last_used_service",
	"cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
}

// WriteCredentialReport writes the account's credentials as the CSV text of an
// IAM credential report.
func WriteCredentialReport(w io.Writer, a *nhiscan.Account) error {
	out := csv.NewWriter(w)
	rows := [][]string{reportColumns}
	if a.Root != nil {
		rows = append(rows, reportRow("<root_account>", a.Root.ARN, a.Root.CreateDate, &a.Root.Credentials))
	}
	for i := range a.Users {
		u := &a.Users[i]
		rows = append(rows, reportRow(u.Name, u.ARN, u.CreateDate, &u.Credentials))
	}
	return out.WriteAll(rows)
}

func reportRow(name, arn string, created time.Time, c *nhiscan.Credentials) []string {
	row := []string{name, arn, date(created), strconv.FormatBool(c.Password.Enabled), "N/A", date(c.Password.LastChanged),
		date(c.Password.NextRotation), strconv.FormatBool(len(c.MFADevices) > 0)}
	switch {
	case !c.Password.LastUsed.At.IsZero():
		row[4] = date(c.Password.LastUsed.At)
	case c.Password.Enabled:
		row[4] = "no_information"
	}
	for i := range 2 {
		if i >= len(c.AccessKeys) {
			row = append(row, "false", "N/A", "N/A", "N/A", "N/A")
			continue
		}
		k := &c.AccessKeys[i]
		row = append(row, strconv.FormatBool(k.Active), date(k.CreateDate), date(k.LastUsed.At), word(k.LastUsed.Region), word(k.LastUsed.Service))
	}
	for i := range 2 {
		if i >= len(c.SigningCertificates) {
			row = append(row, "false", "N/A")
			continue
		}
		row = append(row, strconv.FormatBool(c.SigningCertificates[i].Active), date(c.SigningCertificates[i].UploadDate))
	}
	return row
}

func date(t time.Time) string {
	if t.IsZero() {
		return "N/A"
	}
	return t.UTC().Format("2006-01-02T15:04:05+00:00")
}

func word(s string) string {
	if s == "" {
		return "N/A"
	}
	return s
}
