package nhiscan

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// maxSeparateGaps is how many users are named one by one in gaps of the same kind.
const maxSeparateGaps = 10

// ApplyCredentialReport gives the account's users and root user the credentials
// that the report tells. Users are matched by name. It belongs to the reading of
// an account: call it before the account is shared.
//
// What the account knows already is kept where it says more: of keys that are
// listed with their ids, the report only adds the last use, matched by the date
// of creation, and a list that is known is taken to be complete, because a
// report may be four hours old.
//
// A user without a row, a row without a user, which becomes a user of which
// only the credentials are known, and credentials for which the report has no
// columns are gaps. The error is that of a report of another account.
func (a *Account) ApplyCredentialReport(r *CredentialReport) error {
	if r == nil {
		return errors.New("apply credential report: there is none")
	}
	if a.ID != "" && r.AccountID != "" && a.ID != r.AccountID {
		return fmt.Errorf("apply credential report: it is of account %s, but the account is %s; give the report of account %s",
			r.AccountID, a.ID, a.ID)
	}
	if a.ID == "" {
		a.ID = r.AccountID
	}
	if a.Partition == "" {
		a.Partition = r.Partition
	}
	a.Gaps = slices.DeleteFunc(a.Gaps, Gap.isReport)
	a.applyRoot(r.Root)
	without, added := a.applyRows(r.Rows)
	a.Gaps = append(a.Gaps, userGaps(operationReport, without, "has no row in the credential report (made after it?): the credentials are not known")...)
	a.Gaps = append(a.Gaps, userGaps(operationDetails, added, "is in the credential report only (made after the account was read, or deleted since): the policies are not known")...)
	a.Gaps = append(a.Gaps, userGaps(operationReport, a.rowsWithout(r.Rows), "has a row that tells no password, access key or MFA state: is the report whole?")...)
	a.Sort()
	a.Gaps = slices.Compact(a.Gaps)
	return nil
}

// rowsWithout returns the ARNs of the users whose rows leave out what every
// report has, and of whom nothing else told it.
func (a *Account) rowsWithout(rows []CredentialReportRow) []string {
	const want = FactPassword | FactAccessKeys | FactMFADevices
	poor := map[string]bool{}
	for i := range rows {
		if !rows[i].Known.Has(want) {
			poor[strings.ToLower(rows[i].UserName)] = true
		}
	}
	var arns []string
	for i := range a.Users {
		if u := &a.Users[i]; poor[strings.ToLower(u.Name)] && !u.Known.Has(want) {
			arns = append(arns, u.ARN)
		}
	}
	return arns
}

// isReport says that the credential report as a whole was missing or refused.
func (g Gap) isReport() bool {
	return g.Resource == "*" && (g.Operation == operationReport || g.Operation == operationGenerateReport)
}

func (a *Account) applyRoot(row *CredentialReportRow) {
	if row == nil {
		return
	}
	if a.Root == nil {
		a.Root = &RootUser{ARN: row.ARN, CreateDate: row.CreateDate}
	}
	a.Root.Credentials.merge(row.Credentials, &a.Root.Known, row.Known)
	a.noteMore(a.Root.ARN, row.More)
}

// noteMore notes credentials that the report counts but has no columns for.
func (a *Account) noteMore(arn, more string) {
	if more == "" {
		return
	}
	a.Gaps = append(a.Gaps, Gap{
		Operation: operationReport,
		Resource:  arn,
		Code:      GapTruncated,
		Message:   "the credential report leaves out some of the credentials: " + clip(more),
	})
}

