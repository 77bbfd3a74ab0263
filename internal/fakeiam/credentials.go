package fakeiam

import "github.com/nhiscan/nhiscan"

// certificateBody stands for the text of every signing certificate: an Account
// does not hold it, and no reader looks into it.
const certificateBody = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"

func credentialOperations() map[string]operation {
	return map[string]operation{
		"ListAccessKeys":                 {subject: subjectUser, write: listAccessKeys},
		"GetAccessKeyLastUsed":           {subject: subjectNamed("access key", "AccessKeyId"), write: getAccessKeyLastUsed},
		"GetLoginProfile":                {subject: subjectUser, write: getLoginProfile},
		"ListSigningCertificates":        {subject: subjectUser, write: listSigningCertificates},
		"ListSSHPublicKeys":              {subject: subjectUser, write: listSSHPublicKeys},
		"ListServiceSpecificCredentials": {subject: subjectUser, write: listServiceSpecificCredentials},
	}
}

// An owner is who has credentials: a user or the root user.
type owner struct {
	userName string
	*nhiscan.Credentials
}

// owner returns the user whom the request names, or the caller, who may be root.
func (s *Server) owner(r *request) (owner, *apiError) {
	if r.param("UserName") == "" && isRoot(r.caller) {
		root := r.index.account.Root
		if root == nil {
			root = &nhiscan.RootUser{ARN: r.caller}
		}
		if r.op.mutates {
			r.index.account.Root = root
		}
		return owner{rootName, &root.Credentials}, nil
	}
	u, err := s.userOrCaller(r)
	if err != nil {
		return owner{}, err
	}
	return owner{u.Name, &u.Credentials}, nil
}

func listAccessKeys(s *Server, r *request, x *xmlWriter) *apiError {
	o, err := s.owner(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "AccessKeyMetadata", o.AccessKeys, func(x *xmlWriter, k nhiscan.AccessKey) {
		x.text("UserName", o.userName)
		x.text("AccessKeyId", k.ID)
		x.text("Status", status(k.Active))
		x.time("CreateDate", k.CreateDate)
	})
}

// getAccessKeyLastUsed says "N/A" where nothing is known, as
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html has it.
func getAccessKeyLastUsed(s *Server, r *request, x *xmlWriter) *apiError {
	id, err := r.required("AccessKeyId")
	if err != nil {
		return err
	}
	k, ok := r.index.keyByID[id]
	if !ok {
		return errNoSuchEntity("The Access Key with id %s cannot be found.", id)
	}
	x.text("UserName", k.userName)
	x.open("AccessKeyLastUsed")
	x.time("LastUsedDate", k.LastUsed.At)
	x.text("ServiceName", orNotApplicable(k.LastUsed.Service))
	x.text("Region", orNotApplicable(k.LastUsed.Region))
	x.close("AccessKeyLastUsed")
	return nil
}

func getLoginProfile(s *Server, r *request, x *xmlWriter) *apiError {
	u, err := s.userOrCaller(r)
	if err != nil {
		return err
	}
	if !u.Password.Enabled {
		return errNoSuchEntity("Login Profile for User %s cannot be found.", u.Name)
	}
	writeLoginProfile(x, u, r.index.loginOf(u))
	return nil
}

func listSigningCertificates(s *Server, r *request, x *xmlWriter) *apiError {
	o, err := s.owner(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "Certificates", o.SigningCertificates, func(x *xmlWriter, c nhiscan.SigningCertificate) {
		x.text("UserName", o.userName)
		x.text("CertificateId", c.ID)
		x.text("CertificateBody", certificateBody)
		x.text("Status", status(c.Active))
		x.time("UploadDate", c.UploadDate)
	})
}

func listSSHPublicKeys(s *Server, r *request, x *xmlWriter) *apiError {
	o, err := s.owner(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "SSHPublicKeys", o.SSHPublicKeys, func(x *xmlWriter, k nhiscan.SSHPublicKey) {
		x.text("UserName", o.userName)
		x.text("SSHPublicKeyId", k.ID)
		x.text("Status", status(k.Active))
		x.time("UploadDate", k.UploadDate)
	})
}

// A userCredential is a service-specific credential that knows whose it is.
type userCredential struct {
	nhiscan.ServiceSpecificCredential
	owner string
}

// listServiceSpecificCredentials implements
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html.
func listServiceSpecificCredentials(s *Server, r *request, x *xmlWriter) *apiError {
	owners, err := s.serviceCredentialOwners(r)
	if err != nil {
		return err
	}
	service := r.param("ServiceName")
	var found []userCredential
	for _, o := range owners {
		for _, c := range o.ServiceSpecificCredentials {
			if service == "" || service == c.Service {
				found = append(found, userCredential{c, o.userName})
			}
		}
	}
	return writePage(r, x, "ServiceSpecificCredentials", found, writeServiceSpecificCredential)
}

// serviceCredentialOwners returns whom the request asks about: one user or, with
// AllUsers, every user.
func (s *Server) serviceCredentialOwners(r *request) ([]owner, *apiError) {
	if r.param("AllUsers") != "true" {
		o, err := s.owner(r)
		return []owner{o}, err
	}
	if r.param("UserName") != "" {
		return nil, errValidationMessage("UserName cannot be specified together with AllUsers")
	}
	owners := make([]owner, len(r.index.users))
	for i, u := range r.index.users {
		owners[i] = owner{u.Name, &u.Credentials}
	}
	return owners, nil
}

func writeServiceSpecificCredential(x *xmlWriter, c userCredential) {
	x.text("UserName", c.owner)
	x.text("Status", status(c.Active))
	x.optional("ServiceUserName", c.UserName)
	x.time("CreateDate", c.CreateDate)
	x.time("ExpirationDate", c.ExpirationDate)
	x.text("ServiceSpecificCredentialId", c.ID)
	x.text("ServiceName", c.Service)
}

func status(active bool) string {
	if active {
		return "Active"
	}
	return "Inactive"
}

func orNotApplicable(s string) string {
	if s == "" {
		return notApplicable
	}
	return s
}
