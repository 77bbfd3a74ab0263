package permissions_test

import (
	"slices"
	"strings"
)

// A keyKind is the type of a condition key's values.
type keyKind struct {
	keys []string
	// multiple are those of keys that have several values.
	multiple []string
	values   []string // in requests
	patterns []string // in policies, besides values
	// unparsed are values that the operators can't read. What a negated operator
	// makes of them AWS does not say.
	unparsed  []string
	operators []string
}

var stringOperators = []string{"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike", "StringNotLike"}

var keyKinds = []keyKind{
	{
		keys:      []string{"aws:PrincipalTag/Team", "aws:PrincipalTag/Env", "aws:UserAgent", "aws:RequestedRegion", "aws:SourceVpc", "aws:PrincipalOrgID"},
		multiple:  []string{"aws:TagKeys", "aws:PrincipalOrgPaths", "aws:CalledVia"},
		values:    []string{"alice", "Alice", "blue", "red", "a*b", "axb", "us-east-1", "o-1/r-1/ou-1/"},
		patterns:  []string{"${aws:username}", "${aws:PrincipalTag/Team}", "${aws:PrincipalTag/Env, 'blue'}", "${aws:PrincipalTag/Missing, 'red'}", "a${*}b", "a*", "?lice", "*", "", "bl?e", "ALICE", "a*b*", "${aws:TagKeys}", "o-1/*", "us-${?}ast-1"},
		operators: stringOperators,
	},
	{
		keys:      []string{"aws:MultiFactorAuthAge"},
		values:    []string{"10", "10.5", "3600", "-3", "0"},
		patterns:  []string{"10.0", "010", "100"},
		unparsed:  []string{"abc", ""},
		operators: []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
	},
	{
		keys:      []string{"aws:CurrentTime", "aws:EpochTime", "aws:TokenIssueTime"},
		values:    []string{"2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z", "2026-06-01T12:00:00.500Z", "1767225600", "1780315200"},
		patterns:  []string{"2026-01-01", "2026-06-01T12:00:00+00:00", "2027-01-01T00:00:00Z", "2025-01-01T00:00:00Z"},
		unparsed:  []string{"never"},
		operators: []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
	},
	{
		keys:      []string{"aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:ViaAWSService"},
		values:    []string{"true", "false"},
		patterns:  []string{"True", "yes"},
		operators: []string{"Bool"},
	},
	{
		keys:      []string{"aws:Referer"},
		values:    []string{"QmluYXJ5", "QUJD"},
		patterns:  []string{"QUJE", "qmluyxj5"},
		operators: []string{"BinaryEquals"},
	},
	{
		keys:      []string{"aws:SourceIp", "aws:VpcSourceIp"},
		values:    []string{"203.0.113.7", "10.1.2.3", "2001:db8::7", "2001:db8::8", "10.1.2.4"},
		patterns:  []string{"203.0.113.0/24", "10.0.0.0/8", "10.1.2.3/32", "2001:DB8::/32", "2001:db8::7/128", "::/0", "203.0.113.7/24", "10.1.2.0/30"},
		unparsed:  []string{"here"},
		operators: []string{"IpAddress", "NotIpAddress"},
	},
	{
		keys:   []string{"aws:SourceArn", "aws:PrincipalArn"},
		values: []string{"arn:aws:sns:us-east-1:111111111111:topic-a", "arn:aws:iam::111111111111:role/team/x", "arn:aws:s3:::data"},
		patterns: []string{
			"arn:aws:sns:*:111111111111:*", "arn:*:sns:us-*:*:topic-?", "*", "arn:aws:s*", "arn:aws:*:*:*:*", "arn:aws:iam::*:role/*", "arn:aws:iam::111111111111:user/${aws:username}",
			"arn:aws:s3:::*", "arn:aws:iam::111111111111:*", "arn:aws:iam::*:role/${aws:PrincipalTag/Team, 'team'}/x",
		},
		operators: []string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"},
	},
	{operators: []string{"Null"}},
}

// allOperators are the operators of the policy language, without prefix and suffix.
func allOperators() []string {
	var operators []string
	for _, kind := range keyKinds {
		operators = append(operators, kind.operators...)
	}
	return operators
}

// context gives the request values for most keys, and those keys that follow from
// the principal.
func (g *generator) context() {
	g.values = map[string][]string{}
	for _, kind := range keyKinds {
		for _, key := range kind.keys {
			if g.values[key] == nil && g.chance(0.6) {
				g.values[key] = []string{pick(g, kind.values)}
			}
		}
		for _, key := range kind.multiple {
			if g.chance(0.7) {
				g.values[key] = g.some(3, func() string { return pick(g, kind.values) })
				if key == "aws:TagKeys" { // which is used as a variable, where one value would be taken
					g.values[key] = append(g.values[key], pick(g, kind.values))
				}
			}
		}
	}
	g.derived()
	g.s.Request.Context = map[string]any{}
	for _, key := range sortedKeys(g.values) {
		name := key
		if g.chance(0.1) {
			name = strings.ToLower(key)
		}
		if values := g.values[key]; len(values) == 1 && !slices.Contains(keyKinds[0].multiple, key) {
			g.s.Request.Context[name] = values[0]
		} else {
			g.s.Request.Context[name] = values
		}
	}
}

