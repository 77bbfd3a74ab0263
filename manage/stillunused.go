package manage

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// A usedThingID is what a change is about and AWS tells the last use of: an access key
// or a password of a user, a whole user, or a role.
type usedThingID struct {
	user, key, role string
	password        bool
}

// usedThing tells it from the names of the change's arguments.
func usedThing(change Change) (usedThingID, bool) {
	var id usedThingID
	v := reflect.ValueOf(change)
	for i := range v.NumField() {
		into := map[string]*string{"user_name": &id.user, "access_key_id": &id.key, "role_name": &id.role}
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if field, ok := into[name]; ok {
			*field = v.Field(i).String()
		}
	}
	_, id.password = change.(DeleteLoginProfile)
	return id, id.user != "" || id.role != ""
}

// StillUnused reads from AWS whether what the change is about has still not been
// used since UnusedSince; where it has, or is not there any more, the words say so.
// What is deleted must besides be deactivated still: an access key inactive, a user
// or role with AWSDenyAll. Without UnusedSince the answer is true, and nothing is read.
//
// The options must have a CallerARN. The error is an [*ArgumentError], or the
// [*collect.Error] of a reading.
func (p *Proposal) StillUnused(ctx context.Context, api API, opts *Options) (bool, string, error) {
	if p.UnusedSince.IsZero() {
		return true, "", nil
	}
	reader, err := newPlanner(api, p.Change, opts)
	if err != nil {
		return false, "", err
	}
	id, ok := usedThing(reader.made.Change)
	if !ok {
		return false, "", reader.invalid("", "it is about nothing whose last use AWS tells")
	}
	// AWS tells times in seconds, and not always with the same fraction.
	u := &useReader{planner: reader, since: p.UnusedSince.Truncate(time.Second)}
	var why string
	switch {
	case id.role != "":
		why, err = u.role(ctx, id.role)
	case id.key != "":
		why, err = u.key(ctx, id.user, id.key)
	case id.password:
		why, err = u.password(ctx, id.user)
	default:
		why, err = u.user(ctx, id.user)
	}
	if gone := (*collect.Error)(nil); errors.As(err, &gone) && errors.Is(err, collect.ErrNotFound) {
		return false, "it does not exist any more: " + gone.Message, nil
	}
	return err == nil && why == "", why, err
}

// A useReader reads when something was last used. Its methods say in words why it
// does not count as unused; nothing when it does.
type useReader struct {
	*planner
	since time.Time
}

// used says that something happened after the time, if it did.
func (u *useReader) used(at time.Time, format string, args ...any) string {
	if !at.Truncate(time.Second).After(u.since) {
		return ""
	}
	return fmt.Sprintf(format, args...) + " on " + at.UTC().Format("2006-01-02 15:04") + " UTC"
}

func (u *useReader) key(ctx context.Context, user, id string) (string, error) {
	owner, err := u.name("user", "user_name", user)
	if err != nil {
		return "", err
	}
	if err := u.keyID("access_key_id", id); err != nil {
		return "", err
	}
	keys, err := accessKeys(ctx, u.api, owner)
	if err != nil {
		return "", err
	}
	k, err := u.keyOf(owner, keys, id)
	if err != nil {
		return "", err
	}
	if err := readKeyUse(ctx, u.api, k); err != nil {
		return "", err
	}
	if why := u.used(k.LastUsed.At, "access key %s was used", k.ID); why != "" {
		return why, nil
	}
	if _, deletes := u.made.Change.(DeleteAccessKey); deletes && k.Active {
		return "access key " + k.ID + " is active: it is made inactive before it is deleted", nil
	}
	return "", nil
}

func (u *useReader) password(ctx context.Context, nameOrARN string) (string, error) {
	user, err := u.findUser(ctx, "user_name", nameOrARN)
	if err != nil {
		return "", err
	}
	made, err := passwordSince(ctx, u.api, user.Name)
	if err != nil {
		return "", err
	}
	return firstOf(
		u.used(user.Password.LastUsed.At, "the console password of user %s was used", user.Name),
		u.used(made, "the console password of user %s was made", user.Name),
	), nil
}

func (u *useReader) user(ctx context.Context, nameOrARN string) (string, error) {
	user, err := u.findUser(ctx, "user_name", nameOrARN)
	if err != nil {
		return "", err
	}
	made, err := passwordSince(ctx, u.api, user.Name)
	user.Password.Enabled = err == nil
	if err != nil && !errors.Is(err, collect.ErrNotFound) {
		return "", err
	}
	if user.AccessKeys, err = usedAccessKeys(ctx, u.api, user.Name); err != nil {
		return "", err
	}
	why := []string{
		u.used(user.CreateDate, "user %s was created", user.Name),
		u.used(user.Password.LastUsed.At, "the console password of user %s was used", user.Name),
		u.used(made, "the console password of user %s was made", user.Name),
	}
	for i := range user.AccessKeys {
		k := &user.AccessKeys[i]
		why = append(why, u.used(k.LastUsed.At, "access key %s was used", k.ID), u.used(k.CreateDate, "access key %s was created", k.ID))
	}
	if said := firstOf(why...); said != "" {
		return said, nil
	}
	return u.userActive(ctx, user)
}

// userActive says why a user that is to be deleted is not deactivated.
func (u *useReader) userActive(ctx context.Context, user *nhiscan.User) (string, error) {
	if _, deletes := u.made.Change.(DeleteUser); !deletes {
		return "", nil
	}
	if hasActiveKey(user) {
		return "user " + user.Name + " has an active access key: it is made inactive before the user is deleted", nil
	}
	if user.Password.Enabled {
		return "user " + user.Name + " has a console password: it is deleted before the user is", nil
	}
	return u.notDenied(ctx, collect.IdentityUser, user.Name)
}

func (u *useReader) role(ctx context.Context, nameOrARN string) (string, error) {
	role, err := u.findRole(ctx, "role_name", nameOrARN)
	if err != nil {
		return "", err
	}
	if !role.LastUsed.Known {
		return "when role " + role.Name + " was last used is not known", nil
	}
	why := firstOf(
		u.used(role.CreateDate, "role %s was created", role.Name),
		u.used(role.LastUsed.At, "role %s was used", role.Name),
	)
	if _, deletes := u.made.Change.(DeleteRole); why == "" && deletes {
		return u.notDenied(ctx, collect.IdentityRole, role.Name)
	}
	return why, nil
}

// notDenied says that AWSDenyAll is not attached, if it is not.
func (u *useReader) notDenied(ctx context.Context, kind collect.IdentityKind, name string) (string, error) {
	policies, err := collect.AttachedPolicies(ctx, u.api, kind, name)
	if err != nil {
		return "", err
	}
	deny := denyAllARN(u.caller.Partition)
	if slices.ContainsFunc(policies, func(p nhiscan.AttachedPolicy) bool { return p.ARN == deny }) {
		return "", nil
	}
	return fmt.Sprintf("%s %s has no AWSDenyAll: it is deactivated before it is deleted", kind, name), nil
}

func firstOf(sentences ...string) string {
	for _, s := range sentences {
		if s != "" {
			return s
		}
	}
	return ""
}
