package main

import (
	"encoding/json"
	"regexp"
	"strings"
)

// Accounts that stand for those that the texts leave unnamed.
const (
	ownAccount   = "123456789012"
	otherAccount = "111122223333"
)

type statement map[string]any

var (
	accountID = regexp.MustCompile(`\b\d{12}\b`)
	arnText   = regexp.MustCompile(`arn:aws[a-z-]*:[^\s,;"]+`)
	service   = regexp.MustCompile(`[a-z0-9.-]+\.amazonaws\.com(\.cn)?`)
	// A condition such as StringEquals:accounts.google.com:sub="x"; texts are cut off, so the last quote may be missing.
	claim    = regexp.MustCompile(`(String[A-Za-z]+|ForA[a-z]+Values:String[A-Za-z]+):(\S*?):(sub|aud|amr)=\[?"([^"]*)"?`)
	external = regexp.MustCompile(`(?i)\bexternal\s*-?id\b`)
	mfa      = regexp.MustCompile(`(?i)\bmfa\b|MultiFactorAuth`)
)

// translateTrust turns words about who may assume a role into a trust policy:
//
//	Service:ec2.amazonaws.com,lambda.amazonaws.com
//	AWS:464622532012; ExternalId             AWS:arn:aws:iam::…:root; ExternalId
//	AWS: user ARNs; Bool aws:MultiFactorAuthPresent=true
//	AWS: management account root
//	Federated SAML (SAML:aud=https://signin.aws.amazon.com/saml) + AWS principal
//	Federated saml-provider/NAME             Federated cognito-identity.amazonaws.com
//	Federated GitHub OIDC; StringEquals:token.actions.githubusercontent.com:sub="repo:…"
//
// It reports false for words that it does not understand.
func translateTrust(text string) (policy string, ok bool) {
	var statements []statement
	for _, part := range splitPrincipals(text) {
		s, ok := translatePrincipal(strings.TrimSpace(part), text)
		if !ok {
			return "", false
		}
		statements = append(statements, s)
	}
	if len(statements) == 0 {
		return "", false
	}
	out, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	return string(out), err == nil
}

// splitPrincipals cuts "Federated … + AWS …" and "Service:… ; AWS:…" into principals.
func splitPrincipals(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	for _, kind := range []string{"AWS", "Service", "Federated"} {
		for _, between := range []string{" + ", "; ", " and ", " | "} {
			text = strings.ReplaceAll(text, between+kind, "\x00"+kind)
		}
	}
	return strings.Split(text, "\x00")
}

func translatePrincipal(part, whole string) (statement, bool) {
	switch {
	case strings.HasPrefix(part, "Service"):
		names := service.FindAllString(part, -1)
		return allow("sts:AssumeRole", map[string]any{"Service": names}, nil), len(names) > 0
	case strings.HasPrefix(part, "AWS"):
		return translateAWS(part)
	case strings.HasPrefix(part, "Federated"):
		return translateFederated(part, whole)
	default:
		return nil, false
	}
}

func allow(action string, principal map[string]any, conditions map[string]any) statement {
	s := statement{"Effect": "Allow", "Action": action, "Principal": principal}
	if len(conditions) > 0 {
		s["Condition"] = conditions
	}
	return s
}

// translateAWS reads "AWS:" followed by account ids or ARNs, or by words for them.
func translateAWS(part string) (statement, bool) {
	conditions := map[string]any{}
	if external.MatchString(part) {
		conditions["StringEquals"] = map[string]any{"sts:ExternalId": "example-external-id"}
	}
	if mfa.MatchString(part) {
		conditions["Bool"] = map[string]any{"aws:MultiFactorAuthPresent": "true"}
	}
	if strings.Contains(part, "${aws:username}") {
		conditions["StringLike"] = map[string]any{"sts:RoleSessionName": "${aws:username}"}
	}
	principals, ok := awsPrincipals(part)
	return allow("sts:AssumeRole", map[string]any{"AWS": principals}, conditions), ok
}

