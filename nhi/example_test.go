package nhi_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

func ExampleClassify() {
	account := &nhiscan.Account{
		ID: "123456789012",
		Users: []nhiscan.User{{
			Name: "anna.kowalska", ARN: "arn:aws:iam::123456789012:user/anna.kowalska", Path: "/",
			Credentials: nhiscan.Credentials{Password: nhiscan.Password{Enabled: true}},
			Known:       nhiscan.FactPassword,
		}},
		Roles: []nhiscan.Role{{
			Name: "orders", ARN: "arn:aws:iam::123456789012:role/orders", Path: "/",
			TrustPolicy: nhiscan.NewPolicyDocument(`{"Version": "2012-10-17", "Statement": {
				"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}}`),
			Known: nhiscan.FactTrustPolicy,
		}},
	}
	for _, identity := range nhi.Classify(account, nil).Identities {
		fmt.Printf("%s %s: %s (%.2f), %s\n", identity.Type, identity.Name, identity.Verdict, identity.Confidence, identity.Category)
		for _, signal := range identity.Signals {
			fmt.Printf("  %+.1f %s\n", signal.Weight, signal.Fact)
		}
	}
	// Output:
	// role orders: nhi (0.99), lambda_execution
	//   +5.0 trusts lambda.amazonaws.com
	//   +0.5 “orders” in the name
	// user anna.kowalska: human (0.03), human
	//   -2.5 console password
	//   -2.0 “anna kowalska” is a given name and a surname
}

func ExampleLoadSignals() {
	signals, err := nhi.LoadSignals(strings.NewReader(`{
		"version": 1,
		"patterns": [{"type": "user", "match": "acme-*", "signal": "declared-nhi", "category": "service_account", "fact": "our service accounts begin with acme-"}]
	}`))
	if err != nil {
		log.Fatal(err)
	}
	account := &nhiscan.Account{Users: []nhiscan.User{{Name: "acme-anna"}}}
	identity := nhi.Classify(account, &nhi.Options{Signals: signals}).Identities[0]
	fmt.Println(identity.Verdict, identity.Category, identity.Signals[0].Fact)
	// Output: nhi service_account our service accounts begin with acme-
}
