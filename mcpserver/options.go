package mcpserver

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/manage"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/session"
	"github.com/nhiscan/nhiscan/trust"
)

// Options says what a server serves, and how. Nil means the zero value, which
// serves AWS with the credentials of the SDK's own chain.
//
// Who calls is known behind the transports of nhiscan-mcp. Behind any other all
// clients count as one caller: each can read on in what was read for another, keys
// of a call included, and the audit log does not tell them apart.
type Options struct {
	// Version is that of the program, for clients and for AWS's logs. Empty: devel.
	Version string
	// Snapshot is a saved account to serve; tools that need AWS are then not
	// there. Nil: AWS is read.
	Snapshot *Snapshot
	// Session says whose credentials are used where a call names none. Its
	// Version, Observe and Permit are set by the server.
	Session session.Options
	// Connect opens AWS with the credentials of a call. Nil: through package session.
	Connect func(ctx context.Context, opts *session.Options) (*Connection, error)
	// Collect says how accounts are read; its Progress is set by the server.
	Collect collect.Options

	// Toolsets are those that are served. Empty: all.
	Toolsets []Toolset
	// Tools are served besides the Toolsets, or alone when Toolsets is empty.
	Tools []string
	// ExcludeTools are never served.
	ExcludeTools []string

	// InlineCredentials lets a call bring access keys as arguments. They are
	// used for that call alone. Serve no network with it.
	InlineCredentials bool
	// AllowProfile and AllowRole say whether a call may name this profile, or
	// this role to assume. Nil: any.
	AllowProfile, AllowRole func(string) bool

	// AllowWrite serves the tools that change IAM. It goes with no Snapshot, and what
	// follows goes with it.
	AllowWrite bool
	// NoConfirmation carries changes out without asking a person. Without it the
	// client has to be able to ask one (elicitation), and is refused otherwise.
	NoConfirmation bool
	// AllowPrivilegedGrants carries out what is refused otherwise, such as making
	// administrators: see [manage.Refusal]. A person is still asked.
	AllowPrivilegedGrants bool
	// Keys keeps the secrets of access keys that are created. Nil: none are
	// created, unless RevealSecrets has them in the answers.
	Keys          manage.KeyStore
	RevealSecrets bool
	// ConfirmFor is how long an answer to a question counts. 0: DefaultConfirmFor.
	ConfirmFor time.Duration

	// CacheTTL is how long a scan is used for further calls with the same
	// credentials. 0: DefaultCacheTTL; negative: it is not.
	CacheTTL time.Duration
	// CallTimeout bounds a call. 0: DefaultCallTimeout.
	CallTimeout time.Duration

	// Signals and Trust are further knowledge for the classification. Nil: what is built in.
	Signals *nhi.Signals
	Trust   *trust.Options
	// Permissions are the organization's policies. Nil: unknown.
	Permissions *permissions.Options

	// FullText writes the whole answer into the text of results too, for hosts
	// that show the model nothing else. Clients from before structured results
	// get it without.
	FullText bool
	// AuditLog gets one line of JSON for each call of a tool, there or not, and each
	// request for a resource, a prompt or a completion. Nil: none.
	AuditLog io.Writer
	// Secrets are texts that no answer and no log may have, such as the server's own token.
	Secrets []string
	// Logger is told what goes wrong inside. Nil: no log.
	Logger *slog.Logger
}

// A Snapshot is a saved account.
type Snapshot struct {
	Account *nhiscan.Account // required; it must not change while it is served
	// Now is the time that ages are reckoned from. Zero: when the account was
	// read, or the time of the first call.
	Now time.Time
}

// A Connection is AWS with some credentials; IAM and STS are required.
type Connection struct {
	IAM collect.IAMAPI
	STS collect.STSAPI
	// Manage changes IAM. Nil on a server that only reads.
	Manage manage.API
}

const (
	// DefaultCacheTTL is that of Options.CacheTTL.
	DefaultCacheTTL = 5 * time.Minute
	// DefaultCallTimeout is that of Options.CallTimeout.
	DefaultCallTimeout = 15 * time.Minute
	// DefaultConfirmFor is that of Options.ConfirmFor.
	DefaultConfirmFor = 10 * time.Minute

	defaultVersion = "devel"
)

func (o *Options) withDefaults() Options {
	var d Options
	if o != nil {
		d = *o
	}
	if d.Version == "" {
		d.Version = defaultVersion
	}
	if d.CacheTTL == 0 {
		d.CacheTTL = DefaultCacheTTL
	}
	if d.CallTimeout <= 0 {
		d.CallTimeout = DefaultCallTimeout
	}
	if d.ConfirmFor == 0 {
		d.ConfirmFor = DefaultConfirmFor
	}
	if d.Logger == nil {
		d.Logger = slog.New(slog.DiscardHandler)
	}
	if d.Connect == nil {
		d.Connect = d.connect
	}
	return d
}

// check refuses what contradicts itself.
func (o *Options) check() error {
	switch {
	case o.Snapshot != nil && o.Snapshot.Account == nil:
		return errors.New("the snapshot has no account")
	case o.Snapshot != nil && o.AllowWrite:
		return errors.New("a saved account cannot be changed: serve AWS to change it")
	case o.Keys != nil && o.RevealSecrets:
		return errors.New("the secrets of new access keys are either kept or shown in answers: choose one")
	case !o.AllowWrite && (o.NoConfirmation || o.AllowPrivilegedGrants || o.Keys != nil || o.RevealSecrets):
		return errors.New("what is said of changes goes with AllowWrite, and this server only reads")
	}
	return nil
}
