package nhiscan

// credential reads the value of one key of a user's saved credentials.
func (r *accountReader) credential(c *Credentials, key string) {
	switch key {
	case "Password":
		c.Password = r.password()
	case "AccessKeys":
		for range r.list() {
			c.AccessKeys = append(c.AccessKeys, r.accessKey())
		}
	case "MFADevices":
		for range r.list() {
			c.MFADevices = append(c.MFADevices, r.mfaDevice())
		}
	case "SigningCertificates":
		for range r.list() {
			c.SigningCertificates = append(c.SigningCertificates, r.signingCertificate())
		}
	case "SSHPublicKeys":
		for range r.list() {
			c.SSHPublicKeys = append(c.SSHPublicKeys, r.sshPublicKey())
		}
	case "ServiceSpecificCredentials":
		for range r.list() {
			c.ServiceSpecificCredentials = append(c.ServiceSpecificCredentials, r.serviceSpecificCredential())
		}
	default:
		r.skip()
	}
}

func (r *accountReader) password() Password {
	var p Password
	for key := range r.object() {
		switch key {
		case "Enabled":
			p.Enabled = r.bool()
		case "LastUsed":
			p.LastUsed = r.lastUse("Date")
		case "LastChanged":
			p.LastChanged = r.time()
		case "NextRotation":
			p.NextRotation = r.time()
		default:
			r.skip()
		}
	}
	return p
}

func (r *accountReader) accessKey() AccessKey {
	var k AccessKey
	for key := range r.object() {
		switch key {
		case "Id":
			k.ID = r.string()
		case "Active":
			k.Active = r.bool()
		case "CreateDate":
			k.CreateDate = r.time()
		case "LastUsed":
			k.LastUsed = r.lastUse("Date")
		default:
			r.skip()
		}
	}
	return k
}

func (r *accountReader) mfaDevice() MFADevice {
	var d MFADevice
	for key := range r.object() {
		switch key {
		case "SerialNumber":
			d.SerialNumber = r.string()
		case "Kind":
			d.Kind = MFAKind(r.internedString())
		case "EnableDate":
			d.EnableDate = r.time()
		default:
			r.skip()
		}
	}
	return d
}

func (r *accountReader) signingCertificate() SigningCertificate {
	var c SigningCertificate
	for key := range r.object() {
		switch key {
		case "Id":
			c.ID = r.string()
		case "Active":
			c.Active = r.bool()
		case "UploadDate":
			c.UploadDate = r.time()
		default:
			r.skip()
		}
	}
	return c
}

func (r *accountReader) sshPublicKey() SSHPublicKey {
	var k SSHPublicKey
	for key := range r.object() {
		switch key {
		case "Id":
			k.ID = r.string()
		case "Active":
			k.Active = r.bool()
		case "UploadDate":
			k.UploadDate = r.time()
		default:
			r.skip()
		}
	}
	return k
}

func (r *accountReader) serviceSpecificCredential() ServiceSpecificCredential {
	var c ServiceSpecificCredential
	for key := range r.object() {
		switch key {
		case "Id":
			c.ID = r.string()
		case "Service":
			c.Service = r.internedString()
		case "UserName":
			c.UserName = r.string()
		case "Active":
			c.Active = r.bool()
		case "CreateDate":
			c.CreateDate = r.time()
		case "ExpirationDate":
			c.ExpirationDate = r.time()
		default:
			r.skip()
		}
	}
	return c
}
