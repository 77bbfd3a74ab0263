package policydoc

// The elements of a statement, in the order in which they are printed.
const (
	elementSID = iota
	elementEffect
	elementPrincipal
	elementNotPrincipal
	elementAction
	elementNotAction
	elementResource
	elementNotResource
	elementCondition
	elementCount
)

var statementElements = [elementCount]string{
	elementSID:          "Sid",
	elementEffect:       "Effect",
	elementPrincipal:    "Principal",
	elementNotPrincipal: "NotPrincipal",
	elementAction:       "Action",
	elementNotAction:    "NotAction",
	elementResource:     "Resource",
	elementNotResource:  "NotResource",
	elementCondition:    "Condition",
}

func (p *parser) parseStatement(s *Statement) error {
	if p.next() != '{' {
		return p.want("a statement, which is an object")
	}
	s.Offset = p.pos
	var seen [elementCount]int
	err := p.block("element", statementElements[:], seen[:], func(name string) (err error) {
		switch name {
		case "Sid":
			s.SID, err = p.onlyString()
		case "Effect":
			s.Effect, err = p.effect()
		case "Principal":
			s.Principal, err = p.principal()
		case "NotPrincipal":
			s.NotPrincipal, err = p.principal()
		case "Action":
			s.Actions, err = p.strings()
		case "NotAction":
			s.NotActions, err = p.strings()
		case "Resource":
			s.Resources, err = p.strings()
		case "NotResource":
			s.NotResources, err = p.strings()
		case "Condition":
			s.Conditions, err = p.conditions()
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.checkElements(s.Offset, &seen)
}

// checkElements checks that a statement that begins at start has the elements
// that every statement must have, and no two that exclude each other.
func (p *parser) checkElements(start int, seen *[elementCount]int) error {
	if seen[elementEffect] == 0 {
		return p.failAt(start, `Effect is missing; add "Allow" or "Deny"`)
	}
	if seen[elementAction] == 0 && seen[elementNotAction] == 0 {
		return p.failAt(start, "Action and NotAction are both missing; add one")
	}
	for _, positive := range []int{elementPrincipal, elementAction, elementResource} {
		negative := positive + 1
		if seen[positive] != 0 && seen[negative] != 0 {
			return p.failAt(max(seen[positive], seen[negative]), "%s and %s exclude each other; keep one",
				statementElements[positive], statementElements[negative])
		}
	}
	return nil
}

func (p *parser) effect() (Effect, error) {
	const want = `"Allow" or "Deny"`
	start := p.pos
	value, err := p.stringOr(want)
	if err != nil {
		return "", err
	}
	switch e := Effect(value); e {
	case Allow, Deny:
		return e, nil
	}
	return "", p.failAt(start, "want %s, found %s", want, quoted(value))
}

var principalTypes = []string{"AWS", "Service", "Federated", "CanonicalUser"}

func (p *parser) principal() (*Principal, error) {
	switch p.next() {
	case '{':
		return p.principalTypes()
	case '"':
		start := p.pos
		value, err := p.str()
		if err != nil {
			return nil, err
		}
		if value != "*" {
			return nil, p.failAt(start, `want "*" or an object, found %s; say what it is, as in {"AWS": …}`, quoted(value))
		}
		return &Principal{Everyone: true}, nil
	}
	return nil, p.want(`"*" or an object`)
}

func (p *parser) principalTypes() (*Principal, error) {
	principal := new(Principal)
	var seen [4]int
	err := p.block("principal type", principalTypes, seen[:], func(name string) (err error) {
		switch name {
		case "AWS":
			principal.AWS, err = p.strings()
		case "Service":
			principal.Service, err = p.strings()
		case "Federated":
			principal.Federated, err = p.strings()
		case "CanonicalUser":
			principal.CanonicalUser, err = p.strings()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return principal, nil
}
