package mcptransport

import "context"

// startBroadcasts begins to deliver what the server tells all its clients, such
// as a changed list of tools, to a client old enough not to subscribe.
func (c *stdioConn) startBroadcasts() {
	c.broadcastsMu.Lock()
	defer c.broadcastsMu.Unlock()
	if c.broadcasts != nil || !c.facts.Initialized() || c.closed.Load() {
		return
	}
	x := newExchange(c.name, c.facts, nil, c.write)
	if err := c.server.RegisterSession(c.ctx, x); err != nil {
		return
	}
	finish := x.pump()
	c.broadcasts = func() {
		c.server.UnregisterSession(context.WithoutCancel(c.ctx), x.SessionID())
		finish()
	}
}

func (c *stdioConn) endBroadcasts() {
	c.broadcastsMu.Lock()
	defer c.broadcastsMu.Unlock()
	if c.broadcasts != nil {
		c.broadcasts()
	}
}
