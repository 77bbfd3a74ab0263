package manage

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// maxKeys is how many access keys a user can have. The quota cannot be raised.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const maxKeys = 2

// recentUse is the time within which a use counts as being in use.
const recentUse = 30 * 24 * time.Hour

// keyIDPattern is what AWS's ids look like. The API takes more, so that a secret
// that was put here by mistake would be sent, and come back in an error.
var keyIDPattern = regexp.MustCompile(`^[A-Z0-9]{16,128}$`)

// accessKeys lists a user's access keys, oldest first, without their last use.
func accessKeys(ctx context.Context, api API, user string) ([]nhiscan.AccessKey, error) {
	var keys []nhiscan.AccessKey
	err := pages(ctx, "iam:ListAccessKeys", user, func(marker *string) (bool, *string, error) {
		out, err := api.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: &user, Marker: marker})
		switch {
		case err != nil:
			return false, nil, err
		case out.AccessKeyMetadata == nil:
			return false, nil, emptyAnswer("iam:ListAccessKeys", user)
		}
		for _, k := range out.AccessKeyMetadata {
			keys = append(keys, nhiscan.AccessKey{
				ID: aws.ToString(k.AccessKeyId), Active: k.Status == types.StatusTypeActive, CreateDate: aws.ToTime(k.CreateDate).UTC(),
			})
		}
		return out.IsTruncated, out.Marker, nil
	})
	slices.SortStableFunc(keys, func(a, b nhiscan.AccessKey) int { return a.CreateDate.Compare(b.CreateDate) })
	return keys, err
}

// readKeyUse reads when the key was last used. A key that is gone is not an error
// of its own: AWS says so, and the caller cannot go on with it.
func readKeyUse(ctx context.Context, api API, k *nhiscan.AccessKey) error {
	use, err := collect.AccessKeyLastUsed(ctx, api, k.ID)
	if err == nil {
		k.LastUsed = use.LastUsed
	}
	return err
}

// usedAccessKeys is accessKeys with the last use of each. A key that vanishes
// meanwhile is left out.
func usedAccessKeys(ctx context.Context, api API, user string) ([]nhiscan.AccessKey, error) {
	keys, err := accessKeys(ctx, api, user)
	if err != nil {
		return nil, err
	}
	var known []nhiscan.AccessKey
	for _, k := range keys {
		switch err := readKeyUse(ctx, api, &k); {
		case errors.Is(err, collect.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			known = append(known, k)
		}
	}
	return known, nil
}

// keyID refuses what is not the id of an access key, without repeating it.
func (p *planner) keyID(argument, id string) error {
	if !keyIDPattern.MatchString(id) {
		return p.invalid(argument, "is not the id of an access key: want one such as AKIAIOSFODNN7EXAMPLE")
	}
	return nil
}

// keyOf finds the user's access key, which must be one of the keys.
func (p *planner) keyOf(user string, keys []nhiscan.AccessKey, id string) (*nhiscan.AccessKey, error) {
	for i := range keys {
		if keys[i].ID == id {
			return &keys[i], nil
		}
	}
	return nil, &collect.Error{Operation: "iam:ListAccessKeys", Resource: user, Code: "NoSuchEntity",
		Message: fmt.Sprintf("user %s has no access key %s", user, id)}
}

// now is the time by which ages are told.
func (p *planner) now() time.Time {
	if p.options.Collect.Now != nil {
		return p.options.Collect.Now()
	}
	return time.Now()
}

// keyInFull says all that is known of a key, such as "AKIA… (active, created on
// 2025-03-01, 631 days ago, last used on 2026-11-20 for s3)".
func keyInFull(k *nhiscan.AccessKey, now time.Time) string {
	return fmt.Sprintf("%s (%s, created on %s, %s, %s)", k.ID, activity(k), day(k.CreateDate), ago(now.Sub(k.CreateDate)), useOf(k.LastUsed))
}

// ago says how long ago something was, in days.
func ago(d time.Duration) string {
	switch n := days(d); n {
	case 0:
		return "today"
	case 1:
		return "1 day ago"
	default:
		return fmt.Sprintf("%d days ago", n)
	}
}

func activity(k *nhiscan.AccessKey) string {
	if k.Active {
		return "active"
	}
	return "inactive"
}

// useOf says when something was used, as the end of a sentence about it.
func useOf(l nhiscan.LastUse) string {
	switch {
	case !l.Known:
		return "last use not known"
	case l.At.IsZero():
		return "never used"
	}
	words := []string{"last used on " + day(l.At)}
	if l.Service != "" {
		words = append(words, "for "+l.Service)
	}
	if l.Region != "" {
		words = append(words, "in "+l.Region)
	}
	return strings.Join(words, " ")
}

func days(d time.Duration) int { return int(d / (24 * time.Hour)) }

// advised is an error with a hint, for an error that AWS's code is kept of.
type advised struct {
	hint string
	err  error
}

func (a *advised) Error() string {
	if a.err == nil {
		return a.hint
	}
	return a.err.Error()
}

// Hint says in a sentence what to do.
func (a *advised) Hint() string { return a.hint }

func (a *advised) Unwrap() error { return a.err }
