package policydoc

import (
	"slices"
	"strings"
)

// A verb is what an action does, as in "to read" and "reading".
type verb struct{ infinitive, gerund string }

func (v verb) form(infinitive bool) string {
	if infinitive {
		return v.infinitive
	}
	return v.gerund
}

var levelVerbs = map[AccessLevel]verb{
	LevelList:                  {"list", "listing"},
	LevelRead:                  {"read", "reading"},
	LevelWrite:                 {"change", "changing"},
	LevelTagging:               {"tag", "tagging"},
	LevelPermissionsManagement: {"manage permissions", "managing permissions"},
}

// Actions whose access level says too little of what they are for.
var actionVerbs = map[string]verb{
	"sts:assumerole":                {"assume roles", "assuming roles"},
	"sts:assumerolewithsaml":        {"assume roles with a SAML assertion", "assuming roles with a SAML assertion"},
	"sts:assumerolewithwebidentity": {"assume roles with a token of an identity provider", "assuming roles with a token of an identity provider"},
	"sts:tagsession":                {"tag sessions", "tagging sessions"},
	"sts:setsourceidentity":         {"set the source identity of sessions", "setting the source identity of sessions"},
	"iam:passrole":                  {"pass roles to services", "passing roles to services"},
	"kms:decrypt":                   {"decrypt with KMS keys", "decrypting with KMS keys"},
	"kms:encrypt":                   {"encrypt with KMS keys", "encrypting with KMS keys"},
	"kms:generatedatakey":           {"make data keys with KMS keys", "making data keys with KMS keys"},
	"lambda:invokefunction":         {"invoke Lambda functions", "invoking Lambda functions"},
	"secretsmanager:getsecretvalue": {"read the values of secrets", "reading the values of secrets"},
	"ssm:sendcommand":               {"run commands on managed nodes", "running commands on managed nodes"},
	"ssm:startsession":              {"open sessions on managed nodes", "opening sessions on managed nodes"},
}

// How much of a statement's own text a sentence repeats.
const (
	maxPatternsNamed  = 6
	maxServicesNamed  = 6
	maxResourcesNamed = 4
	maxValuesNamed    = 5
)

// actionWords says what the actions of a statement do, in the infinitive or as gerunds.
func actionWords(s *Statement, infinitive bool) string {
	do := ""
	if infinitive {
		do = "do "
	}
	switch {
	case s.NotActions != nil && len(s.NotActions) == 0:
		return do + "every action"
	case s.NotActions != nil:
		return do + "every action except " + list(wordsOf(s.NotActions), "and")
	case len(s.Actions) == 0:
		return do + "nothing, since Action is empty"
	case slices.ContainsFunc(s.Actions, func(a string) bool { return isStars(a) || a == "*:*" }):
		return do + "every action of every service"
	}
	groups := groupActions(s.Actions)
	if len(groups) > maxServicesNamed {
		return manyServices(s, infinitive)
	}
	var whole, phrases []string
	for _, g := range groups {
		if service, ok := g.wholeService(); ok {
			whole = append(whole, shortName(service)+" ("+g.named(g.patterns, service.Actions)+")")
			continue
		}
		phrases = append(phrases, g.words(infinitive, s.Resources == nil && s.NotResources == nil)...)
	}
	if len(whole) > 0 {
		phrases = append([]string{do + "everything in " + list(whole, "and")}, phrases...)
	}
	return list(phrases, "and")
}

// manyServices is for statements that would make a very long sentence.
func manyServices(s *Statement, infinitive bool) string {
	set := s.ActionSet()
	var services []string
	for service := range set.Services() {
		services = append(services, service.Prefix)
	}
	return verbsOf(set, infinitive) + " in " + count(len(services), "service") +
		" (" + count(set.Len(), "action") + " of " + someOf(services, maxServicesNamed, "and") + ")"
}

// An actionGroup is what a statement names of one service.
type actionGroup struct {
	service  string // in lower case; "" for patterns with a wildcard in the service
	patterns []string
}

// groupActions groups patterns by service, in the order in which they come.
func groupActions(patterns []string) []*actionGroup {
	var groups []*actionGroup
	byService := map[string]*actionGroup{}
	for _, pattern := range patterns {
		service := ""
		if prefix, _, ok := strings.Cut(pattern, ":"); ok && !strings.ContainsAny(prefix, "*?") {
			service = strings.ToLower(prefix)
		}
		g := byService[service]
		if g == nil {
			g = &actionGroup{service: service}
			byService[service] = g
			groups = append(groups, g)
		}
		g.patterns = append(g.patterns, pattern)
	}
	return groups
}

