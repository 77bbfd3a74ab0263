package manage

import (
	"os"
	"time"
)

// SetKeyDirectory sets the clock of a key directory, and how it takes room; nil
// leaves that as it is.
func SetKeyDirectory(store KeyStore, now func() time.Time, reserve func(f *os.File, n int) error) {
	d := store.(*keyDirectory)
	d.now = now
	if reserve != nil {
		d.reserve = reserve
	}
}
