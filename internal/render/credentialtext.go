package render

import (
	"fmt"
	"time"

	"github.com/nhiscan/nhiscan"
)

// credentials lists the ways in which the user can sign in.
func (p *printer) credentials(u *nhiscan.User, now time.Time) {
	p.heading("Credentials")
	p.item("password", faint, labelWidth, passwordText(u, now))
	p.items("access key", "access keys", u.Known.Has(nhiscan.FactAccessKeys), len(u.AccessKeys), func(i int) string {
		k := &u.AccessKeys[i]
		return fmt.Sprintf("%s, made %s, %s", idAndState(k.ID, k.Active), ago(k.CreateDate, now), Printable(lastUse(k.LastUsed, now)))
	})
	p.items("MFA", "MFA", u.Known.Has(nhiscan.FactMFADevices), len(u.MFADevices), func(i int) string {
		m := &u.MFADevices[i]
		text := "a device of unknown kind"
		if m.Kind != nhiscan.MFAKind("") {
			text = sprintf("%s", string(m.Kind))
		}
		if m.SerialNumber != "" {
			text += sprintf(" %s", m.SerialNumber)
		}
		return text
	})
	for i := range u.SigningCertificates {
		c := &u.SigningCertificates[i]
		p.item("certificate", faint, labelWidth, fmt.Sprintf("%s, uploaded %s", idAndState(c.ID, c.Active), ago(c.UploadDate, now)))
	}
	for i := range u.SSHPublicKeys {
		k := &u.SSHPublicKeys[i]
		p.item("SSH key", faint, labelWidth, fmt.Sprintf("%s, uploaded %s", idAndState(k.ID, k.Active), ago(k.UploadDate, now)))
	}
	for i := range u.ServiceSpecificCredentials {
		c := &u.ServiceSpecificCredentials[i]
		p.item("service", faint, labelWidth, sprintf("%s for %s, made %s", c.UserName, c.Service, ago(c.CreateDate, now)))
	}
}

// items writes one line each, or one that says that there is none or that it is not known.
func (p *printer) items(label, plural string, known bool, n int, text func(i int) string) {
	for i := range n {
		p.item(label, faint, labelWidth, text(i))
	}
	switch {
	case !known && n == 0:
		p.item(plural, faint, labelWidth, "unknown")
	case !known:
		p.item("", faint, labelWidth, "perhaps more: not all could be read")
	case n == 0:
		p.item(plural, faint, labelWidth, "none")
	}
}

func passwordText(u *nhiscan.User, now time.Time) string {
	switch {
	case !u.Known.Has(nhiscan.FactPassword):
		return "unknown"
	case !u.Password.Enabled:
		return "none"
	}
	text := lastUse(u.Password.LastUsed, now)
	if !u.Password.LastChanged.IsZero() {
		text += ", changed " + ago(u.Password.LastChanged, now)
	}
	return text
}

// idAndState is "AKIA…, active"; the id is not in a credential report.
func idAndState(id string, active bool) string {
	state := "inactive"
	if active {
		state = "active"
	}
	if id == "" {
		return state
	}
	return sprintf("%s, %s", id, state)
}
