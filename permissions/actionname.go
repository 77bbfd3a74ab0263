package permissions

// An actionName is the action of a request made ready to be compared.
type actionName struct {
	text string // in lower case
	hash uint32
	// service is what stands before the colon; hasService is false without one.
	service     string
	serviceHash uint32
	hasService  bool
}

func newActionName(action string) actionName {
	a := actionName{text: lowerASCII(action)}
	hash := uint32(hashStart)
	for i := range len(a.text) {
		if a.text[i] == ':' && !a.hasService {
			a.service, a.serviceHash, a.hasService = a.text[:i], hash, true
		}
		hash = hashByte(hash, a.text[i])
	}
	a.hash = hash
	return a
}

// lowerASCII folds ASCII, which action names are made of.
func lowerASCII(s string) string {
	for i := range len(s) {
		if s[i] == lower(s[i]) {
			continue
		}
		var buffer [64]byte
		folded := append(buffer[:0], s...)
		for ; i < len(folded); i++ {
			folded[i] = lower(folded[i])
		}
		return string(folded)
	}
	return s
}
