package collect_test

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/session"
)

// From the credentials of a profile to verdicts.
func ExampleAccount_live() {
	ctx := context.Background()
	cfg, err := session.Config(ctx, &session.Options{Profile: "prod"})
	if err != nil {
		log.Fatal(err)
	}
	account, err := collect.Account(ctx, iam.NewFromConfig(cfg), nil)
	if err != nil {
		log.Fatal(err)
	}
	for _, gap := range account.Gaps {
		log.Printf("not read: %s %s: %s", gap.Operation, gap.Resource, gap.Message)
	}
	for _, identity := range nhi.Classify(account, nil).Identities {
		fmt.Println(identity.ARN, identity.Verdict, identity.Confidence)
		for _, signal := range identity.Signals {
			fmt.Printf("  %+.1f %s\n", signal.Weight, signal.Fact)
		}
	}
}

func ExampleAccount() {
	// iam.NewFromConfig makes the API of a real account; this one is made up.
	api := iamAPI(newServer(&nhiscan.Account{
		ID: "123456789012", Partition: "aws",
		Users: []nhiscan.User{{Name: "anna", ARN: "arn:aws:iam::123456789012:user/anna", Path: "/"}},
		Roles: []nhiscan.Role{{Name: "resize-images", ARN: "arn:aws:iam::123456789012:role/resize-images", Path: "/",
			TrustPolicy: nhiscan.NewPolicyDocument(trustLambda)}},
	}))

	account, err := collect.Account(context.Background(), api, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("account", account.ID, "complete:", account.Complete())
	for _, user := range account.Users {
		fmt.Println("user", user.Name)
	}
	for _, role := range account.Roles {
		fmt.Println("role", role.Name)
	}
	// Output:
	// account 123456789012 complete: true
	// user anna
	// role resize-images
}
