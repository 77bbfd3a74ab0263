package permissions

import (
	"fmt"

	"github.com/nhiscan/nhiscan"
)

// organization compiles the SCPs and RCPs.
func (c *compiler) organization(o *nhiscan.OrganizationPolicies) {
	if o == nil {
		return
	}
	for i := range o.Targets {
		t := &o.Targets[i]
		if t.ServiceControl != nil {
			c.x.serviceControl = append(c.x.serviceControl, c.level(t.ID, ServiceControlPolicy, t.ServiceControl))
		}
		if t.ResourceControl != nil {
			c.x.resourceControl = append(c.x.resourceControl, c.level(t.ID, ResourceControlPolicy, t.ResourceControl))
		}
	}
}

func (c *compiler) level(target string, kind PolicyType, policies []nhiscan.OrganizationPolicy) Level {
	level := Level{Target: target, Policies: make([]*Policy, 0, len(policies))}
	for _, p := range policies {
		found := c.compile(p.Document)
		if found.document == nil {
			c.x.gaps = append(c.x.gaps, nhiscan.Gap{
				Operation: "organizations:DescribePolicy", Resource: p.ID, Code: found.code,
				Message: fmt.Sprintf("%s policy %s of %s: %s; whatever it bears on is not certain", kind, p.Name, target, found.reason),
			})
			found.document = c.unknown(p.ID)
		}
		level.Policies = append(level.Policies, &Policy{
			Source:   Source{Type: kind, Name: p.Name, ARN: p.ARN, Target: target, AWSManaged: p.AWSManaged},
			compiled: found.document,
		})
	}
	return level
}
