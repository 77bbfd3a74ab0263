package nhiscan

import (
	"time"
)

// An Account is everything that IAM tells about one AWS account, as read at one
// time. It is a plain value: nothing in this module changes an Account after it
// was read, so it may be used from many goroutines.
//
// All lists are sorted by ARN.
type Account struct {
	// ID is the 12-digit account id, empty when nothing in the input tells it.
	ID string
	// Partition is aws, aws-cn, aws-us-gov, aws-eusc or another that an ARN names.
	Partition string
	Aliases   []string

	// CollectedAt is when the account was read from AWS; zero in a file that does not say.
	CollectedAt time.Time
	// Source says how: SourceAWS, SourceFile or SourceDemo.
	Source string

	// Root is the root user's row of the credential report; nil when it was not read.
	Root     *RootUser
	Users    []User
	Groups   []Group
	Roles    []Role
	Policies []ManagedPolicy

	// Gaps lists what could not be read. An account without gaps is complete.
	Gaps []Gap
}

// Where an Account comes from.
const (
	SourceAWS  = "aws"
	SourceFile = "file"
	SourceDemo = "demo"
)

// A Gap is something that could not be read. It is never evidence of absence.
type Gap struct {
	// Operation is the IAM action that would have read it, such as iam:ListUsers.
	Operation string
	// Resource is the ARN or name it is about; "*" for the whole account.
	Resource string
	// Code is AWS's error code, such as AccessDenied, or one of the Gap codes of this package.
	Code string
	// Message says in a sentence what is missing and, where that can be known, how to supply it.
	Message string
}

// Gap codes that do not come from AWS.
const (
	// GapNotInFile is a fact that the input does not hold, such as credentials
	// in a file of authorization details without a credential report.
	GapNotInFile = "NotInFile"
	// GapTruncated is a list that ends before it is complete.
	GapTruncated = "Truncated"
	// GapMalformed is something that was there but could not be understood.
	GapMalformed = "Malformed"
	// GapConflict is two statements of the input that cannot both be true.
	GapConflict = "Conflict"
	// GapInterrupted is work that was cancelled or timed out.
	GapInterrupted = "Interrupted"
)

// Facts is the set of what was read of an identity. A fact that is not in the
// set is unknown, whatever the field that would hold it says.
type Facts uint32

// The facts. The names that files use for them are in factNames.
const (
	FactTags Facts = 1 << iota
	FactGroups
	FactAttachedPolicies
	FactInlinePolicies
	FactPermissionsBoundary
	FactPassword
	FactPasswordLastUsed
	FactAccessKeys
	FactMFADevices
	FactSigningCertificates
	FactSSHPublicKeys
	FactServiceSpecificCredentials
	FactTrustPolicy
	FactInstanceProfiles
	FactRoleLastUsed
	// FactRoleSettings is a role's Description and MaxSessionDuration.
	FactRoleSettings
)

// Has reports whether every fact of want is in f.
func (f Facts) Has(want Facts) bool { return f&want == want }

// A User is an IAM user.
type User struct {
	Name       string
	ID         string // AIDA…
	ARN        string
	Path       string
	CreateDate time.Time
	Tags       []Tag

	// Groups are the names of the groups that the user is in.
	Groups           []string
	AttachedPolicies []AttachedPolicy
	InlinePolicies   []InlinePolicy
	// PermissionsBoundary is the ARN of the managed policy that bounds the user; empty for none.
	PermissionsBoundary string

	Credentials
	// Known is what was read of this user.
	Known Facts
}

// RootUser is the account's root user, as the credential report tells it.
type RootUser struct {
	ARN        string
	CreateDate time.Time
	Credentials
	Known Facts
}

// Credentials are the ways in which a user can sign in. Which of the fields are
// known is in the user's Known set.
type Credentials struct {
	Password                   Password
	AccessKeys                 []AccessKey
	MFADevices                 []MFADevice
	SigningCertificates        []SigningCertificate
	SSHPublicKeys              []SSHPublicKey
	ServiceSpecificCredentials []ServiceSpecificCredential
}

// A Password is a user's console password.
type Password struct {
	// Enabled says whether the user has a console password (FactPassword).
	Enabled bool
	// LastUsed is when a person last signed in with it (FactPasswordLastUsed).
	LastUsed     LastUse
	LastChanged  time.Time
	NextRotation time.Time
}

// LastUse is when something was last used. The zero value is unknown.
type LastUse struct {
	// Known says whether AWS told.
	Known bool
	// At is zero when it was never used in the time that AWS tracks: since
	// 2014-10-20 for passwords, since 2015-04-22 for access keys, 400 days for roles.
	At time.Time
	// Service and Region are those of the last use; empty where AWS does not tell.
	Service string
	Region  string
}

// Never reports whether AWS says that it was never used.
func (l LastUse) Never() bool { return l.Known && l.At.IsZero() }

