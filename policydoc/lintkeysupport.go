package policydoc

import "strings"

// principalKeys come with the credentials of the caller, whatever the action.
// They have the prefix of a service all the same.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
var principalKeys = map[string]bool{
	"lambda:sourcefunctionarn": true, "ec2:sourceinstancearn": true, "ec2:roledelivery": true,
	"ssm:sourceinstancearn": true, "glue:roleassumedby": true, "glue:credentialissuingservice": true,
	"identitystore:userid": true, "codebuild:buildarn": true, "codebuild:projectarn": true,
	"ecs:sourcetaskarn": true, "sts:rolesessionname": true, "sts:sourceidentity": true,
}

// unsupportedKeys looks for condition keys of services that no action of the
// statement supports: a request never has them.
func (l *linter) unsupportedKeys() {
	var actions []coveredAction
	for i := range l.s.Conditions {
		c := &l.s.Conditions[i]
		vendor, _, ok := strings.Cut(c.Key, ":")
		if !ok || strings.EqualFold(vendor, "aws") || isProvider(vendor) || isLegacyKey(c.Key) || principalKeys[strings.ToLower(c.Key)] {
			continue
		}
		key, known := LookupConditionKey(c.Key)
		if !known {
			continue
		}
		if actions == nil {
			if actions, ok = l.coveredActions(); !ok || len(actions) == 0 {
				return
			}
		}
		if !l.supported(actions, key.Name) && l.listed(vendor, key.Name) {
			l.report(ruleUnsupportedKey, atKey(c), "no action of the statement supports the condition key "+quoted(c.Key),
				"move the condition to the actions that do")
		}
	}
}

// supported reports whether one of the actions, or a resource type of one, has the key.
func (l *linter) supported(actions []coveredAction, key string) bool {
	for i := range actions {
		if actions[i].supports(key) {
			return true
		}
	}
	return false
}

// supports reports whether the catalogue lists the key for the action.
func (a *ActionDetails) supports(key string) bool {
	if containsFold(a.ConditionKeys, key) {
		return true
	}
	for i := range a.Resources {
		if containsFold(a.Resources[i].ConditionKeys, key) {
			return true
		}
	}
	return false
}

// listed reports whether the catalogue lists the key for some action of the
// service. There are keys that it lists for none, and then says nothing.
func (l *linter) listed(service, key string) bool {
	set := ActionsOf(service)
	if set.Len() > l.lookups {
		return false
	}
	l.lookups -= set.Len()
	for action := range set.All() {
		if d, ok := Details(action.String()); ok && d.supports(key) {
			return true
		}
	}
	return false
}

func containsFold(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}
