package manage

// judgeProfiles refuses to put a powerful role into an instance profile that it was
// not in: instances that have the profile, whoever's they are, get the role's power.
func (c *comparison) judgeProfiles() {
	for _, arn := range c.changed.profiled {
		r, ok := c.after.account.Role(arn)
		if !ok {
			continue
		}
		if why := c.powerful(arn); why != "" {
			c.p.refuse(RiskEscalation, "role %s, which %s, is then that of all instances that have the instance profile", r.Name, why)
		}
	}
}

// powerful says why an identity is; empty when it is not.
func (c *comparison) powerful(arn string) string {
	power := c.after.powers[arn]
	switch {
	case power == nil:
		return ""
	case power.Admin.Is():
		return "is an administrator"
	case len(power.Escalations) > 0:
		return "can get more permissions than it has"
	}
	return ""
}
