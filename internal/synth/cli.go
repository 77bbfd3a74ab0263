package synth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/nhiscan/nhiscan"
)

// WriteCLI writes the account as the AWS CLI prints authorization details:
// without what nhiscan adds, and with four spaces of indentation.
func WriteCLI(w io.Writer, a *nhiscan.Account) error {
	var saved, indented bytes.Buffer
	if err := a.Write(&saved); err != nil {
		return err
	}
	var details struct {
		UserDetailList, GroupDetailList, RoleDetailList, Policies json.RawMessage
	}
	if err := json.Unmarshal(saved.Bytes(), &details); err != nil {
		return fmt.Errorf("read what was written: %w", err)
	}
	compact, err := json.Marshal(details)
	if err != nil {
		return err
	}
	if err := json.Indent(&indented, compact, "", "    "); err != nil {
		return err
	}
	indented.WriteByte('\n')
	_, err = indented.WriteTo(w)
	return err
}
