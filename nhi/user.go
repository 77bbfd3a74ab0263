package nhi

import (
	"time"

	"github.com/nhiscan/nhiscan"
)

// classifier is one call of Classify.
type classifier struct {
	account  *nhiscan.Account
	signals  *Signals
	now      time.Time
	policies *policyIndex
}

// user classifies a user.
func (c *classifier) user(u *nhiscan.User) Classification {
	s := &score{from: c.signals, kind: TypeUser, signals: make([]Signal, 0, 8)}
	s.look("name", true)
	s.look("path", true)
	s.readTags(u.Tags, u.Known)
	match := s.readPatterns(u.Name)
	s.readPath(u.Path)
	r := c.signals.read(u.Name)
	if match == nil {
		s.addName(&r, 1)
	}
	c.readPassword(s, u)
	c.readAccessKeys(s, u)
	readMFA(s, u)
	readServiceCredentials(s, u)
	c.readUserPolicies(s, u)
	s.capFamilies(nil)
	result := s.classification()
	c.categorizeUser(&result, u, &r, match)
	return result
}
