package trust

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan/policydoc"
)

var (
	//go:embed data/providers.txt
	providersText string
	//go:embed data/subjects.txt
	subjectsText string
)

// A tenancy says who shares the issuer of a web identity provider.
type tenancy string

const (
	tenancyUnknown tenancy = ""
	tenancyShared  tenancy = "shared"  // all of the provider's customers
	tenancyCluster tenancy = "cluster" // the workloads of one cluster
	tenancyTenant  tenancy = "tenant"  // one customer
	tenancyPublic  tenancy = "public"  // everybody, at a sign-in that is built into AWS
)

// A provider is what is known of a web identity provider: a line of
// providers.txt or subjects.txt.
type provider struct {
	issuer  string // or the beginning of the subject
	name    string
	kind    Kind
	who     Who
	tenancy tenancy
	subject subjectForm
	claims  []pinningClaim
}

// A pinningClaim is a claim other than the subject that names the project, or
// only the tenant.
type pinningClaim struct {
	name       string
	tenantOnly bool
}

type providerTable struct {
	exact     map[string]provider
	patterns  []issuerPattern
	bySubject []provider
}

// An issuerPattern is a provider whose issuer has wildcards. What stands before
// the first and after the last of them rules most patterns out at once.
type issuerPattern struct {
	provider
	prefix, suffix string
}

func (p *issuerPattern) matches(issuer string) bool {
	return strings.HasPrefix(issuer, p.prefix) && strings.HasSuffix(issuer, p.suffix) &&
		policydoc.MatchResource(p.issuer, issuer)
}

var providers = sync.OnceValue(func() *providerTable {
	t := &providerTable{exact: make(map[string]provider)}
	eachRow(providersText, func(columns []string) {
		p := newProvider(columns)
		first, last := strings.IndexByte(p.issuer, '*'), strings.LastIndexByte(p.issuer, '*')
		if first < 0 {
			t.exact[p.issuer] = p
			return
		}
		t.patterns = append(t.patterns, issuerPattern{p, p.issuer[:first], p.issuer[last+1:]})
	})
	eachRow(subjectsText, func(columns []string) {
		t.bySubject = append(t.bySubject, newProvider(columns))
	})
	return t
})

func newProvider(columns []string) provider {
	p := provider{
		issuer:  columns[0],
		name:    columns[1],
		kind:    Kind(columns[2]),
		who:     Who(strings.Trim(columns[3], "-")),
		tenancy: tenancy(columns[4]),
		subject: parseSubjectForm(columns[5]),
	}
	for claim := range strings.FieldsSeq(columns[6]) {
		if claim != "-" {
			name, tenantOnly := strings.CutSuffix(strings.ToLower(claim), "~")
			p.claims = append(p.claims, pinningClaim{name, tenantOnly})
		}
	}
	return p
}

// find returns what is known of the provider with the given issuer and
// subjects; its name is the issuer where nothing is.
func (t *providerTable) find(issuer string, subjects []string) provider {
	key := strings.ToLower(issuer)
	if p, ok := t.exact[key]; ok {
		return p
	}
	for i := range t.patterns {
		if t.patterns[i].matches(key) {
			return t.patterns[i].provider
		}
	}
	p := provider{kind: KindOIDC, name: issuer}
	for _, known := range t.bySubject {
		if anyHasPrefix(subjects, known.issuer) {
			p = known
			if issuer != "" {
				p.name += " (" + issuer + ")"
			}
			break
		}
	}
	return p
}

func anyHasPrefix(values []string, prefix string) bool {
	for _, v := range values {
		if strings.HasPrefix(v, prefix) {
			return true
		}
	}
	return false
}

// What stands before the name of an identity provider in its ARN.
const (
	samlProviderARN = ":saml-provider/"
	oidcProviderARN = ":oidc-provider/"
)

// isSAML reports whether a Federated value of a statement that allows the given
// actions is a SAML provider. A variable of a template does not show it; then
// the actions do.
func isSAML(value string, allowed actions) bool {
	switch {
	case strings.Contains(value, samlProviderARN):
		return true
	case strings.Contains(value, oidcProviderARN), !isTemplate(value):
		return false
	}
	return allowed&assumeRoleWithWebIdentity == 0
}

// isTemplate reports whether a tool has yet to fill in the value.
func isTemplate(value string) bool { return strings.ContainsAny(value, "${}") }

// issuerOf returns the issuer of a web identity provider: a Federated value is
// the ARN of an OIDC provider, or the bare host of one that is built into AWS.
// In a template the ARN may hold variables; then the condition keys, which begin
// with the issuer, may tell. It is empty when nothing does.
func issuerOf(value string, demands []demand) string {
	if _, name, ok := strings.Cut(value, oidcProviderARN); ok {
		value = name
	}
	issuer := strings.TrimSuffix(strings.TrimPrefix(value, "https://"), "/")
	if isTemplate(issuer) || strings.HasPrefix(issuer, "arn:") {
		return issuerOfKeys(demands)
	}
	return issuer
}

func issuerOfKeys(demands []demand) string {
	for _, d := range demands {
		issuer, claim := splitClaim(d.key)
		if (claim == "sub" || claim == "aud") && strings.Contains(issuer, ".") && !isTemplate(issuer) {
			return strings.TrimSuffix(issuer, "/")
		}
	}
	return ""
}

// splitClaim splits the condition key of a provider, such as gitlab.com:sub,
// into the issuer and the claim.
func splitClaim(key string) (issuer, claim string) {
	i := strings.LastIndexByte(key, ':')
	if i < 0 {
		return "", ""
	}
	return key[:i], key[i+1:]
}
