package policydoc

import (
	"fmt"
	"slices"
	"strings"
)

func (l *linter) resources() {
	for i, r := range l.s.Resources {
		l.resource(atValue("Resource", i), r)
	}
	for i, r := range l.s.NotResources {
		l.resource(atValue("NotResource", i), r)
	}
}

func (l *linter) resource(at place, text string) {
	if isStars(text) {
		return
	}
	l.variables(at, text, true)
	// API Gateway takes its resources without the first part of the ARN in the
	// policies of its APIs. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-policy-language-overview.html
	if l.is(KindResource, KindUnknown) && strings.HasPrefix(text, "execute-api:/") {
		return
	}
	l.arn(at, text)
}

// arn looks at the form of an ARN, which may hold wildcards and variables.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html.
func (l *linter) arn(at place, text string) {
	parts := strings.SplitN(withoutVariables(text), ":", 6)
	if parts[0] != "arn" {
		l.report(ruleInvalidARN, at, quoted(text)+` is neither an ARN, which begins with arn:, nor "*"`, "write arn:partition:service:region:account:resource")
		return
	}
	if len(parts) < 6 {
		l.report(ruleInvalidARN, at, fmt.Sprintf("the ARN %s has %d parts, not six", quoted(text), len(parts)), "write arn:partition:service:region:account:resource")
		return
	}
	if !isPartition(parts[1]) {
		l.report(ruleInvalidPartition, at, "there is no partition "+quoted(parts[1]), "use aws, aws-cn or aws-us-gov")
	}
	l.arnService(at, parts[2])
	if !isRegion(parts[3]) {
		l.report(ruleInvalidRegion, at, quoted(parts[3])+" does not look like a Region", "write one such as eu-central-1, or * for all")
	}
	l.arnAccount(at, parts[4])
	if parts[5] == "" {
		l.reportAt(FindingWarning, ruleInvalidARN, at, "the ARN "+quoted(text)+" names no resource", "add it, or * for all")
	}
}

// arnService looks at the service of an ARN: IAM refuses wildcards in it.
func (l *linter) arnService(at place, service string) {
	switch {
	case service == "":
		l.report(ruleInvalidARNService, at, "the ARN names no service", "")
	case strings.ContainsAny(service, "*?"):
		l.report(ruleInvalidARNService, at, "the service of an ARN holds a wildcard", "name the service, or write * for all resources")
	case service != strings.ToLower(service):
		l.report(ruleInvalidARNService, at, "the service of an ARN is in lower case", "write "+strings.ToLower(service))
	}
}

func (l *linter) arnAccount(at place, account string) {
	if account == "" || isAccountNumber(account) || strings.ContainsAny(account, "*?") {
		return
	}
	level := FindingError
	if strings.Trim(account, "0123456789") != "" {
		// Some services own resources of all, in the account "aws" and the like.
		if strings.HasPrefix(account, "aws") || slices.Contains([]string{"cloudfront", "elasticloadbalancing"}, account) {
			return
		}
		level = FindingWarning
	}
	l.reportAt(level, ruleInvalidAccount, at, quoted(account)+" is not the number of an account", "write its 12 digits")
}

func isAccountNumber(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

// The partitions of AWS. The isolated ones are several, and more may come.
//
// See https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html.
func isPartition(s string) bool {
	switch s {
	case "aws", "aws-cn", "aws-us-gov", "aws-eusc":
		return true
	}
	return strings.HasPrefix(s, "aws-iso") || s != "" && strings.ContainsAny(s, "*?")
}

// isRegion reports whether s has the form of a Region, as in eu-central-1, is
// empty or holds a wildcard.
func isRegion(s string) bool {
	if s == "" || strings.ContainsAny(s, "*?") {
		return true
	}
	parts := strings.Split(s, "-")
	last := len(parts) - 1
	if last < 2 || len(parts[last]) != 1 || !isDigit(parts[last][0]) {
		return false
	}
	for _, part := range parts[:last] {
		if part == "" || strings.Trim(part, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return true
}
