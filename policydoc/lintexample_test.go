package policydoc_test

import (
	"fmt"

	"github.com/nhiscan/nhiscan/policydoc"
)

func ExampleLint() {
	findings := policydoc.Lint(`{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObjects", "s3:ListBucket"],
    "Resource": "arn:aws:s3:::reports",
    "Condition": {"StringEquals": {"aws:username": "dev-*"}}
  }
}`, &policydoc.LintOptions{Kind: policydoc.KindIdentity})
	for _, f := range findings {
		fmt.Printf("%d:%d: %s: %s: %s\n", f.Line, f.Column, f.Level, f.Rule, f.Message)
	}
	// Output:
	// 5:16: warning: unknown-action: s3 has no action "GetObjects"
	// 7:52: warning: literal-wildcard: StringEquals takes * and ? literally
}

func ExampleExplain() {
	document, err := policydoc.Parse(`{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:GetObjectVersion"],
    "Resource": "arn:aws:s3:::reports/*",
    "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}, "Bool": {"aws:MultiFactorAuthPresent": "true"}}
  }
}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(policydoc.Explain(document).Statements[0].Sentence)
	// Output:
	// Allows reading objects in Amazon S3 (s3:GetObject, s3:GetObjectVersion), on all objects in bucket "reports", only if the caller signed in with MFA and the request comes from 192.0.2.0/24.
}
