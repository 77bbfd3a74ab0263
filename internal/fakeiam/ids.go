package fakeiam

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"strconv"
)

// issue returns the next id of a kind, which
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
// tells by its prefix. It has 21 characters, or the 20 of an access key. Equal
// servers give out equal ids for equal requests.
func (b *beside) issue(prefix string) string {
	b.issued++
	sum := sha256.Sum256([]byte(prefix + strconv.Itoa(b.issued)))
	length := 21
	if prefix == "AKIA" {
		length = 20
	}
	return prefix + base32.StdEncoding.EncodeToString(sum[:])[:length-len(prefix)]
}

// secretOf returns the secret of an access key: 40 characters of base64.
func secretOf(accessKeyID string) string {
	sum := sha256.Sum256([]byte("secret of " + accessKeyID))
	return base64.StdEncoding.EncodeToString(sum[:30])
}
