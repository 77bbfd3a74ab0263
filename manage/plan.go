package manage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync/atomic"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/trust"
)

// Options says who changes what, and what is allowed. CallerARN is required.
type Options struct {
	// CallerARN is whose credentials the API has, as sts:GetCallerIdentity tells: a
	// user, a role session or the root user. Its account is the one that is changed.
	CallerARN string
	// AllowPrivileged lets through what is refused otherwise: see [Refusal].
	AllowPrivileged bool
	// Keys keeps the secrets of access keys that are created. Nil: [Result.AccessKey]
	// has it, and nothing else does.
	Keys KeyStore
	// Collect says how the account is read.
	Collect collect.Options
	// Permissions are the organization's policies, and Trust further known accounts. Nil: unknown.
	Permissions *permissions.Options
	Trust       *trust.Options
}

// A Plan is what a change will do. It is made by [NewPlan].
type Plan struct {
	// Change is what was asked for, with names in the place of ARNs.
	Change    Change
	AccountID string
	// Target is the ARN of what is changed, TargetName its name.
	Target, TargetName string
	// Summary says in a sentence what will be so, such as "delete user ci with 2
	// access keys and 1 inline policy".
	Summary string
	// Steps are the calls, in order. None says that nothing is to be done.
	Steps []Step
	// Effects say what users and roles can do before and after, where that differs.
	Effects []Effect
	// Risks say what to think of before; they do not stop it.
	Risks []Risk
	// Refusals say why it is not carried out. [Options.AllowPrivileged] makes risks of them.
	Refusals []Refusal
	// Destructive says that something is lost that cannot be had back.
	Destructive bool
	// Notes say what else the one who asked should know, such as what comes next.
	Notes []string

	// ids are the unique ids of what the plan is about.
	ids     []string
	options Options
	applied atomic.Bool
}

// A Step is one call of AWS.
type Step struct {
	// Action is the IAM action, such as iam:DeleteAccessKey.
	Action string `json:"action"`
	// Resource is the ARN of what it is about.
	Resource string `json:"resource"`
	// Does says in words what it does, such as "delete access key AKIA…".
	Does string `json:"does"`

	mode stepMode
	run  func(ctx context.Context, api API, r *Result) error
}

// A stepMode says what may be made of an error of a step.
type stepMode int

const (
	// setting can be repeated.
	setting stepMode = iota
	// removal can be repeated, and what is gone already is progress.
	removal
	// creation must not be sent twice.
	creation
)

// A Risk is something to think of before a plan is applied.
type Risk struct {
	Code RiskCode `json:"code"`
	// Message is one sentence.
	Message string `json:"message"`
}

// A Refusal is why a plan is not applied.
type Refusal = Risk

// A RiskCode says what kind of risk it is. The zero value is none.
type RiskCode string

const (
	// RiskAdmin is a change that makes an administrator.
	RiskAdmin RiskCode = "makes-admin"
	// RiskEscalation is one that opens a way to more permissions.
	RiskEscalation RiskCode = "opens-escalation"
	// RiskPublic is a trust policy that lets strangers in.
	RiskPublic RiskCode = "public-trust"
	// RiskSelf is a change of the identity that makes it.
	RiskSelf RiskCode = "changes-caller"
	// RiskServiceLinked is a change of a role that belongs to an AWS service.
	RiskServiceLinked RiskCode = "service-linked"
	// RiskUnjudged is a change whose effect cannot be told, because something could not be read.
	RiskUnjudged RiskCode = "cannot-be-judged"
	// RiskCredential is a credential for somebody who is powerful.
	RiskCredential RiskCode = "powerful-credential"
	// RiskInUse is something that was used not long ago.
	RiskInUse RiskCode = "in-use"
	// RiskLockout is a change after which nobody, or somebody who could before, gets in.
	RiskLockout RiskCode = "lockout"
	// RiskPolicy is a finding about a policy document.
	RiskPolicy RiskCode = "policy"
	// RiskTrust is a trust policy that lets in more than it should.
	RiskTrust RiskCode = "trust"
)

// An Effect is what one user or role can do before a change and after it.
type Effect struct {
	ARN    string `json:"arn"`
	Before Power  `json:"before"`
	After  Power  `json:"after"`
}

// A Power is in short what a user or role can do: see [permissions.Permissions].
type Power struct {
	Admin       permissions.AdminKind `json:"admin"`
	AccessLevel policydoc.AccessLevel `json:"access_level"`
	// Actions counts the actions that are allowed, if only under conditions.
	Actions int `json:"actions"`
	// Escalations are the ids of the ways to more permissions, sorted.
	Escalations []string `json:"escalations"`
}

// NewPlan works out what a change will do. It reads and changes nothing.
//
// The error is an [*ArgumentError] for an argument that cannot be, or a
// [*collect.Error]: [collect.ErrNotFound] for an entity that does not exist, the code
// EntityAlreadyExists for one that does, and what AWS answered to a reading without
// which the plan would not be complete. Options must have a CallerARN.
func NewPlan(ctx context.Context, api API, change Change, opts *Options) (*Plan, error) {
	p, err := newPlanner(api, change, opts)
	if err != nil {
		return nil, err
	}
	if err := change.plan(ctx, p); err != nil {
		return nil, err
	}
	if err := p.guard(ctx); err != nil {
		return nil, err
	}
	return p.made, nil
}

// Refused reports whether the plan will not be applied.
func (p *Plan) Refused() bool { return len(p.Refusals) > 0 }

// Digest identifies what the plan does: two plans with the same digest make the
// same calls, about the same entities, and say the same of them. A confirmation is
// of a digest.
func (p *Plan) Digest() string {
	text, err := json.Marshal(struct {
		Change                  Change
		Kind, AccountID, Target string
		Steps                   []Step
		Effects                 []Effect
		Risks, Refusals         []Risk
		IDs                     []string
	}{p.Change, p.Change.Kind(), p.AccountID, p.Target, p.Steps, p.Effects, p.Risks, p.Refusals, p.ids})
	if err != nil {
		panic(fmt.Sprintf("manage: a plan that is no JSON: %v", err)) // its types are this package's
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
