package trust

import "strings"

// identityCenterProvider begins the names of the SAML providers that IAM
// Identity Center makes, such as AWSSSO_0123456789abcdef_DO_NOT_DELETE.
const identityCenterProvider = "AWSSSO_"

func (w *way) describeFederated() {
	if w.actions&assumeRoleWithSAML != 0 {
		_, name, isARN := strings.Cut(w.Principal, samlProviderARN)
		if !isARN {
			name = w.Principal
		}
		w.describeSAML(name)
		return
	}
	w.describeWebIdentity(issuerOf(w.Principal, w.demands))
}

func (w *way) describeSAML(name string) {
	w.ConsoleAudience = hasConsoleAudience(w.demands)
	w.Provider = "SAML provider " + name
	switch {
	case strings.HasPrefix(name, identityCenterProvider):
		w.Kind, w.Who, w.ConsoleAudience = KindIdentityCenter, WhoPeople, true
		w.Provider = "IAM Identity Center"
	case w.ConsoleAudience || !demandsSAMLAudience(w.demands):
		// Without a demand on the audience, the console is among those that are let in.
		w.Kind, w.Who = KindSAML, WhoPeople
	default:
		w.Kind, w.Who = KindSAML, WhoUnknown
	}
}

func demandsSAMLAudience(demands []demand) bool {
	for _, d := range demands {
		if d.key == "saml:aud" && d.narrows(false) {
			return true
		}
	}
	return false
}

// hasConsoleAudience reports whether a demand on SAML:aud is met by the AWS
// console's sign-in, in any partition and region.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html.
func hasConsoleAudience(demands []demand) bool {
	for _, d := range demands {
		if d.key != "saml:aud" || d.operator.negated() {
			continue
		}
		for _, v := range d.values {
			host, path, _ := strings.Cut(strings.TrimPrefix(v, "https://"), "/")
			if (strings.HasPrefix(host, "signin.") || strings.Contains(host, ".signin.")) && strings.HasPrefix(path, "saml") {
				return true
			}
		}
	}
	return false
}

func (w *way) describeWebIdentity(issuer string) {
	w.issuer = issuer
	if isCognitoIdentity(issuer) {
		w.Kind, w.Who, w.Provider = KindCognito, WhoEndUsers, "Cognito identity pool"
		w.provider = provider{name: w.Provider, kind: KindCognito, tenancy: tenancyPublic}
		w.claims = checkClaims(w.demands, w.provider, issuer)
		w.Subjects = w.claims.subjects
		return
	}
	w.provider = providers().find(issuer, webSubjects(w.demands))
	w.claims = checkClaims(w.demands, w.provider, issuer)
	w.Subjects = w.claims.subjects
	w.Kind, w.Who, w.Provider = w.provider.kind, w.provider.who, w.provider.name
	if w.Provider == "" {
		w.Provider = w.Principal
	}
	if strings.EqualFold(issuer, "accounts.google.com") && isGoogleServiceAccount(w.demands) {
		w.Who, w.Provider = WhoWorkload, "Google Cloud"
	}
}

// webSubjects returns the values demanded of any sub claim.
func webSubjects(demands []demand) []string {
	for _, d := range demands {
		if _, claim := splitClaim(d.key); claim == "sub" && !d.operator.negated() {
			return d.values
		}
	}
	return nil
}

func isCognitoIdentity(issuer string) bool {
	issuer = strings.ToLower(issuer)
	return strings.HasPrefix(issuer, "cognito-identity") && strings.Contains(issuer, ".amazonaws.com")
}

// isGoogleServiceAccount tells a Google Cloud workload from the users of an
// application that signs in with Google. A service account is trusted by its
// numeric id, as subject or as authorized party, or by the audience of its
// tokens (oaud); an application by its client id.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif.
func isGoogleServiceAccount(demands []demand) bool {
	for _, d := range demands {
		issuer, claim := splitClaim(d.key)
		if issuer != "accounts.google.com" || !d.narrows(false) {
			continue
		}
		switch claim {
		case "oaud":
			return true
		case "sub":
			if !d.operator.takesWildcards() || d.all(func(v string) bool { _, whole := literalPrefix(v); return whole }) {
				return true
			}
		case "aud", "azp":
			if d.all(isDigits) {
				return true
			}
		}
	}
	return false
}
