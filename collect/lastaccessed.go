package collect

import (
	"cmp"
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

const (
	opGenerateLastAccessed = "GenerateServiceLastAccessedDetails"
	opGetLastAccessed      = "GetServiceLastAccessedDetails"
)

// A Granularity is how finely last use is told.
type Granularity string

// The granularities. The zero value is GranularityService.
const (
	GranularityService Granularity = "SERVICE_LEVEL"
	// GranularityAction tells of the actions that AWS tracks too, which are those
	// of some services only.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-action-last-accessed.html
	GranularityAction Granularity = "ACTION_LEVEL"
)

// LastAccessed is when the services that a user, role, group or policy allows
// were last used by it, or by those who have the policy.
type LastAccessed struct {
	ARN         string
	Granularity Granularity
	// GeneratedAt is when AWS had put it together.
	GeneratedAt time.Time
	// Services are all services that the policies allow.
	Services []ServiceAccess
}

// A ServiceAccess is when a service was last used.
type ServiceAccess struct {
	// Namespace is the prefix of the service's actions, such as s3.
	Namespace string
	// Name is the service's name for people, such as Amazon S3.
	Name string
	// LastUsed has Never when nobody tried within the tracking period.
	LastUsed nhiscan.LastUse
	// By is the ARN of the user or role that did; empty for nobody.
	By string
	// Principals counts the principals that tried within the tracking period.
	Principals int
	// Actions are those that AWS tracks, with GranularityAction. One that is not
	// here is one of which nothing is known.
	Actions []ActionAccess
}

// An ActionAccess is when an action was last used.
type ActionAccess struct {
	// Name is without the prefix of the service, such as GetObject.
	Name string
	// LastUsed has Never when nobody tried within the tracking period.
	LastUsed nhiscan.LastUse
	// By is the ARN of the user or role that did; empty for nobody.
	By string
}

// ServiceLastAccessed asks when the user, role, group or managed policy with the
// ARN was last used to reach each service. AWS puts that together in a job, for
// which it waits up to Options.ReportWait.
//
// Attempts that were denied count as use. The data lag by up to four hours, and
// the tracking period is at least 400 days, or since a Region or action is
// tracked at all; what service control policies forbid is not taken into account.
//
// The error is an [*Error]: of a job that failed it has the code that AWS gives
// for it, and of one that was not done in time [CodeJobInProgress].
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html.
func ServiceLastAccessed(ctx context.Context, api LastAccessedAPI, arn string, granularity Granularity, opts *Options) (*LastAccessed, error) {
	granularity = cmp.Or(granularity, GranularityService)
	switch {
	case arn == "":
		return nil, invalid("ServiceLastAccessed", "", "the ARN is missing")
	case granularity != GranularityService && granularity != GranularityAction:
		return nil, invalid("ServiceLastAccessed", arn, "%q is not a granularity: %s or %s", string(granularity), GranularityService, GranularityAction)
	}
	r, ctx := newReader(ctx, parts{LastAccessedAPI: api}, opts)
	defer r.abort(nil)
	job, err := r.startLastAccessed(ctx, arn, granularity)
	if err != nil {
		return nil, err
	}
	answer := &LastAccessed{ARN: arn, Granularity: granularity}
	services, err := all(ctx, r, opGetLastAccessed, arn, func(marker *string) ([]types.ServiceLastAccessed, position, error) {
		out, err := r.finishedJob(ctx, job, marker)
		if err != nil {
			return nil, position{}, err
		}
		answer.GeneratedAt = utc(out.JobCompletionDate)
		return out.ServicesLastAccessed, position{out.IsTruncated, out.Marker}, nil
	})
	if err != nil {
		return nil, err
	}
	answer.Services = convert(services, serviceAccess)
	return answer, nil
}

func (r *reader) startLastAccessed(ctx context.Context, arn string, granularity Granularity) (job string, err error) {
	return call(ctx, r, opGenerateLastAccessed, arn, func() (string, error) {
		out, err := r.api.GenerateServiceLastAccessedDetails(ctx, &iam.GenerateServiceLastAccessedDetailsInput{
			Arn: &arn, Granularity: types.AccessAdvisorUsageGranularityType(granularity)})
		if err == nil && aws.ToString(out.JobId) == "" {
			err = errEmptyAnswer
		}
		if err != nil {
			return "", err
		}
		return *out.JobId, nil
	})
}

// finishedJob asks for a page of what the job found until the job is done.
func (r *reader) finishedJob(ctx context.Context, job string, marker *string) (*iam.GetServiceLastAccessedDetailsOutput, error) {
	waited := time.Duration(0)
	for wait := firstReportWait; ; wait = min(2*wait, maxReportWait) {
		out, err := r.api.GetServiceLastAccessedDetails(ctx, &iam.GetServiceLastAccessedDetailsInput{JobId: &job, Marker: marker, MaxItems: r.pageSize})
		if err != nil {
			return nil, err
		}
		switch out.JobStatus {
		case types.JobStatusTypeCompleted:
			return out, nil
		case types.JobStatusTypeFailed:
			return nil, jobError(out)
		case "":
			return nil, errEmptyAnswer
		}
		if waited >= r.opts.ReportWait {
			return nil, &Error{Code: CodeJobInProgress, Message: "AWS had not done the job after " + waited.String() + "; ask again in a few minutes"}
		}
		wait = min(wait, r.opts.ReportWait-waited)
		if err := pause(ctx, wait); err != nil {
			return nil, err
		}
		waited += wait
	}
}

func jobError(out *iam.GetServiceLastAccessedDetailsOutput) *Error {
	e := &Error{Code: CodeJobFailed, Message: "AWS's job failed and AWS does not say why"}
	if out.Error != nil {
		e.Code = cmp.Or(aws.ToString(out.Error.Code), e.Code)
		e.Message = cmp.Or(aws.ToString(out.Error.Message), e.Message)
	}
	return e
}

func serviceAccess(s types.ServiceLastAccessed) ServiceAccess {
	return ServiceAccess{
		Namespace:  aws.ToString(s.ServiceNamespace),
		Name:       aws.ToString(s.ServiceName),
		LastUsed:   nhiscan.LastUse{Known: true, At: utc(s.LastAuthenticated), Region: aws.ToString(s.LastAuthenticatedRegion)},
		By:         aws.ToString(s.LastAuthenticatedEntity),
		Principals: int(aws.ToInt32(s.TotalAuthenticatedEntities)),
		Actions:    convert(s.TrackedActionsLastAccessed, actionAccess),
	}
}

func actionAccess(a types.TrackedActionLastAccessed) ActionAccess {
	return ActionAccess{
		Name:     aws.ToString(a.ActionName),
		LastUsed: nhiscan.LastUse{Known: true, At: utc(a.LastAccessedTime), Region: aws.ToString(a.LastAccessedRegion)},
		By:       aws.ToString(a.LastAccessedEntity),
	}
}
