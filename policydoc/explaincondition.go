package policydoc

import "strings"

// conditionWords says when conditions hold, all of which must.
func conditionWords(conditions []Condition) string {
	var words []string
	for i := range conditions {
		words = append(words, oneCondition(&conditions[i]))
	}
	if all := strings.Join(words, " and "); len(words) == 2 && !strings.Contains(all, ", ") && !strings.Contains(all, " or ") {
		return all
	}
	return strings.Join(words, ", and ")
}

func oneCondition(c *Condition) string {
	o := parseOperator(c.Operator)
	switch {
	case o.base == "" || len(c.Values) == 0:
		return "the condition " + word(c.Operator) + " of " + word(c.Key) + " with " + valuesOr(literals(c.Values), "no value") + " holds"
	case o.base == "Null":
		return nullWords(c)
	}
	if o.qualifier == "" {
		if words, ok := idiom(o, c); ok {
			return words + ifExistsWords(o, c)
		}
	}
	subject := subjectOf(c.Key)
	switch o.qualifier {
	case "ForAllValues":
		subject = "every one of " + valuesOf(c.Key, subject)
	case "ForAnyValue":
		subject = "one of " + valuesOf(c.Key, subject)
	}
	return subject + " " + predicate(o, c.Values) + ifExistsWords(o, c)
}

// valuesOf names the values of a key that has several.
func valuesOf(key, subject string) string {
	switch strings.ToLower(key) {
	case "aws:tagkeys", "aws:calledvia", "aws:principalorgpaths", "aws:resourceorgpaths":
		return subject
	}
	return "the values of " + subject
}

func valuesOr(values []string, none string) string {
	if len(values) == 0 {
		return none
	}
	return someOf(values, maxValuesNamed, "or")
}

func ifExistsWords(o operator, c *Condition) string {
	if !o.ifExists {
		return ""
	}
	return " (or the request has no " + word(c.Key) + ")"
}

func nullWords(c *Condition) string {
	has, hasNot := false, false
	for _, v := range c.Values {
		if strings.EqualFold(v, "true") {
			hasNot = true
		} else {
			has = true
		}
	}
	switch {
	case has && hasNot:
		return "the request has or has not " + word(c.Key)
	case hasNot:
		return "the request has no " + word(c.Key)
	}
	return "the request has " + word(c.Key)
}

// predicates are what operators say of a key, before the values.
var predicates = map[string]string{
	"StringEquals":              "is ",
	"StringEqualsIgnoreCase":    "is, in upper or lower case, ",
	"StringLike":                "is like ",
	"StringNotEquals":           "is not ",
	"StringNotEqualsIgnoreCase": "is not, in upper or lower case, ",
	"StringNotLike":             "is not like ",
	"NumericEquals":             "equals ",
	"NumericNotEquals":          "does not equal ",
	"NumericLessThan":           "is less than ",
	"NumericLessThanEquals":     "is at most ",
	"NumericGreaterThan":        "is more than ",
	"NumericGreaterThanEquals":  "is at least ",
	"DateEquals":                "is ",
	"DateNotEquals":             "is not ",
	"DateLessThan":              "is before ",
	"DateLessThanEquals":        "is not after ",
	"DateGreaterThan":           "is after ",
	"DateGreaterThanEquals":     "is not before ",
	"Bool":                      "is ",
	"BinaryEquals":              "is the data ",
	"IpAddress":                 "is in ",
	"NotIpAddress":              "is not in ",
	"ArnEquals":                 "is like ",
	"ArnLike":                   "is like ",
	"ArnNotEquals":              "is not like ",
	"ArnNotLike":                "is not like ",
}

func predicate(o operator, values []string) string {
	shown := literals(values)
	if !o.isString() && !o.isARN() {
		shown = wordsOf(values)
	}
	return predicates[o.base] + someOf(shown, maxValuesNamed, "or")
}

// A phrase says of a key that it has one of the values, and that it has not.
type phrase struct{ positive, negative string }

