package permissions

import (
	"slices"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/policydoc"
)

// A targetIndex numbers the users, groups, roles and customer managed policies of
// an account in the order of their ARNs, and finds which a Resource pattern covers.
type targetIndex struct {
	arns []string
	// head is what all ARNs begin with, such as arn:aws:iam::123456789012:, and
	// headParts its parts; empty when they differ, or a colon follows in one.
	head      string
	headParts []string
	everything,
	users, groups, roles, policies targetSet
	// identities are the numbers that users and roles have in the Analysis, -1 for others.
	identities []int32

	mu       sync.Mutex
	patterns map[string]targetSet
}

func newTargetIndex(x *Analysis) *targetIndex {
	a := x.account
	t := &targetIndex{patterns: map[string]targetSet{}}
	for i := range x.identities {
		t.arns = append(t.arns, x.identities[i].arn)
	}
	for i := range a.Groups {
		t.arns = append(t.arns, a.Groups[i].ARN)
	}
	for i := range a.Policies {
		if !isAWSManaged(a.Policies[i].ARN) {
			t.arns = append(t.arns, a.Policies[i].ARN)
		}
	}
	slices.Sort(t.arns)
	t.arns = slices.Compact(t.arns)
	t.identities = make([]int32, len(t.arns))
	t.everything = targetSet{{0, int32(len(t.arns))}}
	if len(t.arns) == 0 {
		t.everything = nil
	}
	t.sort(x)
	t.findHead()
	return t
}

// sort tells the kinds apart.
func (t *targetIndex) sort(x *Analysis) {
	for n, arn := range t.arns {
		n := int32(n)
		t.identities[n] = -1
		if i, ok := x.byARN[arn]; ok {
			t.identities[n] = int32(i)
			if x.identities[i].user != nil {
				t.users = t.users.with(n, n+1)
			} else {
				t.roles = t.roles.with(n, n+1)
			}
			continue
		}
		if a, _ := nhiscan.ParseARN(arn); strings.HasPrefix(a.Resource, "group/") {
			t.groups = t.groups.with(n, n+1)
		} else {
			t.policies = t.policies.with(n, n+1)
		}
	}
}

func (t *targetIndex) findHead() {
	if len(t.arns) == 0 {
		return
	}
	parts := strings.SplitN(t.arns[0], ":", 6)
	if len(parts) < 6 {
		return
	}
	head := strings.Join(parts[:5], ":") + ":"
	for _, arn := range t.arns {
		rest, ok := strings.CutPrefix(arn, head)
		if !ok || strings.Contains(rest, ":") {
			return
		}
	}
	t.head, t.headParts = head, parts[:5]
}

// number returns the number of an ARN.
func (t *targetIndex) number(arn string) (int32, bool) {
	i, ok := slices.BinarySearch(t.arns, arn)
	return int32(i), ok
}

// covered returns the entities that a Resource pattern without variables covers.
func (t *targetIndex) covered(pattern string) targetSet {
	if pattern == "*" {
		return t.everything
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if found, ok := t.patterns[pattern]; ok {
		return found
	}
	found := t.find(pattern)
	t.patterns[pattern] = found
	return found
}

func (t *targetIndex) find(pattern string) targetSet {
	if t.head != "" {
		var ok bool
		if pattern, ok = t.withHead(pattern); !ok {
			return nil
		}
	}
	wild := strings.IndexAny(pattern, "*?")
	if wild < 0 {
		if n, ok := t.number(pattern); ok {
			return oneTarget(n)
		}
		return nil
	}
	prefix := pattern[:wild]
	from, _ := slices.BinarySearch(t.arns, prefix)
	if strings.Trim(pattern[wild:], "*") == "" {
		length, _ := slices.BinarySearchFunc(t.arns[from:], prefix, func(arn, prefix string) int {
			if strings.HasPrefix(arn, prefix) {
				return -1
			}
			return 1
		})
		if length == 0 {
			return nil
		}
		return targetSet{{int32(from), int32(from + length)}}
	}
	var set targetSet
	for n := from; n < len(t.arns) && strings.HasPrefix(t.arns[n], prefix); n++ {
		if policydoc.MatchResource(pattern, t.arns[n]) {
			set = set.with(int32(n), int32(n)+1)
		}
	}
	return set
}

// withHead replaces wildcards in the first five parts of a pattern by what all ARNs
// have there, so that the search can begin at the name. As ARNs and pattern have
// the same number of colons, no wildcard can stand for one. It reports whether the
// pattern can cover an entity.
func (t *targetIndex) withHead(pattern string) (string, bool) {
	parts := strings.SplitN(pattern, ":", 6)
	if len(parts) < 6 {
		return pattern, true
	}
	if strings.Contains(parts[5], ":") {
		return "", false
	}
	for i, part := range t.headParts {
		if !policydoc.MatchResource(parts[i], part) {
			return "", false
		}
	}
	return t.head + parts[5], true
}