func awsPrincipals(part string) (principals []string, ok bool) {
	if found := arnText.FindAllString(part, -1); len(found) > 0 {
		return found, true
	}
	if found := accountID.FindAllString(part, -1); len(found) > 0 {
		for _, id := range found {
			principals = append(principals, "arn:aws:iam::"+id+":root")
		}
		return principals, true
	}
	lower := strings.ToLower(part)
	account := otherAccount
	if strings.Contains(lower, "same account") || strings.Contains(lower, "own account") {
		account = ownAccount
	}
	prefix := "arn:aws:iam::" + account + ":"
	switch {
	case part == "AWS:*" || part == "AWS: *":
		return []string{"*"}, true
	case strings.Contains(lower, "user") && strings.Contains(lower, "e-mail"):
		return []string{prefix + "user/jo.doe@example.com"}, true
	case strings.Contains(lower, "user"):
		return []string{prefix + "user/u1", prefix + "user/u2"}, true
	case strings.Contains(lower, "role"):
		return []string{prefix + "role/r1"}, true
	case strings.Contains(lower, "account"), strings.Contains(lower, "root"), strings.Contains(lower, "principal"):
		return []string{prefix + "root"}, true
	}
	return nil, false
}

// translateFederated reads "Federated" followed by a provider and the claims that it must send.
func translateFederated(part, whole string) (statement, bool) {
	lower := strings.ToLower(part)
	switch {
	case strings.Contains(lower, "saml"):
		return translateSAML(part), true
	case strings.Contains(lower, "cognito-identity"), strings.Contains(lower, "cognito identity"):
		conditions := claims(part, "cognito-identity.amazonaws.com")
		return allow("sts:AssumeRoleWithWebIdentity", map[string]any{"Federated": "cognito-identity.amazonaws.com"}, conditions), true
	}
	provider := oidcProvider(lower)
	if provider == "" {
		return nil, false
	}
	principal := "arn:aws:iam::" + ownAccount + ":oidc-provider/" + provider
	if strings.HasPrefix(provider, "accounts.google.com") || provider == "graph.facebook.com" || provider == "www.amazon.com" {
		principal = provider
	}
	return allow("sts:AssumeRoleWithWebIdentity", map[string]any{"Federated": principal}, claims(whole, provider)), true
}

func translateSAML(part string) statement {
	provider := "Example"
	if i := strings.Index(part, "saml-provider/"); i >= 0 {
		provider = strings.FieldsFunc(part[i+len("saml-provider/"):], func(r rune) bool { return strings.ContainsRune(" ;,)", r) })[0]
		provider = strings.ReplaceAll(provider, "*", "0123456789abcdef")
	}
	conditions := map[string]any{}
	if strings.Contains(part, "signin.aws") || strings.Contains(part, "AWSSSO") {
		conditions["StringEquals"] = map[string]any{"SAML:aud": "https://signin.aws.amazon.com/saml"}
	}
	principal := map[string]any{"Federated": "arn:aws:iam::" + ownAccount + ":saml-provider/" + provider}
	return allow("sts:AssumeRoleWithSAML", principal, conditions)
}

// providers are words for OIDC providers, with a host for each.
var providers = []struct{ word, host string }{
	{"token.actions.githubusercontent.com", "token.actions.githubusercontent.com"},
	{"github", "token.actions.githubusercontent.com"},
	{"gitlab", "gitlab.com"},
	{"circleci", "oidc.circleci.com/org/00000000-0000-0000-0000-000000000000"},
	{"bitbucket", "api.bitbucket.org/2.0/workspaces/example/pipelines-config/identity/oidc"},
	{"buildkite", "agent.buildkite.com"},
	{"spacelift", "example.app.spacelift.io"},
	{"terraform", "app.terraform.io"},
	{"vercel", "oidc.vercel.com"},
	{"eks", "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"},
	{"accounts.google.com", "accounts.google.com"},
	{"google", "accounts.google.com"},
	{"gcp", "accounts.google.com"},
	{"facebook", "graph.facebook.com"},
	{"azure", "sts.windows.net/00000000-0000-0000-0000-000000000000/"},
	{"entra", "sts.windows.net/00000000-0000-0000-0000-000000000000/"},
	{"okta", "example.okta.com"},
	{"auth0", "example.auth0.com"},
}

var hostText = regexp.MustCompile(`(?:oidc-provider/)([a-z0-9./_-]+)`)

func oidcProvider(lower string) string {
	if m := hostText.FindStringSubmatch(lower); m != nil {
		return m[1]
	}
	for _, p := range providers {
		if strings.Contains(lower, p.word) {
			return p.host
		}
	}
	return ""
}

// claims translates the claims of a text. Where the text has an expression for
// the provider, as infrastructure code does, the provider itself is meant.
func claims(text, provider string) map[string]any {
	conditions := map[string]any{}
	for _, m := range claim.FindAllStringSubmatch(text, -1) {
		operator, name, value := m[1], m[3], m[4]
		keys, _ := conditions[operator].(map[string]any)
		if keys == nil {
			keys = map[string]any{}
			conditions[operator] = keys
		}
		keys[provider+":"+name] = value
	}
	return conditions
}
