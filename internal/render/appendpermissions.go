package render

import "github.com/nhiscan/nhiscan/policydoc"

// The methods of this file append to a text what package json makes of the value,
// on one line. A test compares the two.

func (w *wirePermissions) appendJSON(to []byte) []byte {
	to = appendBool(to, `{"admin":`, w.Admin)
	to = appendString(to, `,"admin_kind":`, string(w.AdminKind))
	to = appendStrings(to, `,"admin_conditions":`, w.AdminConditions)
	to = appendList(to, `,"admin_grants":`, w.AdminGrants, (*wireMatch).appendJSON)
	to = appendStrings(to, `,"admin_limits":`, w.AdminLimits)
	to = appendString(to, `,"access_level":`, w.AccessLevel)
	to = w.Access.appendJSON(append(to, `,"access":`...))
	to = w.Services.appendJSON(append(to, `,"services":`...))
	to = appendList(to, `,"wildcards":`, w.Wildcards, (*wireWildcards).appendJSON)
	to = appendList(to, `,"dangerous":`, w.Dangerous, (*wireDangerous).appendJSON)
	to = appendList(to, `,"escalations":`, w.Escalations, (*wireEscalation).appendJSON)
	to = append(to, `,"boundary":`...)
	if w.Boundary == nil {
		to = append(to, "null"...)
	} else {
		to = w.Boundary.appendJSON(to)
	}
	to = appendList(to, `,"unusable":`, w.Unusable, (*wireUnusable).appendJSON)
	to = appendList(to, `,"unresolved":`, w.Unresolved, (*wireGap).appendJSON)
	return append(to, '}')
}

func (w *wireAccess) appendJSON(to []byte) []byte {
	to = append(to, '{')
	for _, a := range [...]struct {
		before string
		level  policydoc.AccessLevel
	}{{`"all":`, w.All}, {`"named":`, w.Named}, {`"conditional_all":`, w.ConditionalAll}, {`"conditional_named":`, w.ConditionalNamed}} {
		if a.level != policydoc.LevelUnknown {
			to = append(appendString(to, a.before, string(a.level)), ',')
		}
	}
	return append(appendInt(to, `"actions":`, w.Actions), '}')
}

func (w *wireWildcards) appendJSON(to []byte) []byte {
	to = appendStrings(to, `{"patterns":`, w.Patterns)
	to = w.appendMembers(append(to, ','))
	return append(appendBool(to, `,"all_resources":`, w.AllResources), '}')
}

func (w *wireDangerous) appendJSON(to []byte) []byte {
	to = appendString(to, `{"category":`, string(w.Category))
	to = appendString(to, `,"severity":`, string(w.Severity))
	to = appendStrings(to, `,"actions":`, w.Actions)
	to = appendInt(to, `,"count":`, w.Count)
	to = appendStrings(to, `,"patterns":`, w.Patterns)
	to = w.Policy.appendJSON(append(to, `,"policy":`...))
	to = appendInt(to, `,"statement":`, w.Statement)
	to = appendString(to, `,"sid":`, w.SID)
	to = appendStrings(to, `,"resources":`, w.Resources)
	to = appendBool(to, `,"not_resources":`, w.NotResources)
	to = appendBool(to, `,"all_resources":`, w.AllResources)
	to = appendList(to, `,"conditions":`, w.Conditions, (*wireCondition).appendJSON)
	return append(appendStrings(to, `,"depends_on":`, w.DependsOn), '}')
}

func (w *wireCondition) appendJSON(to []byte) []byte {
	to = appendString(to, `{"operator":`, w.Operator)
	to = appendString(to, `,"key":`, w.Key)
	return append(appendStrings(to, `,"values":`, w.Values), '}')
}

func (w *wireEscalation) appendJSON(to []byte) []byte {
	to = appendString(to, `{"path":`, w.Path)
	to = appendString(to, `,"name":`, w.Name)
	to = appendString(to, `,"category":`, string(w.Category))
	to = appendBool(to, `,"admin":`, w.Admin)
	to = appendBool(to, `,"certain":`, w.Certain)
	to = appendStrings(to, `,"actions":`, w.Actions)
	to = appendStrings(to, `,"targets":`, w.Targets)
	to = appendInt(to, `,"target_count":`, w.TargetCount)
	to = appendStrings(to, `,"needs":`, w.Needs)
	to = appendStrings(to, `,"depends_on":`, w.DependsOn)
	to = appendList(to, `,"hops":`, w.Hops, (*wireHop).appendJSON)
	if w.HopsLeftOut > 0 {
		to = appendInt(to, `,"hops_left_out":`, w.HopsLeftOut)
	}
	return append(to, '}')
}

func (w *wireHop) appendJSON(to []byte) []byte {
	to = appendString(to, `{"from":`, w.From)
	to = appendString(to, `,"to":`, w.To)
	to = appendString(to, `,"path":`, w.Path)
	to = appendString(to, `,"sentence":`, w.Sentence)
	to = appendList(to, `,"grants":`, w.Grants, (*wireHopGrant).appendJSON)
	to = appendStrings(to, `,"needs":`, w.Needs)
	return append(appendStrings(to, `,"depends_on":`, w.DependsOn), '}')
}

func (w *wireHopGrant) appendJSON(to []byte) []byte {
	to = appendString(to, `{"action":`, w.Action)
	to = appendString(to, `,"resource":`, w.Resource)
	return append(w.appendMembers(append(to, ',')), '}')
}

func (w *wireBoundary) appendJSON(to []byte) []byte {
	to = w.Policy.appendJSON(append(to, `{"policy":`...))
	to = appendBool(to, `,"resolved":`, w.Resolved)
	to = appendInt(to, `,"granted":`, w.Granted)
	return append(appendInt(to, `,"allowed":`, w.Allowed), '}')
}

func (w *wireUnusable) appendJSON(to []byte) []byte {
	to = w.Policy.appendJSON(append(to, `{"policy":`...))
	to = appendInt(to, `,"statement":`, w.Statement)
	to = appendStrings(to, `,"actions":`, w.Actions)
	return append(appendString(to, `,"reason":`, w.Reason), '}')
}

func (w *wirePolicy) appendJSON(to []byte) []byte {
	to = appendString(to, `{"type":`, string(w.Type))
	to = appendString(to, `,"name":`, w.Name)
	to = appendString(to, `,"arn":`, w.ARN)
	to = appendString(to, `,"holder":`, w.Holder)
	if w.Target != "" {
		to = appendString(to, `,"target":`, w.Target)
	}
	return append(to, '}')
}

func (w *wireMatch) appendJSON(to []byte) []byte {
	return append(w.appendMembers(append(to, '{')), '}')
}

func (w *wireMatch) appendMembers(to []byte) []byte {
	to = w.Policy.appendJSON(append(to, `"policy":`...))
	to = appendInt(to, `,"statement":`, w.Statement)
	to = appendString(to, `,"sid":`, w.SID)
	return appendStrings(to, `,"depends_on":`, w.DependsOn)
}

func (w *wireGap) appendJSON(to []byte) []byte {
	to = appendString(to, `{"operation":`, w.Operation)
	to = appendString(to, `,"resource":`, w.Resource)
	to = appendString(to, `,"code":`, w.Code)
	return append(appendString(to, `,"message":`, w.Message), '}')
}
