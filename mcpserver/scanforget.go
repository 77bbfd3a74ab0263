package mcpserver

// forgetAccount drops what was read of an account that has changed since, and what
// is being read: whoever waits for that gets it, and nobody after them.
func (x *scans) forgetAccount(accountID string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for creds, r := range x.readings {
		if _, ok := r.outcome(); !ok {
			delete(x.readings, creds)
		}
	}
	for _, s := range x.byID {
		if s.Account().ID == accountID {
			x.forget(s)
		}
	}
}
