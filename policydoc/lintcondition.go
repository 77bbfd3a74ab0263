package policydoc

import (
	"fmt"
	"slices"
	"strings"
)

func (l *linter) conditions() {
	lastOperator := ""
	for i := range l.s.Conditions {
		c := &l.s.Conditions[i]
		o := parseOperator(c.Operator)
		if i == 0 || c.Operator != lastOperator {
			l.operator(c, o)
		}
		lastOperator = c.Operator
		key, known := l.conditionKey(c)
		if o.base == "" {
			continue
		}
		l.conditionValues(c, o, key, known)
		if known {
			l.operatorFit(c, o, key)
		}
		l.forAllValues(c, o, key, known)
	}
	l.duplicateKeys()
	l.unsupportedKeys()
}

func (l *linter) operator(c *Condition, o operator) {
	at := atOperator(c)
	switch {
	case o.base == "":
		l.report(ruleUnknownOperator, at, "there is no condition operator "+quoted(c.Operator), didYouMean(suggestOperator(c.Operator)))
	case o.base == "Null" && o.ifExists:
		l.report(ruleNullIfExists, at, "Null asks whether the key exists and has no IfExists", "write Null")
	case !o.spelled:
		l.report(ruleOperatorCase, at, "AWS writes the operator "+o.String(), "write "+o.String())
	case o.base == "Null" && o.qualifier != "":
		l.report(ruleNullQualifier, at, o.qualifier+" makes no difference to Null", "write Null")
	}
}

// conditionKey looks at the name of the key, and returns what is known of it.
func (l *linter) conditionKey(c *Condition) (key ConditionKey, known bool) {
	at := atKey(c)
	vendor, name, ok := strings.Cut(c.Key, ":")
	switch {
	case !ok || vendor == "" || name == "":
		l.report(ruleKeyFormat, at, quoted(c.Key)+" is not a condition key, which is of the form service:name", l.keyFix("aws:"+c.Key))
		return ConditionKey{}, false
	case strings.Contains(c.Key, "${"):
		l.report(ruleVariableElement, at, "policy variables do not work in the name of a condition key", "write the name out")
		return ConditionKey{}, false
	case isProvider(vendor):
		return ConditionKey{}, false
	case strings.EqualFold(c.Key, "aws:ARN"):
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
		l.report(ruleDeprecatedKey, at, "aws:ARN has been replaced", "use aws:PrincipalArn or aws:SourceArn")
		return ConditionKey{}, false
	case isBareTagKey(name):
		l.report(ruleMissingTagKey, at, quoted(c.Key)+" does not say which tag", "write "+strings.TrimSuffix(c.Key, "/")+"/ and the key of the tag")
		return ConditionKey{}, false
	}
	key, known = LookupConditionKey(c.Key)
	if !known && !isLegacyKey(c.Key) {
		l.report(ruleUnknownKey, at, "there is no condition key "+quoted(c.Key), l.keyFix(c.Key))
	}
	return key, known
}

// isProvider reports whether the part of a key before the colon is an OIDC
// provider, whose claims are keys that no catalogue lists.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif.
func isProvider(vendor string) bool { return strings.ContainsAny(vendor, "./") || vendor == "saml" }

// isBareTagKey reports whether the name of a key is one that a tag must follow.
func isBareTagKey(name string) bool {
	for _, prefix := range []string{"RequestTag", "ResourceTag", "PrincipalTag"} {
		if strings.EqualFold(strings.TrimSuffix(name, "/"), prefix) {
			return true
		}
	}
	return false
}

// isLegacyKey reports whether a key is that of a tag in the spelling of a service.
// The reference lists these for some services only, and most work for all.
func isLegacyKey(key string) bool {
	_, name, _ := strings.Cut(key, ":")
	kind, tag, _ := strings.Cut(name, "/")
	switch strings.ToLower(kind) {
	case "resourcetag", "requesttag", "existingobjecttag", "requestobjecttag":
		return tag != ""
	}
	return false
}

// isKey reports whether name is a condition key, as far as can be known.
func (l *linter) isKey(name string) bool {
	vendor, _, ok := strings.Cut(name, ":")
	if !ok {
		return false
	}
	if isProvider(vendor) || isLegacyKey(name) {
		return true
	}
	_, known := LookupConditionKey(name)
	return known
}

// globalKeys are those worth suggesting for a misspelt one.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
var globalKeys = strings.Fields(`aws:CalledVia aws:CalledViaFirst aws:CalledViaLast aws:CurrentTime
	aws:Ec2InstanceSourceVpc aws:Ec2InstanceSourcePrivateIPv4 aws:EpochTime aws:FederatedProvider
	aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:PrincipalAccount aws:PrincipalArn
	aws:PrincipalIsAWSService aws:PrincipalOrgID aws:PrincipalOrgPaths aws:PrincipalServiceName
	aws:PrincipalServiceNamesList aws:PrincipalTag/ aws:PrincipalType aws:RequestedRegion
	aws:RequestTag/ aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/
	aws:SecureTransport aws:SourceAccount aws:SourceArn aws:SourceIdentity aws:SourceIp
	aws:SourceOrgID aws:SourceOrgPaths aws:SourceVpc aws:SourceVpce aws:TagKeys
	aws:TokenIssueTime aws:UserAgent aws:userid aws:username aws:ViaAWSService aws:VpcSourceIp`)

