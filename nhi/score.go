package nhi

import (
	"cmp"
	"math"
	"slices"
)

// evidenceNames are the kinds of evidence that coverage is made of, with the
// words for Unseen.
var evidenceNames = map[string]string{
	"name":                "name",
	"path":                "path",
	"tags":                "tags",
	"password":            "console password",
	"password-last-used":  "last use of the console password",
	"access-keys":         "access keys",
	"mfa":                 "MFA devices",
	"policies":            "groups and policies",
	"service-credentials": "service-specific credentials",
	"ssh-keys":            "SSH public keys",
	"trust":               "trust policy",
}

// A score gathers the evidence about one identity.
type score struct {
	from      *Signals
	kind      IdentityType
	signals   []Signal
	seen, all float64
	unseen    []string
}

// look records that a kind of evidence was looked for, and whether it was there
// to be seen. It returns known.
func (s *score) look(evidence string, known bool) bool {
	weight := s.from.evidence[s.kind][evidence]
	s.all += weight
	if known {
		s.seen += weight
	} else if weight > 0 {
		s.unseen = append(s.unseen, evidenceNames[evidence])
	}
	return known
}

// add adds a signal at its own weight. A signal that the Signals do not have is
// one that a replacing file left out.
func (s *score) add(name, fact string) { s.addScaled(name, 1, fact) }

// addScaled adds a signal at a share of its weight. A signal that is there
// already is not added again: the first fact stands.
func (s *score) addScaled(name string, factor float64, fact string) {
	rule, ok := s.from.signals[name]
	if !ok || s.has(name) {
		return
	}
	s.signals = append(s.signals, Signal{Name: name, Family: rule.Family, Weight: rule.Weight * factor, Fact: fact})
}

// drop takes a signal back.
func (s *score) drop(name string) {
	s.signals = slices.DeleteFunc(s.signals, func(x Signal) bool { return x.Name == name })
}

func (s *score) has(name string) bool {
	return slices.ContainsFunc(s.signals, func(x Signal) bool { return x.Name == name })
}

// capFamilies scales the signals of each family that together weigh more than
// its cap, those for and those against a person apart, so that the weights
// shown add up to the score.
func (s *score) capFamilies(factor map[string]float64) {
	for i := range s.signals {
		first := &s.signals[i]
		if slices.ContainsFunc(s.signals[:i], func(x Signal) bool { return x.Family == first.Family }) {
			continue
		}
		limit := s.from.caps[first.Family]
		if f, ok := factor[first.Family]; ok {
			limit *= f
		}
		s.scaleFamily(first.Family, limit)
	}
	for i := range s.signals {
		s.signals[i].Weight = math.Round(s.signals[i].Weight*1000) / 1000
	}
}

func (s *score) scaleFamily(family string, limit float64) {
	var positive, negative float64
	for _, x := range s.signals {
		if x.Family == family {
			positive += max(x.Weight, 0)
			negative += min(x.Weight, 0)
		}
	}
	for i := range s.signals {
		if x := &s.signals[i]; x.Family == family {
			switch {
			case x.Weight > 0 && positive > limit:
				x.Weight *= limit / positive
			case x.Weight < 0 && -negative > limit:
				x.Weight *= limit / -negative
			}
		}
	}
}

// sum adds up the weights of all signals but those of a family.
func (s *score) sum(exceptFamily string) float64 {
	total := 0.0
	for _, x := range s.signals {
		if x.Family != exceptFamily {
			total += x.Weight
		}
	}
	return total
}

// confidence is the probability that an identity with this sum is non-human.
func (s *score) confidence(sum float64) float64 {
	prior := s.from.model.UserPrior
	if s.kind == TypeRole {
		prior = s.from.model.RolePrior
	}
	return 1 / (1 + math.Exp(-(prior+sum)/s.from.model.Temperature))
}

func (s *score) verdict(confidence float64) Verdict {
	switch {
	case confidence <= s.from.model.HumanAtMost:
		return Human
	case confidence >= s.from.model.NHIAtLeast:
		return NonHuman
	default:
		return Uncertain
	}
}

// classification adds up. The signals are sorted, heaviest first.
func (s *score) classification() Classification {
	s.contradict()
	confidence := s.confidence(s.sum(""))
	coverage := 1.0
	if s.all > 0 {
		coverage = s.seen / s.all
	}
	slices.SortStableFunc(s.signals, func(a, b Signal) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)), cmp.Compare(a.Name, b.Name))
	})
	return Classification{
		Verdict: s.verdict(confidence), Confidence: confidence, Coverage: coverage,
		Signals: s.signals, Unseen: s.unseen,
	}
}

// contradict says so when a declaration stands against all the rest.
func (s *score) contradict() {
	declared := s.sum("") - s.sum("declared")
	rest := s.confidence(s.sum("declared"))
	switch {
	case declared < 0 && s.verdict(rest) == NonHuman:
		s.add("declaration-contradicted", "declared to be human, but everything else speaks for a non-human identity")
	case declared > 0 && s.verdict(rest) == Human:
		s.add("declaration-contradicted", "declared to be non-human, but everything else speaks for a person")
	}
}
