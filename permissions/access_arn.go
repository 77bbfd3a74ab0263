package permissions

import (
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// An ownType is what the ARNs of a resource type look like.
type ownType struct {
	arn string // with placeholders, as the catalogue has it
	// pattern is that of those in this account, anywhere of those that an identity
	// of the account can reach: resources of another account can let it in, or be
	// shared with it, but for those of IAM.
	pattern, anywhere string
	literal           int // the length of anywhere's beginning without wildcards
	local             bool
	slashes           int // the slashes that each of the ARNs has; -1 when that is not known
}

func (s *scopes) ownTypes(service string, t *serviceTypes) []ownType {
	if found, ok := s.services[service]; ok {
		return found
	}
	own := make([]ownType, len(t.types))
	for i := range own {
		arn := t.types[i].arn
		k := ownType{arn: arn, local: service == "iam", slashes: slashesOf(arn)}
		k.anywhere = s.fill(arn, "*", "*")
		k.pattern = k.anywhere
		if service != "sts" { // which is about the roles of every account
			k.pattern = s.fill(arn, "*", s.account)
		}
		if k.local {
			k.anywhere = k.pattern
		}
		k.literal = literalLength(k.anywhere)
		own[i] = k
	}
	s.services[service] = own
	return own
}

// fill makes a pattern of the ARN of a resource type.
func (s *scopes) fill(arn, region, account string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(arn, "${")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, rest, _ := strings.Cut(after, "}")
		switch name {
		case "Partition":
			b.WriteString(s.partition)
		case "Region":
			b.WriteString(region)
		case "Account", "AccountId":
			b.WriteString(account)
		default:
			b.WriteByte('*')
		}
		arn = rest
	}
}

// slashesOf returns how many slashes each ARN of a type has, where its last part
// is known to be a name without any.
//
// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html.
func slashesOf(arn string) int {
	if strings.HasSuffix(arn, "${BucketName}") || strings.HasSuffix(arn, "${TableName}") {
		return strings.Count(arn, "/")
	}
	return -1
}

// fits reports whether a pattern that overlaps with what the ARNs of a type look
// like can match a real one: in these neither region nor account hold a colon. A
// star of the pattern may stand for several parts:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html.
func (s *scopes) fits(k *ownType, pattern string) bool {
	if k.slashes >= 0 && strings.Count(pattern, "/") > k.slashes {
		return false
	}
	parts := strings.SplitN(pattern, ":", 6)
	region, account := "x", ""
	if len(parts) == 6 {
		region, account = sample.Replace(parts[3]), parts[4]
	}
	if region == "" && strings.Contains(k.arn, "${Region}") {
		return false
	}
	if policydoc.PatternsOverlap(pattern, s.fill(k.arn, region, s.account)) {
		return true
	}
	return !k.local && isAccountID(account) && policydoc.PatternsOverlap(pattern, s.fill(k.arn, region, account))
}

// sample makes a text that a pattern matches.
var sample = strings.NewReplacer("*", "x", "?", "x")
