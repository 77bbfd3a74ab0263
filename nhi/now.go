package nhi

import (
	"time"

	"github.com/nhiscan/nhiscan"
)

// latest returns the latest time that the account tells of: it was read then or
// later. It stands in for the time of reading in a file that does not say it.
func latest(a *nhiscan.Account) time.Time {
	var last time.Time
	see := func(times ...time.Time) {
		for _, t := range times {
			if t.After(last) {
				last = t
			}
		}
	}
	seeCredentials := func(c *nhiscan.Credentials) {
		see(c.Password.LastUsed.At, c.Password.LastChanged)
		for i := range c.AccessKeys {
			see(c.AccessKeys[i].CreateDate, c.AccessKeys[i].LastUsed.At)
		}
	}
	if a.Root != nil {
		seeCredentials(&a.Root.Credentials)
	}
	for i := range a.Users {
		see(a.Users[i].CreateDate)
		seeCredentials(&a.Users[i].Credentials)
	}
	for i := range a.Roles {
		see(a.Roles[i].CreateDate, a.Roles[i].LastUsed.At)
	}
	return last
}
