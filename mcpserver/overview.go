package mcpserver

import (
	"cmp"
	"slices"
	"sort"
	"sync"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
)

// An overview is what the first lines about an account say. It is the same for each
// page of its lists, and worked out once.
type overview struct {
	once      sync.Once
	gaps      []nhiscan.Gap
	summary   render.Summary
	root      string
	attention []string
}

// overview returns that of a view of all identities.
func (s *scan) overview(view *render.Scan) *overview {
	o := &s.overviews[0]
	if view.Permissions != nil {
		o = &s.overviews[1]
	}
	o.once.Do(func() {
		o.gaps, o.summary = view.AllGaps(), view.Summary()
		o.root, o.attention = view.RootState(), view.Attention(overviewDetails)
	})
	return o
}

// A ranking has the identities by their confidence, the highest first, and equals
// in the order of their ARNs. It is worked out once.
type ranking struct {
	once       sync.Once
	identities []*nhi.Identity
	// confidence has that of each, as it is shown.
	confidence []float64

	summaryOnce sync.Once
	// summary is of those that count as non-human by the default threshold.
	summary render.Summary
}

// mostCertain returns the identities whose confidence is at least the given one.
// The caller must not change the list.
func (s *scan) mostCertain(view *render.Scan, least float64) []*nhi.Identity {
	r := &s.ranking
	r.once.Do(func() {
		r.identities = slices.Clone(view.Identities)
		slices.SortStableFunc(r.identities, func(a, b *nhi.Identity) int {
			return cmp.Compare(render.Confidence(b.Confidence), render.Confidence(a.Confidence))
		})
		r.confidence = make([]float64, len(r.identities))
		for i, id := range r.identities {
			r.confidence[i] = render.Confidence(id.Confidence)
		}
	})
	n := sort.Search(len(r.confidence), func(i int) bool { return r.confidence[i] < least })
	return r.identities[:n:n]
}

// summaryOf is the summary of a view of what [scan.mostCertain] returned. The one
// that nearly all ask for is worked out once.
func (s *scan) summaryOf(view *render.Scan) render.Summary {
	if view.Threshold != answer.DefaultThreshold {
		return view.Summary()
	}
	s.ranking.summaryOnce.Do(func() { s.ranking.summary = view.Summary() })
	return s.ranking.summary
}
