package manage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

// virtual reports whether a device exists by itself and is deleted apart: the
// serial number of one is its ARN.
func virtual(d nhiscan.MFADevice) bool {
	return d.Kind == nhiscan.MFAVirtual || d.Kind == "" && strings.Contains(d.SerialNumber, ":mfa/")
}

func (p *planner) deleteDevice(serial string) {
	p.remove("iam:DeleteVirtualMFADevice", serial, "delete virtual MFA device "+serial, func(ctx context.Context, api API) error {
		_, err := api.DeleteVirtualMFADevice(ctx, &iam.DeleteVirtualMFADeviceInput{SerialNumber: &serial})
		return err
	})
}

// leftoverDevice plans to delete the virtual device with the user's name that is
// nobody's: what a deletion leaves that was interrupted between taking the device
// from the user and deleting it. One of another name cannot be told from devices
// that wait for their users.
func (p *planner) leftoverDevice(ctx context.Context, u *nhiscan.User) error {
	const action = "iam:ListVirtualMFADevices"
	return pages(ctx, action, u.ARN, func(marker *string) (bool, *string, error) {
		out, err := p.api.ListVirtualMFADevices(ctx, &iam.ListVirtualMFADevicesInput{
			AssignmentStatus: types.AssignmentStatusTypeUnassigned, Marker: marker,
		})
		if err != nil {
			return false, nil, err
		}
		for _, d := range out.VirtualMFADevices {
			if serial := aws.ToString(d.SerialNumber); serial == p.arn("mfa/"+u.Name) {
				p.deleteDevice(serial)
			}
		}
		return out.IsTruncated, out.Marker, nil
	})
}
