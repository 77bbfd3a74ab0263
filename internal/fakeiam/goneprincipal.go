package fakeiam

import (
	"strings"

	"github.com/nhiscan/nhiscan"
)

// principalGone puts the unique id of a user or role that was deleted in the place
// of its ARN in the trust policies that name it, as AWS does, so that another of the
// same name is not trusted:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-users.
func (ix *index) principalGone(arn, id string) {
	for _, role := range ix.roles {
		text := role.TrustPolicy.Text()
		if !strings.Contains(text, arn) {
			continue
		}
		p, _ := parsePolicy(text) // what is no policy names nobody
		for _, st := range p.statements {
			for _, field := range []string{"Principal", "NotPrincipal"} {
				if st.has(field) {
					principal := string(st[field])
					text = strings.ReplaceAll(text, principal, strings.ReplaceAll(principal, `"`+arn+`"`, `"`+id+`"`))
				}
			}
		}
		role.TrustPolicy = nhiscan.NewPolicyDocument(text)
	}
}
