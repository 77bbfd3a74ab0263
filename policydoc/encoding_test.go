package policydoc_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"as the API returns it", "%7B%22Statement%22%3A%20%5B%5D%7D%0A", "{\"Statement\": []}\n"},
		{"a plus sign is a plus sign", "%7B+%2B", "{+" + "+"},
		{"brace not encoded", `{"Sid":"100%"}`, `{"Sid":"100%"}`},
		{"white space before the brace", " \r\n\t{%7B", " \r\n\t{%7B"},
		{"byte order mark before the brace", "\uFEFF{%7B", "\uFEFF{%7B"},
		{"encoded UTF-8", "%7B%C3%A9", "{é"},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := policydoc.Decode(tt.text)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
	t.Run("broken code", func(t *testing.T) {
		t.Parallel()
		_, err := policydoc.Decode("%7B%2")
		require.EqualError(t, err, `decode policy document: invalid URL escape "%2"`)
		var escape url.EscapeError
		require.ErrorAs(t, err, &escape)
	})
}
