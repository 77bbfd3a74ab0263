package nhi

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/trust"
)

// clone returns a copy whose maps and lists can be added to.
func (s *Signals) clone() *Signals {
	c := *s
	c.caps = maps.Clone(s.caps)
	c.signals = maps.Clone(s.signals)
	c.evidence = map[IdentityType]map[string]float64{TypeUser: maps.Clone(s.evidence[TypeUser]), TypeRole: maps.Clone(s.evidence[TypeRole])}
	c.words = maps.Clone(s.words)
	c.given = maps.Clone(s.given)
	c.tags = maps.Clone(s.tags)
	c.machineKeys, c.machineCredentials, c.gitCredentials = maps.Clone(s.machineKeys), maps.Clone(s.machineCredentials), maps.Clone(s.gitCredentials)
	c.selfServicePolicies = maps.Clone(s.selfServicePolicies)
	c.accounts = maps.Clone(s.accounts)
	c.suffixes, c.patterns = slices.Clip(s.suffixes), slices.Clip(s.patterns)
	c.paths, c.selfServiceActions = slices.Clip(s.paths), slices.Clip(s.selfServiceActions)
	return &c
}

// apply adds a file to the signals. What it says comes before what is there.
func (s *Signals) apply(f *signalsFile) error {
	for _, part := range []func(*signalsFile) error{
		s.applyModel, s.applyWeights, s.applyEvidence, s.applyWords, s.applyPatterns, s.applyTags, s.applyPaths, s.applyAccounts,
	} {
		if err := part(f); err != nil {
			return err
		}
	}
	addAll(s.machineKeys, f.Services.MachineKeys)
	addAll(s.machineCredentials, f.Services.MachineCredentials)
	addAll(s.gitCredentials, f.Services.GitCredentials)
	addAll(s.selfServicePolicies, f.SelfService.ManagedPolicies)
	for i, action := range f.SelfService.Actions {
		if !strings.HasPrefix(action, iamPrefix) {
			return f.errorAt(fmt.Sprintf("self_service.actions[%d]", i), "%q must begin with %s", action, iamPrefix)
		}
	}
	s.selfServiceActions = append(s.selfServiceActions, f.SelfService.Actions...)
	return nil
}

func addAll(set map[string]bool, words []string) {
	for _, w := range words {
		set[w] = true
	}
}

func (s *Signals) applyModel(f *signalsFile) error {
	if f.Model == nil {
		return nil
	}
	m := s.model
	if err := decodeStrictly(f.Model, &m); err != nil {
		return at(f.text, locate(f.text, "model"), "model: "+describeJSON(nil, err).Error())
	}
	switch {
	case m.Temperature <= 0:
		return f.errorAt("model.temperature", "%v must be above 0", m.Temperature)
	case m.HumanAtMost <= 0 || m.HumanAtMost >= m.NHIAtLeast || m.NHIAtLeast >= 1:
		return f.errorAt("model.human_at_most", "expected 0 < human_at_most (%v) < nhi_at_least (%v) < 1", m.HumanAtMost, m.NHIAtLeast)
	case m.RoleNameFactor < 0 || m.RoleNameFactor > 1:
		return f.errorAt("model.role_name_factor", "%v must be from 0 to 1", m.RoleNameFactor)
	case m.RecentDays <= 0:
		return f.errorAt("model.recent_days", "%d must be above 0", m.RecentDays)
	}
	s.model = m
	return nil
}

// maxWeight bounds weights: e^20 is certainty.
const maxWeight = 20

func (s *Signals) applyWeights(f *signalsFile) error {
	for _, family := range slices.Sorted(maps.Keys(f.Families)) {
		limit := f.Families[family]
		if limit <= 0 || limit > maxWeight {
			return f.errorAt("families."+family, "the cap %v must be above 0 and at most %d", limit, maxWeight)
		}
		s.caps[family] = limit
	}
	for _, name := range slices.Sorted(maps.Keys(f.Signals)) {
		entry, path := f.Signals[name], "signals."+name
		rule, known := s.signals[name]
		if entry.Family != "" {
			rule.Family = entry.Family
		}
		switch {
		case !known && entry.Family == "":
			return f.errorAt(path, "no built-in signal has this name; a new one needs a family")
		case s.caps[rule.Family] == 0:
			return f.errorAt(path+".family", "%q is not in families", rule.Family)
		case entry.Weight == nil:
			return f.errorAt(path, "the weight is missing")
		case math.Abs(*entry.Weight) > maxWeight:
			return f.errorAt(path+".weight", "%v must be from -%d to %d", *entry.Weight, maxWeight, maxWeight)
		}
		rule.Weight = *entry.Weight
		s.signals[name] = rule
	}
	return nil
}

func (s *Signals) applyEvidence(f *signalsFile) error {
	for _, kind := range slices.Sorted(maps.Keys(f.Evidence)) {
		into, ok := s.evidence[IdentityType(kind)]
		if !ok {
			return f.errorAt("evidence."+kind, "expected user or role")
		}
		for _, name := range slices.Sorted(maps.Keys(f.Evidence[kind])) {
			weight := f.Evidence[kind][name]
			if _, known := evidenceNames[name]; !known {
				return f.errorAt("evidence."+kind+"."+name, "no such evidence; there are %s", list(slices.Sorted(maps.Keys(evidenceNames))))
			}
			if weight < 0 || weight > maxWeight {
				return f.errorAt("evidence."+kind+"."+name, "%v must be from 0 to %d", weight, maxWeight)
			}
			into[name] = weight
		}
	}
	return nil
}