// derived sets the keys that AWS takes from the principal and the resource, which
// the oracle leaves to its caller.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-tableofkeyvalues.
func (g *generator) derived() {
	s := g.s
	g.values["aws:ResourceAccount"] = []string{s.Request.Resource.Account}
	delete(g.values, "aws:PrincipalArn")
	account := s.account()
	if account == "" || s.provider() {
		return
	}
	arn := s.principalName()
	g.values["aws:PrincipalAccount"] = []string{account}
	g.values["aws:PrincipalArn"] = []string{arn}
	switch {
	case strings.Contains(arn, ":user/"):
		g.values["aws:username"] = []string{arn[strings.LastIndex(arn, "/")+1:]}
		g.values["aws:PrincipalType"] = []string{"User"}
		g.values["aws:userid"] = []string{"AIDAALICE"}
	case strings.Contains(arn, ":assumed-role/"):
		g.values["aws:PrincipalArn"] = []string{"arn:aws:iam::" + account + ":role/Deploy"}
		g.values["aws:PrincipalType"] = []string{"AssumedRole"}
		g.values["aws:userid"] = []string{"AROADEPLOY:alice"}
	case strings.Contains(arn, ":role/"):
		g.values["aws:PrincipalType"] = []string{"AssumedRole"}
		g.values["aws:userid"] = []string{"AROADEPLOY:alice"}
	case strings.Contains(arn, ":federated-user/"):
		g.values["aws:PrincipalType"] = []string{"FederatedUser"}
		g.values["aws:userid"] = []string{account + ":alice"}
	default:
		g.values["aws:PrincipalType"] = []string{"Account"}
		g.values["aws:userid"] = []string{account}
	}
}

// condition adds a condition to a statement, one that probably holds if it is meant to.
func (g *generator) condition(st *simulatedStatement, holds bool) {
	operators := allOperators()
	operator := pick(g, operators)
	var kind keyKind
	for _, k := range keyKinds {
		if slices.Contains(k.operators, operator) {
			kind = k
		}
	}
	if operator == "Null" {
		kind = pick(g, keyKinds[:len(keyKinds)-1])
	}
	key := pick(g, kind.keys)
	several := len(kind.multiple) > 0 && g.chance(0.4)
	if several {
		key = pick(g, kind.multiple)
	}
	values := g.conditionValues(&kind, operator, key, holds)
	// What an operator makes of several values without a prefix AWS does not say.
	if operator != "Null" && (several || g.chance(0.08)) {
		operator = pick(g, []string{"ForAllValues:", "ForAnyValue:"}) + operator
	}
	// Of ForAnyValue with IfExists AWS does not say which decides when the key is absent.
	undocumented := strings.HasPrefix(operator, "ForAnyValue:") && len(g.values[key]) == 0
	if g.chance(0.25) && !strings.HasSuffix(operator, "Null") && !undocumented {
		operator += "IfExists"
	}
	if g.chance(0.1) {
		key = strings.ToUpper(key)
	}
	if st.Condition == nil {
		st.Condition = map[string]map[string][]string{}
	}
	st.Condition[operator] = map[string][]string{key: values}
}

func (g *generator) conditionValues(kind *keyKind, operator, key string, holds bool) []string {
	actual := g.values[key]
	if operator == "Null" {
		absent := len(actual) == 0
		if absent == (holds || g.chance(0.3)) {
			return []string{"true"}
		}
		return []string{"false"}
	}
	negated := strings.Contains(operator, "Not")
	return g.some(3, func() string {
		p := 0.7
		if negated == holds {
			p = 0.15
		}
		if len(actual) > 0 && g.chance(p) {
			return g.valuePattern(operator, pick(g, actual))
		}
		if g.chance(0.5) {
			return withPrefix(operator, pick(g, kind.values), actual)
		}
		if kind.unparsed != nil && !negated && g.chance(0.1) {
			return pick(g, kind.unparsed)
		}
		pattern := pick(g, kind.patterns)
		if strings.Contains(operator, "Equals") {
			// The oracle does not know ${*} and ${?} but where * and ? are wildcards.
			pattern = strings.NewReplacer("${*}", "*", "${?}", "?").Replace(pattern)
		}
		return pattern
	})
}

// withPrefix writes an address as a range, unless it is of the same family as the
// request's: the oracle takes the comparison of one address with one of the other family for an error.
func withPrefix(operator, value string, actual []string) string {
	if !strings.Contains(operator, "IpAddress") || len(actual) == 1 && strings.Contains(actual[0], ":") == strings.Contains(value, ":") {
		return value
	}
	if strings.Contains(value, ":") {
		return value + "/128"
	}
	return value + "/32"
}

// valuePattern returns a value that covers the request's value, if the operator knows patterns.
func (g *generator) valuePattern(operator, value string) string {
	pattern := strings.Contains(operator, "Like") || strings.HasPrefix(operator, "Arn")
	if pattern && g.chance(0.5) && len(value) > 2 {
		return value[:len(value)-2] + pick(g, []string{"*", "??", "?*"})
	}
	if strings.Contains(operator, "IgnoreCase") {
		return strings.ToUpper(value)
	}
	return value
}