// wholeService returns the service whose actions the group covers all.
func (g *actionGroup) wholeService() (Service, bool) {
	service, ok := LookupService(g.service)
	return service, ok && ActionsMatching(g.patterns...).Len() == service.Actions
}

// words says what the actions of the group do: those with words of their own
// first, the others by their access levels. In a trust policy, which has no
// resources, it is one role that is assumed.
func (g *actionGroup) words(infinitive, trust bool) []string {
	var phrases, rest []string
	for _, pattern := range g.patterns {
		v, ok := actionVerbs[strings.ToLower(pattern)]
		if !ok {
			rest = append(rest, pattern)
			continue
		}
		form := v.form(infinitive)
		if trust && g.service == "sts" {
			form = strings.Replace(form, " roles", " the role", 1)
		}
		phrases = append(phrases, form+" ("+pattern+")")
	}
	if len(rest) > 0 {
		phrases = append(phrases, g.levelWords(rest, infinitive))
	}
	return phrases
}

func (g *actionGroup) levelWords(patterns []string, infinitive bool) string {
	set := ActionsMatching(patterns...)
	named := g.named(patterns, set.Len())
	service, known := LookupService(g.service)
	switch {
	case set.Len() == 0:
		do := ""
		if infinitive {
			do = "do "
		}
		return do + "actions that the catalogue does not know (" + named + ")"
	case !known:
		return verbsOf(set, infinitive) + " in any service (" + named + ")"
	}
	return verbsOf(set, infinitive) + resourceNoun(set) + " in " + shortName(service) + " (" + named + ")"
}

// named repeats patterns, with how many actions they cover where that does not show.
func (g *actionGroup) named(patterns []string, actions int) string {
	named := strings.Join(wordsOf(patterns), ", ")
	if len(patterns) > maxPatternsNamed+1 {
		named = someOf(wordsOf(patterns), maxPatternsNamed, "and")
	}
	if strings.ContainsAny(strings.Join(patterns, ""), "*?") || len(patterns) > maxPatternsNamed+1 {
		named += ": " + count(actions, "action")
	}
	return named
}

// shortName returns the name of a service without what stands in brackets after it.
func shortName(service Service) string {
	name, _, _ := strings.Cut(service.Name, " (")
	return name
}

// verbsOf returns the verbs for the access levels of the actions.
func verbsOf(set ActionSet, infinitive bool) string {
	var verbs []string
	for _, level := range slices.Backward(AccessLevels()) {
		if set.Overlaps(ActionsOfLevel(level)) {
			verbs = append(verbs, levelVerbs[level].form(infinitive))
		}
	}
	if len(verbs) == 0 {
		verbs = append(verbs, verb{"use", "using"}.form(infinitive))
	}
	return list(verbs, "and")
}

// maxNounActions is up to how many actions are looked up for what they are about.
const maxNounActions = 20

// resourceNoun returns what all the actions are about, as " objects", when that
// is one type of resource with a plain name.
func resourceNoun(set ActionSet) string {
	if set.Len() > maxNounActions || set.Overlaps(ActionsOfLevel(LevelPermissionsManagement)) {
		return ""
	}
	noun := ""
	for action := range set.All() {
		d, ok := Details(action.String())
		if !ok {
			return ""
		}
		// An access point is another way to the same thing.
		types := slices.DeleteFunc(slices.Clone(d.Resources), func(r ActionResource) bool { return strings.HasPrefix(r.Name, "accesspoint") })
		if len(types) > 1 {
			types = slices.DeleteFunc(types, func(r ActionResource) bool { return !r.Required })
		}
		if len(types) != 1 || noun != "" && noun != types[0].Name {
			return ""
		}
		noun = types[0].Name
	}
	if noun == "" || strings.Trim(noun, "abcdefghijklmnopqrstuvwxyz- ") != "" {
		return ""
	}
	return " " + plural(strings.ReplaceAll(noun, "-", " "))
}

func plural(noun string) string {
	last := len(noun) - 1
	switch {
	case strings.HasSuffix(noun, "s"), strings.HasSuffix(noun, "x"), strings.HasSuffix(noun, "ch"):
		return noun + "es"
	case noun[last] == 'y' && !strings.ContainsRune("aeiou", rune(noun[max(last-1, 0)])):
		return noun[:last] + "ies"
	}
	return noun + "s"
}
