package mcpserver

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"sync"
	"time"
)

// A confirmation is what a question is about: the state that a client carries
// between the question and the answer, signed so that it can be of no other.
type confirmation struct {
	Tool string `json:"tool"`
	// Arguments is the digest of all arguments, the credentials that they name among them.
	Arguments string `json:"arguments"`
	// Caller is who asked for the change, as far as is known.
	Caller string `json:"caller"`
	// Identity is the ARN that would change, without a session's name, and Plan the
	// digest of what it would do.
	Identity string `json:"identity"`
	Plan     string `json:"plan"`
	// Name has to be typed; empty when a plain yes will do.
	Name    string    `json:"name"`
	Expires time.Time `json:"expires"`
	Nonce   string    `json:"nonce"`
}

// A confirmer signs confirmations and takes each once. Its key is its own: what
// another server has asked, or this one before it was started anew, counts nothing.
type confirmer struct {
	key []byte

	mu sync.Mutex
	// used are the nonces that were answered, until they would expire anyway.
	used map[string]time.Time
}

// maxUsed bounds the nonces that are remembered. Each stands for a question that
// was answered within the last minutes.
const maxUsed = 10_000

func newConfirmer() *confirmer {
	return &confirmer{key: []byte(rand.Text() + rand.Text()), used: map[string]time.Time{}}
}

// sign returns the state for a client to carry.
func (f *confirmer) sign(c *confirmation) string {
	c.Nonce = rand.Text()
	text, err := json.Marshal(c)
	if err != nil {
		panic("mcpserver: a confirmation: " + err.Error()) // it has texts and a time
	}
	payload := base64.RawURLEncoding.EncodeToString(text)
	return payload + "." + base64.RawURLEncoding.EncodeToString(f.mac(payload))
}

func (f *confirmer) mac(payload string) []byte {
	mac := hmac.New(sha256.New, f.key)
	mac.Write([]byte(payload))
	return mac.Sum(nil)
}

// maxState is longer than any state that is signed.
const maxState = 4096

// open returns what a state says; false when this server has not signed it.
func (f *confirmer) open(state string) (*confirmation, bool) {
	payload, mac, ok := strings.Cut(state, ".")
	if !ok || len(state) > maxState {
		return nil, false
	}
	signature, err := base64.RawURLEncoding.DecodeString(mac)
	if err != nil || !hmac.Equal(signature, f.mac(payload)) {
		return nil, false
	}
	text, err := base64.RawURLEncoding.DecodeString(payload)
	c := &confirmation{}
	if err != nil || json.Unmarshal(text, c) != nil {
		return nil, false
	}
	return c, true
}

// use takes a confirmation, and reports whether it is the first time. When too many
// are remembered it takes none: to forget one would be to take it twice.
func (f *confirmer) use(c *confirmation, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.used) >= maxUsed {
		for nonce, expires := range f.used {
			if now.After(expires) {
				delete(f.used, nonce)
			}
		}
	}
	if _, again := f.used[c.Nonce]; again || len(f.used) >= maxUsed {
		return false
	}
	f.used[c.Nonce] = c.Expires
	return true
}

// same compares what a stranger gives with what has to be, in a time that does not
// tell where they differ.
func same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }
