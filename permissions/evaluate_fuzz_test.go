package permissions_test

import (
	"strings"
	"testing"

	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// Whatever a document says, it can be compiled and asked, and as a boundary it
// takes nothing that it does not take as an identity policy.
func FuzzEvaluate(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`, userARN, "s3:GetObject", objectARN)
	f.Add(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":["1","AIDA"],"CanonicalUser":"x"},"NotAction":"s*:?","NotResource":"${a,'b'}${*}${"}]}`, roleARN, "s3", "")
	f.Add(`{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"ForAllValues:DateLessThan":{"aws:CurrentTime":["1e300","x"]}}}]}`, "ec2.amazonaws.com", "sts:AssumeRole", targetARN)
	f.Add(`{"Statement":[{"Effect":"Allow","Action":"`+strings.Repeat("*a", 200)+`","Resource":"`+strings.Repeat("*a", 200)+`"}]}`, sessionARN, "s3:"+strings.Repeat("a", 500), strings.Repeat("a", 500))
	f.Fuzz(func(t *testing.T, text, principal, action, resource string) {
		doc, err := policydoc.Parse(text)
		if err != nil {
			return
		}
		p, err := permissions.ParsePrincipal(principal)
		if err != nil {
			p = permissions.Principal{ARN: principal}
		}
		r := permissions.Request{Principal: p, Action: action, Resource: resource}
		policy := permissions.Compile(doc, permissions.Source{})
		list := []*permissions.Policy{policy}
		alone := permissions.Evaluate(&permissions.Policies{Identity: list}, &r)
		limited := permissions.Evaluate(&permissions.Policies{Identity: list, Boundary: policy, Session: list}, &r)
		if p.Type != permissions.PrincipalFederated && alone.Outcome != limited.Outcome {
			t.Fatalf("%s alone, %s limited by itself", alone.Outcome, limited.Outcome)
		}
		everywhere := permissions.Evaluate(&permissions.Policies{Identity: list, Resource: policy}, &r)
		for _, d := range []permissions.Decision{alone, limited, everywhere} {
			if d.Outcome == permissions.Depends != (len(d.Keys) > 0) {
				t.Fatalf("%+v", d)
			}
		}
	})
}
