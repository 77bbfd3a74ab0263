package nhiscan_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/nhiscan/nhiscan"
)

func ExampleRead() {
	// The output of: aws iam get-account-authorization-details
	file := `{
		"UserDetailList": [{
			"UserName": "ci-deploy", "Arn": "arn:aws:iam::123456789012:user/ci-deploy",
			"CreateDate": "2024-05-01T12:00:00+00:00", "GroupList": [], "AttachedManagedPolicies": [], "Tags": []
		}],
		"GroupDetailList": [], "RoleDetailList": [], "Policies": []
	}`
	// The output of: aws iam get-credential-report, decoded
	report := "user,arn,password_enabled,mfa_active,access_key_1_active,access_key_1_last_rotated\n" +
		"ci-deploy,arn:aws:iam::123456789012:user/ci-deploy,false,false,true,2024-05-01T12:05:00+00:00\n"

	account, err := nhiscan.Read(strings.NewReader(file))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("before the report, complete:", account.Complete())

	credentials, err := nhiscan.ReadCredentialReport(strings.NewReader(report))
	if err != nil {
		log.Fatal(err)
	}
	if err := account.ApplyCredentialReport(credentials); err != nil {
		log.Fatal(err)
	}
	user, _ := account.User("ci-deploy")
	fmt.Println("account:", account.ID)
	fmt.Println("password:", user.Password.Enabled)
	fmt.Println("keys known:", user.Known.Has(nhiscan.FactAccessKeys), len(user.AccessKeys))
	fmt.Println("complete:", account.Complete())
	// Output:
	// before the report, complete: false
	// account: 123456789012
	// password: false
	// keys known: true 1
	// complete: true
}
