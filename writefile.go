package nhiscan

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"strings"

	"github.com/nhiscan/nhiscan/internal/atomicfile"
)

// WriteFile writes the account to the named file as [Account.Write] does,
// compressed with gzip if the name ends in .gz. Only the owner may read the file.
//
// A file of that name is replaced when the new one is complete on the disk, and
// left as it was if anything goes wrong.
func (a *Account) WriteFile(name string) error {
	if err := a.writeFile(name); err != nil {
		return fmt.Errorf("write account %s: %w", name, err)
	}
	return nil
}

func (a *Account) writeFile(name string) error {
	write := a.write
	if strings.HasSuffix(strings.ToLower(name), ".gz") {
		write = compressed(write)
	}
	return atomicfile.Write(name, write)
}

// compressed has what write writes compressed.
func compressed(write func(io.Writer) error) func(io.Writer) error {
	return func(out io.Writer) error {
		buffered := bufio.NewWriter(out)
		zip := gzip.NewWriter(buffered)
		if err := write(zip); err != nil {
			return err
		}
		if err := zip.Close(); err != nil {
			return err
		}
		return buffered.Flush()
	}
}
