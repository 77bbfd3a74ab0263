package fakeiam

import (
	"strings"

	"github.com/nhiscan/nhiscan"
)

func mfaOperations() map[string]operation {
	everyDevice := func(ix *index, _ *request) string { return ix.arn("mfa/") }
	return map[string]operation{
		"ListMFADevices":        {subject: subjectUser, write: listMFADevices},
		"ListVirtualMFADevices": {subject: everyDevice, write: listVirtualMFADevices, cached: true},
		"GetMFADevice":          {subject: subjectUser, write: getMFADevice},
	}
}

func listMFADevices(s *Server, r *request, x *xmlWriter) *apiError {
	o, err := s.owner(r)
	if err != nil {
		return err
	}
	return writePage(r, x, "MFADevices", o.MFADevices, func(x *xmlWriter, d nhiscan.MFADevice) {
		x.text("UserName", o.userName)
		x.text("SerialNumber", d.SerialNumber)
		x.time("EnableDate", d.EnableDate)
	})
}

// listVirtualMFADevices tells the virtual devices that are assigned, the root
// user's first, and then those that nobody has: an Account holds none, but a
// device that was deactivated becomes one.
func listVirtualMFADevices(s *Server, r *request, x *xmlWriter) *apiError {
	var devices []mfaDevice
	switch assignment := r.param("AssignmentStatus"); assignment {
	case "", "Any":
		devices = append(r.index.virtualMFADevices(), r.index.unassignedMFADevices()...)
	case "Assigned":
		devices = r.index.virtualMFADevices()
	case "Unassigned":
		devices = r.index.unassignedMFADevices()
	default:
		return errValidation("Value '" + assignment + "' at 'assignmentStatus' failed to satisfy constraint: Member must satisfy enum value set: [Any, Unassigned, Assigned]")
	}
	return writePage(r, x, "VirtualMFADevices", devices, func(x *xmlWriter, d mfaDevice) {
		x.text("SerialNumber", d.SerialNumber)
		if d.unassigned {
			return
		}
		x.time("EnableDate", d.EnableDate)
		x.open("User")
		if d.user == nil {
			writeRootUser(r.index, x)
		} else {
			writeUser(x, d.user)
		}
		x.close("User")
	})
}

func (ix *index) virtualMFADevices() []mfaDevice {
	var devices []mfaDevice
	add := func(c *nhiscan.Credentials, u *nhiscan.User) {
		for _, d := range c.MFADevices {
			if isVirtual(d) {
				devices = append(devices, mfaDevice{MFADevice: d, user: u})
			}
		}
	}
	if root := ix.account.Root; root != nil {
		add(&root.Credentials, nil)
	}
	for _, u := range ix.users {
		add(&u.Credentials, u)
	}
	return devices
}

func (ix *index) unassignedMFADevices() []mfaDevice {
	devices := make([]mfaDevice, len(ix.beside.devices))
	for i, d := range ix.beside.devices {
		devices[i] = mfaDevice{MFADevice: d, unassigned: true}
	}
	return devices
}

// isVirtual goes by the ARN where the kind of a device was not read: those of
// virtual devices are arn:aws:iam::ACCOUNT:mfa/NAME.
func isVirtual(d nhiscan.MFADevice) bool {
	if d.Kind == "" {
		return strings.Contains(d.SerialNumber, ":mfa/")
	}
	return d.Kind == nhiscan.MFAVirtual
}

// getMFADevice knows FIDO security keys only, as
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html says.
func getMFADevice(s *Server, r *request, x *xmlWriter) *apiError {
	serial, err := r.required("SerialNumber")
	if err != nil {
		return err
	}
	name := r.param("UserName")
	d, ok := r.index.mfaBySerial[serial]
	if !ok || d.Kind != nhiscan.MFAFIDO2 || d.user == nil || (name != "" && name != d.user.Name) {
		return errNoSuchEntity("MFA Device with serial number %s does not exist.", serial)
	}
	x.text("UserName", d.user.Name)
	x.text("SerialNumber", d.SerialNumber)
	x.time("EnableDate", d.EnableDate)
	x.open("Certifications")
	x.close("Certifications")
	return nil
}
