package mcpserver

import (
	"context"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
)

type callerArguments struct{ credentialArguments }

type callerResult struct {
	ARN         string `json:"arn"`
	AccountID   string `json:"account_id"`
	Type        string `json:"type"`
	Name        string `json:"name"`
	SessionName string `json:"session_name"`
	// Warning is of credentials that can do more than reading needs.
	Warning string `json:"warning" doc:"Empty when they can only read"`
	// NotSeen says what an answer from one identity alone lacks.
	NotSeen string `json:"not_seen"`
	identityReport
	Complete bool     `json:"complete"`
	Gaps     []string `json:"gaps"`

	shown *render.Identity
}

const (
	rootWarning = "These are credentials of the root user, which may do everything and which nothing limits: delete its access keys and use a role."
	// aloneNote says of one identity's reading what a scan would add.
	aloneNote = "Only this identity was read: ways to more permissions through other users, roles and groups are not seen. get_identity_details sees them."
)

func analyzeCaller(ctx context.Context, c *call, in callerArguments) (callerResult, error) {
	who, err := c.whoami(ctx, in.credentials())
	if err != nil {
		return callerResult{}, err
	}
	c.note(func(r *record) { r.AWSIdentity = who.ARN })
	o := &c.server.options
	caller, err := calculate(ctx, c, func() (*render.Caller, error) {
		return answer.Caller(who, &answer.Options{
			Now: time.Now().UTC().Truncate(time.Second), Signals: o.Signals, Trust: o.Trust, Permissions: o.Permissions,
		}), nil
	})
	if err != nil {
		return callerResult{}, err
	}
	out := callerResult{
		ARN: caller.ARN, AccountID: caller.AccountID, Type: caller.Type, Name: caller.Name, SessionName: caller.SessionName,
		Complete: len(caller.Gaps) == 0, Gaps: atMost(render.GroupGaps(caller.Gaps), maxGaps, "and %d more"), shown: caller.Identity,
	}
	if who.Type == collect.CallerRoot {
		out.Warning = rootWarning
	}
	if caller.Identity == nil {
		return out, nil
	}
	out.Warning, out.NotSeen = render.MoreThanReading(caller.Identity), aloneNote
	out.identityReport, err = newIdentityReport(caller.Identity)
	return out, err
}

// whoami asks AWS whose the credentials are, and reads that identity.
func (c *call) whoami(ctx context.Context, creds credentialArguments) (*collect.CallerIdentity, error) {
	opts, err := c.server.session(&creds)
	if err != nil {
		return nil, err
	}
	connection, err := c.server.options.Connect(ctx, opts)
	if err != nil {
		return nil, err
	}
	collected := c.server.options.Collect
	collected.Progress = func(p collect.Progress) { c.progress.add(progressOf(p)) }
	return collect.Caller(ctx, connection.STS, connection.IAM, &collected)
}

func (r callerResult) summary() string {
	lines := []string{say("The credentials are those of %s, account %s.", r.ARN, r.AccountID)}
	if r.shown != nil {
		lines = append(lines, identityLines(r.shown)...)
	}
	for _, more := range []string{r.Warning, r.NotSeen} {
		if more != "" {
			lines = append(lines, say("%s", more))
		}
	}
	if !r.Complete {
		lines = append(lines, say("Not all could be read: %s", r.Gaps[0]))
	}
	return strings.Join(lines, "\n")
}
