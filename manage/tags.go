package manage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// TagIdentity gives a user or role tags. Tags that it has with these keys have the
// new values then; its other tags stay.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html
type TagIdentity struct {
	IdentityName string            `json:"identity_name" doc:"Name or ARN of the user or role"`
	Tags         map[string]string `json:"tags" doc:"Tags by key"`
	IdentityType string            `json:"identity_type,omitzero" doc:"Which of them it is" enum:"user,role" default:"user"`
}

// UntagIdentity takes tags of a user or role away.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html
type UntagIdentity struct {
	IdentityName string   `json:"identity_name" doc:"Name or ARN of the user or role"`
	TagKeys      []string `json:"tag_keys" doc:"Keys of the tags" min:"1"`
	IdentityType string   `json:"identity_type,omitzero" doc:"Which of them it is" enum:"user,role" default:"user"`
}

// Kind implements [Change].
func (TagIdentity) Kind() string { return "tag_identity" }

// Kind implements [Change].
func (UntagIdentity) Kind() string { return "untag_identity" }

func tagKinds() []Kind {
	return []Kind{
		{
			Name: "tag_identity", Title: "Tag a user or role", zero: TagIdentity{}, Idempotent: true,
			Description: "Gives an IAM user or role tags, and those that it has with the same keys new values.",
			Actions:     actions(guardActions(), []string{"iam:GetUser", "iam:GetRole", "iam:TagUser", "iam:TagRole"}),
		},
		{
			Name: "untag_identity", Title: "Remove tags of a user or role", zero: UntagIdentity{}, Idempotent: true,
			Description: "Takes tags of an IAM user or role away.",
			Actions:     actions(guardActions(), []string{"iam:GetUser", "iam:GetRole", "iam:UntagUser", "iam:UntagRole"}),
		},
	}
}

func (c TagIdentity) plan(ctx context.Context, p *planner) error {
	if len(c.Tags) == 0 {
		return p.invalid("tags", "there are none")
	}
	if _, err := p.tags(c.Tags); err != nil {
		return err
	}
	id, err := p.userOrRole(ctx, c.IdentityType, c.IdentityName)
	if err != nil {
		return err
	}
	c.IdentityName, c.IdentityType = id.name, string(id.kind)
	p.made.Change = c
	p.summary("tag %s", id)
	news, after := tagged(id.tags, c.Tags)
	switch {
	case len(news) == 0:
		p.note("%s has these tags already", id)
		return nil
	case len(after) > maxTags:
		return &collect.Error{Operation: "iam:Tag" + title(string(id.kind)), Resource: id.arn, Code: "LimitExceeded",
			Message: fmt.Sprintf("%s would have %d tags: IAM takes at most %d", id, len(after), maxTags)}
	}
	p.summary("tag %s with %s", id, and(tagWords(news)))
	p.touches(id.arn)
	p.set("iam:Tag"+title(string(id.kind)), id.arn, p.made.Summary, func(ctx context.Context, api API) error {
		if id.kind == collect.IdentityRole {
			_, err := api.TagRole(ctx, &iam.TagRoleInput{RoleName: &id.name, Tags: sdkTags(news)})
			return err
		}
		_, err := api.TagUser(ctx, &iam.TagUserInput{UserName: &id.name, Tags: sdkTags(news)})
		return err
	})
	p.after(func(d *draft) { *id.tagged(d) = after }, id.arn) // policies may ask for tags
	return nil
}

func (c UntagIdentity) plan(ctx context.Context, p *planner) error {
	if len(c.TagKeys) == 0 {
		return p.invalid("tag_keys", "there are none")
	}
	for _, key := range c.TagKeys {
		if err := p.checkTagKey("tag_keys", key); err != nil {
			return err
		}
	}
	id, err := p.userOrRole(ctx, c.IdentityType, c.IdentityName)
	if err != nil {
		return err
	}
	c.IdentityName, c.IdentityType = id.name, string(id.kind)
	p.made.Change = c
	p.summary("remove tags of %s", id)
	goes := func(t nhiscan.Tag) bool {
		return slices.ContainsFunc(c.TagKeys, func(key string) bool { return strings.EqualFold(key, t.Key) })
	}
	var keys []string
	for _, t := range id.tags {
		if goes(t) {
			keys = append(keys, t.Key)
		}
	}
	if len(keys) == 0 {
		p.note("%s has none of these tags", id)
		return nil
	}
	p.summary("remove tags %s of %s", and(keys), id)
	p.touches(id.arn)
	p.remove("iam:Untag"+title(string(id.kind)), id.arn, p.made.Summary, func(ctx context.Context, api API) error {
		if id.kind == collect.IdentityRole {
			_, err := api.UntagRole(ctx, &iam.UntagRoleInput{RoleName: &id.name, TagKeys: keys})
			return err
		}
		_, err := api.UntagUser(ctx, &iam.UntagUserInput{UserName: &id.name, TagKeys: keys})
		return err
	})
	p.after(func(d *draft) { *id.tagged(d) = without(id.tags, goes) }, id.arn)
	return nil
}

// tagged returns those tags that are not there yet as they should be, sorted by key,
// and all tags that there are then. IAM compares keys without regard to case and
// keeps that of the later one.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
func tagged(have []nhiscan.Tag, want map[string]string) (news, after []nhiscan.Tag) {
	after = slices.Clone(have)
	for _, key := range slices.Sorted(maps.Keys(want)) {
		tag := nhiscan.Tag{Key: key, Value: want[key]}
		if slices.Contains(have, tag) {
			continue
		}
		news = append(news, tag)
		after = without(after, func(t nhiscan.Tag) bool { return strings.EqualFold(t.Key, key) })
		after = append(after, tag)
	}
	return news, after
}

func tagWords(tags []nhiscan.Tag) []string {
	words := make([]string, len(tags))
	for i, t := range tags {
		words[i] = t.Key + "=" + t.Value
	}
	return words
}

func sdkTags(tags []nhiscan.Tag) []types.Tag {
	out := make([]types.Tag, len(tags))
	for i := range tags {
		out[i] = types.Tag{Key: &tags[i].Key, Value: &tags[i].Value}
	}
	return out
}
