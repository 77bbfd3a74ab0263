package trust_test

import (
	"testing"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

var benchmarkPolicies = []struct{ name, text string }{
	{"service", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`},
	{"vendor", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::464622532012:root"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"b5c1d0"}}}]}`},
	{"eks", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:sub":"system:serviceaccount:billing:invoices","oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF:aud":"sts.amazonaws.com"}}}]}`},
	{"anyone-denied", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:*"},{"Effect":"Deny","Principal":"*","Action":"sts:*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}},{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}`},
}

func BenchmarkClassify(b *testing.B) {
	for _, p := range benchmarkPolicies {
		b.Run(p.name, func(b *testing.B) {
			role := &nhiscan.Role{
				Name: "example", ARN: "arn:aws:iam::123456789012:role/example",
				TrustPolicy: nhiscan.NewPolicyDocument(p.text),
			}
			b.ReportAllocs()
			for b.Loop() {
				if trust.Classify(role, nil).Kind == trust.KindUnknown {
					b.Fatal("no kind")
				}
			}
		})
	}
}
