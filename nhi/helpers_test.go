package nhi_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// now is the time of every test.
var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const accountID = "123456789012"

// allowTrust is a trust policy of one statement; conditions is a JSON object or empty.
func allowTrust(principal, conditions string) string {
	if conditions == "" {
		conditions = "{}"
	}
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":%s,"Action":["sts:AssumeRole","sts:AssumeRoleWithSAML","sts:AssumeRoleWithWebIdentity"],"Condition":%s}]}`, principal, conditions)
}

func allowPolicy(action, resource string) nhiscan.PolicyDocument {
	return policy("Allow", action, resource)
}

func policy(effect, action, resource string) nhiscan.PolicyDocument {
	return nhiscan.NewPolicyDocument(fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":%q,"Action":%q,"Resource":%q}]}`, effect, action, resource))
}

// userNamed is a user of whom only the name is known.
func userNamed(name string) nhiscan.User {
	return nhiscan.User{Name: name, Path: "/", ARN: "arn:aws:iam::" + accountID + ":user/" + name}
}

// roleTrusting is a role whose trust policy alone is known.
func roleTrusting(name, trustPolicy string) nhiscan.Role {
	return nhiscan.Role{
		Name: name, Path: "/", ARN: roleARN(name), Known: nhiscan.FactTrustPolicy,
		TrustPolicy: nhiscan.NewPolicyDocument(trustPolicy),
	}
}

func roleARN(name string) string { return "arn:aws:iam::" + accountID + ":role/" + name }

// account has the given users and roles.
func account(users []nhiscan.User, roles []nhiscan.Role) *nhiscan.Account {
	return &nhiscan.Account{ID: accountID, Partition: "aws", CollectedAt: now, Users: users, Roles: roles}
}

// one classifies a single user.
func one(t *testing.T, u nhiscan.User) nhi.Identity {
	t.Helper()
	report := nhi.Classify(account([]nhiscan.User{u}, nil), nil)
	require.Len(t, report.Identities, 1)
	return report.Identities[0]
}

// find returns the identity with a name.
func find(t *testing.T, report *nhi.Report, name string) nhi.Identity {
	t.Helper()
	for _, id := range report.Identities {
		if id.Name == name {
			return id
		}
	}
	require.Fail(t, "no identity", name)
	return nhi.Identity{}
}

// fact returns the fact of a signal, and whether it is there.
func fact(c nhi.Classification, signal string) (string, bool) {
	for _, s := range c.Signals {
		if s.Name == signal {
			return s.Fact, true
		}
	}
	return "", false
}

func names(c nhi.Classification) []string {
	var out []string
	for _, s := range c.Signals {
		out = append(out, s.Name)
	}
	return out
}
