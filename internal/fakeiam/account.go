package fakeiam

import "github.com/nhiscan/nhiscan"

func accountOperations() map[string]operation {
	return map[string]operation{
		"GetAccountAuthorizationDetails": {write: getAccountAuthorizationDetails, cached: true},
		"GetAccountSummary":              {write: getAccountSummary},
		"ListAccountAliases":             {write: listAccountAliases},
	}
}

func listAccountAliases(_ *Server, r *request, x *xmlWriter) *apiError {
	return writePage(r, x, "AccountAliases", r.index.account.Aliases, writeName)
}

// A summaryEntry is one count or quota of the account.
type summaryEntry struct {
	key   string
	value int
}

// getAccountSummary implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html.
func getAccountSummary(_ *Server, r *request, x *xmlWriter) *apiError {
	x.open("SummaryMap")
	for _, entry := range append(r.index.counts(), quotas()...) {
		x.open("entry")
		x.text("key", entry.key)
		x.integer("value", entry.value)
		x.close("entry")
	}
	x.close("SummaryMap")
	return nil
}

func (ix *index) counts() []summaryEntry {
	var root nhiscan.Credentials
	if ix.account.Root != nil {
		root = ix.account.Root.Credentials
	}
	return []summaryEntry{
		{"AccountAccessKeysPresent", presence(len(root.AccessKeys) > 0)},
		{"AccountMFAEnabled", presence(len(root.MFADevices) > 0)},
		{"AccountPasswordPresent", presence(root.Password.Enabled)},
		{"AccountSigningCertificatesPresent", presence(len(root.SigningCertificates) > 0)},
		{"Groups", len(ix.groups)},
		{"InstanceProfiles", len(ix.profiles)},
		{"MFADevices", len(ix.mfaBySerial) + len(ix.beside.devices)},
		{"MFADevicesInUse", len(ix.mfaBySerial)},
		{"Policies", len(ix.customer)},
		{"Roles", len(ix.roles)},
		{"Users", len(ix.users)},
	}
}

// quotas are AWS's defaults,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
func quotas() []summaryEntry {
	return []summaryEntry{
		{"AccessKeysPerUserQuota", 2},
		{"AttachedPoliciesPerGroupQuota", 10},
		{"AttachedPoliciesPerRoleQuota", 10},
		{"AttachedPoliciesPerUserQuota", 10},
		{"GroupsPerUserQuota", 10},
		{"GroupsQuota", 300},
		{"PoliciesQuota", 1500},
		{"RolesQuota", 1000},
		{"UsersQuota", 5000},
		{"VersionsPerPolicyQuota", 5},
	}
}

func presence(present bool) int {
	if present {
		return 1
	}
	return 0
}
