package fakeiam

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nhiscan/nhiscan"
)

// The limits of tags, https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html.
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

// A keyCase says whether upper and lower case of tag keys differ. They do for
// managed policies, and not for users and roles.
type keyCase bool

const (
	exactKeys  keyCase = false
	foldedKeys keyCase = true
)

func (c keyCase) same(a, b string) bool { return a == b || bool(c) && strings.EqualFold(a, b) }

// A tagFinder returns the tags of what a request names.
type tagFinder struct {
	find func(*Server, *request) (*[]nhiscan.Tag, *apiError)
	keys keyCase
}

func tagChanges() map[string]operation {
	known := map[string]operation{}
	for kind, f := range map[string]tagFinder{"User": {userTags, foldedKeys}, "Role": {roleTags, foldedKeys}, "Policy": {policyTags, exactKeys}} {
		subject := subjectNamed(strings.ToLower(kind), kind+"Name")
		if kind == "Policy" {
			subject = subjectNamed("policy", "PolicyArn")
		}
		known["Tag"+kind] = operation{subject: subject, write: f.tag, mutates: true, void: true}
		known["Untag"+kind] = operation{subject: subject, write: f.untag, mutates: true, void: true}
	}
	return known
}

func userTags(s *Server, r *request) (*[]nhiscan.Tag, *apiError) {
	u, err := s.user(r)
	if err != nil {
		return nil, err
	}
	return &u.Tags, nil
}

func roleTags(s *Server, r *request) (*[]nhiscan.Tag, *apiError) {
	role, err := s.role(r)
	if err != nil {
		return nil, err
	}
	return &role.Tags, nil
}

func policyTags(s *Server, r *request) (*[]nhiscan.Tag, *apiError) {
	p, err := s.ownPolicy(r)
	if err != nil {
		return nil, err
	}
	return &p.Tags, nil
}

// tag adds tags and gives new values to those that are there.
func (f tagFinder) tag(s *Server, r *request, _ *xmlWriter) *apiError {
	given, err := r.tags(f.keys)
	if err != nil {
		return err
	}
	tags, err := f.find(s, r)
	if err != nil {
		return err
	}
	for _, t := range given {
		if i := slices.IndexFunc(*tags, func(old nhiscan.Tag) bool { return f.keys.same(old.Key, t.Key) }); i >= 0 {
			(*tags)[i] = t
		} else {
			*tags = append(*tags, t)
		}
	}
	if len(*tags) > maxTags {
		return &apiError{"LimitExceeded", "The number of tags has reached the maximum limit.", http.StatusConflict}
	}
	return nil
}

// untag succeeds for keys that are not there.
func (f tagFinder) untag(s *Server, r *request, _ *xmlWriter) *apiError {
	keys := r.list("TagKeys")
	if len(keys) > maxTags {
		return errConstraint("TagKeys", fmt.Sprintf("Member must have length less than or equal to %d", maxTags))
	}
	for _, key := range keys {
		if !validTag.MatchString(key) || utf8.RuneCountInString(key) > maxTagKey {
			return errConstraint("TagKeys", "Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: "+tagPattern+", Member must not be null]")
		}
	}
	tags, err := f.find(s, r)
	if err != nil {
		return err
	}
	*tags = without(*tags, func(t nhiscan.Tag) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return f.keys.same(key, t.Key) })
	})
	return nil
}

// tags returns the tags that a request gives: Tags.member.1.Key, Tags.member.1.Value,
// and so on.
func (r *request) tags(keys keyCase) ([]nhiscan.Tag, *apiError) {
	var tags []nhiscan.Tag
	for i := 1; ; i++ {
		member := "Tags.member." + strconv.Itoa(i)
		if !r.form.Has(member+".Key") && !r.form.Has(member+".Value") {
			break
		}
		tags = append(tags, nhiscan.Tag{Key: r.param(member + ".Key"), Value: r.param(member + ".Value")})
	}
	if len(tags) > maxTags {
		return nil, errConstraint("Tags", fmt.Sprintf("Member must have length less than or equal to %d", maxTags))
	}
	for i, t := range tags {
		if err := checkTag(i+1, t); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(tags[:i], func(other nhiscan.Tag) bool { return keys.same(other.Key, t.Key) }) {
			return nil, keys.errDuplicate()
		}
	}
	return tags, nil
}

func checkTag(number int, t nhiscan.Tag) *apiError {
	member := fmt.Sprintf("tags.%d.member", number)
	switch {
	case t.Key == "":
		return errConstraint(member+".key", "Member must have length greater than or equal to 1")
	case utf8.RuneCountInString(t.Key) > maxTagKey:
		return errConstraint(member+".key", fmt.Sprintf("Member must have length less than or equal to %d", maxTagKey))
	case !validTag.MatchString(t.Key):
		return errConstraint(member+".key", "Member must satisfy regular expression pattern: "+tagPattern)
	case utf8.RuneCountInString(t.Value) > maxTagValue:
		return errConstraint(member+".value", fmt.Sprintf("Member must have length less than or equal to %d", maxTagValue))
	case t.Value != "" && !validTag.MatchString(t.Value):
		return errConstraint(member+".value", "Member must satisfy regular expression pattern: "+strings.TrimSuffix(tagPattern, "+")+"*")
	}
	return nil
}

func (c keyCase) errDuplicate() *apiError {
	message := "Duplicate tag keys found."
	if c == foldedKeys {
		message += " Please note that Tag keys are case insensitive."
	}
	return &apiError{"InvalidInput", message, http.StatusBadRequest}
}
