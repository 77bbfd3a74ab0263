package policydoc_test

import (
	"fmt"
	"log"

	"github.com/nhiscan/nhiscan/policydoc"
)

func ExampleDangerous() {
	doc, err := policydoc.Parse(`{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"secretsmanager:Get*","Resource":"arn:aws:secretsmanager:*:*:secret:app/*"},
		{"Effect":"Allow","Action":["cloudtrail:StopLogging","kms:Decrypt"],"Resource":"*"},
		{"Effect":"Deny","Action":"kms:*","Resource":"*"}]}`)
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range policydoc.Dangerous(doc) {
		fmt.Println(d.Severity, d.Category, d.Actions, "all resources:", d.AllResources)
		fmt.Println("  by", d.Pattern, "of statement", d.Statement, "which", d.Why)
	}
	// Output:
	// critical defence_evasion [cloudtrail:StopLogging] all resources: true
	//   by cloudtrail:StopLogging of statement 2 which stops or redirects the record of what is done in the account
	// medium credentials_exposure [secretsmanager:GetSecretValue] all resources: false
	//   by secretsmanager:Get* of statement 1 which reads stored secrets
	// low infrastructure_modification [cloudtrail:StopLogging] all resources: true
	//   by cloudtrail:StopLogging of statement 2 which changes any resource, where the ones meant could be named
}
