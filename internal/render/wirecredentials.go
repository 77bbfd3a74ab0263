package render

import "github.com/nhiscan/nhiscan"

type wireCredentials struct {
	Password                   wirePassword                    `json:"password"`
	AccessKeys                 []wireAccessKey                 `json:"access_keys"`
	MFADevices                 []wireMFADevice                 `json:"mfa_devices"`
	SigningCertificates        []wireSigningCertificate        `json:"signing_certificates"`
	SSHPublicKeys              []wireSSHPublicKey              `json:"ssh_public_keys"`
	ServiceSpecificCredentials []wireServiceSpecificCredential `json:"service_specific_credentials"`
	// Unknown names the keys above that could not be read; what they hold says nothing.
	Unknown []string `json:"unknown"`
}

type wirePassword struct {
	// Enabled is null when it could not be read.
	Enabled       *bool `json:"enabled"`
	LastUsed      stamp `json:"last_used"`
	LastUsedKnown bool  `json:"last_used_known"`
	LastChanged   stamp `json:"last_changed"`
	NextRotation  stamp `json:"next_rotation"`
}

type wireAccessKey struct {
	ID              string `json:"id"`
	Active          bool   `json:"active"`
	CreateDate      stamp  `json:"create_date"`
	LastUsed        stamp  `json:"last_used"`
	LastUsedKnown   bool   `json:"last_used_known"`
	LastUsedService string `json:"last_used_service"`
	LastUsedRegion  string `json:"last_used_region"`
}

type wireMFADevice struct {
	SerialNumber string `json:"serial_number"`
	Kind         string `json:"kind"`
	EnableDate   stamp  `json:"enable_date"`
}

type wireSigningCertificate struct {
	ID         string `json:"id"`
	Active     bool   `json:"active"`
	UploadDate stamp  `json:"upload_date"`
}

type wireSSHPublicKey struct {
	ID         string `json:"id"`
	Active     bool   `json:"active"`
	UploadDate stamp  `json:"upload_date"`
}

type wireServiceSpecificCredential struct {
	ID             string `json:"id"`
	Service        string `json:"service"`
	UserName       string `json:"user_name"`
	Active         bool   `json:"active"`
	CreateDate     stamp  `json:"create_date"`
	ExpirationDate stamp  `json:"expiration_date"`
}

func newWireCredentials(c *nhiscan.Credentials, known nhiscan.Facts) *wireCredentials {
	w := &wireCredentials{
		Password: wirePassword{
			LastUsed:      stamp(c.Password.LastUsed.At),
			LastUsedKnown: c.Password.LastUsed.Known,
			LastChanged:   stamp(c.Password.LastChanged),
			NextRotation:  stamp(c.Password.NextRotation),
		},
		Unknown: jsonNames(missing(known, credentialFacts)),
	}
	if known.Has(nhiscan.FactPassword) {
		w.Password.Enabled = &c.Password.Enabled
	}
	for _, k := range c.AccessKeys {
		w.AccessKeys = append(w.AccessKeys, wireAccessKey{
			ID: k.ID, Active: k.Active, CreateDate: stamp(k.CreateDate),
			LastUsed: stamp(k.LastUsed.At), LastUsedKnown: k.LastUsed.Known,
			LastUsedService: k.LastUsed.Service, LastUsedRegion: k.LastUsed.Region,
		})
	}
	for _, m := range c.MFADevices {
		w.MFADevices = append(w.MFADevices, wireMFADevice{m.SerialNumber, mfaKind(m.Kind), stamp(m.EnableDate)})
	}
	for _, s := range c.SigningCertificates {
		w.SigningCertificates = append(w.SigningCertificates, wireSigningCertificate{s.ID, s.Active, stamp(s.UploadDate)})
	}
	for _, s := range c.SSHPublicKeys {
		w.SSHPublicKeys = append(w.SSHPublicKeys, wireSSHPublicKey{s.ID, s.Active, stamp(s.UploadDate)})
	}
	for _, s := range c.ServiceSpecificCredentials {
		w.ServiceSpecificCredentials = append(w.ServiceSpecificCredentials, wireServiceSpecificCredential{
			ID: s.ID, Service: s.Service, UserName: s.UserName, Active: s.Active,
			CreateDate: stamp(s.CreateDate), ExpirationDate: stamp(s.ExpirationDate),
		})
	}
	return w
}

// mfaKind keeps to the kinds of the schema: a saved file can hold any word.
func mfaKind(kind nhiscan.MFAKind) string {
	switch kind {
	case nhiscan.MFAVirtual, nhiscan.MFAHardware, nhiscan.MFAFIDO2, nhiscan.MFASMS:
		return string(kind)
	}
	return "unknown"
}