func (s *Signals) applyWords(f *signalsFile) error {
	classes := []string{string(classStrong), string(classVendor), string(classMedium), string(classEnvironment), string(classJob), string(classBreakGlass), string(classNeutral)}
	seen := map[string]bool{}
	for i, entry := range f.Words {
		path := fmt.Sprintf("words[%d]", i)
		if !slices.Contains(classes, entry.Class) {
			return f.errorAt(path+".class", "%q is no class; there are %s", entry.Class, list(classes))
		}
		if err := f.checkCategory(path, entry.Category); err != nil {
			return err
		}
		for j, w := range entry.Words {
			where := fmt.Sprintf("%s.words[%d]", path, j)
			switch {
			case w == "" || w != strings.ToLower(w) || len(segments(w)) != 1 || segments(w)[0] != w:
				return f.errorAt(where, "%q must be one lower-case word of letters and digits", w)
			case seen[w]:
				return f.errorAt(where, "%q is in the lists twice", w)
			}
			seen[w] = true
			s.words[w] = word{Class: wordClass(entry.Class), Category: Category(entry.Category)}
		}
	}
	for i, suffix := range f.Suffixes {
		if _, ok := s.words[suffix]; !ok {
			return f.errorAt(fmt.Sprintf("suffixes[%d]", i), "%q is not in words", suffix)
		}
	}
	s.suffixes = append(s.suffixes, f.Suffixes...)
	for _, name := range f.GivenNames {
		s.given[strings.ToLower(name)] = true
	}
	return nil
}

func (f *signalsFile) checkCategory(path, category string) error {
	if category != "" && !slices.Contains(categories, Category(category)) {
		return f.errorAt(path+".category", "%q is no category; there are %s", category, list(categories))
	}
	return nil
}

func (s *Signals) checkSignal(f *signalsFile, path, name string) error {
	if _, ok := s.signals[name]; !ok {
		return f.errorAt(path+".signal", "%q is not in signals; there are %s", name, list(slices.Sorted(maps.Keys(s.signals))))
	}
	return nil
}

func (f *signalsFile) checkType(path, kind string) error {
	if kind != "" && kind != string(TypeUser) && kind != string(TypeRole) {
		return f.errorAt(path+".type", "%q must be user, role, or left out for both", kind)
	}
	return nil
}

func (s *Signals) applyPatterns(f *signalsFile) error {
	var added []pattern
	for i, entry := range f.Patterns {
		path := fmt.Sprintf("patterns[%d]", i)
		if strings.Trim(entry.Match, "*") == "" {
			return f.errorAt(path+".match", "%q matches every name", entry.Match)
		}
		for _, err := range []error{f.checkType(path, entry.Type), s.checkSignal(f, path, entry.Signal), f.checkCategory(path, entry.Category)} {
			if err != nil {
				return err
			}
		}
		if entry.Fact == "" {
			entry.Fact = "a name like " + entry.Match
		}
		added = append(added, pattern{
			Type: IdentityType(entry.Type), Match: strings.ToLower(entry.Match), Signal: entry.Signal,
			Category: Category(entry.Category), Detail: entry.Detail, Fact: entry.Fact,
		})
	}
	s.patterns = append(added, s.patterns...)
	return nil
}

func (s *Signals) applyTags(f *signalsFile) error {
	added := map[string][]tagRule{}
	for i, entry := range f.Tags {
		path := fmt.Sprintf("tags[%d]", i)
		if err := s.checkSignal(f, path, entry.Signal); err != nil {
			return err
		}
		if len(entry.Keys) == 0 {
			return f.errorAt(path, "the keys are missing")
		}
		rule := tagRule{Signal: entry.Signal}
		for _, value := range entry.Values {
			rule.Values = append(rule.Values, plain(value))
		}
		for _, key := range entry.Keys {
			added[plain(key)] = append(added[plain(key)], rule)
		}
	}
	for key, rules := range added {
		s.tags[key] = append(rules, s.tags[key]...)
	}
	return nil
}

func (s *Signals) applyPaths(f *signalsFile) error {
	var added []pathRule
	for i, entry := range f.Paths {
		path := fmt.Sprintf("paths[%d]", i)
		if err := s.checkSignal(f, path, entry.Signal); err != nil {
			return err
		}
		if err := f.checkType(path, entry.Type); err != nil {
			return err
		}
		if entry.Prefix == "" && len(entry.Segments) == 0 {
			return f.errorAt(path, "expected a prefix or segments")
		}
		if entry.Prefix != "" && !strings.HasPrefix(entry.Prefix, "/") {
			return f.errorAt(path+".prefix", "%q must begin with /", entry.Prefix)
		}
		rule := pathRule{Type: IdentityType(entry.Type), Signal: entry.Signal, Prefix: entry.Prefix, Segments: map[string]bool{}}
		for _, segment := range entry.Segments {
			rule.Segments[plain(segment)] = true
		}
		added = append(added, rule)
	}
	s.paths = append(added, s.paths...)
	return nil
}

func (s *Signals) applyAccounts(f *signalsFile) error {
	for _, id := range slices.Sorted(maps.Keys(f.Accounts)) {
		entry, path := f.Accounts[id], "accounts."+id
		switch {
		case len(id) != 12 || !digits(id):
			return f.errorAt(path, "an AWS account id has 12 digits")
		case entry.Name == "":
			return f.errorAt(path, "the name is missing")
		case entry.Relation != string(trust.RelationInternal) && entry.Relation != string(trust.RelationVendor):
			return f.errorAt(path+".relation", "%q must be %s or %s", entry.Relation, trust.RelationInternal, trust.RelationVendor)
		}
		s.accounts[id] = trust.KnownAccount{Name: entry.Name, Relation: trust.Relation(entry.Relation)}
	}
	return nil
}

// plain folds case and leaves out what people separate words by, so that
// Identity-Type, identity_type and IdentityType are one.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == ' ' || r == '.' {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

func list[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}