// idioms are the keys that people meet most, by their name in lower case.
var idioms = map[string]phrase{
	"aws:sourceip":             {"the request comes from ", "the request does not come from "},
	"aws:vpcsourceip":          {"the request comes, within its VPC, from ", "the request does not come, within its VPC, from "},
	"aws:sourcevpc":            {"the request comes from the VPC ", "the request does not come from the VPC "},
	"aws:sourcevpce":           {"the request comes through the VPC endpoint ", "the request does not come through the VPC endpoint "},
	"aws:principalorgid":       {"the caller belongs to the organization ", "the caller does not belong to the organization "},
	"aws:resourceorgid":        {"the resource belongs to the organization ", "the resource does not belong to the organization "},
	"aws:principalaccount":     {"the caller belongs to account ", "the caller does not belong to account "},
	"aws:resourceaccount":      {"the resource belongs to account ", "the resource does not belong to account "},
	"aws:sourceaccount":        {"the service acts for account ", "the service does not act for account "},
	"aws:requestedregion":      {"the request goes to the Region ", "the request does not go to the Region "},
	"iam:passedtoservice":      {"the role is passed to ", "the role is not passed to "},
	"iam:permissionsboundary":  {"the entity has the permissions boundary ", "the entity does not have the permissions boundary "},
	"iam:awsservicename":       {"the role is for the service ", "the role is not for the service "},
	"kms:viaservice":           {"the request comes through the service ", "the request does not come through the service "},
	"sts:externalid":           {"the external ID is ", "the external ID is not "},
	"aws:principalservicename": {"the caller is the service ", "the caller is not the service "},
}

// facts are the keys of type Bool that people meet most.
var facts = map[string]phrase{
	"aws:multifactorauthpresent": {"the caller signed in with MFA", "the caller did not sign in with MFA"},
	"aws:securetransport":        {"the request uses TLS", "the request does not use TLS"},
	"aws:viaawsservice":          {"a service makes the request for the caller", "no service makes the request for the caller"},
	"aws:principalisawsservice":  {"the caller is an AWS service", "the caller is not an AWS service"},
	"kms:grantisforawsresource":  {"an AWS service makes the grant for the caller", "no AWS service makes the grant for the caller"},
}

// idiom says a condition as people would, where there is a way.
func idiom(o operator, c *Condition) (words string, ok bool) {
	key := strings.ToLower(c.Key)
	if fact, ok := facts[key]; ok && o.base == "Bool" && len(c.Values) == 1 {
		switch strings.ToLower(c.Values[0]) {
		case "true":
			return fact.positive, true
		case "false":
			return fact.negative, true
		}
	}
	p, ok := idioms[key]
	if !ok {
		return "", false
	}
	switch o.base {
	case "StringEquals", "StringNotEquals", "IpAddress", "NotIpAddress":
	case "StringLike", "StringNotLike":
		if strings.ContainsAny(strings.Join(c.Values, ""), "*?") {
			return "", false
		}
	default:
		return "", false
	}
	words = p.positive
	if o.kind().negated {
		words = p.negative
	}
	return words + someOf(wordsOf(c.Values), maxValuesNamed, "or"), true
}

// subjects name keys in words, by their name in lower case; a name that ends in a
// slash is followed by the key of a tag.
var subjects = []struct{ key, words string }{
	{"aws:principalarn", "the caller's ARN"},
	{"aws:sourcearn", "the ARN of the resource that the service acts for"},
	{"aws:principaltag/", "the caller's tag"},
	{"aws:resourcetag/", "the resource's tag"},
	{"aws:requesttag/", "the requested tag"},
	{"aws:tagkeys", "the requested tag keys"},
	{"aws:currenttime", "the time"},
	{"aws:epochtime", "the time"},
	{"aws:tokenissuetime", "the time at which the session began"},
	{"aws:multifactorauthage", "the number of seconds since MFA"},
	{"aws:principaltype", "the type of the caller"},
	{"aws:userid", "the caller's unique ID"},
	{"aws:username", "the caller's user name"},
	{"aws:useragent", "the client's name"},
	{"aws:calledvia", "the services that pass the request on"},
	{"aws:principalorgpaths", "the paths of the caller's organization"},
	{"aws:resourceorgpaths", "the paths of the resource's organization"},
	{"iam:resourcetag/", "the resource's tag"},
	{"iam:policyarn", "the ARN of the policy"},
	{"aws:principalorgid", "the caller's organization"},
	{"aws:requestedregion", "the Region that the request goes to"},
	{"aws:sourcevpce", "the VPC endpoint that the request comes through"},
	{"iam:passedtoservice", "the service that the role is passed to"},
	{"kms:viaservice", "the service that the request comes through"},
	{"sts:externalid", "the external ID"},
	{"s3:prefix", "the prefix that is listed"},
	{"ec2:instancetype", "the instance type"},
}

func subjectOf(key string) string {
	folded := strings.ToLower(key)
	for _, s := range subjects {
		if tag, ok := strings.CutPrefix(folded, s.key); ok && tag == "" && !strings.HasSuffix(s.key, "/") {
			return s.words
		} else if ok && tag != "" && strings.HasSuffix(s.key, "/") {
			return s.words + " " + literal(key[len(s.key):])
		}
	}
	if vendor, claim, ok := strings.Cut(key, ":"); ok && isProvider(vendor) {
		return "the claim " + word(claim) + " of " + word(vendor)
	}
	return word(key)
}
