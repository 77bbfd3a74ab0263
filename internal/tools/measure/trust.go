package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// Accounts that stand for those that the texts leave unnamed.
const (
	ownAccount    = "123456789012"
	otherAccount  = "111122223333"
	vendorAccount = "464622532012" // Datadog's
)

type statement map[string]any

var (
	accountID = regexp.MustCompile(`\b\d{12}\b`)
	arnText   = regexp.MustCompile(`arn:aws[a-z-]*:[^\s,;"]+`)
	service   = regexp.MustCompile(`[a-z0-9.-]+\.amazonaws\.com(\.cn)?`)
	// A condition such as StringEquals:accounts.google.com:sub="x"; texts are cut off, so the last quote may be missing.
	claim    = regexp.MustCompile(`(String[A-Za-z]+|ForA[a-z]+Values:String[A-Za-z]+):(\S*?):(sub|aud|amr)=\[?"([^"]*)"?`)
	external = regexp.MustCompile(`(?i)\bexternal[\s_-]*ids?\b`)
	mfa      = regexp.MustCompile(`(?i)\bmfa\b|MultiFactorAuth`)
	// What a text says is not demanded.
	absent   = regexp.MustCompile(`(?i)\b(no|without|missing|lacks)\s+(sts:)?(external[\s_-]*ids?|mfa)\b`)
	template = regexp.MustCompile(`\$\{[^}]*\}`)
	sso      = regexp.MustCompile(`(?i)AWSReservedSSO|aws-reserved/sso|\bsso\b|identity cent(er|re)|permission set`)
	// Words for accounts of third parties, and for everyone.
	thirdParty = regexp.MustCompile(`(?i)\b(vendor|third[\s-]party|3rd[\s-]party)\b`)
	anyone     = regexp.MustCompile(`^(AWS|Principal)?\s*:?\s*"?\*"?\s*($|[;,(])`)
	orgID      = regexp.MustCompile(`(?i)PrincipalOrgI[Dd]`)
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
//	AWS:*; aws:PrincipalOrgID                AWS: vendor account (no ExternalId)
//	AWS: SSO role ARN pattern                Roles Anywhere
//
// The first word may be missing where the rest tells what it is: EKS OIDC, SAML.
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
		for _, between := range []string{" + ", "; ", ", ", " and ", " & ", " or ", " | "} {
			text = strings.ReplaceAll(text, between+kind, "\x00"+kind)
		}
	}
	return strings.Split(text, "\x00")
}

func translatePrincipal(part, whole string) (statement, bool) {
	lower := strings.ToLower(part)
	switch {
	case strings.Contains(lower, "roles anywhere"):
		return allowService([]string{"rolesanywhere.amazonaws.com"})
	case strings.HasPrefix(part, "Service"):
		return allowService(services(part))
	case anyone.MatchString(part), strings.HasPrefix(part, "AWS"):
		return translateAWS(part)
	case strings.HasPrefix(part, "Federated"), strings.Contains(lower, "saml"), strings.Contains(lower, "oidc"),
		strings.Contains(lower, "webidentity"), strings.Contains(lower, "cognito"):
		return translateFederated(part, whole)
	case service.MatchString(part):
		return allowService(services(part))
	default:
		return nil, false
	}
}

func allowService(names []string) (statement, bool) {
	return allow("sts:AssumeRole", map[string]any{"Service": names}, nil), len(names) > 0
}

// shortServices are services that texts name without .amazonaws.com.
var shortServices = regexp.MustCompile(`\b(apigateway|backup|batch|bedrock|cloudformation|cloudtrail|codebuild|codedeploy|codepipeline|config|` +
	`ec2|ecs|ecs-tasks|edgelambda|eks|elasticbeanstalk|events|firehose|glue|lambda|logs|monitoring\.rds|opensearch|pods\.eks|rds|s3|sagemaker|` +
	`scheduler|ses|sns|sqs|ssm|states|transfer|vpc-flow-logs)\b`)

// services returns the services that a text names. A template's variable in the
// name of one stands for a region, or for the service.
func services(part string) []string {
	part = template.ReplaceAllString(part, "us-east-1")
	if names := service.FindAllString(part, -1); len(names) > 0 {
		return names
	}
	names := shortServices.FindAllString(strings.ToLower(part), -1)
	for i := range names {
		names[i] += ".amazonaws.com"
	}
	return names
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
	equals := map[string]any{}
	demanded := absent.ReplaceAllString(part, "")
	if external.MatchString(demanded) {
		equals["sts:ExternalId"] = "example-external-id"
	}
	if orgID.MatchString(demanded) {
		equals["aws:PrincipalOrgID"] = "o-example12345"
	}
	if len(equals) > 0 {
		conditions["StringEquals"] = equals
	}
	if mfa.MatchString(demanded) {
		operator := "Bool"
		if strings.Contains(demanded, "IfExists") {
			operator = "BoolIfExists"
		}
		conditions[operator] = map[string]any{"aws:MultiFactorAuthPresent": "true"}
	}
	if strings.Contains(part, "${aws:username}") {
		conditions["StringLike"] = map[string]any{"sts:RoleSessionName": "${aws:username}"}
	}
	principals, ok := awsPrincipals(part)
	return allow("sts:AssumeRole", map[string]any{"AWS": principals}, conditions), ok
}

