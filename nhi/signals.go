package nhi

import (
	"bytes"
	_ "embed"
	"sync"

	"github.com/nhiscan/nhiscan/trust"
)

//go:embed data/signals.json
var signalsJSON []byte

// Signals are the weights, thresholds, word lists and patterns that [Classify]
// works with. They do not change after they were read, so they may be shared.
type Signals struct {
	model    model
	caps     map[string]float64
	signals  map[string]signal
	evidence map[IdentityType]map[string]float64

	words    map[string]word
	given    map[string]bool
	suffixes []string
	patterns []pattern
	tags     map[string][]tagRule
	paths    []pathRule

	machineKeys, machineCredentials, gitCredentials map[string]bool

	selfServicePolicies map[string]bool
	selfServiceActions  []string

	accounts map[string]trust.KnownAccount
}

// model holds the numbers of the score.
type model struct {
	UserPrior      float64 `json:"user_prior"`
	RolePrior      float64 `json:"role_prior"`
	Temperature    float64 `json:"temperature"`
	HumanAtMost    float64 `json:"human_at_most"`
	NHIAtLeast     float64 `json:"nhi_at_least"`
	RoleNameFactor float64 `json:"role_name_factor"`
	RecentDays     int     `json:"recent_days"`
}

// signal is the weight of a signal and the family whose sum it counts towards.
type signal struct {
	Family string
	Weight float64
}

// wordClass says what a word in a name speaks for.
type wordClass string

const (
	classStrong      wordClass = "strong"      // software by itself: ci, terraform, bot
	classVendor      wordClass = "vendor"      // a third party's product: datadog
	classMedium      wordClass = "medium"      // a thing that software works on: backup, api
	classEnvironment wordClass = "environment" // prod, staging
	classJob         wordClass = "job"         // what people are: admin, developer
	classBreakGlass  wordClass = "break-glass" // emergency access of people
	classNeutral     wordClass = "neutral"     // nothing: user, role
)

// word is what is known of a word in a name.
type word struct {
	Class    wordClass
	Category Category
}

// pattern is a whole name that is known, with * for any characters.
type pattern struct {
	Type     IdentityType
	Match    string
	Signal   string
	Category Category
	Detail   string
	Fact     string
}

// tagRule is a signal that a tag gives when its value matches one of Values;
// with no Values, whatever its value.
type tagRule struct {
	Signal string
	Values []string
}

// pathRule is a signal that an IAM path gives: by a prefix or by a segment.
type pathRule struct {
	Type     IdentityType
	Signal   string
	Prefix   string
	Segments map[string]bool
}

var defaultSignals = sync.OnceValue(func() *Signals {
	file, err := decodeSignals(signalsJSON)
	if err == nil {
		s := newSignals()
		if err = s.apply(file); err == nil {
			return s
		}
	}
	// The file is part of the program, and a test reads it.
	panic("nhi: embedded signals: " + err.Error())
})

// DefaultSignals returns the signals that are built in.
func DefaultSignals() *Signals { return defaultSignals() }

func newSignals() *Signals {
	return &Signals{
		caps:                map[string]float64{},
		signals:             map[string]signal{},
		evidence:            map[IdentityType]map[string]float64{TypeUser: {}, TypeRole: {}},
		words:               map[string]word{},
		given:               map[string]bool{},
		tags:                map[string][]tagRule{},
		machineKeys:         map[string]bool{},
		machineCredentials:  map[string]bool{},
		gitCredentials:      map[string]bool{},
		selfServicePolicies: map[string]bool{},
		accounts:            map[string]trust.KnownAccount{},
	}
}

// isGiven reports whether word is a given name.
func (s *Signals) isGiven(word string) bool { return s.given[word] || personNames().isGiven(word) }

// isSurname reports whether word can be a surname.
func (s *Signals) isSurname(word string) bool { return s.given[word] || personNames().isSurname(word) }

// trimBOM removes the mark that some editors put before UTF-8 text.
func trimBOM(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) }
