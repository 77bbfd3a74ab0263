package redact_test

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/redact"
)

const exampleKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

func TestString(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Ab3dE6gH", 40)
	r := redact.New("hunter22-known", `with"quote\and`)
	for name, test := range map[string]struct{ in, want string }{
		"known":                     {"x hunter22-known y", "x [redacted] y"},
		"known, as JSON has it":     {`{"k":"with\"quote\\and"}`, `{"k":"[redacted]"}`},
		"secret access key":         {"key=" + exampleKey + "!", "key=[redacted]!"},
		"secret access key, spaced": {"key: " + exampleKey, "key: [redacted]"},
		"session token":             {"token " + long, "token [redacted]"},
		"bearer":                    {"Authorization: Bearer abcdefghijklmnop1234", "Authorization: Bearer [redacted]"},
		"JWT":                       {"got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz", "got [redacted]"},
		"private key":               {"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest", "[redacted]\nrest"},
		"private key, cut off":      {"-----BEGIN PRIVATE KEY-----\nMIIE", "[redacted]"},
		"access key id":             {"AKIAIOSFODNN7EXAMPLE is active", "AKIAIOSFODNN7EXAMPLE is active"},
		"SHA-1":                     {"thumbprint 9e99a48a9960b14926bb7f3b02e22da2b0ab7280", "thumbprint 9e99a48a9960b14926bb7f3b02e22da2b0ab7280"},
		"role name of 40 letters":   {"role AWSServiceRoleForApplicationAutoScalingX", "role AWSServiceRoleForApplicationAutoScalingX"},
		"ARN":                       {"arn:aws:iam::123456789012:role/aws-reserved/Sso", "arn:aws:iam::123456789012:role/aws-reserved/Sso"},
		"short":                     {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, r.String(test.in))
		})
	}
}

// TestRandomKeys holds that keys as AWS makes them are found without being known.
func TestRandomKeys(t *testing.T) {
	t.Parallel()
	const n = 2000
	found := 0
	for range n {
		var raw [30]byte
		_, _ = rand.Read(raw[:]) // it never fails
		if redact.New().String("secret "+base64.StdEncoding.EncodeToString(raw[:])) == "secret "+redact.Mark {
			found++
		}
	}
	require.Greater(t, found, n*98/100)
}

// TestForms has secrets as the writers of JSON have them, who do not escape alike.
func TestForms(t *testing.T) {
	t.Parallel()
	r := redact.New(`with"quote<and\more`)
	for _, text := range []string{`with"quote<and\more`, `with\"quote<and\\more`, `with\"quote\u003cand\\more`} {
		require.Equal(t, "x "+redact.Mark, r.String("x "+text))
	}
}

// TestLinear fails by its time: the square of these lengths takes minutes.
func TestLinear(t *testing.T) {
	t.Parallel()
	const n = 500_000
	text := strings.Repeat("a", n)
	began := time.Now()
	require.Equal(t, text, redact.New("b"+text, text+"b", text[:n/2]+"b"+text[:n/2]).String(text))
	require.Less(t, time.Since(began), 10*time.Second)
}

func TestWith(t *testing.T) {
	t.Parallel()
	var none *redact.Redactor
	require.Equal(t, "a secret-one b", none.String("a secret-one b"))
	one := none.With("secret-one", "", "short")
	two := one.With("secret-one-longer")
	require.Equal(t, "[redacted]-longer", one.String("secret-one-longer"))
	require.Equal(t, "[redacted]", two.String("secret-one-longer"))
	require.Same(t, two, two.With("secret-one"))
	require.Equal(t, "short", two.String("short"))
}
