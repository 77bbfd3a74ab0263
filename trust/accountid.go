package trust

// isAccountID reports whether s is a 12-digit AWS account id.
func isAccountID(s string) bool { return len(s) == 12 && isDigits(s) }

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
