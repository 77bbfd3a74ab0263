package mcpserver

import (
	"context"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/answer"
)

func (s savedIAM) accessKeyLastUsed(_ context.Context, id string) (collect.AccessKeyUse, error) {
	unknown := s.listGaps("iam:ListUsers") != nil
	for i := range s.account.Users {
		u := &s.account.Users[i]
		unknown = unknown || !u.Known.Has(nhiscan.FactAccessKeys)
		for _, key := range u.AccessKeys {
			switch {
			case key.ID == id && !key.LastUsed.Known:
				return collect.AccessKeyUse{}, notInFile("the saved account does not tell when %s of user %s was last used", id, u.Name)
			case key.ID == id:
				return collect.AccessKeyUse{ID: id, UserName: u.Name, LastUsed: key.LastUsed}, nil
			case key.ID == "":
				unknown = true // of a credential report, which has no ids
			}
		}
	}
	if unknown {
		return collect.AccessKeyUse{}, notInFile("the saved account does not have the ids of all access keys, and %s is not among those it has", id)
	}
	return collect.AccessKeyUse{}, notFound("no user of the saved account has the access key %s", id)
}

// accountSummary counts what the file holds whole. It tells no quotas, and no
// devices and instance profiles, of which it has only those in use.
func (s savedIAM) accountSummary(context.Context) (map[string]int, []nhiscan.Gap, error) {
	summary := map[string]int{}
	var gaps []nhiscan.Gap
	policies := 0
	for i := range s.account.Policies {
		if !answer.IsAWSManaged(s.account.Policies[i].ARN) {
			policies++
		}
	}
	for _, list := range []struct {
		name, operation string
		n               int
	}{
		{"Users", "iam:ListUsers", len(s.account.Users)}, {"Roles", "iam:ListRoles", len(s.account.Roles)},
		{"Groups", "iam:ListGroups", len(s.account.Groups)}, {"Policies", "iam:ListPolicies", policies},
	} {
		hidden := s.listGaps(list.operation)
		if len(hidden) == 0 {
			summary[list.name] = list.n
		}
		gaps = append(gaps, hidden...)
	}
	if root := s.account.Root; root != nil {
		summarizeRoot(summary, root)
	}
	return summary, append(answer.Without(gaps, nil), nhiscan.Gap{Operation: "iam:GetAccountSummary", Resource: "*", Code: nhiscan.GapNotInFile,
		Message: "counted from the saved account: quotas, and counts that are not here, are not known"}), nil
}

// summarizeRoot adds what is known of the root user's credentials, as 0 or 1.
func summarizeRoot(summary map[string]int, root *nhiscan.RootUser) {
	for _, fact := range []struct {
		name  string
		known nhiscan.Facts
		is    bool
	}{
		{"AccountPasswordPresent", nhiscan.FactPassword, root.Password.Enabled},
		{"AccountAccessKeysPresent", nhiscan.FactAccessKeys, len(root.AccessKeys) > 0},
		{"AccountMFAEnabled", nhiscan.FactMFADevices, len(root.MFADevices) > 0},
		{"AccountSigningCertificatesPresent", nhiscan.FactSigningCertificates, len(root.SigningCertificates) > 0},
	} {
		if !root.Known.Has(fact.known) {
			continue
		}
		summary[fact.name] = 0
		if fact.is {
			summary[fact.name] = 1
		}
	}
}

// credentialReport makes the rows of what the file tells of credentials.
func (s savedIAM) credentialReport(context.Context) (*nhiscan.CredentialReport, []nhiscan.Gap, error) {
	const told = nhiscan.FactPassword | nhiscan.FactAccessKeys | nhiscan.FactMFADevices
	report := &nhiscan.CredentialReport{AccountID: s.account.ID, Partition: s.account.Partition}
	known := nhiscan.Facts(0)
	if root := s.account.Root; root != nil {
		known |= root.Known
		report.Root = &nhiscan.CredentialReportRow{UserName: "<root_account>", ARN: root.ARN, CreateDate: root.CreateDate, Credentials: root.Credentials, Known: root.Known}
	}
	for i := range s.account.Users {
		u := &s.account.Users[i]
		known |= u.Known
		report.Rows = append(report.Rows, nhiscan.CredentialReportRow{UserName: u.Name, ARN: u.ARN, CreateDate: u.CreateDate, Credentials: u.Credentials, Known: u.Known})
	}
	if known&told == 0 {
		return nil, nil, notInFile("the saved account has no facts of a credential report")
	}
	gaps := s.listGaps("iam:ListUsers")
	for _, g := range s.account.Gaps {
		if g.Operation == "iam:GetCredentialReport" || g.Operation == "iam:GenerateCredentialReport" {
			gaps = append(gaps, g)
		}
	}
	return report, gaps, nil
}
