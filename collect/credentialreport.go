package collect

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

const (
	opGenerateReport = "GenerateCredentialReport"
	opGetReport      = "GetCredentialReport"

	// firstReportWait and maxReportWait bound the growing pauses between two
	// questions whether a report is made. Most are within seconds.
	firstReportWait = 500 * time.Millisecond
	maxReportWait   = 5 * time.Second
)

// CredentialReport has AWS make the account's credential report, waits for it up
// to Options.ReportWait, and reads it. Where it may not have one made, it reads
// the one that is there, which may be four hours old: see GeneratedAt.
//
// The error is an [*Error]; the code ReportInProgress says that the report was not made in time.
func CredentialReport(ctx context.Context, api AccountAPI, opts *Options) (*nhiscan.CredentialReport, error) {
	r, ctx := newReader(ctx, parts{AccountAPI: api}, opts)
	defer r.abort(nil)
	return r.credentialReport(ctx)
}

// credentialReport has AWS make the credential report and reads it. AWS makes
// a new one at most every four hours and until then sends the last.
//
// When it may not have one made, it reads the one that is there.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html.
func (r *reader) credentialReport(ctx context.Context) (*nhiscan.CredentialReport, error) {
	waited := time.Duration(0)
	for wait := firstReportWait; ; wait = min(2*wait, maxReportWait) {
		made, makeErr := r.generateReport(ctx)
		if made || makeErr != nil {
			report, err := r.getReport(ctx)
			switch {
			case err == nil:
				return report, nil
			case makeErr != nil:
				return nil, makeErr
			case !notReady(err):
				return nil, err
			}
		}
		if waited >= r.opts.ReportWait {
			return nil, &Error{Operation: "iam:" + opGetReport, Resource: "*", Code: "ReportInProgress",
				Message: "AWS had not made the credential report after " + waited.String() + "; scan again in a few minutes"}
		}
		wait = min(wait, r.opts.ReportWait-waited)
		if err := pause(ctx, wait); err != nil {
			return nil, r.failed(ctx, NewError(ctx, "iam:"+opGetReport, "*", err))
		}
		waited += wait
	}
}

func (r *reader) generateReport(ctx context.Context) (made bool, err error) {
	return call(ctx, r, opGenerateReport, "*", func() (bool, error) {
		out, err := r.api.GenerateCredentialReport(ctx, &iam.GenerateCredentialReportInput{})
		if err != nil {
			return false, err
		}
		if out.State == "" {
			return false, errEmptyAnswer
		}
		return out.State == types.ReportStateTypeComplete, nil
	})
}

func (r *reader) getReport(ctx context.Context) (*nhiscan.CredentialReport, error) {
	return call(ctx, r, opGetReport, "*", func() (*nhiscan.CredentialReport, error) {
		out, err := r.api.GetCredentialReport(ctx, &iam.GetCredentialReportInput{})
		if err != nil {
			return nil, err
		}
		if len(out.Content) == 0 {
			return nil, errEmptyAnswer
		}
		report, err := nhiscan.ReadCredentialReport(bytes.NewReader(out.Content))
		if err != nil {
			return nil, &Error{Code: nhiscan.GapMalformed, Message: err.Error(), Err: err}
		}
		report.GeneratedAt = utc(out.GeneratedTime)
		return report, nil
	})
}

// notReady reports whether AWS says that there is no report, or none yet.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html
func notReady(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case "ReportNotPresent", "ReportInProgress", "ReportExpired", "CredentialReportNotPresentException",
		"CredentialReportNotReadyException", "CredentialReportExpiredException":
		return true
	}
	return false
}

// pause waits between two questions whether something is done.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
