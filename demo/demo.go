// Package demo is the IAM of a made-up AWS account: Larkspur Books, a bookshop
// with some seventy users and roles of every kind, and with the mistakes that
// real accounts have.
//
// Call [Account] to try whatever takes a [nhiscan.Account] without credentials
// of AWS. It goes through the same readers as an account file and a credential
// report of your own. Pass [Now] as the time to whatever asks for one, so that
// ages and "used within" come out the same every day.
//
// Nobody and nothing in it exists, but for the vendors whose account ids are
// public and the policies that AWS publishes.
package demo

import (
	"bytes"
	_ "embed"
	"fmt"
	"time"

	"github.com/nhiscan/nhiscan"
)

//go:embed account.json
var accountJSON []byte

//go:embed credential-report.csv
var credentialReportCSV []byte

// Account reads the demo account. Each call returns an Account of its own. Its
// Source is "demo", it was collected at [Now], and it has no gaps.
func Account() (*nhiscan.Account, error) {
	account, err := nhiscan.Read(bytes.NewReader(accountJSON))
	if err != nil {
		return nil, fmt.Errorf("demo account: %w", err)
	}
	report, err := nhiscan.ReadCredentialReport(bytes.NewReader(credentialReportCSV))
	if err != nil {
		return nil, fmt.Errorf("demo account: credential report: %w", err)
	}
	if err := account.ApplyCredentialReport(report); err != nil {
		return nil, fmt.Errorf("demo account: credential report: %w", err)
	}
	account.Source = nhiscan.SourceDemo
	account.CollectedAt = Now()
	return account, nil
}

// Now returns the time at which the demo account was collected: 2026-10-05 09:00 UTC.
func Now() time.Time { return time.Date(2026, time.October, 5, 9, 0, 0, 0, time.UTC) }
