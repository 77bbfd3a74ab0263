package policydoc

import (
	"strings"
	"unicode/utf8"
)

// MatchAction reports whether an Action pattern covers an action such as
// s3:GetObject. Case does not count; * stands for any characters or none and ?
// for one, anywhere in the pattern.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html.
func MatchAction(pattern, action string) bool {
	return match(pattern, action, true)
}

// MatchResource reports whether a Resource pattern covers an ARN. Case counts; *
// stands for any characters or none, colons and slashes included, and ? for one
// character. All other characters stand for themselves, and so do policy
// variables: a pattern that holds ${aws:username} must have it replaced before.
//
// AWS says that a * at the end of one of the parts between colons can go on
// beyond the colon, and leaves open whether one before the end of a part can.
// Here every one can: no Allow is then taken for narrower than it is, and a Deny
// with such a star perhaps for wider.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards.
func MatchResource(pattern, arn string) bool {
	return match(pattern, arn, false)
}

// AppliesToAction reports whether the statement's Action covers the action or
// its NotAction does not. Conditions are not looked at.
func (s *Statement) AppliesToAction(action string) bool {
	if s.NotActions != nil {
		return !matchAny(s.NotActions, action, true)
	}
	return matchAny(s.Actions, action, true)
}

// AppliesToResource reports whether the statement's Resource covers the ARN or
// its NotResource does not. A statement with neither, as in a trust policy, is
// about the resource that it is attached to, and applies. Conditions are not
// looked at.
func (s *Statement) AppliesToResource(arn string) bool {
	switch {
	case s.NotResources != nil:
		return !matchAny(s.NotResources, arn, false)
	case s.Resources != nil:
		return matchAny(s.Resources, arn, false)
	}
	return true
}

func matchAny(patterns []string, s string, foldCase bool) bool {
	for _, pattern := range patterns {
		if match(pattern, s, foldCase) {
			return true
		}
	}
	return false
}

// match matches the whole of s. After a mismatch it goes back only to the last
// star seen: an earlier star could take no more than what that one can take.
// So the time is at most len(pattern) times len(s), without memory of its own.
func match(pattern, s string, foldCase bool) bool {
	p, i := 0, 0
	afterStar, retry := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			// Question marks beside a star are as good before it, where they cost no retry.
			for ; p < len(pattern) && (pattern[p] == '*' || pattern[p] == '?'); p++ {
				if pattern[p] == '*' {
					continue
				}
				if i == len(s) {
					return false
				}
				i += characterSize(s[i:])
			}
			if p == len(pattern) {
				return true
			}
			afterStar, retry = p, i
		case p < len(pattern) && pattern[p] == '?':
			p++
			i += characterSize(s[i:])
		case p < len(pattern) && (pattern[p] == s[i] || foldCase && lower(pattern[p]) == lower(s[i])):
			p++
			i++
		case afterStar >= 0:
			retry += characterSize(s[retry:])
			p, i = afterStar, retry
		default:
			return false
		}
	}
	return strings.TrimLeft(pattern[p:], "*") == ""
}

// isStars reports whether a pattern covers any text at all.
func isStars(s string) bool { return s != "" && strings.Trim(s, "*") == "" }

// characterSize returns the length in bytes of the character that s begins with,
// so that ? and * never divide one.
func characterSize(s string) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	_, size := utf8.DecodeRuneInString(s)
	return size
}

// lower folds ASCII, which action names are made of.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}
