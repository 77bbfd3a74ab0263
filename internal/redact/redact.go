// Package redact takes secrets out of text: those that are known, letter by
// letter, and what looks like an AWS secret access key, a session token, a bearer
// token or a private key.
//
// Access key ids are no secrets and stay. A [Redactor] is immutable and safe for
// concurrent use.
package redact

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Mark is what stands in place of a secret.
const Mark = "[redacted]"

// minSecret is the length from which a known secret is looked for. Shorter ones
// would take away parts of ordinary words.
const minSecret = 8

// A Redactor knows some secrets. The zero value, and nil, know none, and still
// find what looks like one.
type Redactor struct {
	secrets []string
	// forms are the secrets as texts have them.
	forms []string
}

// New returns a Redactor that knows the secrets; empty and very short ones are left out.
func New(secrets ...string) *Redactor { return (*Redactor)(nil).With(secrets...) }

// With returns a Redactor that knows more secrets. r itself does not change.
func (r *Redactor) With(secrets ...string) *Redactor {
	var all []string
	if r != nil {
		all = slices.Clone(r.secrets)
	}
	for _, s := range secrets {
		if len(s) >= minSecret && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if r != nil && len(all) == len(r.secrets) {
		return r
	}
	var forms []string
	for _, s := range all {
		forms = append(forms, s, inJSON(s), quotes.Replace(s))
	}
	slices.Sort(forms)
	forms = slices.Compact(forms)
	// The longest comes first: one secret may begin with another.
	slices.SortStableFunc(forms, func(a, b string) int { return len(b) - len(a) })
	return &Redactor{all, forms}
}

// quotes is for JSON that escapes no more than it must.
var quotes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// inJSON is a secret as a JSON text of encoding/json has it.
func inJSON(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return string(text[1 : len(text)-1])
}

// String returns the text without secrets.
func (r *Redactor) String(text string) string {
	if r != nil {
		// A strings.Replacer would do it at once, and take the square of the time
		// for what a stranger chooses: a secret of one letter in a text of it.
		for _, form := range r.forms {
			text = strings.ReplaceAll(text, form, Mark)
		}
	}
	if len(text) < minPattern {
		return text
	}
	if strings.Contains(text, "PRIVATE KEY") {
		text = privateKey.ReplaceAllString(text, Mark)
	}
	if containsBearer(text) {
		text = bearer.ReplaceAllString(text, "${1}"+Mark)
	}
	if strings.Contains(text, "eyJ") {
		text = jwt.ReplaceAllString(text, Mark)
	}
	return redactKeys(text)
}

// minPattern is shorter than everything that the patterns match.
const minPattern = 20

var (
	privateKey = regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)
	bearer     = regexp.MustCompile(`(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{16,}`)
	jwt        = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}`)
)

// containsBearer spares nearly every text the search for the pattern.
func containsBearer(text string) bool {
	const word = "bearer"
	for i := 0; i+len(word) <= len(text); i++ {
		if text[i]|0x20 == word[0] && strings.EqualFold(text[i:i+len(word)], word) {
			return true
		}
	}
	return false
}

const (
	// keyLength is that of a secret access key.
	keyLength = 40
	// tokenLength is less than that of any session token and more than that of
	// a name, a path of IAM's longest ids, or a fingerprint.
	tokenLength = 200
)

// redactKeys takes out runs of base64 characters that are as long as a secret
// access key, or at least as long as a session token, and as mixed.
func redactKeys(text string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); {
		if !isBase64(text[i]) {
			i++
			continue
		}
		end := i
		for end < len(text) && isBase64(text[end]) {
			end++
		}
		if n := end - i; (n == keyLength || n >= tokenLength) && isMixed(text[i:end]) {
			b.WriteString(text[done:i])
			b.WriteString(Mark)
			done = end
		}
		i = end
	}
	if done == 0 {
		return text
	}
	b.WriteString(text[done:])
	return b.String()
}

func isBase64(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}

// isMixed tells a random string from a name, a path and a hexadecimal number: it
// has capital and small letters, digits, and changes between them often. Random
// base64 changes at 64% of its places, CamelCase at about 35%.
func isMixed(s string) bool {
	var upper, lower, digit, changes int
	previous := byte(0)
	for i := range len(s) {
		kind := byte('x')
		switch c := s[i]; {
		case 'A' <= c && c <= 'Z':
			upper, kind = upper+1, 'A'
		case 'a' <= c && c <= 'z':
			lower, kind = lower+1, 'a'
		case '0' <= c && c <= '9':
			digit, kind = digit+1, '0'
		}
		if previous != 0 && kind != previous {
			changes++
		}
		previous = kind
	}
	return upper > 2 && lower > 2 && digit > 0 && changes*5 >= 2*len(s)
}
