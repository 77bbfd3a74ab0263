package collect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/nhiscan/nhiscan"
)

// merge makes one account of what the bulk calls told.
func (r *reader) merge(b *bulk) *nhiscan.Account {
	a := &nhiscan.Account{
		Source:      nhiscan.SourceAWS,
		CollectedAt: r.opts.Now().UTC(),
		Aliases:     b.aliases,
		Users:       unique(b.users, userARN),
		Groups:      unique(b.groups, groupARN),
		Roles:       unique(b.roles, roleARN),
		Policies:    unique(b.policies, policyARN),
	}
	mergeListedUsers(a, b.listedUsers)
	mergeListedRoles(a, b.listedRoles)
	identify(a)
	r.applyReport(a, b)
	applyVirtualMFA(a, b.virtualMFA)
	return a
}

func userARN(u *nhiscan.User) string            { return u.ARN }
func groupARN(g *nhiscan.Group) string          { return g.ARN }
func roleARN(role *nhiscan.Role) string         { return role.ARN }
func policyARN(p *nhiscan.ManagedPolicy) string { return p.ARN }

// unique returns the list sorted by ARN with each ARN once: a list that changes
// while it is read in pages may tell an entity twice.
func unique[T any](list []T, arn func(*T) string) []T {
	slices.SortStableFunc(list, func(x, y T) int { return cmp.Compare(arn(&x), arn(&y)) })
	return slices.CompactFunc(list, func(x, y T) bool { return arn(&x) == arn(&y) })
}

// places returns where each ARN is in the list.
func places[T any](list []T, arn func(*T) string) map[string]int {
	at := make(map[string]int, len(list))
	for i := range list {
		at[arn(&list[i])] = i
	}
	return at
}

// mergeListedUsers adds the last use of the password, and the users that the
// authorization details did not tell.
func mergeListedUsers(a *nhiscan.Account, listed []nhiscan.User) {
	at := places(a.Users, userARN)
	for _, l := range listed {
		i, ok := at[l.ARN]
		if !ok {
			at[l.ARN] = len(a.Users)
			a.Users = append(a.Users, l)
			continue
		}
		a.Users[i].Password.LastUsed = l.Password.LastUsed
		a.Users[i].Known |= l.Known
	}
}

// mergeListedRoles adds description and session duration, and the roles that the
// authorization details did not tell.
func mergeListedRoles(a *nhiscan.Account, listed []types.Role) {
	at := places(a.Roles, roleARN)
	for i := range listed {
		l := &listed[i]
		arn := aws.ToString(l.Arn)
		if place, ok := at[arn]; ok {
			setRoleSettings(&a.Roles[place], l)
			continue
		}
		at[arn] = len(a.Roles)
		a.Roles = append(a.Roles, listedRole(l))
	}
}

// identify takes account id and partition from the first ARN that tells them.
func identify(a *nhiscan.Account) {
	for i := range a.Users {
		setIdentity(a, a.Users[i].ARN)
	}
	for i := range a.Roles {
		setIdentity(a, a.Roles[i].ARN)
	}
	for i := range a.Groups {
		setIdentity(a, a.Groups[i].ARN)
	}
	for i := range a.Policies {
		setIdentity(a, a.Policies[i].ARN)
	}
	if a.Root != nil {
		setIdentity(a, a.Root.ARN)
	}
}

func setIdentity(a *nhiscan.Account, resource string) {
	parsed, err := arn.Parse(resource)
	if a.ID != "" || err != nil || isAWSManaged(resource) {
		return
	}
	a.Partition, a.ID = parsed.Partition, parsed.AccountID
}

// applyReport adds the credential report. Its rows may be four hours old: a user
// in it that is in no complete list was deleted since and is left out.
//
// Its gaps for users without a row are not taken over, because those users are
// read one by one.
func (r *reader) applyReport(a *nhiscan.Account, b *bulk) {
	if b.report == nil {
		return
	}
	if b.usersErr == nil || b.listedUsersErr == nil {
		dropDeleted(b.report, a.Users)
	}
	if err := a.ApplyCredentialReport(b.report); err != nil {
		b.reportErr = &Error{Operation: "iam:" + opGetReport, Resource: "*", Code: nhiscan.GapMalformed, Message: err.Error(), Err: err}
	}
	for _, g := range a.Gaps {
		if g.Code != nhiscan.GapNotInFile {
			r.gaps.add(g)
		}
	}
	a.Gaps = nil
}

// dropDeleted leaves out the report's rows of users that are no more.
func dropDeleted(report *nhiscan.CredentialReport, users []nhiscan.User) {
	names := make(map[string]bool, len(users))
	for i := range users {
		names[strings.ToLower(users[i].Name)] = true
	}
	report.Rows = slices.DeleteFunc(report.Rows, func(row nhiscan.CredentialReportRow) bool {
		return !names[strings.ToLower(row.UserName)]
	})
}

// applyVirtualMFA puts the virtual devices in the place of the device of unknown
// kind that a credential report tells.
func applyVirtualMFA(a *nhiscan.Account, devices []types.VirtualMFADevice) {
	at := places(a.Users, userARN)
	for _, d := range devices {
		if d.User == nil {
			continue
		}
		arn := aws.ToString(d.User.Arn)
		device := mfaDevice(d.SerialNumber, d.EnableDate)
		if i, ok := at[arn]; ok && a.Users[i].Known.Has(nhiscan.FactMFADevices) {
			a.Users[i].MFADevices = addDevice(a.Users[i].MFADevices, device)
		}
		if a.Root != nil && arn == a.Root.ARN {
			a.Root.MFADevices = addDevice(a.Root.MFADevices, device)
		}
	}
}

func addDevice(devices []nhiscan.MFADevice, device nhiscan.MFADevice) []nhiscan.MFADevice {
	devices = slices.DeleteFunc(devices, func(d nhiscan.MFADevice) bool { return d.SerialNumber == "" || d.SerialNumber == device.SerialNumber })
	return append(devices, device)
}