// applyRows returns the ARNs of the users without a row, and of those that only
// the report has.
func (a *Account) applyRows(rows []CredentialReportRow) (without, added []string) {
	byName := make(map[string]int, len(a.Users))
	for i := range a.Users {
		byName[strings.ToLower(a.Users[i].Name)] = i
	}
	seen := make([]bool, len(a.Users), len(a.Users)+len(rows))
	for _, row := range rows {
		name := strings.ToLower(row.UserName)
		i, ok := byName[name]
		if !ok {
			i = len(a.Users)
			byName[name] = i
			a.Users = append(a.Users, a.userOfRow(row))
			seen = append(seen, true)
			added = append(added, a.Users[i].ARN)
		}
		u := &a.Users[i]
		seen[i] = true
		u.Credentials.merge(row.Credentials, &u.Known, row.Known)
		a.noteMore(u.ARN, row.More)
	}
	for i := range seen {
		if !seen[i] {
			without = append(without, a.Users[i].ARN)
		}
	}
	return without, added
}

// userOfRow makes a user of a row without one. Its ARN is made from its name
// when the row's is that of somebody else.
func (a *Account) userOfRow(row CredentialReportRow) User {
	parts, ok := splitARN(row.ARN)
	if !ok || !strings.EqualFold(parts.name, row.UserName) {
		parts = arnParts{partition: a.Partition, account: a.ID, kind: "user", path: "/", name: row.UserName}
	}
	return User{Name: row.UserName, ARN: joinARN(parts), Path: parts.path, CreateDate: row.CreateDate}
}

// userGaps makes gaps of users; one for all when there are many.
func userGaps(operation string, arns []string, message string) []Gap {
	slices.Sort(arns)
	var gaps []Gap
	if len(arns) > maxSeparateGaps {
		return []Gap{{
			Operation: operation,
			Resource:  "*",
			Code:      GapNotInFile,
			Message: fmt.Sprintf("%d users: each %s; the first of them are %s",
				len(arns), message, strings.Join(arns[:maxSeparateGaps], ", ")),
		}}
	}
	for _, arn := range arns {
		gaps = append(gaps, Gap{Operation: operation, Resource: arn, Code: GapNotInFile, Message: "the user " + message})
	}
	return gaps
}

// merge adds what a report tells to what is known.
func (c *Credentials) merge(from Credentials, known *Facts, told Facts) {
	if told.Has(FactPassword) && !known.Has(FactPassword) {
		c.Password.Enabled = from.Password.Enabled
	}
	c.Password.LastUsed = laterUse(c.Password.LastUsed, from.Password.LastUsed)
	if c.Password.LastChanged.IsZero() {
		c.Password.LastChanged = from.Password.LastChanged
	}
	if c.Password.NextRotation.IsZero() {
		c.Password.NextRotation = from.Password.NextRotation
	}
	c.mergeKeys(from.AccessKeys, known.Has(FactAccessKeys))
	if told.Has(FactMFADevices) && !known.Has(FactMFADevices) && len(c.MFADevices) == 0 {
		c.MFADevices = slices.Clone(from.MFADevices)
	}
	if told.Has(FactSigningCertificates) && !known.Has(FactSigningCertificates) {
		c.SigningCertificates = slices.Clone(from.SigningCertificates)
	}
	*known |= told
}

// mergeKeys matches keys by the second in which they were made. Keys of the
// report that match none are added unless the list is known to be complete.
func (c *Credentials) mergeKeys(from []AccessKey, complete bool) {
	matched := make([]bool, len(c.AccessKeys))
next:
	for _, key := range from {
		for i := range matched {
			have := &c.AccessKeys[i]
			if !matched[i] && have.CreateDate.Truncate(time.Second).Equal(key.CreateDate.Truncate(time.Second)) {
				matched[i] = true
				have.LastUsed = laterUse(have.LastUsed, key.LastUsed)
				continue next
			}
		}
		if !complete {
			c.AccessKeys = append(c.AccessKeys, key)
		}
	}
}

// laterUse returns the one of two accounts of the same thing's last use that
// tells more: a use rather than none, the later rather than the earlier.
func laterUse(have, told LastUse) LastUse {
	switch {
	case !told.Known:
		return have
	case !have.Known, told.At.After(have.At):
		return told
	case have.At.Equal(told.At) && have.Service == "":
		return told
	}
	return have
}
