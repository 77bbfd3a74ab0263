package manage

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/permissions"
)

// guard works out what the change makes of permissions, and refuses what it must.
func (p *planner) guard(ctx context.Context) error {
	if len(p.made.Steps) == 0 {
		return nil
	}
	if err := p.guardTouched(ctx); err != nil {
		return err
	}
	if len(p.edits) == 0 && len(p.credentials) == 0 {
		return nil
	}
	a, err := p.whole(ctx)
	switch {
	case err != nil:
		return err
	case a == nil && len(p.edits) > 0:
		p.refuseUnread("what the change makes of permissions")
		return nil
	case a == nil:
		p.risk(RiskCredential, "whether the credential is of somebody powerful cannot be told: %s", p.unreadReason())
		return nil
	}
	c, err := p.compare(ctx, a)
	if err != nil {
		return err
	}
	c.judge()
	return nil
}

// A comparison is the account before a change and after it.
type comparison struct {
	p             *planner
	before, after side
	changed       changes
	// concerned are those whose own permissions the change is about.
	concerned map[string]bool
	// standIns are users that stand for the members that a group may get, by ARN;
	// the value is the group's name.
	standIns map[string]string
	// newcomers stand for a user or role that could have any name: what they can do,
	// every new one can. By the ARN of the one that the change makes.
	newcomers map[string]string
}

// A side is an account and what everybody in it can do, by ARN.
type side struct {
	account  *nhiscan.Account
	analysis *permissions.Analysis
	powers   map[string]*permissions.Permissions
}

func (p *planner) compare(ctx context.Context, a *nhiscan.Account) (*comparison, error) {
	d := newDraft(a)
	for _, e := range p.edits {
		e(d)
	}
	d.sort()
	for _, lost := range d.lost {
		p.refuse(RiskUnjudged, "what the change makes of permissions cannot be judged: %s is not in the account as it was read; if it was made a moment ago, try again", lost)
	}
	c := &comparison{p: p, changed: changesOf(a, d.account), concerned: map[string]bool{}, standIns: map[string]string{}, newcomers: map[string]string{}}
	made := roomMade(a, d.account, c.changed.policies)
	c.changed.other = c.changed.other || len(made) > 0
	c.before.account, c.after.account = relaxed(a, made), relaxed(d.account, made)
	c.addStandIns()
	c.addNewcomers()
	c.compile()
	read, err := c.readTexts(ctx)
	if err != nil {
		return nil, err
	}
	if read {
		c.compile()
	}
	c.before.forgetOwnTags(p.options.Permissions)
	c.after.forgetOwnTags(p.options.Permissions)
	for _, arn := range p.concerned {
		c.concerned[arn] = true
	}
	for _, arn := range c.changed.identities {
		c.concerned[arn] = true
	}
	return c, nil
}

func (c *comparison) compile() {
	c.before.compile(c.p.options.Permissions)
	c.after.compile(c.p.options.Permissions)
}

func (s *side) compile(opts *permissions.Options) { s.analysis = permissions.New(s.account, opts) }

func (s *side) ask() {
	list := s.analysis.Identities()
	s.powers = make(map[string]*permissions.Permissions, len(list))
	for i := range list {
		s.powers[list[i].ARN] = &list[i]
	}
}

// addStandIns gives groups that the change is about, and that have no members, one
// on both sides: whoever joins is not asked about again by those who filled the group.
func (c *comparison) addStandIns() {
	for _, name := range c.changed.groups {
		g, ok := c.after.account.Group(name)
		if !ok || len(g.Members) > 0 {
			continue
		}
		u := nhiscan.User{
			Name: "member-of-" + g.Name, Path: "/", ARN: c.p.arn("user/stand-in/member-of-" + g.Name), Groups: []string{g.Name},
			Known: nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary,
		}
		c.standIns[u.ARN], c.concerned[u.ARN] = g.Name, true
		for _, s := range []*side{&c.before, &c.after} {
			mine := u
			if _, ok := s.account.Group(name); !ok {
				mine.Groups = nil
			}
			d := draft{account: s.account}
			d.addUser(mine)
			d.sort()
		}
	}
}

// maxTexts is how many policies of AWS's that are newer than this program are read.
const maxTexts = 20

// readTexts reads the texts of AWS's managed policies that are not built in.
func (c *comparison) readTexts(ctx context.Context) (read bool, err error) {
	var wanted []string
	for _, g := range slices.Concat(c.before.analysis.Gaps(), c.after.analysis.Gaps()) {
		arn, ok := nhiscan.ParseARN(g.Resource)
		if ok && arn.Account == "aws" && g.Operation == "iam:GetPolicyVersion" && len(wanted) < maxTexts {
			wanted = with(wanted, g.Resource)
		}
	}
	for _, arn := range wanted {
		policy, err := collect.ManagedPolicyDocument(ctx, c.p.api, arn, "")
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		if err != nil {
			continue // and thus unresolved
		}
		read = true
		for _, s := range []*side{&c.before, &c.after} {
			d := draft{account: s.account}
			s.account.Policies = without(s.account.Policies, func(p nhiscan.ManagedPolicy) bool { return p.ARN == arn })
			d.addPolicy(policy.Policy)
			d.sort()
		}
	}
	return read, nil
}

// judge refuses what must be, and says what changes for whom.
func (c *comparison) judge() {
	var both sync.WaitGroup
	both.Go(c.before.ask)
	both.Go(c.after.ask)
	both.Wait()
	narrows := len(c.p.edits) > 0 && c.narrows() && !c.handsOver()
	c.refuseGaps(narrows)
	if len(c.p.edits) > 0 {
		c.judgeTrust()
		if !narrows {
			c.judgeIdentities()
			c.judgeTags()
			c.judgeProfiles()
			c.tellOutsiders()
		}
		c.judgePolicies()
		c.tellEffects()
	}
	for _, arn := range c.p.credentials {
		c.warnCredential(arn)
	}
}

// called names an identity for people.
func (c *comparison) called(arn string) string {
	if group, ok := c.standIns[arn]; ok {
		return "a member of group " + group
	}
	return called(arn)
}

// called names an identity, such as "user ci".
func called(arn string) string {
	parsed, ok := nhiscan.ParseARN(arn)
	if !ok {
		return arn
	}
	kind := parsed.Resource
	for i, r := range kind {
		if r == '/' {
			return fmt.Sprintf("%s %s", kind[:i], lastPart(kind))
		}
	}
	return arn
}

// warnCredential says when a credential is of somebody powerful.
func (c *comparison) warnCredential(arn string) {
	power := c.after.powers[arn]
	switch {
	case power == nil:
		return
	case power.Admin.Is():
		c.p.risk(RiskCredential, "%s is an administrator%s: whoever has the credential is one too", c.called(arn), under(power.Admin.Keys))
	case len(power.Escalations) > 0:
		e := worst(power.Escalations)
		c.p.risk(RiskCredential, "%s can get further permissions than it has: %s", c.called(arn), way(e))
	}
	for _, g := range power.Unresolved {
		c.p.risk(RiskCredential, "what %s can do is not wholly known: %s", c.called(arn), g.Message)
	}
}
