package collect_test

import (
	"context"
	"fmt"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

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
