package permissions_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/permissions"
)

func analysisOfDemo() *permissions.Analysis {
	account, err := demo.Account()
	if err != nil {
		log.Fatal(err)
	}
	return permissions.New(account, nil)
}

func ExampleNew() {
	account, err := demo.Account()
	if err != nil {
		log.Fatal(err)
	}
	analysis := permissions.New(account, nil)
	fmt.Println(len(analysis.Principals()), "users and roles,", len(analysis.Gaps()), "gaps")
	// Output: 70 users and roles, 0 gaps
}

func ExampleAnalysis_Can() {
	decision, err := analysisOfDemo().Can(&permissions.Request{
		Principal: permissions.Principal{ARN: "arn:aws:iam::123456789012:role/bigquery-export"},
		Action:    "s3:DeleteBucket",
		Resource:  "arn:aws:s3:::larkspur-finance",
	})
	if err != nil {
		log.Fatal(err)
	}
	// A policy of the bucket, which nobody read, could still let the role in.
	fmt.Println(decision.Outcome, decision.ResourcePolicyUnseen)
	// Output: depends true
}

func ExampleAnalysis_WhoCan() {
	for _, grant := range analysisOfDemo().WhoCan("sts:AssumeRole", "arn:aws:iam::123456789012:role/admin-with-mfa", nil) {
		if strings.Contains(grant.Principal, ":user/") {
			fmt.Println(grant.Principal, grant.Outcome, grant.Keys)
		}
	}
	// Output:
	// arn:aws:iam::123456789012:user/emergency/break-glass-1 depends [aws:MultiFactorAuthPresent]
	// arn:aws:iam::123456789012:user/orchid depends [aws:MultiFactorAuthPresent]
	// arn:aws:iam::123456789012:user/people/maya.lindqvist depends [aws:MultiFactorAuthPresent]
	// arn:aws:iam::123456789012:user/service/terraform depends [aws:MultiFactorAuthPresent]
}

func ExampleAnalysis_Identities() {
	for _, p := range analysisOfDemo().Identities() {
		if p.Admin.Is() && p.Boundary == nil && len(p.Admin.Keys) > 0 {
			fmt.Println(p.ARN, p.Admin.Kind, p.Admin.Keys)
		}
	}
	// Output: arn:aws:iam::123456789012:user/people/maya.lindqvist direct [aws:MultiFactorAuthPresent]
}
