package policydoc

import (
	_ "embed"
	"strings"
	"sync"
)

// risksText lists the dangerous actions; its own comment describes it.
//
//go:embed data/risks.txt
var risksText string

// A Risk is what an action gives to who may do it on all resources and at all times.
type Risk struct {
	Category DangerCategory
	Severity Severity
	// Why says it in a few words.
	Why string
}

// Risks returns in which ways the named action, in any case, is dangerous by
// itself; nil for one that is not.
func Risks(action string) []Risk {
	service, i, ok := catalogue().find(action)
	if !ok {
		return nil
	}
	var found []Risk
	t := risks()
	for _, n := range t.byAction[service.first+i] {
		found = append(found, t.risks[n].Risk)
	}
	return found
}

// A risk is one heading of the list.
type risk struct {
	Risk
	// ofOthers is for what endangers nobody when the resource is the caller itself.
	ofOthers bool
	// withUse is for what hands something to an action that uses it.
	withUse bool
}

// A riskTable holds the list by the actions' numbers.
type riskTable struct {
	risks []risk
	// byAction has for each action the indices of its risks.
	byAction map[int][]int
	// all are the actions that are in the list.
	all ActionSet
	// modifying are the actions that change some infrastructure and for which a
	// policy can name resources; passing those that need iam:PassRole.
	modifying, passing ActionSet
}

var risks = sync.OnceValue(func() *riskTable {
	t := &riskTable{byAction: map[int][]int{}}
	var all setBuilder
	for line := range strings.Lines(risksText) {
		switch {
		case line == "\n" || line[0] == '#':
		case line[0] != '\t':
			t.risks = append(t.risks, parseRisk(strings.TrimSpace(line)))
		default:
			for name := range strings.FieldsSeq(line) {
				// A test holds that all of them are in the catalogue.
				if service, i, ok := catalogue().find(name); ok {
					number := service.first + i
					t.byAction[number] = append(t.byAction[number], len(t.risks)-1)
					all.add(number)
				}
			}
		}
	}
	t.all = all.set()
	t.modifying, t.passing = modifyingActions()
	return t
})

// parseRisk reads a heading: category, severity, marks in brackets, colon, why.
func parseRisk(line string) risk {
	head, why, _ := strings.Cut(line, ": ")
	fields := strings.Fields(head)
	r := risk{Risk: Risk{Category: DangerCategory(fields[0]), Severity: Severity(fields[1]), Why: why}}
	for _, mark := range fields[2:] {
		r.ofOthers = r.ofOthers || mark == "[of-others]"
		r.withUse = r.withUse || mark == "[with-use]"
	}
	return r
}

// modifyingActions returns the actions of the levels that write. AWS gives some that
// only show permissions the level Permissions management, such as
// quicksight:DescribeTopicPermissions: these change nothing.
func modifyingActions() (modifying, passing ActionSet) {
	var m, p setBuilder
	c := catalogue()
	for i := range c.services {
		s := &c.services[i]
		if s.prefix == "sts" {
			continue // what it writes are sessions
		}
		for j, flag := range []byte(s.flags) {
			if flag == 'p' || flag == 'b' {
				p.add(s.first + j)
			}
			if (flag == 'r' || flag == 'b') && strings.IndexByte("WTP", s.levels[j]) >= 0 {
				m.add(s.first + j)
			}
		}
	}
	return m.set().Subtract(ActionsMatching("iam:PassRole", "*:Get*", "*:List*", "*:Describe*")), p.set()
}
