package session

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is printed in the place of a secret.
const redacted = "[secret]"

// A Secret is a value that is not printed: not by fmt, log/slog and encoding/json,
// and in no error of this package. The zero value is no secret.
type Secret struct {
	// value is a function because a printer that looks into unexported fields,
	// and fmt does where it may not call Format, can print only its address.
	value func() string
}

// NewSecret returns a secret, the zero value for an empty one.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{func() string { return value }}
}

// Reveal returns the value.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return s.value()
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == nil }

// String returns a word in the place of the value, empty for no secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return redacted
}

// Format implements [fmt.Formatter]: every verb prints what String returns.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText implements [encoding.TextMarshaler] with what String returns.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
