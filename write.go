package nhiscan

import (
	"errors"
	"io"
)

// Write writes the account.
func (a *Account) Write(w io.Writer) error { return errors.ErrUnsupported }

// WriteFile writes the account to the named file.
func (a *Account) WriteFile(name string) error { return errors.ErrUnsupported }
