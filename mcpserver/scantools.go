package mcpserver

import "github.com/nhiscan/nhiscan/collect"

// scanTools are the tools that tell people from non-human identities.
func scanTools() []*tool {
	return []*tool{
		define(Tool{
			Name: "scan_iam_identities", Title: "Scan all IAM identities", Toolset: ToolsetScan, Actions: accountActions(),
			Description: "Classify every IAM user and role of the AWS account as human, non-human (nhi), mixed or uncertain. Start here: returns counts, what to look at first, and the identities page by page.",
		}, scanIdentities),
		define(Tool{
			Name: "list_nhi_identities", Title: "List non-human identities", Toolset: ToolsetScan, Actions: accountActions(),
			Description: "List the users and roles that software uses (service accounts, CI, workloads, vendors, AI agents), the most certain first, then by ARN, with category and reasons.",
		}, listNHI),
		define(Tool{
			Name: "analyze_caller_permissions", Title: "Analyze the caller's permissions", Toolset: ToolsetScan,
			NeedsAWS: true, Actions: collect.Actions()["Caller"],
			Description: "Say whose AWS credentials are in use, what they can do, and whether they can do more than read.",
		}, analyzeCaller),
		define(Tool{
			Name: "get_identity_details", Title: "Get one identity's details", Toolset: ToolsetScan, Actions: accountActions(),
			Description: "Everything about one user or role: classification with all reasons, credentials or trust, policies, permissions, dangers, ways to administrator access, and how to make it safe.",
		}, identityDetails),
		define(Tool{
			Name: "distinguish_users_vs_nhi", Title: "Distinguish people from non-human identities", Toolset: ToolsetScan, Actions: accountActions(),
			Description: "Report how many identities are people and how many are not: percentages, lists by category, what would decide the uncertain ones, and recommendations.",
		}, distinguish),
	}
}
