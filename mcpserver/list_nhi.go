package mcpserver

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
)

type listNHIArguments struct {
	MinConfidence float64 `json:"min_confidence,omitzero" doc:"Least probability of being non-human" default:"0.5" min:"0" max:"1"`
	pageArguments
	credentialArguments
}

type listNHIResult struct {
	accountInfo
	MinConfidence float64 `json:"min_confidence"`
	// ByCategory counts the whole list, not the page.
	ByCategory map[nhi.Category]int `json:"by_category"`
	Identities itemList             `json:"identities" doc:"arn, name, type, verdict, is_nhi, confidence, coverage, category, reasons (+ speaks for non-human), …"`
	page

	verdicts string
}

func listNHI(ctx context.Context, c *call, in listNHIArguments) (listNHIResult, error) {
	s, offset, err := c.open(ctx, in, false, in.pageArguments, in.MinConfidence)
	if err != nil {
		return listNHIResult{}, err
	}
	view, err := c.classified(ctx, s, false)
	if err != nil {
		return listNHIResult{}, err
	}
	view.Threshold = in.MinConfidence
	view.Identities = s.mostCertain(view, in.MinConfidence)
	list, page := cutPage(c, s, view.Identities, offset, in.pageArguments, in.MinConfidence)
	items, err := c.items(s, view, list)
	if err != nil {
		return listNHIResult{}, err
	}
	all := s.summaryOf(view)
	return listNHIResult{
		accountInfo: c.accountInfo(s, view.AllGaps()), MinConfidence: in.MinConfidence,
		ByCategory: all.ByCategory, Identities: items, page: page,
		verdicts: say("By verdict: nhi %d, mixed %d, uncertain %d, human %d.", all.NHI, all.Mixed, all.Uncertain, all.Human),
	}, nil
}

func (r listNHIResult) summary() string {
	lines := []string{r.title() + say(": %s non-human with a probability of %v or more.", counted(r.Total, "identity is", "identities are"), r.MinConfidence)}
	if len(r.ByCategory) > 0 {
		lines = append(lines, r.verdicts, "By category: "+categoriesText(r.ByCategory)+".")
	}
	if list := r.Identities.identities; len(list) > 0 {
		lines = append(lines, firstNames(list))
	}
	lines = append(lines, r.unread()...)
	return strings.Join(append(lines, r.page.text("identities")), "\n")
}

// maxNamed is how many identities a text names.
const maxNamed = 10

// firstNames names the first identities of a page.
func firstNames(list []*nhi.Identity) string {
	words := make([]string, 0, maxNamed)
	for _, id := range list[:min(len(list), maxNamed)] {
		words = append(words, say("%s %s (%v)", string(id.Type), id.Name, render.Confidence(id.Confidence)))
	}
	return "The first: " + strings.Join(words, ", ") + "."
}

// categoriesText counts categories, the most frequent first.
func categoriesText(counts map[nhi.Category]int) string {
	var list []nhi.Category
	for category := range counts {
		list = append(list, category)
	}
	slices.SortFunc(list, func(a, b nhi.Category) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	words := make([]string, len(list))
	for i, category := range list {
		words[i] = fmt.Sprintf("%s %d", category, counts[category])
	}
	return strings.Join(words, ", ")
}
