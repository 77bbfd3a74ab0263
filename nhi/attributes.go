package nhi

import (
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// readPatterns looks for a name that is known as a whole.
func (s *score) readPatterns(name string) *pattern {
	lower := strings.ToLower(name)
	for i := range s.from.patterns {
		p := &s.from.patterns[i]
		if (p.Type == "" || p.Type == s.kind) && glob(p.Match, lower) {
			s.add(p.Signal, p.Fact)
			return p
		}
	}
	return nil
}

// readPath looks for what the IAM path says.
func (s *score) readPath(path string) {
	if len(path) <= 1 {
		return
	}
	for i := range s.from.paths {
		rule := &s.from.paths[i]
		if rule.Type != "" && rule.Type != s.kind {
			continue
		}
		if rule.Prefix != "" && strings.HasPrefix(path, rule.Prefix) {
			s.add(rule.Signal, "path "+path)
		}
		for segment := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
			if rule.Segments[plain(segment)] {
				s.add(rule.Signal, "path "+path)
			}
		}
	}
}

// readTags looks for what the tags declare.
func (s *score) readTags(tags []nhiscan.Tag, known nhiscan.Facts) {
	if !s.look("tags", known.Has(nhiscan.FactTags)) {
		return
	}
	for _, tag := range tags {
		for _, rule := range s.from.tags[plain(tag.Key)] {
			if matchesValue(rule.Values, plain(tag.Value)) {
				s.add(rule.Signal, fmt.Sprintf("tag %s=%s", tag.Key, tag.Value))
			}
		}
	}
}

func matchesValue(patterns []string, value string) bool {
	for _, p := range patterns {
		if glob(p, value) {
			return true
		}
	}
	return len(patterns) == 0
}

// glob reports whether a pattern, in which * stands for any characters, matches all of s.
func glob(pattern, s string) bool {
	prefix, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return false
	}
	for {
		part, after, star := strings.Cut(rest, "*")
		if !star {
			return strings.HasSuffix(s, part)
		}
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s, rest = s[i+len(part):], after
	}
}
