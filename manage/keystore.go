package manage

import (
	"time"

	"github.com/nhiscan/nhiscan/session"
)

// A NewAccessKey is an access key that was just created. AWS tells the secret once.
type NewAccessKey struct {
	ID       string
	UserName string
	// Secret is not printed: see [session.Secret].
	Secret     session.Secret
	CreateDate time.Time
	// KeptIn says where a [KeyStore] has put the secret; empty without one.
	KeptIn string
}

// A KeyStore keeps the secrets of access keys.
type KeyStore interface {
	// Reserve makes sure, before a key is created, that its secret can be kept.
	Reserve(accountID, userName string) (KeySlot, error)
}

// A KeySlot is a place that waits for one key.
type KeySlot interface {
	// Where says where the place is, such as the name of a file.
	Where() string
	// Save keeps the key.
	Save(key NewAccessKey) error
	// Discard gives the place back when no key was created.
	Discard() error
}
