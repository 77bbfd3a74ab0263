package collect_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
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

// What a role may use and does not.
func ExampleServiceLastAccessed() {
	const role = "arn:aws:iam::123456789012:role/resize-images"
	server := newServer(&nhiscan.Account{Roles: []nhiscan.Role{{Name: "resize-images", ARN: role}}})
	server.ServicesLastAccessed(role,
		fakeiam.ServiceUse{Namespace: "s3", Name: "Amazon S3", At: time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC), Region: "eu-west-1"},
		fakeiam.ServiceUse{Namespace: "iam", Name: "AWS Identity and Access Management"})

	answer, err := collect.ServiceLastAccessed(context.Background(), iamAPI(server), role, collect.GranularityService, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, service := range answer.Services {
		if service.LastUsed.Never() {
			fmt.Println(service.Namespace, "never in the tracking period")
			continue
		}
		fmt.Println(service.Namespace, service.LastUsed.At.Format(time.DateOnly), service.LastUsed.Region)
	}
	// Output:
	// s3 2026-05-06 eu-west-1
	// iam never in the tracking period
}

// A list is read in parts of a given length, whatever pages AWS makes.
func ExampleUsers() {
	api := iamAPI(newServer(&nhiscan.Account{Users: []nhiscan.User{
		{Name: "anna", ARN: "arn:aws:iam::123456789012:user/anna"},
		{Name: "ben", ARN: "arn:aws:iam::123456789012:user/ben"},
		{Name: "deploy", ARN: "arn:aws:iam::123456789012:user/deploy"},
	}}))

	opts := collect.ListOptions{MaxItems: 2}
	for more := true; more; {
		users, err := collect.Users(context.Background(), api, &opts)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, user := range users.Items {
			fmt.Println(user.Name)
		}
		opts.Marker, more = users.Marker, users.IsTruncated
	}
	// Output:
	// anna
	// ben
	// deploy
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
