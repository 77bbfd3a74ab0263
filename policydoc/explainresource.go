package policydoc

import (
	"slices"
	"strings"
)

// resourceWords says which resources a statement is about, beginning with a
// separator; nothing for a statement without resources, as in a trust policy.
func resourceWords(s *Statement) string {
	switch {
	case s.NotResources != nil && len(s.NotResources) == 0:
		return ", on every resource"
	case s.NotResources != nil:
		return ", on every resource except " + list(resourceNames(s.NotResources), "and")
	case s.Resources == nil:
		return ""
	case len(s.Resources) == 0:
		return ", on no resource, since Resource is empty"
	case slices.ContainsFunc(s.Resources, isStars):
		return ", on all resources"
	}
	return ", on " + someOf(resourceNames(s.Resources), maxResourcesNamed, "and")
}

func resourceNames(resources []string) []string {
	var words []string
	for _, r := range resources {
		words = append(words, resourceName(r))
	}
	return words
}

// resourceName names buckets and objects in words, and all else by its ARN.
func resourceName(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[2] != "s3" || parts[3] != "" || parts[4] != "" {
		return literal(arn)
	}
	bucket, key, isObject := strings.Cut(parts[5], "/")
	in := "bucket " + literal(bucket)
	switch {
	case isStars(bucket):
		in = "any bucket"
	case strings.ContainsAny(bucket, "*?"):
		in = "any bucket like " + literal(bucket)
	}
	switch {
	case !isObject && strings.HasSuffix(bucket, "*"):
		return in + " and its objects" // the star covers slashes too
	case !isObject:
		return in
	case isStars(key):
		return "all objects in " + in
	case strings.ContainsAny(key, "*?"):
		return "objects like " + literal(key) + " in " + in
	}
	return "object " + literal(key) + " in " + in
}

// principalWords says for whom a statement is, "" when it does not say.
func principalWords(s *Statement) string {
	switch {
	case s.Principal != nil:
		return principalList(s.Principal)
	case s.NotPrincipal != nil:
		return "everyone except " + principalList(s.NotPrincipal)
	}
	return ""
}

func principalList(p *Principal) string {
	if p.Everyone || slices.Contains(p.AWS, "*") {
		return "everyone"
	}
	var words []string
	for _, value := range p.AWS {
		words = append(words, awsPrincipalName(value))
	}
	for _, value := range p.Service {
		words = append(words, "the service "+word(value))
	}
	for _, value := range p.Federated {
		words = append(words, "users of the identity provider "+literal(value))
	}
	for _, value := range p.CanonicalUser {
		words = append(words, "the canonical user "+word(value))
	}
	if len(words) == 0 {
		return "nobody"
	}
	return someOf(words, maxResourcesNamed, "and")
}

func awsPrincipalName(value string) string {
	if isAccountNumber(value) {
		return "account " + value
	}
	parts := strings.SplitN(value, ":", 6)
	if len(parts) == 6 && parts[2] == "iam" && isAccountNumber(parts[4]) {
		if parts[5] == "root" {
			return "account " + parts[4]
		}
		if kind, name, ok := strings.Cut(parts[5], "/"); ok && (kind == "role" || kind == "user") {
			return kind + " " + literal(name) + " of account " + parts[4]
		}
	}
	return literal(value)
}
