package session_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/session"
)

const (
	secretKey   = "wJalrXUtnFEMIsecretEXAMPLEKEY"
	secretToken = "FwoGZXIvYXdzEtokenEXAMPLE"
)

func secretOptions() session.Options {
	return session.Options{
		AccessKeyID: "AKIAEXAMPLE000000002", SecretAccessKey: session.NewSecret(secretKey), SessionToken: session.NewSecret(secretToken)}
}

// secretForms are the secrets in every form that fmt has for a string.
var secretForms = sync.OnceValue(func() []string {
	var forms []string
	for _, secret := range []string{secretKey, secretToken} {
		digits := hex.EncodeToString([]byte(secret))
		forms = append(forms, secret, digits, strings.ToUpper(digits), base64.StdEncoding.EncodeToString([]byte(secret)),
			fmt.Sprintf("% x", secret), fmt.Sprint([]byte(secret)), fmt.Sprintf("%U", []rune(secret)))
	}
	return forms
})

func requireSecret(t *testing.T, text, from string) {
	t.Helper()
	for _, form := range secretForms() {
		if strings.Contains(text, form) {
			require.Fail(t, "a secret is printed", "%s: %s", from, text)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()
	opts := secretOptions()
	type hidden struct{ opts session.Options }
	values := map[string]any{
		"secret": opts.SecretAccessKey, "pointer to secret": &opts.SecretAccessKey, "options": opts, "pointer": &opts,
		"list": []session.Options{opts}, "map": map[string]session.Options{"a": opts}, "unexported": hidden{opts}, "pointer to unexported": &hidden{opts},
		"secrets": []session.Secret{opts.SessionToken}, "any": []any{opts, &opts},
	}
	for name, value := range values {
		for verb := '!'; verb <= '~'; verb++ {
			for _, flags := range []string{"", "+", "#", "-", " ", "0", "100", "+#", "[1]", ".3"} {
				format := "%" + flags + string(verb)
				requireSecret(t, fmt.Sprintf(format, value), name+" "+format)
			}
		}
		requireSecret(t, fmt.Sprint(value), name)
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("text", "value", value)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("json", "value", value)
		requireSecret(t, log.String(), name+" in a log")
		text, _ := json.Marshal(value) // of Options it fails, because of its functions
		requireSecret(t, string(text), name+" in JSON")
		panicked := func() (text string) {
			defer func() { text = fmt.Sprint(recover()) }()
			panic(value)
		}()
		requireSecret(t, panicked, name+" in a panic")
	}
}

func TestSecret(t *testing.T) {
	t.Parallel()
	require.Equal(t, secretKey, session.NewSecret(secretKey).Reveal())
	require.Equal(t, "[secret] [secret]", fmt.Sprintf("%s %q", session.NewSecret(secretKey), session.NewSecret(secretKey)))
	require.Contains(t, fmt.Sprintf("%+v", secretOptions()), "SecretAccessKey:[secret] SessionToken:[secret]")
	require.True(t, session.NewSecret("").IsZero())
	require.Empty(t, session.Secret{}.Reveal())
	require.Empty(t, session.Secret{}.String())
	require.False(t, session.NewSecret("x").IsZero())
	text, err := json.Marshal(map[string]session.Secret{"key": session.NewSecret(secretKey)})
	require.NoError(t, err)
	require.JSONEq(t, `{"key": "[secret]"}`, string(text))
}

func TestGivenCredentials(t *testing.T) {
	for name, sharedConfig := range map[string]string{
		"before the environment": "",
		"before the profile":     "[default]\naws_access_key_id = AKIAEXAMPLE000000009\naws_secret_access_key = other\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = default\n",
		"with nothing else":      "[default]\nregion = eu-west-1\n",
	} {
		t.Run(name, func(t *testing.T) {
			environment(t, sharedConfig)
			opts := secretOptions()
			cfg, err := session.Config(context.Background(), &opts)
			require.NoError(t, err)
			for _, format := range []string{"%s", "%q", "%x"} { // these follow pointers, to what the SDK writes while it retrieves
				requireSecret(t, fmt.Sprintf(format, cfg), format)
			}
			credentials, err := cfg.Credentials.Retrieve(context.Background())
			require.NoError(t, err)
			require.Equal(t, "AKIAEXAMPLE000000002", credentials.AccessKeyID)
			require.Equal(t, secretKey, credentials.SecretAccessKey)
			require.Equal(t, secretToken, credentials.SessionToken)
			for _, format := range []string{"%v", "%+v", "%#v"} {
				requireSecret(t, fmt.Sprintf(format, cfg), format)
			}
		})
	}
}

func TestGivenCredentialsAssumeTheRole(t *testing.T) {
	environment(t, "")
	s, role := server()
	opts := secretOptions()
	opts.RoleARN, opts.HTTPClient = role, s.HTTPClient()
	var calls []session.Call
	opts.Observe = func(_ context.Context, c session.Call) { calls = append(calls, c) }
	cfg, err := session.Config(context.Background(), &opts)
	require.NoError(t, err)
	_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
	require.NoError(t, err)
	require.Equal(t, "AKIAEXAMPLE000000002", s.LastAccessKeyID("AssumeRole"), "the role is assumed with them")
	require.NotEqual(t, "AKIAEXAMPLE000000002", s.LastAccessKeyID("ListUsers"))
	require.Len(t, calls, 2)

	s.Inject(fakeiam.Fault{Operation: "AssumeRole", Code: "InvalidClientTokenId", Status: 403})
	cfg, err = session.Config(context.Background(), &opts)
	require.NoError(t, err)
	_, err = iam.NewFromConfig(cfg).ListUsers(context.Background(), nil)
	require.ErrorIs(t, err, session.ErrExpired)
	for _, format := range []string{"%v", "%+v", "%#v"} {
		requireSecret(t, fmt.Sprintf(format, err), "the error in "+format)
		requireSecret(t, fmt.Sprintf(format, calls), "the calls in "+format)
	}
}

func TestCredentialsThatAreNotWhole(t *testing.T) {
	environment(t, "")
	for name, opts := range map[string]session.Options{
		"no secret":   {AccessKeyID: "AKIAEXAMPLE000000002"},
		"empty":       {AccessKeyID: "AKIAEXAMPLE000000002", SecretAccessKey: session.NewSecret("")},
		"secret only": {SecretAccessKey: session.NewSecret(secretKey)},
		"token only":  {SessionToken: session.NewSecret(secretToken)},
	} {
		_, err := session.Config(context.Background(), &opts)
		require.ErrorIs(t, err, session.ErrOptions, name)
		requireHint(t, err, "give")
		requireSecret(t, fmt.Sprintf("%v %+v %#v", err, err, err), name)
	}
}
