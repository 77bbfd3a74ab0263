package render

import (
	"fmt"
	"strings"

	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/trust"
)

// trust says in words who can assume the role, and what is dangerous about it.
func (p *printer) trust(id *nhi.Identity) {
	p.heading("Who can assume it")
	c := id.Trust
	switch {
	case c == nil:
		p.item("?", yellow, 2, "the trust policy was not read")
		return
	case c.Err != nil:
		p.item("?", yellow, 2, sprintf("the trust policy could not be understood: %s", c.Err))
	case len(c.Paths) == 0:
		p.item("-", plain, 2, "nobody: no statement allows it")
	}
	for i := range c.Paths {
		p.item(fmt.Sprintf("%d.", i+1), plain, 2, pathText(&c.Paths[i]))
	}
	if len(c.Dangers) == 0 {
		return
	}
	p.heading("Dangers")
	for _, d := range c.Dangers {
		p.item(Printable(string(d.Severity)), severityColor(d.Severity), len(trust.SeverityCritical), sprintf("%s", d.Message))
		if d.Fix != "" {
			p.item("", plain, len(trust.SeverityCritical), sprintf("Fix: %s", d.Fix))
		}
	}
}

// pathText is one way to assume a role as a printable sentence.
func pathText(p *trust.Path) string {
	text := principalText(p)
	if who := whoText(p.Who); who != "" {
		text += " — " + who
	}
	var demands []string
	if p.ExternalID {
		demands = append(demands, "an ExternalId")
	}
	if p.MFA {
		demands = append(demands, "MFA")
	}
	if p.MFAIfPresent {
		demands = append(demands, "MFA unless access keys are used")
	}
	if p.UserNameSession {
		demands = append(demands, "the user's own name as session name")
	}
	if len(demands) > 0 {
		text += "; must present " + strings.Join(demands, ", ")
	}
	for _, c := range p.Conditions {
		if !worded(p, c) {
			text += sprintf("; only if %s %s is %s", c.Key, c.Operator, strings.Join(c.Values, " or "))
		}
	}
	switch {
	case p.Denied:
		text += "; closed by a Deny statement"
	case len(p.PartlyDenied) > 0:
		text += "; a Deny statement closes it for some"
	}
	return fmt.Sprintf("%s (statement %d)", text, p.Statement)
}

// worded reports whether pathText says in other words what the condition demands.
func worded(p *trust.Path, c policydoc.Condition) bool {
	key := strings.ToLower(c.Key)
	switch {
	case key == "sts:externalid":
		return p.ExternalID
	case key == "aws:multifactorauthpresent":
		return p.MFA || p.MFAIfPresent
	case key == "aws:principalorgid":
		return p.Organization != ""
	case strings.HasSuffix(key, ":sub"):
		return len(p.Subjects) > 0
	}
	return false
}

func principalText(p *trust.Path) string {
	switch {
	case p.PrincipalType == "NotPrincipal":
		return sprintf("everyone except %s", p.Principal)
	case p.Principal == "*" && p.Organization != "":
		return sprintf("anyone in the AWS organization %s", p.Organization)
	case p.Principal == "*" && p.Account != "":
		return sprintf("whoever account %s lets%s", p.Account, relationText(p))
	case p.Principal == "*":
		return "anyone with an AWS account"
	case p.Deleted:
		return sprintf("the deleted user or role %s", p.Principal)
	case p.Service != "":
		return sprintf("the AWS service %s", p.Service)
	case p.PrincipalType == "Federated":
		return federatedText(p)
	case p.WholeAccount:
		return sprintf("whoever account %s lets%s", p.Account, relationText(p))
	}
	return sprintf("%s%s", p.Principal, relationText(p))
}

func federatedText(p *trust.Path) string {
	provider := p.Provider
	if provider == "" {
		provider = p.Principal
	}
	text := sprintf("%s", provider)
	if len(p.Subjects) > 0 {
		text += sprintf(" as %s", strings.Join(p.Subjects, " or "))
	}
	if p.ConsoleAudience {
		text += ", signing in to the AWS console"
	}
	return text
}

func relationText(p *trust.Path) string {
	switch p.Relation {
	case trust.RelationSame:
		return " (this account)"
	case trust.RelationInternal:
		return sprintf(" (your own account%s)", suffixed(": ", p.AccountName))
	case trust.RelationVendor:
		return sprintf(" (vendor%s)", suffixed(": ", p.Vendor))
	case trust.RelationOrganization:
		return sprintf(" (an account of the organization %s)", p.Organization)
	case trust.RelationUnknown:
		return " (an account that nobody has named)"
	}
	return ""
}

// suffixed is separator and text, or nothing when there is no text.
func suffixed(separator, text string) string {
	if text == "" {
		return ""
	}
	return separator + text
}

func whoText(w trust.Who) string {
	switch w {
	case trust.WhoPeople:
		return "people"
	case trust.WhoWorkload:
		return "a workload"
	case trust.WhoEndUsers:
		return "end users of an application"
	case trust.WhoEither:
		return "people or workloads"
	}
	return ""
}
