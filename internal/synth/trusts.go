package synth

import (
	"fmt"
	"strings"
)

// A trusted is a trust policy with whom it trusts.
type trusted struct {
	// by is a service principal, trustsAccount, or empty for all others.
	by       string
	document string
}

// trustsAccount stands for roles that the account itself may assume.
const trustsAccount = "account"

func byService(principal string) func(*generator) trusted {
	return func(*generator) trusted {
		return trusted{principal, trust(`{"Service": "`+principal+`"}`, "sts:AssumeRole", "")}
	}
}

func byAnyService(g *generator) trusted { return byService(g.one(principals))(g) }

// byAccount trusts all of an account; only the own one's identities matter here.
func byAccount(id string) func(*generator) trusted {
	return func(g *generator) trusted {
		t := trusted{document: accountTrust(id, "")}
		if id == AccountID {
			t.by = trustsAccount
			if g.chance(15) {
				t.document = trust(accountRoot(id), "sts:AssumeRole", "{"+mfa+"}")
			}
		}
		return t
	}
}

func byVendor(g *generator) trusted { return trusted{document: accountTrust(vendorAccount, g.id(""))} }

// byName trusts one or two users and roles of the account by their ARNs.
func byName(g *generator) trusted {
	list := g.some(g.userARNs, 1)
	if len(g.roleARNs) > 0 && g.chance(60) {
		list = append(list, g.one(g.roleARNs))
	}
	if len(list) == 0 {
		return byAccount(AccountID)(g)
	}
	return trusted{document: trust(`{"AWS": ["`+strings.Join(list, `", "`)+`"]}`, "sts:AssumeRole", "")}
}

func byCluster(g *generator) trusted {
	provider := fmt.Sprintf("oidc.eks.eu-west-1.amazonaws.com/id/%032X", g.rand.Uint32())
	return trusted{document: webTrust(provider, "sts.amazonaws.com", fmt.Sprintf("system:serviceaccount:%s:%s", g.one(environments), g.one(applications)))}
}

func byGitHub(g *generator) trusted {
	return trusted{document: webTrust("token.actions.githubusercontent.com", "sts.amazonaws.com", fmt.Sprintf("repo:example-org/%s:ref:refs/heads/main", g.one(applications)))}
}

func byIdentityCenter(*generator) trusted {
	return trusted{document: samlTrust("AWSSSO_1a2b3c4d5e6f7a8b_DO_NOT_DELETE")}
}

func byDirectory(*generator) trusted { return trusted{document: samlTrust("example-directory")} }

func byCognito(*generator) trusted { return trusted{document: cognitoTrust} }

// trust makes a trust policy with one statement.
func trust(principal, action, condition string) string {
	if condition != "" {
		condition = ",\n            \"Condition\": " + condition
	}
	return `{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": ` + principal + `,
            "Action": "` + action + `"` + condition + `
        }
    ]
}`
}

func accountRoot(id string) string { return `{"AWS": "arn:aws:iam::` + id + `:root"}` }

func accountTrust(id, externalID string) string {
	condition := ""
	if externalID != "" {
		condition = `{"StringEquals": {"sts:ExternalId": "` + externalID + `"}}`
	}
	return trust(accountRoot(id), "sts:AssumeRole", condition)
}

func webTrust(provider, audience, subject string) string {
	return trust(`{"Federated": "`+arn("oidc-provider", "/", provider)+`"}`, "sts:AssumeRoleWithWebIdentity",
		`{"StringEquals": {"`+provider+`:aud": "`+audience+`", "`+provider+`:sub": "`+subject+`"}}`)
}

func samlTrust(provider string) string {
	return trust(`{"Federated": "`+arn("saml-provider", "/", provider)+`"}`, "sts:AssumeRoleWithSAML",
		`{"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}`)
}

var cognitoTrust = trust(`{"Federated": "cognito-identity.amazonaws.com"}`, "sts:AssumeRoleWithWebIdentity",
	`{"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:0a1b2c3d-0000-4000-8000-000000000001"}, "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}`)
