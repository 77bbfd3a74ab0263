package manage_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

// Nothing that is printed, logged or encoded has the secret, whatever goes wrong.
func TestSecretsDoNotShow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault *fakeiam.Fault
		store *vault
		deny  string
	}{
		"told":        {},
		"kept":        {store: &vault{}},
		"not kept":    {store: &vault{save: errors.New("full")}},
		"lost":        {store: &vault{save: errors.New("full")}, deny: "iam:DeleteAccessKey"},
		"cut off":     {fault: &fakeiam.Fault{Operation: "CreateAccessKey", Shape: fakeiam.ShapeTruncatedXML}},
		"answer lost": {fault: &fakeiam.Fault{Operation: "CreateAccessKey", Shape: fakeiam.ShapeReset, AfterEffect: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, opts := newServer(), dated()
			if c.store != nil {
				opts.Keys = c.store
			}
			if c.fault != nil {
				s.Inject(*c.fault)
			}
			if c.deny != "" {
				s.Deny(c.deny)
			}
			r, err := attempt(t, s, manage.CreateAccessKey{UserName: "bob"}, opts)
			require.Equal(t, c.fault == nil && (c.store == nil || c.store.save == nil), err == nil)
			said := sayings(r, err)
			for _, secret := range secretsOf(r, c.store) {
				require.NotContains(t, said, secret)
				require.NotContains(t, said, base64.StdEncoding.EncodeToString([]byte(secret))[4:40])
			}
			require.NotContains(t, said, "SecretAccessKey>")
			require.NotContains(t, said, base64.StdEncoding.EncodeToString([]byte("<CreateAccessKeyResponse"))[:24])
		})
	}
}

func secretsOf(r *manage.Result, v *vault) []string {
	var list []string
	if r.AccessKey != nil && !r.AccessKey.Secret.IsZero() {
		list = append(list, r.AccessKey.Secret.Reveal())
	}
	if v != nil {
		for _, k := range v.saved {
			list = append(list, k.Secret.Reveal())
		}
	}
	return list
}

// sayings are a result and an error in every way that programs print things.
func sayings(r *manage.Result, err error) string {
	var said bytes.Buffer
	values := []any{r, r.AccessKey, err, r.Steps, r.Plan.Change}
	if r.AccessKey != nil {
		values = append(values, *r.AccessKey)
	}
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			fmt.Fprintf(&said, verb+"\n", v)
		}
		text, marshalErr := json.Marshal(v)
		fmt.Fprintln(&said, string(text), marshalErr)
		slog.New(slog.NewTextHandler(&said, nil)).Info("text", "value", v)
		slog.New(slog.NewJSONHandler(&said, nil)).Info("json", "value", v)
	}
	func() {
		defer func() { fmt.Fprintln(&said, recover()) }()
		panic(fmt.Sprintf("%v", values))
	}()
	for e := err; e != nil; e = errors.Unwrap(e) {
		fmt.Fprintf(&said, "%+v %#v\n", e, e)
		text, marshalErr := json.Marshal(e)
		fmt.Fprintln(&said, string(text), marshalErr)
	}
	return strings.ToValidUTF8(said.String(), "")
}
