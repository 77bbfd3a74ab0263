package manage

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

// What IAM takes for names, paths and tags:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
var (
	namePattern = regexp.MustCompile(`^[\w+=,.@-]+$`)
	pathPattern = regexp.MustCompile(`^(/|/[!-~]+/)$`)
	tagPattern  = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

const (
	maxPath     = 512
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// maxName is the greatest length of the name of a kind of entity.
func maxName(kind string) int {
	if kind == "user" || kind == "role" {
		return 64
	}
	return 128
}

func (p *planner) checkName(argument, name string, longest int) error {
	switch {
	case name == "":
		return p.invalid(argument, "is empty")
	case utf8.RuneCountInString(name) > longest:
		return p.invalid(argument, "has %d characters: IAM takes at most %d", utf8.RuneCountInString(name), longest)
	case !namePattern.MatchString(name):
		return p.invalid(argument, "%q cannot be a name: IAM takes letters, digits and _+=,.@-", name)
	}
	return nil
}

// path returns the path, "/" for none.
func (p *planner) path(path string) (string, error) {
	switch {
	case path == "":
		return "/", nil
	case len(path) > maxPath || !pathPattern.MatchString(path):
		return "", p.invalid("path", "%q cannot be a path: it begins and ends with a slash and has at most %d characters", path, maxPath)
	}
	return path, nil
}

// tags returns the tags sorted by key, as the SDK has them.
func (p *planner) tags(tags map[string]string) ([]types.Tag, error) {
	if len(tags) > maxTags {
		return nil, p.invalid("tags", "there are %d: IAM takes at most %d", len(tags), maxTags)
	}
	var out []types.Tag
	seen := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		value := tags[key]
		if err := p.checkTagKey("tags", key); err != nil {
			return nil, err
		}
		if other, ok := seen[strings.ToLower(key)]; ok {
			return nil, p.invalid("tags", "%q and %q are the same key: IAM does not regard case", other, key)
		}
		seen[strings.ToLower(key)] = key
		if utf8.RuneCountInString(value) > maxTagValue || !tagPattern.MatchString(value) {
			return nil, p.invalid("tags", "the value of %q cannot be: letters, digits, spaces and _.:/=+-@, at most %d", key, maxTagValue)
		}
		out = append(out, types.Tag{Key: &key, Value: &value})
	}
	return out, nil
}

func (p *planner) checkTagKey(argument, key string) error {
	switch {
	case key == "" || utf8.RuneCountInString(key) > maxTagKey || !tagPattern.MatchString(key):
		return p.invalid(argument, "%q cannot be a tag's key: letters, digits, spaces and _.:/=+-@, 1 to %d", key, maxTagKey)
	case strings.HasPrefix(strings.ToLower(key), "aws:"):
		return p.invalid(argument, "the key %q begins with aws:, which is AWS's own", key)
	}
	return nil
}

// modelTags are tags as the account has them.
func modelTags(tags []types.Tag) []nhiscan.Tag {
	var out []nhiscan.Tag
	for _, t := range tags {
		out = append(out, nhiscan.Tag{Key: *t.Key, Value: *t.Value})
	}
	return out
}
