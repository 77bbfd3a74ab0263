package policydoc

import (
	"slices"
	"strings"
	"sync"
)

// A KeyType is the type of a condition key's values; its zero value is unknown.
type KeyType string

const (
	KeyString  KeyType = "String"
	KeyARN     KeyType = "ARN"
	KeyBool    KeyType = "Bool"
	KeyNumeric KeyType = "Numeric"
	KeyDate    KeyType = "Date"
	KeyIP      KeyType = "IPAddress"
	KeyBinary  KeyType = "Binary"
)

// A ConditionKey is a condition key of a service or a global one.
type ConditionKey struct {
	Name string // as AWS spells it, such as s3:prefix or aws:RequestTag/${TagKey}
	Type KeyType
	// Multivalued says that a request may have several values: a condition on it
	// needs ForAllValues or ForAnyValue.
	Multivalued bool
}

// LookupConditionKey returns the condition key that a policy's key, such as
// aws:RequestTag/Team or token.actions.githubusercontent.com:sub, is one of, in
// any case. The first call takes some milliseconds.
func LookupConditionKey(name string) (ConditionKey, bool) {
	keys := details().keys
	i, ok := slices.BinarySearchFunc(keys, name, func(k ConditionKey, name string) int {
		return compareFold(k.Name, name)
	})
	if ok {
		return keys[i], true
	}
	for _, p := range placeholderKeys() {
		if match(p.pattern, name, true) {
			return p.key, true
		}
	}
	return federationKey(name)
}

// A placeholderKey is a key with placeholders, and the pattern of its names.
type placeholderKey struct {
	pattern string
	key     ConditionKey
}

var placeholderKeys = sync.OnceValue(func() []placeholderKey {
	var found []placeholderKey
	for _, key := range details().keys {
		if strings.Contains(key.Name, "${") {
			found = append(found, placeholderKey{replacePlaceholders(key.Name, "?*"), key})
		}
	}
	return found
})

// federationKey returns the key of a claim in the token of an OpenID Connect
// provider. The reference has the keys of some; those of any other are the
// provider's URL without https:// and one of a few claims.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif.
func federationKey(name string) (ConditionKey, bool) {
	colon := strings.LastIndexByte(name, ':')
	if colon < 0 || !strings.Contains(name[:colon], ".") {
		return ConditionKey{}, false
	}
	switch claim := strings.ToLower(name[colon+1:]); claim {
	case "amr", "aud", "azp", "email", "oaud", "sub":
		return ConditionKey{Name: "${Provider}:" + claim, Type: KeyString, Multivalued: claim == "amr"}, true
	}
	return ConditionKey{}, false
}
