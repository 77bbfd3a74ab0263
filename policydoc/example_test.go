package policydoc_test

import (
	"errors"
	"fmt"

	"github.com/nhiscan/nhiscan/policydoc"
)

func Example() {
	document, err := policydoc.Parse(`{
	  "Version": "2012-10-17",
	  "Statement": {
	    "Sid": "ReadReports",
	    "Effect": "Allow",
	    "Action": ["s3:Get*", "s3:ListBucket"],
	    "Resource": "arn:aws:s3:::reports/*",
	    "Condition": {"Bool": {"aws:SecureTransport": true}}
	  }
	}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range document.Statements {
		fmt.Println(s.SID, s.Effect,
			s.AppliesToAction("s3:GetObject"), s.AppliesToResource("arn:aws:s3:::reports/2024.csv"))
	}
	fmt.Println(document)
	// Output:
	// ReadReports Allow true true
	// {"Version":"2012-10-17","Statement":[{"Sid":"ReadReports","Effect":"Allow","Action":["s3:Get*","s3:ListBucket"],"Resource":"arn:aws:s3:::reports/*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}]}
}

func ExampleParseError() {
	text := `{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Actions": "s3:*", "Resource": "*"}
  ]
}`
	_, err := policydoc.Parse(text)
	fmt.Println(err)

	var parseError *policydoc.ParseError
	if errors.As(err, &parseError) {
		line, column := parseError.Position(text)
		fmt.Printf("line %d, column %d\n", line, column)
	}
	// Output:
	// statement 1: unknown element "Actions"; did you mean "Action"? (at byte 70)
	// line 4, column 25
}

func ExampleDecode() {
	text, err := policydoc.Decode("%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D")
	fmt.Println(text, err)
	// Output:
	// {"Version":"2012-10-17","Statement":[]} <nil>
}

func ExampleMatchAction() {
	fmt.Println(policydoc.MatchAction("s3:*Object", "s3:getobject"))
	fmt.Println(policydoc.MatchAction("s3:*Object", "s3:GetObjectAcl"))
	// Output:
	// true
	// false
}
