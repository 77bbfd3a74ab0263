package policydoc

import (
	"cmp"
	"slices"
)

// conditions reads a Condition element. The list is not nil, even when it is empty.
func (p *parser) conditions() ([]Condition, error) {
	if p.next() != '{' {
		return nil, p.want("an object of condition operators")
	}
	conditions := []Condition{}
	var operators nameSet
	err := p.object(func(operator string, offset int) (err error) {
		p.enter(operator)
		if !operators.add(operator) {
			return p.failAt(offset, "given twice; put the keys into one")
		}
		conditions, err = p.conditionKeys(conditions, operator)
		p.leave()
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(conditions, compareConditions)
	return conditions, nil
}

// conditionKeys reads the keys and values of one operator, and returns
// conditions with them added.
//
// Keys that differ only in case are one key to AWS, and its policy validation
// objects to them in one block. They are kept here as two conditions, which both
// must hold: a policy that AWS stores has to be readable.
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html.
func (p *parser) conditionKeys(conditions []Condition, operator string) ([]Condition, error) {
	if p.next() != '{' {
		return nil, p.want("an object of condition keys")
	}
	var keys nameSet
	err := p.object(func(key string, offset int) error {
		p.enter(key)
		if !keys.add(key) {
			return p.failAt(offset, "given twice; put the values into one list")
		}
		values, err := p.values((*parser).scalarOr, "a string, number or Boolean",
			"a string, number or Boolean, or a list of them")
		conditions = append(conditions, Condition{Operator: operator, Key: key, Values: values})
		p.leave()
		return err
	})
	return conditions, err
}

func compareConditions(a, b Condition) int {
	return cmp.Or(cmp.Compare(a.Operator, b.Operator), cmp.Compare(a.Key, b.Key))
}

// scalarOr reads a condition value as text; want is what to ask for when there is none.
func (p *parser) scalarOr(want string) (string, error) {
	switch c := p.next(); {
	case c == '"':
		return p.str()
	case c == '-' || isDigit(c):
		return p.number()
	case p.literal("true"):
		return "true", nil
	case p.literal("false"):
		return "false", nil
	}
	return "", p.want(want)
}

// A nameSet is a set of names. Most condition blocks hold one or two: only a
// large one is worth a map.
type nameSet struct {
	few   [8]string
	count int
	many  map[string]struct{}
}

// add adds a name and reports whether it is new.
func (s *nameSet) add(name string) bool {
	if s.many == nil {
		if slices.Contains(s.few[:s.count], name) {
			return false
		}
		if s.count < len(s.few) {
			s.few[s.count] = name
			s.count++
			return true
		}
		s.many = make(map[string]struct{}, 2*len(s.few))
		for _, n := range s.few {
			s.many[n] = struct{}{}
		}
	}
	if _, ok := s.many[name]; ok {
		return false
	}
	s.many[name] = struct{}{}
	return true
}
