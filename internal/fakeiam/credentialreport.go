package fakeiam

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
)

func credentialReportOperations() map[string]operation {
	return map[string]operation{
		"GenerateCredentialReport": {write: generateCredentialReport},
		"GetCredentialReport":      {write: getCredentialReport},
	}
}

// A credentialReport is the state of the account's report.
type credentialReport struct {
	// polls is how many requests a generation takes.
	polls int
	state reportState
	// left is how many requests the running generation still takes.
	left int
	// of is the account as it was when the report was ready; a report does not
	// follow what is written later.
	of  *index
	csv string
}

// A reportState says how far the report is.
type reportState string

const (
	reportAbsent  reportState = ""
	reportRunning reportState = "running"
	reportReady   reportState = "ready"
	reportExpired reportState = "expired"
)

// ReportPolls sets how many requests answer that the credential report is being
// made, the one that starts it included, before it is complete; requests of both
// operations count. The default is 1: the first GenerateCredentialReport answers
// STARTED, the second COMPLETE. With 0 a report is there at once.
func (s *Server) ReportPolls(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.polls = n
}

// ExpireReport makes the credential report older than the four hours for which
// AWS keeps one: GetCredentialReport answers ReportExpired until it is made anew.
func (s *Server) ExpireReport() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.state = reportExpired
}

// generateCredentialReport implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateCredentialReport.html.
func generateCredentialReport(s *Server, r *request, x *xmlWriter) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	started := s.report.state == reportAbsent || s.report.state == reportExpired
	if started {
		s.report.state, s.report.left = reportRunning, s.report.polls
	}
	switch {
	case s.report.poll(r.index):
		x.text("State", "COMPLETE")
	case started:
		x.text("State", "STARTED")
		x.text("Description", "No report exists. Starting a new report generation task")
	default:
		x.text("State", "INPROGRESS")
	}
	return nil
}

// poll counts a request and reports whether the report is ready.
func (c *credentialReport) poll(ix *index) bool {
	if c.state == reportRunning {
		if c.left == 0 {
			c.state, c.of, c.csv = reportReady, ix, ""
		}
		c.left--
	}
	return c.state == reportReady
}

// getCredentialReport implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html.
func getCredentialReport(s *Server, r *request, x *xmlWriter) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.report.state {
	case reportAbsent:
		return errKnown("ReportNotPresent")
	case reportExpired:
		return errKnown("ReportExpired")
	}
	if !s.report.poll(r.index) {
		return errKnown("ReportInProgress")
	}
	if s.report.csv == "" {
		s.report.csv = base64.StdEncoding.EncodeToString(s.report.of.credentialReport())
	}
	x.text("Content", s.report.csv)
	x.text("ReportFormat", "text/csv")
	x.time("GeneratedTime", r.index.reportTime())
	return nil
}

// reportTime is when the report was made: when the account was read, or else some
// fixed time, so that equal accounts have equal reports.
func (ix *index) reportTime() time.Time {
	if t := ix.account.CollectedAt; !t.IsZero() {
		return t
	}
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
}

// What the report says where there is nothing to say.
const (
	notApplicable = "N/A"
	notSupported  = "not_supported"
	noInformation = "no_information"
)

// reportColumns are those of a real report. The user guide names one more,
// additional_credentials_info, for users with more keys or certificates than the
// two that AWS lets them have.
const reportColumns = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active," +
	"access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service," +
	"access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service," +
	"cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated"

// credentialReport returns the report: the root user first, then the users, lines
// that end in LF except for the last, as
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
// describes it. Credentials in excess of two of a kind are not in it.
func (ix *index) credentialReport() []byte {
	var b bytes.Buffer
	b.WriteString(reportColumns + "\n")
	w := csv.NewWriter(&b)
	_ = w.Write(ix.rootRow()) // a bytes.Buffer does not fail
	users := slices.Clone(ix.users)
	slices.SortStableFunc(users, func(a, b *nhiscan.User) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	for _, u := range users {
		row := []string{u.Name, u.ARN, reportTime(u.CreateDate)}
		row = append(row, passwordColumns(u.Password)...)
		_ = w.Write(append(row, otherColumns(&u.Credentials)...)) // likewise
	}
	w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// rootRow is the row of the root user, whom every account has; one that the
// Account does not tell of has no credentials.
func (ix *index) rootRow() []string {
	root := ix.account.Root
	if root == nil {
		root = &nhiscan.RootUser{}
	}
	row := []string{rootName, ix.arn("root"), reportTime(root.CreateDate)}
	password := passwordColumns(root.Password)
	password[len(password)-1] = notSupported
	row = append(row, password...)
	return append(row, otherColumns(&root.Credentials)...)
}

// passwordColumns are password_enabled to password_next_rotation.
func passwordColumns(p nhiscan.Password) []string {
	if !p.Enabled {
		return []string{"false", notApplicable, notApplicable, notApplicable}
	}
	used := noInformation
	if !p.LastUsed.At.IsZero() {
		used = reportTime(p.LastUsed.At)
	}
	return []string{"true", used, reportTime(p.LastChanged), reportTime(p.NextRotation)}
}

// otherColumns are mfa_active to cert_2_last_rotated.
func otherColumns(c *nhiscan.Credentials) []string {
	columns := []string{strconv.FormatBool(len(c.MFADevices) > 0)}
	for i := range 2 {
		if i < len(c.AccessKeys) {
			k := c.AccessKeys[i]
			columns = append(columns, strconv.FormatBool(k.Active), reportTime(k.CreateDate),
				reportTime(k.LastUsed.At), orNotApplicable(k.LastUsed.Region), orNotApplicable(k.LastUsed.Service))
		} else {
			columns = append(columns, "false", notApplicable, notApplicable, notApplicable, notApplicable)
		}
	}
	for i := range 2 {
		if i < len(c.SigningCertificates) {
			cert := c.SigningCertificates[i]
			columns = append(columns, strconv.FormatBool(cert.Active), reportTime(cert.UploadDate))
		} else {
			columns = append(columns, "false", notApplicable)
		}
	}
	return columns
}

func reportTime(t time.Time) string {
	if t.IsZero() {
		return notApplicable
	}
	return t.UTC().Format(timeFormat)
}
