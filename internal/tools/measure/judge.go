package main

import (
	"fmt"
	"io"
	"math"

	"github.com/nhiscan/nhiscan/nhi"
)

// A group counts how the identities of one sort came out.
type group struct {
	name                    string
	total, wrong, uncertain int
	brier                   float64
	misses                  []nhi.Identity
	missLabels              []string
}

// judge compares the report with the labels.
func judge(labels []label, report *nhi.Report, namesOnly bool) []*group {
	byARN := map[string]nhi.Identity{}
	for _, id := range report.Identities {
		byARN[id.ARN] = id
	}
	all := &group{name: "all"}
	known := &group{name: "users with known credentials"}
	named := &group{name: "users by name only"}
	roles := &group{name: "roles"}
	for i := range labels {
		l := &labels[i]
		id := byARN[l.arn()]
		all.add(l, id)
		switch {
		case l.kind == "role":
			roles.add(l, id)
		case l.credentialsKnown() && !namesOnly:
			known.add(l, id)
		default:
			named.add(l, id)
		}
	}
	return []*group{all, known, named, roles}
}

// truths are the probabilities of being non-human that a label stands for.
var truths = map[string]float64{"human": 0, "mixed": 0.5, "nonhuman": 1}

var verdicts = map[string]nhi.Verdict{"human": nhi.Human, "mixed": nhi.Mixed, "nonhuman": nhi.NonHuman}

func (g *group) add(l *label, id nhi.Identity) {
	g.total++
	g.brier += math.Pow(id.Confidence-truths[l.label], 2)
	switch id.Verdict {
	case verdicts[l.label]:
		return
	case nhi.Uncertain:
		g.uncertain++
	default:
		g.wrong++
	}
	g.misses = append(g.misses, id)
	g.missLabels = append(g.missLabels, l.label)
}

func print(out io.Writer, groups []*group, verbose bool) {
	fmt.Fprintf(out, "%-30s %5s %5s %5s %9s %8s %7s\n", "", "total", "right", "wrong", "uncertain", "accuracy", "brier")
	for _, g := range groups {
		if g.total == 0 {
			continue
		}
		n := float64(g.total)
		right := g.total - g.wrong - g.uncertain
		fmt.Fprintf(out, "%-30s %5d %5d %5d %9d %7.1f%% %7.4f\n", g.name, g.total, right, g.wrong, g.uncertain, 100*float64(right)/n, g.brier/n)
	}
	if verbose {
		groups[0].printMisses(out)
	}
}

func (g *group) printMisses(out io.Writer) {
	for i, id := range g.misses {
		fmt.Fprintf(out, "\n%s %s: is %s, taken for %s (%.3f), category %s\n", id.Type, id.Name, g.missLabels[i], id.Verdict, id.Confidence, id.Category)
		for _, s := range id.Signals {
			fmt.Fprintf(out, "  %+6.2f  %s: %s\n", s.Weight, s.Name, s.Fact)
		}
	}
}
