package permissions

// A truth is an answer that may hang on what is not known. The operations are
// those of Kleene's three-valued logic, so a certain answer holds whatever the
// unknown turns out to be.
type truth uint8

const (
	no truth = iota
	maybe
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

func (t truth) and(other truth) truth { return min(t, other) }
func (t truth) or(other truth) truth  { return max(t, other) }
func (t truth) not() truth            { return yes - t }
