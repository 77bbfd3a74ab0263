package nhiscan

import (
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// named reports whether an entity can be told from others, and notes it if not.
func (r *accountReader) named(list string, i int, name, arn string) bool {
	if r.err != nil {
		return false
	}
	if name == "" && arn == "" {
		r.nameless = append(r.nameless, fmt.Sprintf("/%s/%d", list, i))
		return false
	}
	return true
}

func (r *accountReader) names() []string {
	var names []string
	for range r.list() {
		names = append(names, r.internedString())
	}
	return names
}

func (r *accountReader) tags() []Tag {
	var tags []Tag
	for range r.list() {
		var t Tag
		at, hasKey := r.next(), false
		for key := range r.object() {
			switch key {
			case "Key":
				t.Key = r.internedString()
				hasKey = true
			case "Value":
				t.Value = r.internedString()
			default:
				r.skip()
			}
		}
		if !hasKey {
			r.fail(at, `want a list of tags such as {"Key": "Owner", "Value": "alice"}, found one without a Key`)
		}
		tags = append(tags, t)
	}
	return tags
}

func (r *accountReader) attachedPolicies() []AttachedPolicy {
	var policies []AttachedPolicy
	for range r.list() {
		var p AttachedPolicy
		for key := range r.object() {
			switch key {
			case "PolicyName":
				p.Name = r.internedString()
			case "PolicyArn":
				p.ARN = r.internedString()
			default:
				r.skip()
			}
		}
		policies = append(policies, p)
	}
	return policies
}

func (r *accountReader) inlinePolicies() []InlinePolicy {
	var policies []InlinePolicy
	for range r.list() {
		var p InlinePolicy
		for key := range r.object() {
			switch key {
			case "PolicyName":
				p.Name = r.internedString()
			case "PolicyDocument":
				p.Document = r.document()
			default:
				r.skip()
			}
		}
		policies = append(policies, p)
	}
	return policies
}

// boundary reads a permissions boundary: the object that IAM prints, or the ARN alone.
func (r *accountReader) boundary() string {
	if r.peek() == jsontext.KindString {
		return r.internedString()
	}
	var arn string
	for key := range r.object() {
		if key == "PermissionsBoundaryArn" {
			arn = r.internedString()
		} else {
			r.skip()
		}
	}
	return arn
}

// lastUse reads an object that tells a last use; an empty one tells that there was none.
func (r *accountReader) lastUse(dateKey string) LastUse {
	use := LastUse{Known: true}
	for key := range r.object() {
		switch key {
		case dateKey:
			use.At = r.time()
		case "Region":
			use.Region = r.internedString()
		case "Service":
			use.Service = r.internedString()
		default:
			r.skip()
		}
	}
	return use
}

func (r *accountReader) instanceProfiles() []InstanceProfile {
	var profiles []InstanceProfile
	for range r.list() {
		var p InstanceProfile
		for key := range r.object() {
			switch key {
			case "InstanceProfileName":
				p.Name = r.string()
			case "InstanceProfileId":
				p.ID = r.string()
			case "Arn":
				p.ARN = r.string()
			case "Path":
				p.Path = r.internedString()
			case "CreateDate":
				p.CreateDate = r.time()
			default:
				r.skip()
			}
		}
		profiles = append(profiles, p)
	}
	return profiles
}
