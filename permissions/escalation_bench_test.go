package permissions_test

import (
	"fmt"
	"testing"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
	"github.com/nhiscan/nhiscan/permissions"
)

// mesh makes an account of roles that all trust the account and may all assume each
// other, pass roles by pattern and create functions; one is an administrator.
func mesh(roles int) *nhiscan.Account {
	a := &nhiscan.Account{ID: account, Partition: "aws"}
	for i := range roles {
		name := fmt.Sprintf("role-%05d", i)
		r := nhiscan.Role{Name: name, ARN: iamARN + "role/" + name, Known: knowsAll, TrustPolicy: nhiscan.NewPolicyDocument(trustRoot)}
		if i%3 == 0 {
			r.TrustPolicy = trusting("Service", "lambda.amazonaws.com", "sts:AssumeRole")
		}
		r.InlinePolicies = inline(documentOf(
			statementText{"Allow", "sts:AssumeRole", "*"},
			statementText{"Allow", "iam:PassRole", fmt.Sprintf("%srole/role-%02d*", iamARN, i%100)},
			statementText{"Allow", "lambda:*", "arn:aws:lambda:*:*:function:" + name + "-*"},
		))
		if i == roles-1 {
			r.InlinePolicies = inline(nhiscan.NewPolicyDocument(allowAll))
		}
		a.Roles = append(a.Roles, r)
	}
	sortAccount(a)
	return a
}

// chain makes an account of roles each of which trusts only the one before it; the
// last is an administrator.
func chain(roles int) *nhiscan.Account {
	a := &nhiscan.Account{ID: account, Partition: "aws"}
	for i := range roles {
		name := fmt.Sprintf("role-%05d", i)
		before := fmt.Sprintf("%srole/role-%05d", iamARN, max(i-1, 0))
		a.Roles = append(a.Roles, nhiscan.Role{
			Name: name, ARN: iamARN + "role/" + name, Known: knowsAll,
			TrustPolicy: trusting("AWS", before, "sts:AssumeRole"),
		})
	}
	a.Roles[roles-1].InlinePolicies = inline(nhiscan.NewPolicyDocument(allowAll))
	sortAccount(a)
	return a
}

func BenchmarkEscalations(b *testing.B) {
	accounts := map[string]func() *nhiscan.Account{
		"quota": func() *nhiscan.Account { return synth.Account(synth.Quota, 1) },
		"mesh":  func() *nhiscan.Account { return mesh(10000) },
	}
	for name, make := range accounts {
		b.Run(name, func(b *testing.B) {
			a := make()
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				x := permissions.New(a, nil)
				b.StartTimer()
				b.ReportMetric(float64(permissions.CountEscalations(x)), "escalations")
			}
		})
	}
}
