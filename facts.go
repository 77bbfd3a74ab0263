package nhiscan

import (
	"fmt"
	"math/bits"
	"slices"
)

// factNames are the names that files use, by the number of the fact's bit.
var factNames = [...]string{
	"Tags",
	"Groups",
	"AttachedPolicies",
	"InlinePolicies",
	"PermissionsBoundary",
	"Password",
	"PasswordLastUsed",
	"AccessKeys",
	"MFADevices",
	"SigningCertificates",
	"SSHPublicKeys",
	"ServiceSpecificCredentials",
	"TrustPolicy",
	"InstanceProfiles",
	"RoleLastUsed",
	"RoleSettings",
}

// Names returns the names of the facts in the set, in the order of the Fact
// constants; nil for none.
func (f Facts) Names() []string {
	var names []string
	for ; f != 0; f &= f - 1 {
		if n := bits.TrailingZeros32(uint32(f)); n < len(factNames) {
			names = append(names, factNames[n])
		}
	}
	return names
}

// ParseFacts returns the set with the given names. Its error names the first
// that is not the name of a fact; the set then holds the others.
func ParseFacts(names []string) (Facts, error) {
	var f Facts
	var err error
	for _, name := range names {
		n := slices.Index(factNames[:], name)
		if n >= 0 {
			f |= 1 << n
		} else if err == nil {
			err = fmt.Errorf("parse facts: %q is not the name of a fact", name)
		}
	}
	return f, err
}
