package nhiscan

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// ReadCredentialReport reads a credential report: the CSV text, or the JSON with
// that text in base64 that
//
//	aws iam get-credential-report
//
// prints. Either may be compressed with gzip. Columns may come in any order; those
// that it does not know are ignored. A report of more than 64 MiB is refused: one of
// 5,000 users takes about 2 MiB.
//
// The error is a [*KindError] for an input of another kind, a [*FormatError] with
// the line and the name of the column for one that is broken, or that of r.
func ReadCredentialReport(r io.Reader) (*CredentialReport, error) {
	report, err := readReport(r)
	if err != nil {
		return nil, fmt.Errorf("read credential report: %w", err)
	}
	return report, nil
}

func readReport(r io.Reader) (*CredentialReport, error) {
	text, err := openText(r)
	if err != nil {
		return nil, err
	}
	head, err := text.Peek(sniffLength)
	if err != nil && err != io.EOF {
		return nil, err
	}
	trimmed := bytes.TrimLeft(head, " \t\r\n")
	if len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		return readReportJSON(text)
	}
	header, _, _ := strings.Cut(strings.ToLower(string(trimmed)), "\n")
	if !isReportHeader(header) {
		return nil, &KindError{Seems: sniff(head), Hint: reportHint}
	}
	return readReportCSV(text)
}

// readReportJSON reads {"Content": base64, "ReportFormat": "text/csv", "GeneratedTime": …}.
func readReportJSON(text *bufio.Reader) (*CredentialReport, error) {
	r := newJSONReader(text)
	var keys []string
	var content []byte
	var generated time.Time
	if r.peek() == jsontext.KindBeginArray {
		return nil, &KindError{Seems: "a JSON list", Hint: reportHint}
	}
	for key := range r.object() {
		switch key {
		case "Content":
			content = r.base64()
		case "GeneratedTime":
			generated = r.time()
		default:
			if seems := accountKey(key); seems != "" {
				return nil, &KindError{Seems: seems, Hint: reportHint}
			}
			if len(keys) < maxForeignKeys {
				keys = append(keys, key)
			}
			r.skip()
		}
	}
	if r.err != nil {
		return nil, r.err
	}
	if content == nil {
		return nil, &KindError{Seems: seemsByKeys(keys), Hint: reportHint}
	}
	if r.more() {
		r.fail(r.next(), "there is more after the end of the credential report")
	}
	if r.err != nil {
		return nil, r.err
	}
	report, err := readReportCSV(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("the text in Content: %w", err)
	}
	report.GeneratedAt = generated
	return report, nil
}

// accountKey says what a file is that has a key of authorization details at its top.
func accountKey(key string) string {
	switch key {
	case "UserDetailList", "GroupDetailList", "RoleDetailList", "Nhiscan":
		return "an account file"
	}
	return ""
}

// base64 reads a string of base64.
func (r *jsonReader) base64() []byte {
	at := r.next()
	b := r.bytes()
	decoded, err := base64.StdEncoding.AppendDecode(nil, b)
	if err != nil {
		r.fail(at, "want base64: "+err.Error())
	}
	return decoded
}

// A reportReader reads the rows of a report.
type reportReader struct {
	csv     *csv.Reader
	columns map[string]int // by name in lower case
	row     []string
	users   map[string]bool // in lower case, of the rows so far
	account string          // of the rows so far
	err     error           // the first of the present row
}

func readReportCSV(in io.Reader) (*CredentialReport, error) {
	r := &reportReader{csv: csv.NewReader(&cappedReader{in: in, left: maxValueLength}), columns: map[string]int{}, users: map[string]bool{}}
	r.csv.ReuseRecord = true
	header, err := r.csv.Read()
	if err == io.EOF {
		return nil, &KindError{Seems: "an empty file", Hint: reportHint}
	}
	if err != nil {
		return nil, csvError(err)
	}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := r.columns[name]; twice {
			return nil, &FormatError{Line: 1, Column: 1, Path: clip(name), Message: "the report has this column twice"}
		}
		r.columns[name] = i
	}
	for _, name := range []string{"user", "arn"} {
		if _, ok := r.columns[name]; !ok {
			return nil, &FormatError{Line: 1, Column: 1, Path: name, Message: "the report has no such column"}
		}
	}
	report := &CredentialReport{}
	tally := newAccountTally()
	for {
		r.row, err = r.csv.Read()
		if err == io.EOF {
			report.AccountID, report.Partition = tally.account(), tally.partition()
			return report, nil
		}
		if err != nil {
			return nil, csvError(err)
		}
		row := r.credentialRow()
		r.once(&row)
		if r.err != nil {
			return nil, r.err
		}
		tally.add(row.ARN)
		report.add(row)
	}
}

