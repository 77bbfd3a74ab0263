package manage

import (
	"fmt"
	"time"

	"github.com/nhiscan/nhiscan"
)

// A rotation is how far the replacement of a user's access key is, told from
// nothing but the keys.
type rotation struct {
	user *nhiscan.User
	// keys are the user's, oldest first, with their last use.
	keys []nhiscan.AccessKey
	// old is the key to replace; nil where nobody has said which.
	old   *nhiscan.AccessKey
	force bool
}

// sameUse is within what uses may be recorded at one time: of those in a quarter of
// an hour AWS keeps one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
const sameUse = 15 * time.Minute

// other is the key that is not the old one; nil when there is none.
func (r *rotation) other() *nhiscan.AccessKey {
	for i := range r.keys {
		if r.keys[i].ID != r.old.ID {
			return &r.keys[i]
		}
	}
	return nil
}

// newer is the key that takes the old one's place; nil when there is none.
func (r *rotation) newer() *nhiscan.AccessKey {
	if k := r.other(); k != nil && k.CreateDate.After(r.old.CreateDate) {
		return k
	}
	return nil
}

// only is the one key that is active, or inactive; nil when there is none or more.
func (r *rotation) only(active bool) *nhiscan.AccessKey {
	var found *nhiscan.AccessKey
	for i := range r.keys {
		if r.keys[i].Active != active {
			continue
		}
		if found != nil {
			return nil
		}
		found = &r.keys[i]
	}
	return found
}

// notReplaced says why the old key may still be needed; empty when the newer one has
// been used since the old one was.
func (r *rotation) notReplaced() string {
	old, fresh := r.old, r.newer()
	switch {
	case fresh == nil:
		return fmt.Sprintf("user %s has no access key newer than %s", r.user.Name, old.ID)
	case !fresh.Active:
		return fmt.Sprintf("the newer access key %s is inactive", fresh.ID)
	case fresh.LastUsed.At.IsZero():
		return fmt.Sprintf("the newer access key %s has never been used, and %s was %s", fresh.ID, old.ID, useOf(old.LastUsed))
	case !fresh.LastUsed.At.After(old.LastUsed.At):
		return fmt.Sprintf("access key %s is still in use: it was %s, at %s, and the newer %s not since (%s)",
			old.ID, useOf(old.LastUsed), clock(old.LastUsed.At), fresh.ID, useOf(fresh.LastUsed))
	}
	return ""
}

// progress says how far it is and what comes next, in sentences.
func (r *rotation) progress() []string {
	switch {
	case len(r.keys) == 0:
		return []string{"User " + r.user.Name + " has no access key. Next: create one, if it is needed."}
	case len(r.keys) == 1 && !r.keys[0].Active:
		return []string{"It is the only one. Next: make it active, or delete it."}
	case len(r.keys) == 1:
		return []string{"It is the only one. Next: step create, to replace it."}
	}
	if r.old == nil {
		r.old = r.guess()
	}
	return r.progressOfTwo()
}

// guess is the key to replace of two: the inactive one, or else the older.
func (r *rotation) guess() *nhiscan.AccessKey {
	if k := r.only(false); k != nil {
		return k
	}
	return &r.keys[0]
}

func (r *rotation) progressOfTwo() []string {
	old, other := r.old, r.other()
	switch {
	case !old.Active && !other.Active:
		return []string{"Both are inactive. Next: make the one that is needed active."}
	case !old.Active:
		return []string{
			fmt.Sprintf("%s is inactive and %s is in force.", old.ID, other.ID),
			"Next: if nothing has failed for some days, step delete. If something has, making the key active again takes it back.",
		}
	}
	if why := r.notReplaced(); why != "" {
		return []string{
			fmt.Sprintf("%s is not replaced: %s.", old.ID, why),
			"Next: put the new key wherever the old one is used, then step check again.",
		}
	}
	said := []string{fmt.Sprintf("%s is in use, and %s has not been used since.", other.ID, old.ID)}
	if other.LastUsed.At.Sub(old.LastUsed.At) < sameUse {
		said = append(said, "AWS records one use of a key in a quarter of an hour, and both were used in one: check again later.")
	}
	return append(said, "Next: step deactivate.")
}

// list says all that is known of the keys.
func (r *rotation) list(now time.Time) string {
	words := make([]string, len(r.keys))
	for i := range r.keys {
		words[i] = keyInFull(&r.keys[i], now)
	}
	return and(words)
}

func (r *rotation) count() string {
	switch len(r.keys) {
	case 0:
		return "no access key"
	case 1:
		return "1 access key"
	}
	return fmt.Sprintf("%d access keys", len(r.keys))
}

func clock(t time.Time) string { return t.UTC().Format("15:04") }
