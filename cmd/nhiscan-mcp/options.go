package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/mcpserver"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/session"
)

// options reads the files that the flags name and says what to serve. The audit
// log is not among it.
func (f *flags) options(con *console, token string) (*mcpserver.Options, error) {
	signals, accounts, err := f.knowledge.Load()
	if err != nil {
		return nil, err
	}
	organization, err := f.organization.Load()
	if err != nil {
		return nil, err
	}
	snapshot, err := f.snapshot(con)
	if err != nil {
		return nil, err
	}
	aws := &f.source.AWS
	logger := f.logger(con)
	o := &mcpserver.Options{
		Version:  commandline.Version(version),
		Snapshot: snapshot,
		Session: session.Options{
			Profile: aws.Profile, Region: aws.Region, RoleARN: aws.RoleARN, ExternalID: aws.ExternalID,
			SessionName: "nhiscan-mcp",
		},
		Collect:           collect.Options{Detail: aws.Detail, Concurrency: aws.Concurrency, Logger: logger},
		Tools:             f.tools.tools,
		ExcludeTools:      f.tools.exclude,
		InlineCredentials: f.http.address == "" && !f.access.noInline,
		CacheTTL:          f.cacheTTL,
		CallTimeout:       f.callTimeout,
		AllowWrite:        f.writes.allow,
		NoConfirmation:    f.writes.noConfirmation, AllowPrivilegedGrants: f.writes.privileged, RevealSecrets: f.writes.reveal,
		Signals:     signals,
		Trust:       accounts,
		Permissions: organization,
		FullText:    f.tools.fullText,
		Secrets:     append(con.secrets(), token),
		Logger:      logger,
	}
	if err := o.Session.Check(); err != nil { // at the first call, only the client would see it
		return nil, &commandline.UsageError{Err: err}
	}
	o.AllowProfile, o.AllowRole = f.access.allowed(aws.Profile, f.http.network())
	for _, name := range f.tools.toolsets {
		o.Toolsets = append(o.Toolsets, mcpserver.Toolset(name))
	}
	if f.cacheTTL == 0 {
		o.CacheTTL = -1
	}
	return o, nil
}

// snapshot reads the saved account or the demo; nil when AWS is served.
func (f *flags) snapshot(con *console) (*mcpserver.Snapshot, error) {
	if !f.source.Saved() {
		return nil, nil
	}
	account, err := f.source.Read(con.stdin)
	if err != nil {
		return nil, err
	}
	var now time.Time
	if f.source.Demo {
		now = demo.Now()
	}
	return &mcpserver.Snapshot{Account: account, Now: now}, nil
}

func (f *flags) logger(con *console) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(f.logLevel.Value)) // the flag takes slog's own names alone
	return slog.New(slog.NewTextHandler(con.stderr, &slog.HandlerOptions{Level: level}))
}

// allowed returns what says whether a call may name a profile, or a role to assume.
// Nil is any. Whoever comes over a network gets what the operator named alone.
func (a *accessFlags) allowed(own string, network bool) (profile, role func(string) bool) {
	if len(a.profiles) > 0 || network {
		profile = func(name string) bool { return name == own || slices.Contains(a.profiles, name) }
	}
	if len(a.roles) > 0 || network {
		role = func(arn string) bool {
			return slices.ContainsFunc(a.roles, func(pattern string) bool { return policydoc.MatchResource(pattern, arn) })
		}
	}
	return profile, role
}

// An auditFile is where the audit log goes.
type auditFile struct {
	// file is nil when there is no log, or it is not a file of its own.
	file *os.File
	w    io.Writer
}

func (f *flags) openAudit(con *console) (*auditFile, error) {
	switch f.auditLog {
	case "":
		return &auditFile{}, nil
	case "-", "stderr":
		return &auditFile{w: con.stderr}, nil
	}
	file, err := os.OpenFile(f.auditLog, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("--audit-log: %w", err)
	}
	return &auditFile{file: file, w: file}, nil
}

// writer is nil when there is no log.
func (a *auditFile) writer() io.Writer { return a.w }

// Close closes the file, if there is one.
func (a *auditFile) Close() error {
	if a.file == nil {
		return nil
	}
	return a.file.Close()
}
