package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// IdentityText writes everything about one identity in sentences.
func IdentityText(w io.Writer, id *Identity, style Style) error {
	p := newPrinter(w, style)
	p.identity(id)
	return p.flush()
}

// labelWidth is that of the labels of an identity's facts.
const labelWidth = 12

func (p *printer) identity(id *Identity) {
	i := id.Identity
	p.raw(p.style.paint(bold, sprintf("%s %s", string(i.Type), i.Name)))
	p.item("ARN", faint, labelWidth, Printable(i.ARN))
	p.verdict(id)
	if created := Created(i); !created.IsZero() {
		p.item("created", faint, labelWidth, fmt.Sprintf("%s, %s", created.UTC().Format("2006-01-02"), ago(created, id.Time)))
	}
	p.item("last use", faint, labelWidth, Printable(lastUseShort(LastUsed(i), id.Time)))
	p.reasons(i)
	switch {
	case i.User != nil:
		p.credentials(i.User, id.Time)
		p.policies(i.User.AttachedPolicies, i.User.InlinePolicies, i.User.PermissionsBoundary, i.User.Groups)
		p.tags(i.User.Tags)
	case i.Role != nil:
		p.trust(i)
		p.roleSettings(i.Role)
		p.policies(i.Role.AttachedPolicies, i.Role.InlinePolicies, i.Role.PermissionsBoundary, nil)
		p.tags(i.Role.Tags)
	}
	p.abilities(id)
	p.unknown(id)
}

func (p *printer) verdict(id *Identity) {
	c := &id.Identity.Classification
	text := sprintf("%s, category %s", verdictWord(c.Verdict), string(c.Category))
	if c.Detail != "" {
		text += sprintf(" (%s)", c.Detail)
	}
	p.item("verdict", verdictColor(c.Verdict), labelWidth, text)
	text = fmt.Sprintf("%s that it is non-human, from %.0f%% of the evidence", percent(c.Confidence), c.Coverage*100)
	if c.Verdict == nhi.Mixed {
		text = percent(c.Confidence) + " by definition: it is for people and for workloads, whatever the signals add up to"
	}
	p.item("confidence", faint, labelWidth, text)
}

// reasons lists the signals with their weights: + speaks for non-human, - for human.
func (p *printer) reasons(id *nhi.Identity) {
	p.heading("Why (+ speaks for non-human, - for human)")
	if len(id.Signals) == 0 {
		p.item("", plain, 5, "no signal was seen")
	}
	family := 0
	for _, s := range id.Signals {
		family = max(family, width(Printable(s.Family)))
	}
	for _, s := range id.Signals {
		weight, paint := fmt.Sprintf("%+5.1f", s.Weight), cyan
		switch {
		case s.Weight < 0:
			paint = green
		case s.Weight == 0:
			weight, paint = "    0", plain
		}
		name := Printable(s.Family)
		p.item(weight+"  "+name, paint, 5+2+family, Printable(s.Fact))
	}
}

// policies lists groups and policies by name.
func (p *printer) policies(attached []nhiscan.AttachedPolicy, inline []nhiscan.InlinePolicy, boundary string, groups []string) {
	if len(attached)+len(inline)+len(groups) == 0 && boundary == "" {
		return
	}
	p.heading("Groups and policies")
	if len(groups) > 0 {
		p.item("groups", faint, labelWidth, sprintf("%s", strings.Join(groups, ", ")))
	}
	for _, policy := range attached {
		p.item("attached", faint, labelWidth, sprintf("%s (%s)", policy.Name, policy.ARN))
	}
	for _, policy := range inline {
		p.item("inline", faint, labelWidth, Printable(policy.Name))
	}
	if boundary != "" {
		p.item("boundary", faint, labelWidth, Printable(boundary))
	}
}

func (p *printer) roleSettings(r *nhiscan.Role) {
	if r.Description == "" && r.MaxSessionDuration == 0 && len(r.InstanceProfiles) == 0 {
		return
	}
	p.heading("Settings")
	if r.Description != "" {
		p.item("description", faint, labelWidth, Printable(r.Description))
	}
	if r.MaxSessionDuration > 0 {
		p.item("sessions", faint, labelWidth, "of at most "+sessionLength(r.MaxSessionDuration))
	}
	for _, profile := range r.InstanceProfiles {
		p.item("EC2 profile", faint, labelWidth, Printable(profile.Name))
	}
}

func (p *printer) tags(tags []nhiscan.Tag) {
	if len(tags) == 0 {
		return
	}
	p.heading("Tags")
	for _, tag := range tags {
		p.item("", plain, 0, sprintf("%s = %s", tag.Key, tag.Value))
	}
}

// unknown says what could not be read and how to supply it.
func (p *printer) unknown(id *Identity) {
	var facts []factName
	switch i := id.Identity; {
	case i.User != nil:
		facts = append(missing(i.User.Known, credentialFacts), missing(i.User.Known, userFacts)...)
	case i.Role != nil:
		facts = missing(i.Role.Known, roleFacts)
	}
	if len(facts) == 0 && len(id.Gaps) == 0 && !id.Alone {
		return
	}
	p.heading("Not known")
	if len(facts) > 0 {
		p.item("facts", yellow, labelWidth, strings.Join(wordsOf(facts), ", "))
	}
	if id.Alone {
		p.item("others", yellow, labelWidth, "only this identity was read from AWS: ways to more permissions through other users, roles and groups are not seen; --whole-account reads them too")
	}
	for _, line := range GroupGaps(id.Gaps) {
		p.item("gap", yellow, labelWidth, line)
	}
}