// Within reports whether it was used in the given time before now.
func (l LastUse) Within(d time.Duration, now time.Time) bool {
	return l.Known && !l.At.IsZero() && now.Sub(l.At) <= d
}

// An AccessKey is a long-lived key pair.
type AccessKey struct {
	// ID is the key's id (AKIA…); empty when it is known from a credential report only.
	ID     string
	Active bool
	// CreateDate is when the key was made; a credential report calls it the last rotation.
	CreateDate time.Time
	LastUsed   LastUse
}

// MFAKind is a kind of multi-factor authentication device; the zero value is a kind that was not read.
type MFAKind string

const (
	MFAVirtual  MFAKind = "virtual"  // an authenticator app
	MFAHardware MFAKind = "hardware" // a hardware token that shows codes
	MFAFIDO2    MFAKind = "fido2"    // a security key or passkey
	MFASMS      MFAKind = "sms"      // text messages, no longer offered by AWS
)

// An MFADevice is a device assigned to a user.
type MFADevice struct {
	// SerialNumber is the ARN of a virtual device or the serial number of
	// another; empty when it is known from a credential report only.
	SerialNumber string
	Kind         MFAKind
	EnableDate   time.Time
}

// A SigningCertificate is an X.509 certificate for SOAP-era requests.
type SigningCertificate struct {
	ID         string // empty when known from a credential report only
	Active     bool
	UploadDate time.Time
}

// An SSHPublicKey is a key for CodeCommit.
type SSHPublicKey struct {
	ID         string // APKA…
	Active     bool
	UploadDate time.Time
}

// A ServiceSpecificCredential is a user name and password, or an API key, for one service.
type ServiceSpecificCredential struct {
	ID         string // ACCA…
	Service    string // such as codecommit.amazonaws.com, cassandra.amazonaws.com, bedrock.amazonaws.com
	UserName   string
	Active     bool
	CreateDate time.Time
	// ExpirationDate is zero for a credential that does not expire.
	ExpirationDate time.Time
}

// A Group is an IAM group.
type Group struct {
	Name             string
	ID               string // AGPA…
	ARN              string
	Path             string
	CreateDate       time.Time
	AttachedPolicies []AttachedPolicy
	InlinePolicies   []InlinePolicy
	// Members are the names of the users in the group, sorted (FactGroups).
	Members []string
	Known   Facts
}

// A Role is an IAM role.
type Role struct {
	Name        string
	ID          string // AROA…
	ARN         string
	Path        string
	Description string
	CreateDate  time.Time
	// MaxSessionDuration is the longest session that may be asked for; zero when not read.
	MaxSessionDuration time.Duration
	// TrustPolicy says who may assume the role.
	TrustPolicy      PolicyDocument
	InstanceProfiles []InstanceProfile
	Tags             []Tag

	AttachedPolicies []AttachedPolicy
	InlinePolicies   []InlinePolicy
	// PermissionsBoundary is the ARN of the managed policy that bounds the role; empty for none.
	PermissionsBoundary string
	// LastUsed covers the trailing 400 days.
	LastUsed LastUse
	Known    Facts
}

// An InstanceProfile hands a role to EC2 instances.
type InstanceProfile struct {
	Name       string
	ID         string // AIPA…
	ARN        string
	Path       string
	CreateDate time.Time
}

// An AttachedPolicy names a managed policy.
type AttachedPolicy struct {
	Name string
	ARN  string
}

// An InlinePolicy is a policy that belongs to one user, group or role.
type InlinePolicy struct {
	Name     string
	Document PolicyDocument
}

// A ManagedPolicy is a policy of the customer or of AWS.
type ManagedPolicy struct {
	Name             string
	ID               string // ANPA…
	ARN              string
	Path             string
	Description      string
	DefaultVersionID string
	// AttachmentCount counts the users, groups and roles it is attached to.
	AttachmentCount int
	// BoundaryUsageCount counts the users and roles it is the permissions boundary of.
	BoundaryUsageCount int
	Attachable         bool
	CreateDate         time.Time
	UpdateDate         time.Time
	Versions           []PolicyVersion
	Tags               []Tag
	Known              Facts
}

// A PolicyVersion is one version of a managed policy.
type PolicyVersion struct {
	ID         string // v1, v2, …
	Default    bool
	CreateDate time.Time
	// Document is empty in a version whose text was not read.
	Document PolicyDocument
}

// A Tag is a key and value attached to an identity or policy.
type Tag struct {
	Key   string
	Value string
}

// Complete reports whether everything that was asked for could be read.
func (a *Account) Complete() bool { return len(a.Gaps) == 0 }

// Default returns the version of the policy that is in force.
func (p *ManagedPolicy) Default() (PolicyVersion, bool) {
	for _, v := range p.Versions {
		if v.Default || (v.ID != "" && v.ID == p.DefaultVersionID) {
			return v, true
		}
	}
	return PolicyVersion{}, false
}
