package mcpserver

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/internal/mcptransport"
)

// TestKeptItemsAreAsEncoded compares answers with items that the scan keeps with
// those of a call that has a secret of its own, for which all is encoded and cleaned.
func TestKeptItemsAreAsEncoded(t *testing.T) {
	t.Parallel()
	account, err := demo.Account()
	require.NoError(t, err)
	const secret = "hunter22-known"
	for i, name := range []string{"bell\x07\u202eevil", "key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "has " + secret + " in it",
		strings.Repeat("long", 4000), "<b>&\u2028\"quoted\\", keptMark[:5], "\xff"} {
		account.Users[i].Name, account.Users[i].ARN = name, account.Users[i].ARN+name
	}
	s, err := New(&Options{Snapshot: &Snapshot{Account: account, Now: demo.Now()}, Secrets: []string{secret}})
	require.NoError(t, err)
	list := func(least float64) func(*call) (result, error) {
		return func(c *call) (result, error) {
			return listNHI(t.Context(), c, listNHIArguments{MinConfidence: least, pageArguments: pageArguments{MaxItems: 1000}})
		}
	}
	scan := func(permissions bool, most int) func(*call) (result, error) {
		return func(c *call) (result, error) {
			return scanIdentities(t.Context(), c, scanArguments{IncludePermissions: permissions, pageArguments: pageArguments{MaxItems: most}})
		}
	}
	age := regexp.MustCompile(`"age_seconds":\d+`) // which goes on meanwhile
	for name, run := range map[string]func(*call) (result, error){
		"a page": scan(false, 10), "all": scan(false, 1000), "permissions": scan(true, 1000),
		"half": list(0.5), "certain": list(0.9), "least": list(0), "between": list(0.4), "none": list(1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := func(secrets ...string) (string, bool) {
				c := &call{server: s, redactor: s.redactor.With(secrets...), tool: &tool{}}
				out, err := run(c)
				require.NoError(t, err)
				sent, err := c.encode(t.Context(), out)
				require.NoError(t, err)
				text := string(sent.StructuredContent.(mcptransport.Encoded)) + fmt.Sprint(sent.Content)
				return age.ReplaceAllString(text, ""), out.(keeper).keptItems() != nil
			}
			want, kept := answer("a-secret-of-this-call")
			require.False(t, kept)
			require.NotContains(t, want, secret)
			require.NotContains(t, want, "wJalr")
			require.NotContains(t, want, "\x07")
			for range 2 { // when it is kept, and from what is
				got, kept := answer()
				require.Equal(t, want, got)
				require.Equal(t, name != "least" && name != "between", kept)
				require.NotContains(t, got, keptMark)
			}
		})
	}
}
