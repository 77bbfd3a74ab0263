package nhiscan

import (
	"errors"
	"io"
)

// Read reads an account.
func Read(r io.Reader) (*Account, error) { return nil, errors.ErrUnsupported }

// ReadFile reads an account from the named file.
func ReadFile(name string) (*Account, error) { return nil, errors.ErrUnsupported }
