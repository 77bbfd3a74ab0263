package mcpserver

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/internal/toolschema"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/policydoc"
)

type distinguishArguments struct{ credentialArguments }

type distinguishResult struct {
	accountInfo
	Statistics      statistics       `json:"statistics" doc:"Counts and percent"`
	Root            string           `json:"root"`
	Recommendations []recommendation `json:"recommendations" doc:"Most urgent first"`
	HumanUsers      listing          `json:"human_users" doc:"Each list: count, identities, more"`
	HumanRoles      listing          `json:"human_roles"`
	// NHI has one listing for each category, the most frequent first.
	NHI       []categoryListing `json:"nhi"`
	Mixed     listing           `json:"mixed"`
	Uncertain uncertainListing  `json:"uncertain"`
	// Rest says how to see what the lists leave out; empty when they leave out nothing.
	Rest string `json:"rest"`
}

type statistics struct {
	Total int `json:"total"`
	render.Summary
	Percent percentages `json:"percent"`
}

// JSONSchema implements [toolschema.Describer].
func (statistics) JSONSchema() *toolschema.Schema { return objectSchema() }

// percentages are of all users and roles.
type percentages struct {
	NHI       float64 `json:"nhi"`
	Human     float64 `json:"human"`
	Mixed     float64 `json:"mixed"`
	Uncertain float64 `json:"uncertain"`
}

type recommendation struct {
	Code       string             `json:"code"`
	Severity   policydoc.Severity `json:"severity"`
	Action     string             `json:"action"`
	Reason     string             `json:"reason"`
	Count      int                `json:"count"`
	Identities []string           `json:"identities"`
	More       int                `json:"more"`
}

// A listing names identities by ARN.
type listing struct {
	Count      int      `json:"count"`
	Identities []string `json:"identities"`
	More       int      `json:"more"`
}

// JSONSchema implements [toolschema.Describer].
func (listing) JSONSchema() *toolschema.Schema { return objectSchema() }

type categoryListing struct {
	Category nhi.Category `json:"category"`
	listing
}

type uncertainListing struct {
	Count      int         `json:"count"`
	Identities []undecided `json:"identities"`
	More       int         `json:"more"`
}

// JSONSchema implements [toolschema.Describer].
func (uncertainListing) JSONSchema() *toolschema.Schema { return objectSchema() }

type undecided struct {
	ARN         string  `json:"arn"`
	Confidence  float64 `json:"confidence"`
	WouldDecide string  `json:"would_decide"`
}

// How many ARNs the lists have: the categories are many.
const (
	maxListed     = 15
	maxInCategory = 6
)

const restOfLists = "scan_iam_identities pages through all identities, list_nhi_identities through the non-human ones"

func distinguish(ctx context.Context, c *call, in distinguishArguments) (distinguishResult, error) {
	s, err := c.account(ctx, in)
	if err != nil {
		return distinguishResult{}, err
	}
	view, err := c.classified(ctx, s, true)
	if err != nil {
		return distinguishResult{}, err
	}
	r := distinguishResult{
		accountInfo: c.accountInfo(s, view.AllGaps()), Statistics: newStatistics(view), Root: view.RootState(),
		Recommendations: recommendations(view),
		HumanUsers:      newListing(arnsOf(view, verdictAndType(nhi.Human, nhi.TypeUser)), maxListed),
		HumanRoles:      newListing(arnsOf(view, verdictAndType(nhi.Human, nhi.TypeRole)), maxListed),
		NHI:             byCategory(view),
		Mixed:           newListing(arnsOf(view, func(id *nhi.Identity) bool { return id.Verdict == nhi.Mixed }), maxListed),
		Uncertain:       newUncertainListing(view),
	}
	if r.leavesOut() {
		r.Rest = restOfLists
	}
	return r, nil
}

func newStatistics(view *render.Scan) statistics {
	s := statistics{Total: len(view.Identities), Summary: view.Summary()}
	percent := func(n int) float64 {
		if s.Total == 0 {
			return 0
		}
		return math.Round(1000*float64(n)/float64(s.Total)) / 10
	}
	s.Percent = percentages{percent(s.NHI), percent(s.Human), percent(s.Mixed), percent(s.Uncertain)}
	return s
}

func recommendations(view *render.Scan) []recommendation {
	var out []recommendation
	for _, r := range answer.Recommendations(view) {
		shown := newListing(r.ARNs, maxListed)
		out = append(out, recommendation{r.Code, r.Severity, r.Action, r.Reason, shown.Count, shown.Identities, shown.More})
	}
	return out
}

func verdictAndType(verdict nhi.Verdict, kind nhi.IdentityType) func(*nhi.Identity) bool {
	return func(id *nhi.Identity) bool { return id.Verdict == verdict && id.Type == kind }
}

func arnsOf(view *render.Scan, wanted func(*nhi.Identity) bool) []string {
	var out []string
	for _, id := range view.Identities {
		if wanted(id) {
			out = append(out, id.ARN)
		}
	}
	return out
}

func newListing(arns []string, most int) listing {
	first, more := firstOf(arns, most)
	return listing{len(arns), first, more}
}

// byCategory lists the non-human identities of each category, the largest first.
func byCategory(view *render.Scan) []categoryListing {
	var out []categoryListing
	for _, category := range nhi.Categories() {
		arns := arnsOf(view, func(id *nhi.Identity) bool { return id.Verdict == nhi.NonHuman && id.Category == category })
		if len(arns) > 0 {
			out = append(out, categoryListing{category, newListing(arns, maxInCategory)})
		}
	}
	slices.SortStableFunc(out, func(a, b categoryListing) int { return b.Count - a.Count })
	return out
}

func newUncertainListing(view *render.Scan) uncertainListing {
	var all []undecided
	for _, id := range view.Identities {
		if id.Verdict == nhi.Uncertain {
			all = append(all, undecided{id.ARN, render.Confidence(id.Confidence), wouldDecide(id)})
		}
	}
	first, more := firstOf(all, maxListed)
	return uncertainListing{len(all), first, more}
}

// wouldDecide says what is missing of the evidence, or what to add to it.
func wouldDecide(id *nhi.Identity) string {
	if len(id.Unseen) > 0 {
		return "not seen: " + strings.Join(id.Unseen, ", ")
	}
	return "a tag that says what it is for, such as identity-type=service"
}

func (r *distinguishResult) leavesOut() bool {
	return r.HumanUsers.More+r.HumanRoles.More+r.Mixed.More+r.Uncertain.More > 0 ||
		slices.ContainsFunc(r.NHI, func(l categoryListing) bool { return l.More > 0 }) ||
		slices.ContainsFunc(r.Recommendations, func(l recommendation) bool { return l.More > 0 })
}

func (r distinguishResult) summary() string {
	p := &r.Statistics.Percent
	lines := []string{
		r.title() + ": " + countsText(&r.Statistics.Summary),
		say("That is %v%% non-human, %v%% human, %v%% mixed, %v%% uncertain.", p.NHI, p.Human, p.Mixed, p.Uncertain),
	}
	for _, first := range r.Recommendations[:min(len(r.Recommendations), maxAttention)] {
		lines = append(lines, say("%s: %s (%d)", string(first.Severity), first.Action, first.Count))
	}
	if n := len(r.Recommendations) - maxAttention; n > 0 {
		lines = append(lines, say("(%s)", counted(n, "more recommendation", "more recommendations")))
	}
	return strings.Join(append(lines, r.unread()...), "\n")
}
