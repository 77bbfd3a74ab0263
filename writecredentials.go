package nhiscan

import "time"

// credentials writes a user's credentials; what is empty is left out.
func (w *jsonWriter) credentials(c *Credentials) {
	if c.Password != (Password{}) {
		w.key("Password")
		w.object(func() {
			w.bool("Enabled", c.Password.Enabled)
			w.lastUse("LastUsed", "Date", c.Password.LastUsed)
			w.time("LastChanged", c.Password.LastChanged)
			w.time("NextRotation", c.Password.NextRotation)
		})
	}
	some := func(key string, n int, element func(i int)) {
		if n > 0 {
			w.objects(key, n, false, element)
		}
	}
	some("AccessKeys", len(c.AccessKeys), func(i int) {
		k := &c.AccessKeys[i]
		w.optional("Id", k.ID)
		w.bool("Active", k.Active)
		w.time("CreateDate", k.CreateDate)
		w.lastUse("LastUsed", "Date", k.LastUsed)
	})
	some("MFADevices", len(c.MFADevices), func(i int) {
		d := &c.MFADevices[i]
		w.optional("SerialNumber", d.SerialNumber)
		w.optional("Kind", string(d.Kind))
		w.time("EnableDate", d.EnableDate)
	})
	some("SigningCertificates", len(c.SigningCertificates), func(i int) {
		cert := &c.SigningCertificates[i]
		w.uploaded(cert.ID, cert.Active, cert.UploadDate)
	})
	some("SSHPublicKeys", len(c.SSHPublicKeys), func(i int) {
		key := &c.SSHPublicKeys[i]
		w.uploaded(key.ID, key.Active, key.UploadDate)
	})
	some("ServiceSpecificCredentials", len(c.ServiceSpecificCredentials), func(i int) {
		w.serviceSpecificCredential(&c.ServiceSpecificCredentials[i])
	})
}

// uploaded writes what a user uploaded: a certificate or an SSH key.
func (w *jsonWriter) uploaded(id string, active bool, date time.Time) {
	w.optional("Id", id)
	w.bool("Active", active)
	w.time("UploadDate", date)
}

func (w *jsonWriter) serviceSpecificCredential(s *ServiceSpecificCredential) {
	w.optional("Id", s.ID)
	w.optional("Service", s.Service)
	w.optional("UserName", s.UserName)
	w.bool("Active", s.Active)
	w.time("CreateDate", s.CreateDate)
	w.time("ExpirationDate", s.ExpirationDate)
}
