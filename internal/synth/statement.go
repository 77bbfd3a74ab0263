package synth

import (
	"strconv"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// A statement is one statement of an identity policy.
type statement struct {
	sid, effect string
	actions     []string
	resources   []string
	// notActions and notResources say that the lists are NotAction and NotResource.
	notActions, notResources bool
	// condition is what stands inside the braces of a Condition element, if any.
	condition string
}

func allow(sid string, actions, resources []string) statement {
	return statement{sid: sid, effect: "Allow", actions: actions, resources: resources}
}

func deny(sid string, actions, resources []string) statement {
	return statement{sid: sid, effect: "Deny", actions: actions, resources: resources}
}

// when returns the statement under a condition.
func (s statement) when(condition string) statement {
	s.condition = condition
	return s
}

// butActions returns the statement for all actions but those that it lists.
func (s statement) butActions() statement {
	s.notActions = true
	return s
}

// butResources returns the statement for all resources but those that it lists.
func (s statement) butResources() statement {
	s.notResources = true
	return s
}

// everything is the pattern of all actions and of all resources.
var everything = []string{"*"}

// document makes an identity policy, spelled as the AWS console spells it.
func (g *generator) document(statements ...statement) nhiscan.PolicyDocument {
	var b strings.Builder
	b.WriteString("{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [")
	for i := range statements {
		if i > 0 {
			b.WriteByte(',')
		}
		g.writeStatement(&b, &statements[i])
	}
	b.WriteString("\n    ]\n}")
	return nhiscan.NewPolicyDocument(b.String())
}

func (g *generator) writeStatement(b *strings.Builder, s *statement) {
	b.WriteString("\n        {\n            \"Sid\": ")
	b.WriteString(strconv.Quote(s.sid))
	b.WriteString(",\n            \"Effect\": ")
	b.WriteString(strconv.Quote(s.effect))
	g.writeList(b, "Action", s.notActions, s.actions)
	g.writeList(b, "Resource", s.notResources, s.resources)
	if s.condition != "" {
		b.WriteString(",\n            \"Condition\": {\n                ")
		b.WriteString(s.condition)
		b.WriteString("\n            }")
	}
	b.WriteString("\n        }")
}

// writeList writes an element with a list, or with a string for some lists of one.
func (g *generator) writeList(b *strings.Builder, name string, not bool, values []string) {
	b.WriteString(",\n            \"")
	if not {
		b.WriteString("Not")
	}
	b.WriteString(name)
	b.WriteString("\": ")
	if len(values) == 1 && g.chance(50) {
		b.WriteString(strconv.Quote(values[0]))
		return
	}
	b.WriteByte('[')
	for i, value := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n                ")
		b.WriteString(strconv.Quote(value))
	}
	b.WriteString("\n            ]")
}

// equals is a condition that a key has one of the values.
func equals(key string, values ...string) string {
	return `"StringEquals": {"` + key + `": ["` + strings.Join(values, `", "`) + `"]}`
}
