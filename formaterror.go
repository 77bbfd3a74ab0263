package nhiscan

import (
	"fmt"
	"strings"
)

// A FormatError says where in the input something is not as it should be.
type FormatError struct {
	// Line and Column count from 1, the column in bytes. Both are those of the
	// text after decompression and decoding to UTF-8; 0 when not known.
	Line, Column int
	// Offset is the number of bytes before it.
	Offset int64
	// Path is where it is in the data: a JSON pointer such as
	// /RoleDetailList/3/RoleName, or the name of a credential report's column.
	Path    string
	Message string
}

// Error returns the position, the path and the message.
func (e *FormatError) Error() string {
	var b strings.Builder
	if e.Line > 0 {
		fmt.Fprintf(&b, "line %d, column %d: ", e.Line, e.Column)
	}
	if e.Path != "" {
		b.WriteString(e.Path)
		b.WriteString(": ")
	}
	b.WriteString(e.Message)
	return b.String()
}

// A KindError is returned for an input that is of another kind than was asked for.
type KindError struct {
	// Seems is what the input seems to be, such as "one policy document".
	Seems string
	// Hint says what to give instead, and how to make it.
	Hint string
}

// Error says what the input seems to be and what to give instead.
func (e *KindError) Error() string {
	return "this seems to be " + e.Seems + "; " + e.Hint
}

const (
	accountHint = "make an account file with: aws iam get-account-authorization-details > account.json"
	reportHint  = "make a credential report with: aws iam generate-credential-report, then aws iam get-credential-report > report.json"
)

// clip shortens what an error quotes from the input.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// clipPath shortens a JSON pointer, of which an input can make any length.
func clipPath(path string) string {
	const front, back = 120, 60
	if len(path) <= front+back {
		return path
	}
	return strings.ToValidUTF8(path[:front]+"…"+path[len(path)-back:], "")
}
