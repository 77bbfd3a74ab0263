package mcpserver

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/nhiscan/nhiscan/session"
)

// accountArguments say which account a call is about, by the credentials for it.
type accountArguments struct {
	Profile string `json:"profile,omitzero" doc:"AWS profile" maxlen:"128"`
	RoleARN string `json:"role_arn,omitzero" doc:"Role to assume" maxlen:"2048"`
}

// credentialArguments are those of the scanning tools.
type credentialArguments struct {
	AccessKeyID     string `json:"aws_access_key_id,omitzero" doc:"For this call only; prefer profile" maxlen:"128"`
	SecretAccessKey string `json:"aws_secret_access_key,omitzero" doc:"For aws_access_key_id" maxlen:"256"`
	SessionToken    string `json:"aws_session_token,omitzero" doc:"For temporary keys" maxlen:"8192"`
	Region          string `json:"region,omitzero" doc:"Picks the partition" default:"us-east-1" maxlen:"64"`
	accountArguments
}

// defaultRegion is that of the argument region.
const defaultRegion = "us-east-1"

// inlineArguments are the arguments that bring access keys.
var inlineArguments = []string{"aws_access_key_id", "aws_secret_access_key", "aws_session_token"}

// credentials are what a call says of the credentials that it wants.
func (a credentialArguments) credentials() credentialArguments {
	if a.Region == defaultRegion {
		a.Region = "" // which the server may have another for
	}
	return a
}

func (a accountArguments) credentials() credentialArguments {
	return credentialArguments{accountArguments: a}
}

// A credentialed is the arguments of a tool that looks at an account.
type credentialed interface{ credentials() credentialArguments }

// inline reports whether the call brings access keys.
func (a *credentialArguments) inline() bool {
	return a.AccessKeyID != "" || a.SecretAccessKey != "" || a.SessionToken != ""
}

// given reports whether the call says anything of credentials.
func (a *credentialArguments) given() bool { return *a != credentialArguments{} }

// session returns the session's options: what the call names comes before what
// the server was started with. Keys, and another profile, come with no profile and
// no role of the server's. To name the server's own profile is to name none: it is
// no way around the role that the server was told to assume.
func (s *Server) session(a *credentialArguments) (*session.Options, error) {
	o := s.options.Session
	o.Version = s.options.Version
	o.Observe = observe
	o.Permit = s.permit
	switch {
	case a.Profile != "" && a.inline():
		return nil, invalid("profile and access keys are two sources of credentials: give one")
	case a.Profile != "" && !permitted(s.options.AllowProfile, a.Profile):
		return nil, refusef("this server may not use other profiles than its own", "the operator can allow it: --allow-profile")
	case a.RoleARN != "" && !permitted(s.options.AllowRole, a.RoleARN):
		return nil, refusef("this server may not assume a role for a call", "the operator can allow it: --allow-role")
	}
	if a.inline() || a.Profile != "" && a.Profile != o.Profile {
		o.Profile, o.RoleARN, o.ExternalID = a.Profile, "", ""
		o.AccessKeyID = a.AccessKeyID
		o.SecretAccessKey, o.SessionToken = session.NewSecret(a.SecretAccessKey), session.NewSecret(a.SessionToken)
	}
	if a.RoleARN != "" {
		o.RoleARN, o.ExternalID = a.RoleARN, ""
	}
	if a.Region != "" {
		o.Region = a.Region
	}
	return &o, nil
}

func permitted(allow func(string) bool, name string) bool { return allow == nil || allow(name) }

// connect is the default of Options.Connect.
func (o *Options) connect(ctx context.Context, opts *session.Options) (*Connection, error) {
	cfg, err := session.Config(ctx, opts)
	if err != nil {
		return nil, err
	}
	client := iam.NewFromConfig(cfg)
	connection := &Connection{IAM: client, STS: sts.NewFromConfig(cfg)}
	if o.AllowWrite {
		connection.Manage = client
	}
	return connection, nil
}
