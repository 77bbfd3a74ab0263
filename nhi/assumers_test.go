package nhi_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

func TestAssumers(t *testing.T) {
	t.Parallel()
	own := allowTrust(`{"AWS":"arn:aws:iam::123456789012:root"}`, "")
	named := func(arns string) string { return allowTrust(`{"AWS":[`+arns+`]}`, "") }
	may := func(u nhiscan.User, documents ...nhiscan.PolicyDocument) nhiscan.User {
		u.Known |= nhiscan.FactInlinePolicies | nhiscan.FactAttachedPolicies | nhiscan.FactGroups
		for _, d := range documents {
			u.InlinePolicies = append(u.InlinePolicies, nhiscan.InlinePolicy{Name: "own", Document: d})
		}
		return u
	}
	target := roleARN("xqzvk")
	anna, bot := userNamed("anna.kowalska"), userNamed("ci-deploy")
	worker := roleTrusting("worker", allowTrust(`{"Service":"ec2.amazonaws.com"}`, ""))
	workerMay := worker
	workerMay.Known |= nhiscan.FactInlinePolicies
	workerMay.InlinePolicies = []nhiscan.InlinePolicy{{Name: "own", Document: allowPolicy("STS:Assume*", "arn:aws:iam::123456789012:role/xq*")}}

	for name, c := range map[string]struct {
		users   []nhiscan.User
		roles   []nhiscan.Role
		trust   string
		verdict nhi.Verdict
		signal  string
		fact    string
	}{
		"a person by ARN":       {[]nhiscan.User{anna}, nil, named(`"arn:aws:iam::123456789012:user/anna.kowalska"`), nhi.Human, "assumed-by-people", "user anna.kowalska can assume the role"},
		"software by ARN":       {nil, []nhiscan.Role{worker}, named(`"` + roleARN("worker") + `"`), nhi.NonHuman, "assumed-by-workloads", "role worker can assume the role"},
		"both by ARN":           {[]nhiscan.User{anna, bot}, nil, named(`"arn:aws:iam::123456789012:user/anna.kowalska","arn:aws:iam::123456789012:user/ci-deploy"`), nhi.Mixed, "assumed-by-people", "user anna.kowalska can assume the role"},
		"through another role":  {[]nhiscan.User{anna}, []nhiscan.Role{roleTrusting("hop", named(`"arn:aws:iam::123456789012:user/anna.kowalska"`))}, named(`"` + roleARN("hop") + `"`), nhi.Human, "assumed-by-people", "role hop can assume the role"},
		"a role by its name":    {nil, []nhiscan.Role{roleTrusting("jenkins", allowTrust(`{"AWS":"arn:aws:iam::111122223333:root"}`, ""))}, named(`"` + roleARN("jenkins") + `"`), nhi.NonHuman, "assumed-by-workloads", "role jenkins can assume the role"},
		"a person by policy":    {[]nhiscan.User{may(anna, allowPolicy("sts:AssumeRole", target)), bot}, nil, own, nhi.Human, "assumed-by-people", "user anna.kowalska can assume the role"},
		"software by policy":    {[]nhiscan.User{anna}, []nhiscan.Role{workerMay}, own, nhi.NonHuman, "assumed-by-workloads", "role worker can assume the role"},
		"both by policy":        {[]nhiscan.User{may(anna, allowPolicy("sts:*", target))}, []nhiscan.Role{workerMay}, own, nhi.Mixed, "assumed-by-workloads", "role worker can assume the role"},
		"particular over any":   {[]nhiscan.User{may(anna, allowPolicy("*", "*"))}, []nhiscan.Role{workerMay}, own, nhi.NonHuman, "assumed-by-workloads", "role worker can assume the role"},
		"administrator":         {[]nhiscan.User{may(anna, allowPolicy("*", "*"))}, nil, own, nhi.Human, "people-may-assume-any-role", "nobody is allowed this role in particular; user anna.kowalska may assume any role"},
		"any role of any":       {[]nhiscan.User{may(bot, allowPolicy("sts:AssumeRole", "arn:aws:iam::*:role/*"))}, nil, own, nhi.NonHuman, "workloads-may-assume-any-role", "nobody is allowed this role in particular; user ci-deploy may assume any role"},
		"denied":                {[]nhiscan.User{may(anna, allowPolicy("sts:AssumeRole", target), policy("Deny", "sts:AssumeRole", "arn:aws:iam::123456789012:role/x*")), may(bot, allowPolicy("sts:AssumeRole", target))}, nil, own, nhi.NonHuman, "assumed-by-workloads", "user ci-deploy can assume the role"},
		"another role's policy": {[]nhiscan.User{may(anna, allowPolicy("sts:AssumeRole", roleARN("other")))}, nil, own, nhi.Uncertain, "", ""},
		"another action":        {[]nhiscan.User{may(anna, allowPolicy("sts:GetCallerIdentity", "*"))}, nil, own, nhi.Uncertain, "", ""},
		"nobody":                {nil, nil, own, nhi.Uncertain, "", ""},
		"narrowed to software":  {nil, []nhiscan.Role{worker}, allowTrust(`{"AWS":"arn:aws:iam::123456789012:root"}`, `{"ArnEquals":{"aws:PrincipalArn":"`+roleARN("worker")+`"}}`), nhi.NonHuman, "assumed-by-workloads", "role worker can assume the role"},
		"narrowed to a pattern": {[]nhiscan.User{anna}, []nhiscan.Role{worker}, allowTrust(`{"AWS":"*"}`, `{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::123456789012:user/anna*"}}`), nhi.Human, "assumed-by-people", "user anna.kowalska can assume the role"},
		"narrowed to others":    {[]nhiscan.User{may(anna, allowPolicy("*", "*"))}, nil, allowTrust(`{"AWS":"arn:aws:iam::111122223333:root"}`, `{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/ci-*"}}`), nhi.NonHuman, "named-workload", "trusts arn:aws:iam::111122223333:role/ci-, named like software"},
		"a session":             {nil, []nhiscan.Role{worker}, named(`"arn:aws:sts::123456789012:assumed-role/worker/i-0123"`), nhi.NonHuman, "assumed-by-workloads", "role worker can assume the role"},
		"itself":                {nil, nil, named(`"` + target + `"`), nhi.Uncertain, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			roles := append([]nhiscan.Role{roleTrusting("xqzvk", c.trust)}, c.roles...)
			got := find(t, nhi.Classify(account(c.users, roles), nil), "xqzvk")
			require.Equal(t, c.verdict, got.Verdict, "%v", got.Signals)
			if c.signal == "" {
				require.Empty(t, got.Signals)
				return
			}
			said, ok := fact(got.Classification, c.signal)
			require.True(t, ok, "%v", got.Signals)
			require.Equal(t, c.fact, said)
		})
	}
}

