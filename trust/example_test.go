package trust_test

import (
	"fmt"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/trust"
)

func ExampleClassify() {
	role := &nhiscan.Role{
		Name: "deploy",
		ARN:  "arn:aws:iam::123456789012:role/deploy",
		TrustPolicy: nhiscan.NewPolicyDocument(`{
			"Version": "2012-10-17",
			"Statement": [{
				"Effect": "Allow",
				"Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
				"Action": "sts:AssumeRoleWithWebIdentity",
				"Condition": {
					"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
					"StringLike": {"token.actions.githubusercontent.com:sub": "repo:example*"}
				}
			}]
		}`),
	}
	c := trust.Classify(role, nil)
	fmt.Println(c.Kind, c.Provider, c.Paths[0].Who, c.Paths[0].Subjects)
	for _, d := range c.Dangers {
		fmt.Println(d.Severity, d.Code)
	}
	// Output:
	// oidc GitHub Actions workload [repo:example*]
	// high oidc-loose-subject
}
