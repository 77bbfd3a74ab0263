package permissions

import "github.com/nhiscan/nhiscan"

// userCredentials are the users by which credentials can be made for them. What is
// not known, and a password that an MFA device protects, is unsure.
type userCredentials struct {
	roomForKey, fullOfKeys allowance
	password, noPassword   allowance
}

// maxAccessKeys is how many access keys a user can have, active or not.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
const maxAccessKeys = 2

func (g *escalationGraph) describeUsers() {
	k := &g.credentials
	for n := range g.targets.users.all() {
		u := g.identity(n).user
		full := len(u.AccessKeys) >= maxAccessKeys
		keys := u.Known.Has(nhiscan.FactAccessKeys)
		k.roomForKey.note(n, keys, !full)
		k.fullOfKeys.note(n, keys || full, full)
		sure := u.Known.Has(nhiscan.FactPassword | nhiscan.FactMFADevices)
		k.password.notePassword(n, u, sure, u.Password.Enabled)
		k.noPassword.notePassword(n, u, sure, !u.Password.Enabled)
	}
}

// note adds an entity for which something holds, or may when that is not known.
func (a *allowance) note(n int32, known, holds bool) {
	switch {
	case !known:
		a.unsure = a.unsure.with(n, n+1)
	case holds:
		a.sure = a.sure.with(n, n+1)
	}
}

func (a *allowance) notePassword(n int32, u *nhiscan.User, known, holds bool) {
	if u.Known.Has(nhiscan.FactPassword) && !holds {
		return
	}
	a.note(n, known && len(u.MFADevices) == 0, true)
}

// credentialNeeds says what of a user's credentials is not known to fit.
func credentialNeeds(s *pathSpec, u *nhiscan.User) []string {
	var needs []string
	add := func(known bool, need string) {
		if !known {
			needs = append(needs, "user "+u.Name+" must have "+need)
		}
	}
	for _, action := range s.Actions {
		switch action {
		case "iam:CreateAccessKey":
			if s.Gives == gainUser && len(s.Uses) == 2 {
				continue
			}
			add(u.Known.Has(nhiscan.FactAccessKeys), "fewer than two access keys")
		case "iam:DeleteAccessKey":
			add(u.Known.Has(nhiscan.FactAccessKeys) || len(u.AccessKeys) > 0, "an access key")
		case "iam:CreateLoginProfile", "iam:UpdateLoginProfile":
			if action == "iam:CreateLoginProfile" {
				add(u.Known.Has(nhiscan.FactPassword), "no console password")
			} else {
				add(u.Known.Has(nhiscan.FactPassword), "a console password")
			}
			add(u.Known.Has(nhiscan.FactMFADevices) || len(u.MFADevices) > 0, "no MFA device")
			if len(u.MFADevices) > 0 {
				needs = append(needs, "whoever signs in as user "+u.Name+" must have the MFA device of "+u.Name)
			}
		}
	}
	return needs
}
