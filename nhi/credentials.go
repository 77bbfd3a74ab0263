package nhi

import (
	"fmt"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
)

// readPassword weighs the console password, which only people have a use for.
func (c *classifier) readPassword(s *score, u *nhiscan.User) {
	if !s.look("password", u.Known.Has(nhiscan.FactPassword)) {
		s.look("password-last-used", false)
		return
	}
	if !u.Password.Enabled {
		s.look("password-last-used", true)
		s.add("no-console-password", "no console password")
		if u.Known.Has(nhiscan.FactAccessKeys) && activeKeys(u) > 0 {
			s.add("key-only", fmt.Sprintf("signs in with %s only", count(activeKeys(u), "active access key")))
		}
		return
	}
	used := u.Password.LastUsed
	known := s.look("password-last-used", u.Known.Has(nhiscan.FactPasswordLastUsed) && used.Known)
	s.add("console-password", "console password")
	if !known {
		return
	}
	recent := time.Duration(c.signals.model.RecentDays) * 24 * time.Hour
	switch {
	case used.Within(recent, c.now):
		s.add("recent-sign-in", "console password last used "+ago(c.now.Sub(used.At)))
	case used.Never() && !u.CreateDate.IsZero() && c.now.Sub(u.CreateDate) > recent && c.keyInUse(u, recent):
		s.add("password-never-used", "console password never used since "+u.CreateDate.Format(time.DateOnly)+", but an access key is")
	}
}

// keyInUse reports whether an access key was used lately.
func (c *classifier) keyInUse(u *nhiscan.User, recent time.Duration) bool {
	if !u.Known.Has(nhiscan.FactAccessKeys) {
		return false
	}
	for i := range u.AccessKeys {
		if u.AccessKeys[i].Active && u.AccessKeys[i].LastUsed.Within(recent, c.now) {
			return true
		}
	}
	return false
}

func activeKeys(u *nhiscan.User) int {
	n := 0
	for i := range u.AccessKeys {
		if u.AccessKeys[i].Active {
			n++
		}
	}
	return n
}

// readAccessKeys weighs what the keys were last used for.
func (c *classifier) readAccessKeys(s *score, u *nhiscan.User) {
	if !s.look("access-keys", u.Known.Has(nhiscan.FactAccessKeys)) {
		return
	}
	for i := range u.AccessKeys {
		used := u.AccessKeys[i].LastUsed
		if used.Known && !used.At.IsZero() && c.signals.machineKeys[strings.ToLower(used.Service)] {
			s.add("machine-service", fmt.Sprintf("access key last used for %s %s", used.Service, ago(c.now.Sub(used.At))))
			return
		}
	}
}

// readMFA weighs MFA devices, which software cannot hold.
func readMFA(s *score, u *nhiscan.User) {
	if !s.look("mfa", u.Known.Has(nhiscan.FactMFADevices)) {
		return
	}
	for _, device := range u.MFADevices {
		if device.Kind == nhiscan.MFAHardware || device.Kind == nhiscan.MFAFIDO2 {
			s.add("hardware-mfa", "MFA device of kind "+string(device.Kind))
			return
		}
	}
	if len(u.MFADevices) > 0 {
		s.add("mfa", "MFA device")
	}
}

// readServiceCredentials weighs credentials for a single service: API keys of
// Amazon Bedrock are for software, those for CodeCommit are for developers.
func readServiceCredentials(s *score, u *nhiscan.User) {
	if s.look("service-credentials", u.Known.Has(nhiscan.FactServiceSpecificCredentials)) {
		for _, credential := range u.ServiceSpecificCredentials {
			service := shortService(credential.Service)
			switch {
			case s.from.machineCredentials[service]:
				s.add("service-credential", "credential for "+credential.Service)
			case s.from.gitCredentials[service]:
				s.add("git-credential", "Git credential for "+credential.Service)
			}
		}
	}
	if s.look("ssh-keys", u.Known.Has(nhiscan.FactSSHPublicKeys)) && len(u.SSHPublicKeys) > 0 {
		s.add("git-credential", "SSH public key for CodeCommit")
	}
}

// shortService is the first label of a service's name: bedrock of bedrock.amazonaws.com.
func shortService(service string) string {
	label, _, _ := strings.Cut(strings.ToLower(service), ".")
	return label
}

// ago says how long ago something was, in words.
func ago(d time.Duration) string {
	switch days := int(d.Hours() / 24); {
	case days < 0:
		return "after the time of this report"
	case days == 0:
		return "today"
	default:
		return count(days, "day") + " ago"
	}
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
