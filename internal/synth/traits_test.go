package synth_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

func anyOf(list []string, f func(string) bool) bool { return slices.ContainsFunc(list, f) }

func all(s string) bool { return s == "*" }

// pattern is the ARN of several roles of the account, but not of all roles.
func pattern(s string) bool {
	return strings.Contains(s, ":role/") && strings.Contains(s, "*") && !strings.HasSuffix(s, ":role/*")
}

func allRoles(s string) bool { return strings.HasSuffix(s, ":role/*") }

// TestTraits counts the identities that have each trait, of 10,000.
func TestTraits(t *testing.T) {
	t.Parallel()
	a := quota()
	isRole := func(arn string) bool { _, ok := a.Role(arn[strings.LastIndexByte(arn, '/')+1:]); return ok }
	with := func(action string, resource func(string) bool) func(*statement) bool {
		return func(s *statement) bool { return s.allows(action) && anyOf(s.resources, resource) }
	}
	ownUser := func(r string) bool { return strings.HasSuffix(r, ":user/${aws:username}") }
	for _, trait := range []struct {
		name        string
		least, most int
		holds       func(*statement) bool
	}{
		{"pass a named role", 80, 400, with("iam:PassRole", isRole)},
		{"pass roles by a pattern", 500, 2000, with("iam:PassRole", pattern)},
		{"pass all roles", 20, 150, with("iam:PassRole", allRoles)},
		{"pass anything", 20, 150, with("iam:PassRole", all)},
		{"pass roles to a service", 120, 600, func(s *statement) bool {
			return s.allows("iam:PassRole") && slices.Contains(s.keys, "iam:PassedToService")
		}},
		{"assume a named role", 150, 900, with("sts:AssumeRole", isRole)},
		{"assume roles by a pattern", 400, 2000, with("sts:AssumeRole", pattern)},
		{"assume all roles", 8, 80, with("sts:AssumeRole", allRoles)},
		{"assume anything", 4, 60, with("sts:AssumeRole", all)},
		{"change the own user", 4, 40, with("iam:PutUserPolicy", ownUser)},
		{"make keys of others", 4, 60, func(s *statement) bool { return s.allows("iam:CreateAccessKey") && !anyOf(s.resources, ownUser) }},
		{"make own keys", 60, 500, with("iam:CreateAccessKey", ownUser)},
		{"all but some actions", 40, 250, func(s *statement) bool { return s.effect == "Allow" && s.notActions != nil }},
		{"all but some resources", 40, 250, func(s *statement) bool { return s.notResources != nil }},
		{"deny all but some actions", 40, 250, func(s *statement) bool { return s.effect == "Deny" && s.notActions != nil }},
	} {
		t.Run(trait.name, func(t *testing.T) {
			t.Parallel()
			n := 0
			for _, h := range quotaHolders() {
				if h.has(trait.holds) {
					n++
				}
			}
			require.GreaterOrEqual(t, n, trait.least)
			require.LessOrEqual(t, n, trait.most)
		})
	}
}

func TestCreatorsAreHeld(t *testing.T) {
	t.Parallel()
	list := quotaHolders()
	for _, action := range []string{
		"lambda:CreateFunction", "ec2:RunInstances", "ecs:RegisterTaskDefinition", "glue:CreateJob", "cloudformation:CreateStack",
		"codebuild:CreateProject", "states:CreateStateMachine", "scheduler:CreateSchedule", "sagemaker:CreateNotebookInstance",
	} {
		both := 0
		for i := range list {
			creates := list[i].has(func(s *statement) bool { return s.allows(action) })
			passes := list[i].has(func(s *statement) bool { return s.allows("iam:PassRole") })
			if creates && passes {
				both++
			}
		}
		require.GreaterOrEqual(t, both, 20, action)
	}
}

// TestNamedRolesTrustTheService holds that a deployer which may pass a named
// role to one service passes a role that the service can use.
func TestNamedRolesTrustTheService(t *testing.T) {
	t.Parallel()
	a, checked := quota(), 0
	trusts := map[string]string{}
	for i := range a.Roles {
		trusts[a.Roles[i].ARN] = a.Roles[i].TrustPolicy.Text()
	}
	for _, list := range managed(a) {
		for _, s := range list {
			if !s.allows("iam:PassRole") || !slices.Equal(s.keys, []string{"iam:PassedToService"}) || strings.Contains(s.values[0], "*") {
				continue
			}
			for _, resource := range s.resources {
				if text, ok := trusts[resource]; ok {
					require.Contains(t, text, s.values[0])
					checked++
				}
			}
		}
	}
	require.Greater(t, checked, 50)
}

// TestTypos takes the actions of the managed policies for right: an inline
// policy that names another has a typing error.
func TestTypos(t *testing.T) {
	t.Parallel()
	a, right := quota(), map[string]bool{"aws-portal:*": true}
	for i := range a.Policies {
		for _, v := range a.Policies[i].Versions {
			for _, s := range parse(v.Document) {
				for _, action := range slices.Concat(s.actions, s.notActions) {
					right[action] = true
				}
			}
		}
	}
	policies, wrong := 0, 0
	count := func(list []nhiscan.InlinePolicy) {
		for _, p := range list {
			policies++
			for _, s := range parse(p.Document) {
				if anyOf(s.actions, func(action string) bool { return !right[action] }) {
					wrong++
				}
			}
		}
	}
	for i := range a.Users {
		count(a.Users[i].InlinePolicies)
	}
	for i := range a.Roles {
		count(a.Roles[i].InlinePolicies)
	}
	for i := range a.Groups {
		count(a.Groups[i].InlinePolicies)
	}
	require.InDelta(t, 5200, policies, 500)
	require.InDelta(t, 320, wrong, 100)
}

// TestCLISize holds the size that benchmarks are told of: 44 MB at the quotas.
func TestCLISize(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	require.NoError(t, synth.WriteCLI(&b, quota()))
	require.InEpsilon(t, 44e6, b.Len(), 0.1)
}