// once refuses a second row of the same user, and a row of another account.
func (r *reportReader) once(row *CredentialReportRow) {
	name := strings.ToLower(row.UserName)
	if r.users[name] {
		r.fail("user", fmt.Sprintf("the report has %q twice: was it put together of several?", clip(row.UserName)))
	}
	r.users[name] = true
	p, ok := splitARN(row.ARN)
	switch {
	case !ok:
	case r.account == "":
		r.account = p.account
	case r.account != p.account:
		r.fail("arn", fmt.Sprintf("the row is of account %s and those before it of account %s; give each account a report of its own",
			clip(p.account), clip(r.account)))
	}
}

// add puts a row where it belongs.
func (c *CredentialReport) add(row CredentialReportRow) {
	const rootName = "<root_account>"
	if row.UserName != rootName {
		c.Rows = append(c.Rows, row)
		return
	}
	c.Root = &row
}

// maxReportLine is far more than the 24 columns of a report take.
const maxReportLine = 64 << 10

// A cappedReader fails where a text, or a line of it, is longer than any report's.
// The CSV reader keeps a whole line in memory, many times over if it is all commas.
type cappedReader struct {
	in   io.Reader
	left int64
	line int // how long the present line is so far
}

func (c *cappedReader) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, fmt.Errorf("the report is longer than %d MiB: no account has that; is the file damaged?", maxValueLength>>20)
	}
	n, err := c.in.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	for rest := p[:n]; len(rest) > 0; {
		line, after, ended := bytes.Cut(rest, []byte("\n"))
		if c.line += len(line); c.line > maxReportLine {
			return 0, fmt.Errorf("a line is longer than %d KiB: no report has that; is the file damaged?", maxReportLine>>10)
		}
		if ended {
			c.line = 0
		}
		rest = after
	}
	return n, err
}

func csvError(err error) error {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return &FormatError{Line: parse.Line, Column: parse.Column, Message: "not CSV: " + parse.Err.Error()}
	}
	return err
}

// fail records what is wrong with a column of the present row.
func (r *reportReader) fail(column, message string) {
	if r.err == nil {
		line, at := r.csv.FieldPos(r.columns[column])
		r.err = &FormatError{Line: line, Column: at, Offset: r.csv.InputOffset(), Path: column, Message: message}
	}
}

// The words that a report has in place of a value.
const (
	reportNone        = "n/a"            // there is nothing that could have the value
	reportNoData      = "no_information" // AWS tracked it and saw nothing
	reportUnsupported = "not_supported"  // the report does not tell, for the root user
)

// text returns the value of a column of the present row; false without the column.
func (r *reportReader) text(column string) (string, bool) {
	i, ok := r.columns[column]
	if !ok || i >= len(r.row) {
		return "", false
	}
	return strings.TrimSpace(r.row[i]), true
}

// bool returns a column that holds TRUE or FALSE in any case; known is false
// where the report does not tell.
func (r *reportReader) bool(column string) (value, known bool) {
	text, ok := r.text(column)
	switch strings.ToLower(text) {
	case "true":
		return true, true
	case "false":
		return false, true
	case "", reportUnsupported, reportNone, reportNoData:
		return false, false
	}
	if ok {
		r.fail(column, fmt.Sprintf("want TRUE or FALSE, found %q", clip(text)))
	}
	return false, false
}

// time returns a column that holds a time; zero for any of the words that stand for none.
func (r *reportReader) time(column string) time.Time {
	text, _ := r.text(column)
	switch strings.ToLower(text) {
	case "", reportUnsupported, reportNone, reportNoData:
		return time.Time{}
	}
	t, ok := parseTime(text)
	if !ok {
		r.fail(column, fmt.Sprintf("want a time such as 2024-05-01T12:00:00+00:00, found %q", clip(text)))
	}
	return t
}

// lastUse returns a column that tells a last use. AWS writes no_information for
// a password never used since 2014-10-20, and N/A for a key never used since
// 2015-04-22 and where there is no password or key: all of these are "never".
func (r *reportReader) lastUse(column string) LastUse {
	text, _ := r.text(column)
	switch strings.ToLower(text) {
	case "", reportUnsupported:
		return LastUse{}
	}
	return LastUse{Known: true, At: r.time(column)}
}
