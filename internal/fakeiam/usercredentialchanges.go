package fakeiam

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

// An ownedList is a kind of credential of which a user has a list, and how a
// request names one.
type ownedList[T any] struct {
	parameter, noun string
	of              func(*nhiscan.Credentials) *[]T
	id              func(T) string
	active          func(*T) *bool
}

func userCredentialChanges() map[string]operation {
	accessKeys := ownedList[nhiscan.AccessKey]{
		"AccessKeyId", "Access Key",
		func(c *nhiscan.Credentials) *[]nhiscan.AccessKey { return &c.AccessKeys },
		func(k nhiscan.AccessKey) string { return k.ID },
		func(k *nhiscan.AccessKey) *bool { return &k.Active },
	}
	certificates := ownedList[nhiscan.SigningCertificate]{
		"CertificateId", "Certificate",
		func(c *nhiscan.Credentials) *[]nhiscan.SigningCertificate { return &c.SigningCertificates },
		func(c nhiscan.SigningCertificate) string { return c.ID },
		func(c *nhiscan.SigningCertificate) *bool { return &c.Active },
	}
	sshKeys := ownedList[nhiscan.SSHPublicKey]{
		"SSHPublicKeyId", "Public Key",
		func(c *nhiscan.Credentials) *[]nhiscan.SSHPublicKey { return &c.SSHPublicKeys },
		func(k nhiscan.SSHPublicKey) string { return k.ID },
		func(k *nhiscan.SSHPublicKey) *bool { return &k.Active },
	}
	serviceCredentials := ownedList[nhiscan.ServiceSpecificCredential]{
		"ServiceSpecificCredentialId", "Service Specific Credential",
		func(c *nhiscan.Credentials) *[]nhiscan.ServiceSpecificCredential {
			return &c.ServiceSpecificCredentials
		},
		func(c nhiscan.ServiceSpecificCredential) string { return c.ID },
		func(c *nhiscan.ServiceSpecificCredential) *bool { return &c.Active },
	}
	known := map[string]operation{}
	certificates.operations("SigningCertificate", known)
	sshKeys.operations("SSHPublicKey", known)
	serviceCredentials.operations("ServiceSpecificCredential", known)
	accessKeys.operations("AccessKey", known)
	return known
}

// operations adds the two that change and delete a credential of this kind.
func (l ownedList[T]) operations(kind string, known map[string]operation) {
	known["Update"+kind] = operation{subject: subjectUser, write: l.update, mutates: true, void: true}
	known["Delete"+kind] = operation{subject: subjectUser, write: l.delete, mutates: true, void: true}
}

// one returns the user's credentials of this kind and which of them the request
// names.
func (l ownedList[T]) one(s *Server, r *request) (*[]T, int, *apiError) {
	o, err := s.owner(r)
	if err != nil {
		return nil, 0, err
	}
	id, err := r.required(l.parameter)
	if err != nil {
		return nil, 0, err
	}
	list := l.of(o.Credentials)
	i := slices.IndexFunc(*list, func(item T) bool { return l.id(item) == id })
	if i < 0 {
		return nil, 0, errNoSuchEntity("The %s with id %s cannot be found.", l.noun, id)
	}
	return list, i, nil
}

func (l ownedList[T]) update(s *Server, r *request, _ *xmlWriter) *apiError {
	active, err := r.active()
	if err != nil {
		return err
	}
	list, i, err := l.one(s, r)
	if err != nil {
		return err
	}
	*l.active(&(*list)[i]) = active
	return nil
}

func (l ownedList[T]) delete(s *Server, r *request, _ *xmlWriter) *apiError {
	list, i, err := l.one(s, r)
	if err != nil {
		return err
	}
	id := l.id((*list)[i])
	*list = without(*list, func(item T) bool { return l.id(item) == id })
	return nil
}
