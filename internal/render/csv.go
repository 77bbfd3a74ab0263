package render

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

var csvHeader = []string{
	"arn", "name", "type", "id", "path", "verdict", "is_nhi", "confidence", "coverage", "category", "detail",
	"create_date", "last_used", "last_used_known", "password", "active_access_keys", "mfa_devices",
	"trust_kind", "trust_provider", "dangers", "reasons", "unseen", "tags",
}

// ScanCSV writes one row for each listed identity, with a header row, as RFC
// 4180 has it. A cell is empty where there is nothing or nothing is known, except
// that password, active_access_keys and mfa_devices of a user say "unknown".
//
// A cell that a spreadsheet would run as a formula has a ' before it, see
// https://owasp.org/www-community/attacks/CSV_Injection.
func ScanCSV(w io.Writer, s *Scan) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	header := csvHeader
	if s.Permissions != nil {
		header = append(slices.Clip(csvHeader), csvPermissionsHeader...)
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for _, id := range s.Identities {
		row := csvRow(id, s.Threshold)
		if s.Permissions != nil {
			row = append(row, permissionCells(s.of(id))...)
		}
		for i, cell := range row {
			row[i] = csvCell(cell)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvCell(text string) string {
	text = Printable(text)
	// The full-width forms count as well in spreadsheets of some languages.
	if first, _ := utf8.DecodeRuneInString(text); strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + text
	}
	return text
}

func csvRow(id *nhi.Identity, threshold float64) []string {
	used, confidence := LastUsed(id), Confidence(id.Confidence)
	row := []string{
		id.ARN, id.Name, string(id.Type), identityID(id), Path(id),
		string(id.Verdict), strconv.FormatBool(confidence >= threshold), number(confidence), number(Confidence(id.Coverage)),
		string(id.Category), id.Detail,
		csvTime(Created(id)), csvTime(used.At), strconv.FormatBool(used.Known),
	}
	row = append(row, credentialCells(id.User)...)
	row = append(row, trustCells(id)...)
	return append(row, reasonsCell(id.Signals), strings.Join(id.Unseen, "; "), tagsCell(id))
}

func identityID(id *nhi.Identity) string {
	switch {
	case id.User != nil:
		return id.User.ID
	case id.Role != nil:
		return id.Role.ID
	}
	return ""
}

func credentialCells(u *nhiscan.User) []string {
	if u == nil {
		return []string{"", "", ""}
	}
	cells := []string{"unknown", "unknown", "unknown"}
	if u.Known.Has(nhiscan.FactPassword) {
		cells[0] = strconv.FormatBool(u.Password.Enabled)
	}
	if u.Known.Has(nhiscan.FactAccessKeys) {
		cells[1] = strconv.Itoa(len(activeKeys(u.AccessKeys)))
	}
	if u.Known.Has(nhiscan.FactMFADevices) {
		cells[2] = strconv.Itoa(len(u.MFADevices))
	}
	return cells
}

func trustCells(id *nhi.Identity) []string {
	if id.Type != nhi.TypeRole {
		return []string{"", "", ""}
	}
	if id.Trust == nil {
		return []string{"unknown", "", ""}
	}
	dangers := make([]string, len(id.Trust.Dangers))
	for i, d := range id.Trust.Dangers {
		dangers[i] = string(d.Severity) + " " + string(d.Code)
	}
	return []string{orUnknown(string(id.Trust.Kind)), id.Trust.Provider, strings.Join(dangers, "; ")}
}

func reasonsCell(signals []nhi.Signal) string {
	parts := make([]string, len(signals))
	for i, s := range signals {
		parts[i] = fmt.Sprintf("%s (%+.1f)", s.Fact, s.Weight)
	}
	return strings.Join(parts, "; ")
}

func tagsCell(id *nhi.Identity) string {
	var tags []nhiscan.Tag
	switch {
	case id.User != nil:
		tags = id.User.Tags
	case id.Role != nil:
		tags = id.Role.Tags
	}
	parts := make([]string, len(tags))
	for i, tag := range tags {
		parts[i] = tag.Key + "=" + tag.Value
	}
	return strings.Join(parts, "; ")
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func csvTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
