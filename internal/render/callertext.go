package render

import (
	"io"

	"github.com/nhiscan/nhiscan/policydoc"
)

// CallerText writes whose the credentials are, and the identity behind them in sentences.
func CallerText(w io.Writer, c *Caller, style Style) error {
	p := newPrinter(w, style)
	p.raw(p.style.paint(bold, sprintf("You are %s", c.ARN)))
	p.item("account", faint, labelWidth, Printable(c.AccountID))
	p.item("type", faint, labelWidth, Printable(c.Type))
	if c.SessionName != "" {
		p.item("session", faint, labelWidth, Printable(c.SessionName))
	}
	p.item("user id", faint, labelWidth, Printable(c.UserID))
	if c.Identity != nil {
		p.raw("")
		p.identity(c.Identity)
		p.moreThanReading(c.Identity)
		return p.flush()
	}
	if len(c.Gaps) > 0 {
		p.heading("Not known")
		for _, line := range GroupGaps(c.Gaps) {
			p.item("gap", yellow, labelWidth, line)
		}
	}
	return p.flush()
}

// moreThanReading warns of credentials that can do more than reading needs.
func (p *printer) moreThanReading(id *Identity) {
	if warning := MoreThanReading(id); warning != "" {
		p.heading("Warning")
		p.item("", plain, 0, warning)
	}
}

// MoreThanReading is a warning of credentials that can do more than reading needs,
// and empty for those that cannot.
func MoreThanReading(id *Identity) string {
	if id.Permissions == nil || id.Permissions.Access.Level.Compare(policydoc.LevelRead) <= 0 {
		return ""
	}
	return "These credentials can do more than read (" + accessText(&id.Permissions.Access) +
		"). For reading, the AWS managed policy SecurityAudit is enough."
}
