package session

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
	smithymiddleware "github.com/aws/smithy-go/middleware"
)

// Config returns the settings for the SDK's clients.
//
// It reads the environment and the shared files through the SDK and calls no AWS
// service: that credentials are wrong, or a role may not be assumed, shows at the
// first call that is made with them, as an [*Error] too. Only where nothing is
// configured does it look whether this is an EC2 instance with a role, for two
// seconds at most.
//
// The error is an [*Error]: [ErrNoCredentials], [ErrNoProfile], [ErrRegion],
// [ErrOptions].
func Config(ctx context.Context, opts *Options) (aws.Config, error) {
	o := opts.withDefaults()
	if err := o.Check(); err != nil {
		return aws.Config{}, err
	}
	cfg, err := config.LoadDefaultConfig(ctx, loadOptions(&o)...)
	if err != nil {
		return aws.Config{}, explainLoad(err, &o)
	}
	if err := checkRegion(cfg.Region); err != nil {
		return aws.Config{}, err
	}
	cfg.HTTPClient = bufferedClient{cfg.HTTPClient}
	if err := findInstanceRole(ctx, cfg.Credentials); err != nil {
		return aws.Config{}, err
	}
	cfg.Credentials = explained{cfg.Credentials, &o}
	if o.RoleARN != "" {
		cfg.Credentials = explained{aws.NewCredentialsCache(assumeRole(cfg, &o)), &o}
	}
	return cfg, nil
}

func loadOptions(o *Options) []func(*config.LoadOptions) error {
	options := []func(*config.LoadOptions) error{
		config.WithDefaultRegion(defaultRegion),
		config.WithRetryer(func() aws.Retryer { return newRetryer(o.MaxAttempts) }),
		config.WithAPIOptions(apiOptions(o)),
		config.WithHTTPClient(httpClient(o)),
		config.WithLogger(logging.Nop{}), // the SDK's own prints to standard error
	}
	if o.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(o.Profile))
	}
	if o.Region != "" {
		options = append(options, config.WithRegion(o.Region))
	}
	if o.AccessKeyID != "" {
		options = append(options, config.WithCredentialsProvider(given{o.AccessKeyID, o.SecretAccessKey, o.SessionToken}))
	}
	return options
}

// apiOptions are the steps that every call has beside the SDK's.
func apiOptions(o *Options) []func(*smithymiddleware.Stack) error {
	options := []func(*smithymiddleware.Stack) error{middleware.AddUserAgentKeyValue("nhiscan", o.Version), answerLimit{}.add}
	if o.Permit != nil {
		options = append(options, permission{o.Permit}.add)
	}
	if o.Observe != nil { // last, to stand outside the others
		options = append(options, observer{o.Observe}.add)
	}
	return options
}

// httpClient returns a client that gives up on an endpoint that hangs. It is one
// that the SDK can still add the certificates of AWS_CA_BUNDLE to.
func httpClient(o *Options) config.HTTPClient {
	if o.HTTPClient != nil {
		return o.HTTPClient
	}
	connect := min(o.Timeout, maxConnectTime)
	return awshttp.NewBuildableClient().
		WithReadTimeout(o.Timeout).
		WithDialerOptions(func(d *net.Dialer) { d.Timeout = connect }).
		WithTransportOptions(func(t *http.Transport) {
			t.TLSHandshakeTimeout = connect
			t.ResponseHeaderTimeout = o.Timeout
			stayOnHost(t)
		})
}

// findInstanceRole returns ErrNoCredentials when the only credentials there could
// be are those of an EC2 instance and it gives none.
func findInstanceRole(ctx context.Context, provider aws.CredentialsProvider) error {
	if !aws.IsCredentialsProvider(provider, (*ec2rolecreds.Provider)(nil)) {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, instanceWait)
	defer cancel()
	_, err := provider.Retrieve(limited)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("AWS session: %w", ctx.Err())
	}
	return noCredentials(err)
}

// assumeRole uses an STS client of its own, because the SDK's for profiles
// ignores AWS_ENDPOINT_URL.
func assumeRole(cfg aws.Config, o *Options) aws.CredentialsProvider {
	return stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), o.RoleARN, func(a *stscreds.AssumeRoleOptions) {
		a.RoleSessionName = o.SessionName
		if o.ExternalID != "" {
			a.ExternalID = aws.String(o.ExternalID)
		}
	})
}

// given is a provider of the credentials of Options. The SDK's own is kept in
// aws.Config as it is, where fmt prints it.
type given struct {
	id            string
	secret, token Secret
}

// Retrieve implements [aws.CredentialsProvider].
func (g given) Retrieve(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: g.id, SecretAccessKey: g.secret.Reveal(), SessionToken: g.token.Reveal(), Source: "nhiscan session.Options"}, nil
}

// explained is a credentials provider whose errors help.
type explained struct {
	inner   aws.CredentialsProvider
	options *Options
}

// Retrieve implements [aws.CredentialsProvider].
func (p explained) Retrieve(ctx context.Context) (aws.Credentials, error) {
	if p.inner == nil {
		return aws.Credentials{}, noCredentials(nil)
	}
	credentials, err := p.inner.Retrieve(ctx)
	switch {
	case err == nil:
		return credentials, nil
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return aws.Credentials{}, err
	}
	return aws.Credentials{}, explain(err, p.inner, p.options)
}

// Check returns what [Config] would say of the options as they stand, an [*Error]
// of the kind [ErrOptions] or [ErrRegion], without a look at the environment.
func (o *Options) Check() error {
	switch {
	case o == nil:
		return nil
	case o.AccessKeyID != "" && o.SecretAccessKey.IsZero():
		return &Error{Kind: ErrOptions, Message: "an access key id is given without its secret access key", hint: "give both, or neither"}
	case o.AccessKeyID == "" && !(o.SecretAccessKey.IsZero() && o.SessionToken.IsZero()):
		return &Error{Kind: ErrOptions, Message: "a secret access key or session token is given without an access key id", hint: "give all, or none"}
	case o.RoleARN == "" && o.ExternalID != "":
		return &Error{Kind: ErrOptions, Message: "an external id is given and no role to assume with it", hint: "name the role too"}
	case o.RoleARN != "" && !isRoleARN(o.RoleARN):
		return &Error{Kind: ErrOptions, Message: fmt.Sprintf("%q is not the ARN of a role", o.RoleARN),
			hint: "it looks like arn:aws:iam::123456789012:role/NAME"}
	case o.Region != "":
		return checkRegion(o.Region)
	}
	return nil
}

func isRoleARN(roleARN string) bool {
	parsed, err := arn.Parse(roleARN)
	return err == nil && parsed.Service == "iam" && len(parsed.AccountID) == 12 && strings.HasPrefix(parsed.Resource, "role/")
}
