package permissions

import (
	"iter"
	"slices"
	"strings"
)

// maxPatterns is how many patterns of a layer are tried in the search for a
// resource on which an action is allowed.
const maxPatterns = 24

// fillers are what wildcards are replaced by: the second is tried where a
// statement denies the first.
var fillers = [...]byte{'x', 'q'}

// resourceFor looks for an ARN on which the caller may do an action, among those
// that the template covers, such as arn:aws:lambda:*:123456789012:function:*. It
// builds ARNs from the patterns of every layer of policies and asks for each, so
// that what it finds is right; it may miss one that only a rare mix of wildcards allows.
func (c *caller) resourceFor(action, template string, ctx *Context) (string, truth) {
	best, found := "", no
	for arn := range c.g.mixtures(template, func() [][]string { return c.patternsOf(action, ctx) }) {
		if t := c.mayDo(action, arn, ctx); t > found {
			best, found = arn, t
		}
		if found == yes {
			break
		}
	}
	return best, found
}

// mixtures iterates over ARNs that the template and one pattern of each layer cover.
// The first is one of the template alone, which most policies allow.
func (g *escalationGraph) mixtures(template string, layers func() [][]string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if arn, ok := g.witness(fillers[0], []string{template}); !ok || !yield(arn) {
			return
		}
		g.mix(yield, []string{template}, layers())
	}
}

// witness is [witness], once for the same patterns.
func (g *escalationGraph) witness(filler byte, patterns []string) (string, bool) {
	key := string(filler) + strings.Join(patterns, "\x00")
	g.mu.Lock()
	arn, ok := g.witnesses[key]
	g.mu.Unlock()
	if !ok {
		arn, _ = witness(filler, patterns...)
		g.mu.Lock()
		g.witnesses[key] = arn
		g.mu.Unlock()
	}
	return arn, arn != ""
}

func (g *escalationGraph) mix(yield func(string) bool, chosen []string, rest [][]string) bool {
	if len(rest) > 0 {
		for _, p := range rest[0] {
			if !g.mix(yield, append(chosen[:len(chosen):len(chosen)], p), rest[1:]) {
				return false
			}
		}
		return true
	}
	for _, filler := range fillers {
		arn, ok := g.witness(filler, chosen)
		if !ok {
			return true
		}
		if !yield(arn) {
			return false
		}
	}
	return true
}

// mayDo asks whether the caller may do the action on one ARN.
func (c *caller) mayDo(action, arn string, ctx *Context) truth {
	d := Evaluate(&c.policies, &Request{
		Principal: c.id.principal, Action: action, Resource: arn,
		ResourceAccount: c.id.principal.Account, Context: ctx,
	})
	return truthOfOutcome(d.Outcome)
}

func truthOfOutcome(o Outcome) truth {
	switch o {
	case Allowed:
		return yes
	case Depends:
		return maybe
	}
	return no
}

// patternsOf returns, for each layer that must allow and narrows the resources,
// the patterns of its Allow statements about the action.
func (c *caller) patternsOf(action string, ctx *Context) [][]string {
	e := newEnvironment(&c.id.principal, action, "*", c.id.principal.Account, ctx)
	layers := make([][]string, 0, 3)
	add := func(policies []*Policy) {
		var patterns []string
		for _, p := range policies {
			for _, s := range p.compiled.matching(action) {
				patterns = s.appendPatterns(patterns, e)
			}
		}
		slices.Sort(patterns)
		patterns = slices.Compact(patterns)
		if len(patterns) > maxPatterns {
			patterns = patterns[:maxPatterns]
		}
		if len(patterns) != 1 || patterns[0] != "*" {
			layers = append(layers, patterns)
		}
	}
	add(c.policies.Identity)
	c.policies.eachLimit(&c.id.principal, func(_ PolicyType, _ string, policies []*Policy) { add(policies) })
	return layers
}

// appendPatterns appends patterns of which the statement allows, or leaves
// undenied, something: its own for an Allow, and those of a Deny's NotResource.
func (s *statement) appendPatterns(patterns []string, e *environment) []string {
	if s.conditionsTruth(e) == no {
		return patterns
	}
	own, not, _ := s.resourcePatterns(e)
	switch {
	case s.deny && not:
		return append(own, patterns...)
	case s.deny:
		return patterns
	case not:
		return append(patterns, "*")
	}
	return append(patterns, own...)
}

// witness returns a string that all patterns cover, with the filler where nothing
// else is asked for. It walks through all patterns at once, as an automaton made
// of all of theirs would, and gives up on patterns that keep it busy for long.
func witness(filler byte, patterns ...string) (string, bool) {
	w := search{patterns: patterns, filler: filler, seen: map[string]bool{}}
	if w.from(make([]int, len(patterns))) {
		return string(w.text), true
	}
	return "", false
}

const maxSearch = 4096 // states

type search struct {
	patterns []string
	filler   byte
	seen     map[string]bool
	text     []byte
}

// from extends the text from a position in each pattern.
func (w *search) from(at []int) bool {
	var key strings.Builder
	for _, p := range at {
		key.WriteByte(byte(p))
		key.WriteByte(byte(p >> 8))
	}
	if w.unnamed() {
		key.WriteByte(0) // one more character makes a difference though no pattern moves on
	}
	if w.seen[key.String()] || len(w.seen) > maxSearch {
		return false
	}
	w.seen[key.String()] = true
	if w.done(at) {
		return true
	}
	for _, char := range w.choices(at) {
		for _, skip := range [...]bool{false, true} {
			if next, ok := w.step(at, char, skip); ok {
				w.text = append(w.text, char)
				if w.from(next) {
					return true
				}
				w.text = w.text[:len(w.text)-1]
			}
		}
	}
	return false
}

// done reports whether all patterns are at their ends, but for stars.
func (w *search) done(at []int) bool {
	for i, p := range at {
		if strings.Trim(w.patterns[i][p:], "*") != "" {
			return false
		}
	}
	return !w.unnamed()
}

// unnamed reports whether the text ends where a wildcard can still give it a name.
func (w *search) unnamed() bool {
	return len(w.text) == 0 || w.text[len(w.text)-1] == '/' || w.text[len(w.text)-1] == ':'
}

// choices returns the characters worth trying: those that patterns ask for next.
func (w *search) choices(at []int) []byte {
	var list []byte
	for i, p := range at {
		rest := strings.TrimLeft(w.patterns[i][p:], "*")
		if rest != "" && rest[0] != '?' && !slices.Contains(list, rest[0]) {
			list = append(list, rest[0])
		}
	}
	if !slices.Contains(list, w.filler) {
		list = append(list, w.filler)
	}
	return list
}

// step moves every pattern over a character: past what stands after its star when
// that is the character, unless stay says that the star takes it.
func (w *search) step(at []int, char byte, stay bool) ([]int, bool) {
	next := make([]int, len(at))
	for i, p := range at {
		pattern := w.patterns[i]
		rest := strings.TrimLeft(pattern[p:], "*")
		star := len(rest) < len(pattern)-p
		// The first pattern is the template: its wildcards are parts of an ARN.
		within := i > 0 || char != ':'
		takes := rest != "" && (rest[0] == char || rest[0] == '?' && within)
		switch {
		case takes && !(star && stay):
			next[i] = len(pattern) - len(rest) + 1
		case star && within:
			next[i] = len(pattern) - len(rest) - 1
		default:
			return nil, false
		}
	}
	return next, true
}
