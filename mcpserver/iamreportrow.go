package mcpserver

import (
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/toolschema"
)

// A reportRow is a row of the credential report, with the columns that are known
// in AWS's order.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
type reportRow []reportColumn

type reportColumn struct {
	name  string
	value any
}

// JSONSchema implements [toolschema.Describer].
func (reportRow) JSONSchema() *toolschema.Schema { return &toolschema.Schema{Type: "object"} }

// MarshalJSONTo implements json.MarshalerTo.
func (r reportRow) MarshalJSONTo(enc *jsontext.Encoder) error {
	if err := enc.WriteToken(jsontext.BeginObject); err != nil {
		return err
	}
	for _, column := range r {
		if err := enc.WriteToken(jsontext.String(column.name)); err != nil {
			return err
		}
		if err := json.MarshalEncode(enc, column.value, jsonOptions); err != nil {
			return err
		}
	}
	return enc.WriteToken(jsontext.EndObject)
}

// reportSlots is how many keys and how many certificates a report has columns for.
const reportSlots = 2

func newReportRow(from *nhiscan.CredentialReportRow) reportRow {
	row := reportRow{{"user", from.UserName}, {"arn", from.ARN}, {"user_creation_time", stamp(from.CreateDate)}}
	if from.Known.Has(nhiscan.FactPassword) {
		row = append(row, reportColumn{"password_enabled", from.Password.Enabled})
	}
	if from.Known.Has(nhiscan.FactPasswordLastUsed) {
		row = append(row, reportColumn{"password_last_used", stamp(from.Password.LastUsed.At)})
	}
	// No time is one that there is not, or one that is not told.
	if at := from.Password.LastChanged; !at.IsZero() {
		row = append(row, reportColumn{"password_last_changed", stamp(at)})
	}
	if at := from.Password.NextRotation; !at.IsZero() {
		row = append(row, reportColumn{"password_next_rotation", stamp(at)})
	}
	if from.Known.Has(nhiscan.FactMFADevices) {
		row = append(row, reportColumn{"mfa_active", len(from.MFADevices) > 0})
	}
	if from.Known.Has(nhiscan.FactAccessKeys) {
		row = row.addKeys(from.AccessKeys)
	}
	if from.Known.Has(nhiscan.FactSigningCertificates) {
		row = row.addCertificates(from.SigningCertificates)
	}
	if from.More != "" {
		row = append(row, reportColumn{"additional_credentials_info", from.More})
	}
	return row
}

// addKeys says of a key that there is not only that none is active.
func (r reportRow) addKeys(keys []nhiscan.AccessKey) reportRow {
	for i := range max(reportSlots, len(keys)) {
		prefix := "access_key_" + strconv.Itoa(i+1) + "_"
		if i >= len(keys) {
			r = append(r, reportColumn{prefix + "active", false})
			continue
		}
		key := &keys[i]
		r = append(r, reportColumn{prefix + "active", key.Active}, reportColumn{prefix + "last_rotated", stamp(key.CreateDate)})
		if !key.LastUsed.Known {
			continue
		}
		r = append(r, reportColumn{prefix + "last_used_date", stamp(key.LastUsed.At)})
		if !key.LastUsed.Never() {
			r = append(r, reportColumn{prefix + "last_used_region", orNull(key.LastUsed.Region)}, reportColumn{prefix + "last_used_service", orNull(key.LastUsed.Service)})
		}
	}
	return r
}

func (r reportRow) addCertificates(certificates []nhiscan.SigningCertificate) reportRow {
	for i := range max(reportSlots, len(certificates)) {
		prefix := "cert_" + strconv.Itoa(i+1) + "_"
		if i >= len(certificates) {
			r = append(r, reportColumn{prefix + "active", false})
			continue
		}
		r = append(r, reportColumn{prefix + "active", certificates[i].Active}, reportColumn{prefix + "last_rotated", stamp(certificates[i].UploadDate)})
	}
	return r
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