// keyFix asks for the condition key that a misspelt one is near to.
func (l *linter) keyFix(name string) string {
	if l.suggestions == 0 {
		return ""
	}
	l.suggestions--
	vendor, _, _ := strings.Cut(name, ":")
	candidates := globalKeys
	if set := ActionsOf(vendor); set.Len() > 0 && set.Len() <= l.lookups {
		candidates = slices.Clone(globalKeys)
		l.lookups -= set.Len()
		for action := range set.All() {
			if d, ok := Details(action.String()); ok {
				candidates = append(candidates, d.ConditionKeys...)
			}
		}
	}
	return didYouMean(nearest(name, candidates))
}

// operatorFit holds the operator against the type of the key.
func (l *linter) operatorFit(c *Condition, o operator, key ConditionKey) {
	if takes := o.kind().takes; takes != nil && key.Type != "" && !slices.Contains(takes, key.Type) && !comparesARNs(c, o, key) {
		l.report(ruleTypeMismatch, atOperator(c), fmt.Sprintf("%s compares something else than %s holds, which is of type %s", o.base, key.Name, key.Type),
			fitFix(key.Type))
	}
	if o.base == "Null" {
		return
	}
	switch {
	case key.Multivalued && o.qualifier == "":
		l.report(ruleMissingQualifier, atOperator(c), key.Name+" may have several values: say whether all or any of them must match",
			"write ForAnyValue:"+c.Operator+", or ForAllValues: with a Null condition")
	case !key.Multivalued && o.qualifier != "":
		message := key.Name + " has one value: " + o.qualifier + " is not needed"
		if o.qualifier == "ForAllValues" {
			message += ", and makes the condition true when there is none"
		}
		l.report(ruleNeedlessQualifier, atOperator(c), message, "write "+strings.TrimPrefix(o.String(), o.qualifier+":"))
	}
}

// comparesARNs reports whether an ARN operator is used on a string, such as the
// value of a tag, that holds an ARN.
func comparesARNs(c *Condition, o operator, key ConditionKey) bool {
	return o.isARN() && key.Type == KeyString &&
		!slices.ContainsFunc(c.Values, func(v string) bool { return !strings.HasPrefix(v, "arn:") && !strings.Contains(v, "${") })
}

// fitFix names the operators for keys of a type.
func fitFix(t KeyType) string {
	switch t {
	case KeyString:
		return "use a String operator, such as StringEquals"
	case KeyARN:
		return "use an ARN operator, such as ArnLike"
	case KeyBool:
		return "use Bool"
	case KeyNumeric:
		return "use a Numeric operator, such as NumericEquals"
	case KeyDate:
		return "use a Date operator, such as DateLessThan"
	case KeyIP:
		return "use IpAddress or NotIpAddress"
	case KeyBinary:
		return "use BinaryEquals"
	}
	return ""
}

// forAllValues warns of an Allow that a request without the key passes.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
func (l *linter) forAllValues(c *Condition, o operator, key ConditionKey, known bool) {
	if l.s.Effect != Allow || o.qualifier != "ForAllValues" || o.base == "Null" || known && !key.Multivalued {
		return
	}
	for i := range l.s.Conditions {
		other := &l.s.Conditions[i]
		if strings.EqualFold(other.Key, c.Key) && parseOperator(other.Operator).base == "Null" && slices.Equal(other.Values, []string{"false"}) {
			return
		}
	}
	// The tag keys of a request that sets no tags are the usual exception: without
	// them, there is nothing to keep out.
	if strings.EqualFold(c.Key, "aws:TagKeys") {
		return
	}
	l.report(ruleForAllValuesMissing, atOperator(c), "the condition is true as well when the request has no "+c.Key,
		fmt.Sprintf(`add "Null": {%q: "false"}`, c.Key))
}

// duplicateKeys looks for keys that differ in case only, which are one key to AWS.
func (l *linter) duplicateKeys() {
	if len(l.s.Conditions) < 2 {
		return
	}
	seen := make(map[string]bool, len(l.s.Conditions))
	for i := range l.s.Conditions {
		c := &l.s.Conditions[i]
		folded := c.Operator + "\x00" + strings.ToLower(c.Key)
		if seen[folded] {
			l.report(ruleDuplicateKey, atKey(c), quoted(c.Key)+" is there in another case: to AWS it is the same key", "put the values into one list")
		}
		seen[folded] = true
	}
}