func awsPrincipals(part string) (principals []string, ok bool) {
	switch {
	case sso.MatchString(part):
		return []string{"arn:aws:iam::" + ownAccount + ":role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Example_0123456789abcdef"}, true
	case anyone.MatchString(part):
		return []string{"*"}, true
	}
	if found := arnText.FindAllString(part, -1); len(found) > 0 {
		return found, true
	}
	if found := accountID.FindAllString(part, -1); len(found) > 0 {
		for _, id := range found {
			principals = append(principals, "arn:aws:iam::"+id+":root")
		}
		return principals, true
	}
	return wordedPrincipals(part)
}

// wordedPrincipals makes up principals for words such as "user ARNs" and "platform account root".
func wordedPrincipals(part string) (principals []string, ok bool) {
	lower := strings.ToLower(strings.ReplaceAll(part, "-", " "))
	account := otherAccount
	switch {
	case strings.Contains(lower, "same account"), strings.Contains(lower, "own account"), strings.Contains(lower, "this account"):
		account = ownAccount
	case thirdParty.MatchString(part):
		account = vendorAccount
	}
	prefix := "arn:aws:iam::" + account + ":"
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(lower, word) })
	}
	switch {
	case has("user") && has("e mail", "email"):
		return []string{prefix + "user/jo.doe@example.com"}, true
	case has("account", "root") && !has("arn"):
		return []string{prefix + "root"}, true
	case has("user", "group member"):
		return []string{prefix + "user/u1", prefix + "user/u2"}, true
	case has("role"):
		return []string{prefix + "role/r1"}, true
	case lower == "aws", has("account", "root", "principal", "vendor", "third party"), external.MatchString(part):
		return []string{prefix + "root"}, true
	}
	return nil, false
}

// translateFederated reads "Federated" followed by a provider and the claims that it must send.
func translateFederated(part, whole string) (statement, bool) {
	lower := strings.ToLower(part)
	web := webIdentity.MatchString(lower)
	switch {
	case strings.Contains(lower, "saml"), !web && sso.MatchString(part), !web && directories.MatchString(lower):
		return translateSAML(part), true
	case strings.Contains(lower, "cognito") && !strings.Contains(lower, "cognito-idp"):
		conditions := claims(part, "cognito-identity.amazonaws.com")
		return allow("sts:AssumeRoleWithWebIdentity", map[string]any{"Federated": "cognito-identity.amazonaws.com"}, conditions), true
	}
	provider := oidcProvider(lower)
	if provider == "" && web {
		provider = oidcSubject(whole)
	}
	if provider == "" {
		return nil, false
	}
	principal := "arn:aws:iam::" + ownAccount + ":oidc-provider/" + provider
	if strings.HasPrefix(provider, "accounts.google.com") || provider == "graph.facebook.com" || provider == "www.amazon.com" {
		principal = provider
	}
	conditions := claims(whole, provider)
	if provider == "accounts.google.com" && len(conditions) == 0 && googleWorkload.MatchString(lower) {
		conditions["StringEquals"] = map[string]any{provider + ":sub": "100000000000000000000"}
	}
	return allow("sts:AssumeRoleWithWebIdentity", map[string]any{"Federated": principal}, conditions), true
}

var (
	webIdentity = regexp.MustCompile(`oidc|openid|web[\s-]?identity|:(sub|aud)=|irsa`)
	// directories are where people sign in with SAML, unless a text says otherwise.
	directories    = regexp.MustCompile(`\b(adfs|ad fs|azure ad|azuread|entra|okta|onelogin|ping|jumpcloud|shibboleth|google workspace|gsuite)\b`)
	googleWorkload = regexp.MustCompile(`\bgcp\b|service account|workload`)
)

var consoleAudience = regexp.MustCompile(`signin\.(aws|amazonaws)`)

func translateSAML(part string) statement {
	provider := "Example"
	if i := strings.Index(part, "saml-provider/"); i >= 0 {
		provider = strings.FieldsFunc(part[i+len("saml-provider/"):], func(r rune) bool { return strings.ContainsRune(" ;,)", r) })[0]
		provider = strings.ReplaceAll(provider, "*", "0123456789abcdef")
	} else if sso.MatchString(part) {
		provider = "AWSSSO_0123456789abcdef_DO_NOT_DELETE"
	}
	conditions := map[string]any{}
	if strings.HasPrefix(provider, "AWSSSO") || consoleAudience.MatchString(part) {
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
	{"irsa", "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"},
	{"eks", "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"},
	{"accounts.google.com", "accounts.google.com"},
	{"google", "accounts.google.com"},
	{"gcp", "accounts.google.com"},
	{"facebook", "graph.facebook.com"},
	{"azure", "sts.windows.net/00000000-0000-0000-0000-000000000000/"},
	{"entra", "sts.windows.net/00000000-0000-0000-0000-000000000000/"},
	{"okta", "example.okta.com"},
	{"auth0", "example.auth0.com"},
	{"login with amazon", "www.amazon.com"},
}

// subjects are beginnings of sub claims, with a host of the provider that sends them.
var subjects = []struct{ text, host string }{
	{`"system:serviceaccount:`, "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"},
	{`"repo:`, "token.actions.githubusercontent.com"},
	{`"project_path:`, "gitlab.com"},
	{`"organization:`, "app.terraform.io"},
}

// oidcSubject returns the provider that the subjects of a text tell, and a host
// that stands for any where they do not.
func oidcSubject(text string) string {
	for _, s := range subjects {
		if strings.Contains(text, s.text) {
			return s.host
		}
	}
	return "oidc.example.com"
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
