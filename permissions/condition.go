package permissions

import "github.com/nhiscan/nhiscan/policydoc"

// A condition is a condition of a statement prepared for evaluation.
type condition struct {
	parsedOperator
	key    keyRef
	values []conditionValue
	fixed  bool // no value has policy variables
}

func newCondition(source *policydoc.Condition, version policydoc.Version) condition {
	c := condition{parsedOperator: parseOperator(source.Operator), key: newKeyRef(source.Key)}
	c.fixed = true
	for _, text := range source.Values {
		value := newConditionValue(c.operator, text, version)
		c.fixed = c.fixed && value.template.parts == nil
		c.values = append(c.values, value)
	}
	return c
}

// holds says whether the condition holds for a request.
func (c *condition) holds(e *environment) truth {
	if c.operator == operatorUnknown {
		return maybe
	}
	v := e.values(&c.key)
	switch {
	case v.state == keyUnknown:
		return c.holdsUnknown()
	case c.operator == null:
		return c.holdsNull(v.state == keyAbsent)
	case v.state == keyAbsent:
		return c.holdsAbsent()
	}
	return c.holdsFor(e, &v)
}

// holdsUnknown is for a key of which nothing is known. Only a condition that no
// value meets, present or absent, has a certain answer.
func (c *condition) holdsUnknown() truth {
	if len(c.values) == 0 && c.operator != null && c.holdsAbsent() == no && !c.negated {
		return no
	}
	return maybe
}

// holdsAbsent is for a key that the request does not have.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
// and https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
func (c *condition) holdsAbsent() truth {
	switch {
	case c.ifExists, c.quantifier == forAllValues:
		return yes
	case c.quantifier == forAnyValue:
		return no
	}
	return truthOf(c.negated)
}

// holdsNull is for the operator Null: "true" demands that the key is absent.
func (c *condition) holdsNull(absent bool) truth {
	want := "false"
	if absent {
		want = "true"
	}
	for i := range c.values {
		if text := c.values[i].text; len(text) == len(want) && hasPrefixFold(text, want) {
			return yes
		}
	}
	return no
}

// holdsFor is for a key that has values. Several of them need a quantifier.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
func (c *condition) holdsFor(e *environment, v *keyValues) truth {
	if c.quantifier == single {
		if v.len() > 1 {
			return no
		}
		return c.holdsForOne(e, v.at(0))
	}
	// AWS counts an empty text as no value here.
	if v.len() == 1 && v.at(0) == "" {
		return c.holdsAbsent()
	}
	all := c.quantifier == forAllValues
	t := truthOf(all)
	for i := range v.len() {
		one := c.holdsForOne(e, v.at(i))
		if all {
			t = t.and(one)
		} else {
			t = t.or(one)
		}
	}
	return t
}

// holdsForOne is for one value of the request, which must match one of the
// condition's values, or with a negated operator none. What cannot be compared
// meets neither.
func (c *condition) holdsForOne(e *environment, s string) truth {
	if c.operator.comparesText() {
		return c.holdsForText(e, s)
	}
	have, ok := readOperand(c.operator, s)
	if !ok {
		return no
	}
	for i := range c.values {
		switch want := c.values[i].operand; {
		case want == nil && c.negated:
			return no
		case want != nil && have.meets(c.operator, want):
			return truthOf(!c.negated)
		}
	}
	return truthOf(c.negated)
}

// holdsForText is holdsForOne for the operators that take policy variables.
func (c *condition) holdsForText(e *environment, s string) truth {
	if c.operator == arnLike && !isARN(s) {
		return no
	}
	if c.fixed && c.operator == stringEquals {
		for i := range c.values {
			if c.values[i].text == s {
				return truthOf(!c.negated)
			}
		}
		return truthOf(c.negated)
	}
	t := truthOf(c.negated)
	for i := range c.values {
		match, comparable := c.values[i].matches(c.operator, e, s)
		if c.negated {
			t = t.and(match.not()).and(comparable)
		} else {
			t = t.or(match.and(comparable))
		}
	}
	return t
}

// unknownKeys appends the keys of unknown value that the condition hangs on.
func (c *condition) unknownKeys(e *environment, keys []string) []string {
	if v := e.values(&c.key); c.operator == operatorUnknown || v.state == keyUnknown {
		return append(keys, c.key.written)
	}
	for i := range c.values {
		keys = c.values[i].template.unknownKeys(e, keys)
	}
	return keys
}
