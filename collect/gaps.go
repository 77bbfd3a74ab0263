package collect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nhiscan/nhiscan"
)

const (
	// maxGapsOfAKind is how many gaps of one operation and code are listed one by
	// one; more are told in one.
	maxGapsOfAKind = 10
	// gapExamples is how many resources such a gap names.
	gapExamples = 3
)

// A gapList gathers gaps from many goroutines.
type gapList struct {
	mu   sync.Mutex
	gaps []nhiscan.Gap
}

func (l *gapList) add(g nhiscan.Gap) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gaps = append(l.gaps, g)
}

func (l *gapList) addError(e *Error) { l.add(gapOf(e)) }

func gapOf(e *Error) nhiscan.Gap {
	message := e.Message
	if hint := e.Hint(); hint != "" {
		message += "; " + hint
	}
	return nhiscan.Gap{Operation: e.Operation, Resource: e.Resource, Code: e.Code, Message: message}
}

// list returns the gaps, sorted and without repetition; many of a kind become one.
func (l *gapList) list() []nhiscan.Gap {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.SortFunc(l.gaps, func(a, b nhiscan.Gap) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Message, b.Message))
	})
	gaps := slices.CompactFunc(l.gaps, func(a, b nhiscan.Gap) bool {
		return a.Operation == b.Operation && a.Code == b.Code && a.Resource == b.Resource
	})
	var short []nhiscan.Gap
	for len(gaps) > 0 {
		n := 1
		for n < len(gaps) && gaps[n].Operation == gaps[0].Operation && gaps[n].Code == gaps[0].Code {
			n++
		}
		short = append(short, summarise(gaps[:n])...)
		gaps = gaps[n:]
	}
	return short
}

// summarise tells many gaps of one operation and code as one.
func summarise(kind []nhiscan.Gap) []nhiscan.Gap {
	if len(kind) <= maxGapsOfAKind {
		return kind
	}
	var names []string
	for _, g := range kind[:gapExamples] {
		names = append(names, g.Resource)
	}
	one := kind[0]
	one.Resource = "*"
	one.Message = fmt.Sprintf("not read for %d resources (%s, …): %s", len(kind), strings.Join(names, ", "), kind[0].Message)
	return []nhiscan.Gap{one}
}
