package render

import "github.com/nhiscan/nhiscan"

// A factName is how output names a fact that could not be read: name in JSON,
// where it is the key that would hold it, and words for people.
type factName struct {
	fact  nhiscan.Facts
	name  string
	words string
}

var credentialFacts = []factName{
	{nhiscan.FactPassword, "password", "console password"},
	{nhiscan.FactPasswordLastUsed, "password_last_used", "last use of the password"},
	{nhiscan.FactAccessKeys, "access_keys", "access keys"},
	{nhiscan.FactMFADevices, "mfa_devices", "MFA devices"},
	{nhiscan.FactSigningCertificates, "signing_certificates", "signing certificates"},
	{nhiscan.FactSSHPublicKeys, "ssh_public_keys", "SSH public keys"},
	{nhiscan.FactServiceSpecificCredentials, "service_specific_credentials", "service-specific credentials"},
}

var userFacts = []factName{
	{nhiscan.FactTags, "tags", "tags"},
	{nhiscan.FactGroups, "groups", "groups"},
	{nhiscan.FactAttachedPolicies, "attached_policies", "attached policies"},
	{nhiscan.FactInlinePolicies, "inline_policies", "inline policies"},
	{nhiscan.FactPermissionsBoundary, "permissions_boundary", "permissions boundary"},
}

var roleFacts = []factName{
	{nhiscan.FactTags, "tags", "tags"},
	{nhiscan.FactTrustPolicy, "trust_policy", "trust policy"},
	{nhiscan.FactRoleLastUsed, "last_used", "last use"},
	{nhiscan.FactRoleSettings, "settings", "description and session duration"},
	{nhiscan.FactInstanceProfiles, "instance_profiles", "instance profiles"},
	{nhiscan.FactAttachedPolicies, "attached_policies", "attached policies"},
	{nhiscan.FactInlinePolicies, "inline_policies", "inline policies"},
	{nhiscan.FactPermissionsBoundary, "permissions_boundary", "permissions boundary"},
}

// missing returns the facts of names that known does not have.
func missing(known nhiscan.Facts, names []factName) []factName {
	var out []factName
	for _, n := range names {
		if !known.Has(n.fact) {
			out = append(out, n)
		}
	}
	return out
}

func jsonNames(facts []factName) []string {
	out := make([]string, len(facts))
	for i, f := range facts {
		out[i] = f.name
	}
	return out
}

func wordsOf(facts []factName) []string {
	out := make([]string, len(facts))
	for i, f := range facts {
		out[i] = f.words
	}
	return out
}
