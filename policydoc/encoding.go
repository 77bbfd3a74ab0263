package policydoc

import (
	"fmt"
	"net/url"
	"strings"
)

// Decode returns the JSON text of a policy document as the AWS API returns it:
// percent-encoded as RFC 3986 has it, where a plus sign is a plus sign and not a
// space. Text that begins with a brace is JSON already and is returned as it is.
// The error names the percent sign that begins no code; whether the rest is a
// policy document is for [Parse] to say.
//
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html.
func Decode(s string) (string, error) {
	if strings.HasPrefix(strings.TrimLeft(strings.TrimPrefix(s, byteOrderMark), " \t\r\n"), "{") {
		return s, nil
	}
	text, err := url.PathUnescape(s)
	if err != nil {
		return "", fmt.Errorf("decode policy document: %w", err)
	}
	return text, nil
}
