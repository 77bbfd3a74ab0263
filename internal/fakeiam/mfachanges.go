package fakeiam

import (
	"slices"

	"github.com/nhiscan/nhiscan"
)

func mfaChanges() map[string]operation {
	serial := func(_ *index, r *request) string { return r.param("SerialNumber") }
	return map[string]operation{
		"DeactivateMFADevice":    {subject: subjectUser, write: deactivateMFADevice, mutates: true, void: true},
		"DeleteVirtualMFADevice": {subject: serial, write: deleteVirtualMFADevice, mutates: true, void: true},
	}
}

func errNoMFADevice(serial string) *apiError {
	return errNoSuchEntity("MFA Device with serial number %s does not exist.", serial)
}

// deactivateMFADevice takes a device from its user. A virtual device exists on,
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html.
func deactivateMFADevice(s *Server, r *request, _ *xmlWriter) *apiError {
	o, err := s.owner(r)
	if err != nil {
		return err
	}
	serial, err := r.required("SerialNumber")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(o.MFADevices, func(d nhiscan.MFADevice) bool { return d.SerialNumber == serial })
	if i < 0 {
		return errNoMFADevice(serial)
	}
	if isVirtual(o.MFADevices[i]) {
		r.index.beside.devices = append(r.index.beside.devices, nhiscan.MFADevice{SerialNumber: serial, Kind: nhiscan.MFAVirtual})
	}
	o.MFADevices = without(o.MFADevices, func(d nhiscan.MFADevice) bool { return d.SerialNumber == serial })
	return nil
}

func deleteVirtualMFADevice(_ *Server, r *request, _ *xmlWriter) *apiError {
	serial, err := r.required("SerialNumber")
	if err != nil {
		return err
	}
	if d, ok := r.index.mfaBySerial[serial]; ok && isVirtual(d.MFADevice) {
		return errDeleteConflict("MFA VirtualDevice in use. Must deactivate first.")
	}
	left := without(r.index.beside.devices, func(d nhiscan.MFADevice) bool { return d.SerialNumber == serial })
	if len(left) == len(r.index.beside.devices) {
		return errNoMFADevice(serial)
	}
	r.index.beside.devices = left
	return nil
}