func TestAssumersThroughGroupsAndManagedPolicies(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:iam::" + accountID + ":policy/assume"
	u := userNamed("anna.kowalska")
	u.Known, u.Groups = nhiscan.FactGroups, []string{"devs"}
	a := account([]nhiscan.User{u}, []nhiscan.Role{roleTrusting("xqzvk", allowTrust(`{"AWS":"arn:aws:iam::123456789012:root"}`, ""))})
	a.Groups = []nhiscan.Group{{Name: "devs", AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "assume", ARN: arn}}}}
	a.Policies = []nhiscan.ManagedPolicy{{ARN: arn, DefaultVersionID: "v1", Versions: []nhiscan.PolicyVersion{
		{ID: "v1", Document: allowPolicy("sts:AssumeRole", roleARN("xqzvk"))},
	}}}
	require.Equal(t, nhi.Human, find(t, nhi.Classify(a, nil), "xqzvk").Verdict)
}

// Roles that trust each other in a circle take after whoever gets in, and a
// circle without an entrance is decided by names.
func TestCircleOfRoles(t *testing.T) {
	t.Parallel()
	trusts := func(names ...string) string {
		arns := ""
		for i, n := range names {
			if i > 0 {
				arns += ","
			}
			arns += `"` + n + `"`
		}
		return allowTrust(`{"AWS":[`+arns+`]}`, "")
	}
	circle := func(entrance ...string) []nhiscan.Role {
		return []nhiscan.Role{
			roleTrusting("ring-a", trusts(append(entrance, roleARN("ring-c"))...)),
			roleTrusting("ring-b", trusts(roleARN("ring-a"))),
			roleTrusting("ring-c", trusts(roleARN("ring-b"))),
		}
	}
	anna := userNamed("anna.kowalska")
	open := nhi.Classify(account([]nhiscan.User{anna}, circle(anna.ARN)), nil)
	closed := nhi.Classify(account([]nhiscan.User{anna}, circle()), nil)
	for _, name := range []string{"ring-a", "ring-b", "ring-c"} {
		require.Equal(t, nhi.Human, find(t, open, name).Verdict)
		require.Equal(t, nhi.Uncertain, find(t, closed, name).Verdict)
	}
}
