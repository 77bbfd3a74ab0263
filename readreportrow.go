package nhiscan

import (
	"strconv"
	"strings"
)

// credentialRow reads the present row.
func (r *reportReader) credentialRow() CredentialReportRow {
	var row CredentialReportRow
	row.UserName, _ = r.text("user")
	row.ARN, _ = r.text("arn")
	row.CreateDate = r.time("user_creation_time")
	if row.UserName == "" {
		r.fail("user", "the row names no user")
	}
	r.password(&row)
	r.accessKeys(&row)
	if active, known := r.bool("mfa_active"); known {
		row.Known |= FactMFADevices
		if active {
			row.MFADevices = []MFADevice{{}}
		}
	}
	r.certificates(&row)
	// The column counts credentials beyond two keys and two certificates.
	more, _ := r.text("additional_credentials_info")
	switch strings.ToLower(more) {
	case reportNone, reportUnsupported, reportNoData:
	default:
		row.More = more
	}
	return row
}

func (r *reportReader) password(row *CredentialReportRow) {
	enabled, known := r.bool("password_enabled")
	if known {
		row.Password.Enabled = enabled
		row.Known |= FactPassword
	}
	row.Password.LastUsed = r.lastUse("password_last_used")
	if row.Password.LastUsed.Known {
		row.Known |= FactPasswordLastUsed
	}
	row.Password.LastChanged = r.time("password_last_changed")
	row.Password.NextRotation = r.time("password_next_rotation")
}

// accessKeys reads the keys. A key that exists has a date of rotation, which is
// that of its creation: keys cannot be changed.
func (r *reportReader) accessKeys(row *CredentialReportRow) {
	told := false
	for n := 1; ; n++ {
		prefix := "access_key_" + strconv.Itoa(n)
		active, known := r.bool(prefix + "_active")
		if _, ok := r.columns[prefix+"_active"]; !ok {
			break
		}
		told = told || known
		created := r.time(prefix + "_last_rotated")
		if !active && created.IsZero() {
			continue
		}
		key := AccessKey{Active: active, CreateDate: created, LastUsed: r.lastUse(prefix + "_last_used_date")}
		if !key.LastUsed.At.IsZero() {
			key.LastUsed.Region = r.word(prefix + "_last_used_region")
			key.LastUsed.Service = r.word(prefix + "_last_used_service")
		}
		row.AccessKeys = append(row.AccessKeys, key)
	}
	if told {
		row.Known |= FactAccessKeys
	}
}

func (r *reportReader) certificates(row *CredentialReportRow) {
	told := false
	for n := 1; ; n++ {
		prefix := "cert_" + strconv.Itoa(n)
		active, known := r.bool(prefix + "_active")
		if _, ok := r.columns[prefix+"_active"]; !ok {
			break
		}
		told = told || known
		uploaded := r.time(prefix + "_last_rotated")
		if active || !uploaded.IsZero() {
			row.SigningCertificates = append(row.SigningCertificates, SigningCertificate{Active: active, UploadDate: uploaded})
		}
	}
	if told {
		row.Known |= FactSigningCertificates
	}
}

// word returns a column's value, empty for N/A.
func (r *reportReader) word(column string) string {
	text, _ := r.text(column)
	if strings.EqualFold(text, reportNone) {
		return ""
	}
	return text
}
