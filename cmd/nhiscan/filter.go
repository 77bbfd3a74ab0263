package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
)

var identityTypes = []nhi.IdentityType{nhi.TypeUser, nhi.TypeRole}

var verdicts = []nhi.Verdict{nhi.Human, nhi.NonHuman, nhi.Mixed, nhi.Uncertain}

// filterFlags choose the identities that are listed, and their order.
type filterFlags struct {
	types         choices[nhi.IdentityType]
	verdicts      choices[nhi.Verdict]
	categories    choices[nhi.Category]
	minConfidence probability
	pathPrefix    string
	sort          commandline.Choice
}

func (f *filterFlags) register(cmd *cobra.Command) {
	f.types.allowed = toStrings(identityTypes)
	f.verdicts.allowed = toStrings(verdicts)
	f.verdicts.synonyms = map[string]string{"non-human": string(nhi.NonHuman)}
	f.categories.allowed = toStrings(nhi.Categories())
	f.sort.Allowed = sortWords()
	flags := cmd.Flags()
	flags.Var(&f.types, "type", "list only user or role")
	flags.Var(&f.verdicts, "verdict", "list only these verdicts: human, nhi, mixed, uncertain")
	flags.Var(&f.categories, "category", "list only these categories, such as service_account or eks_irsa")
	flags.Var(&f.minConfidence, "min-confidence", "list only identities that are non-human with at least this `probability`,\nand call these non-human (is_nhi); without it is_nhi begins at 0.5")
	flags.StringVar(&f.pathPrefix, "path-prefix", "", "list only identities whose IAM path has this `prefix`, such as /service/")
	flags.Var(&f.sort, "sort", "order by name, arn, confidence, age, last-used, category or verdict;\na leading - turns it round (default: a table by type and\nname, everything else by arn)")
	complete(cmd, "type", f.types.allowed)
	complete(cmd, "verdict", f.verdicts.allowed)
	complete(cmd, "category", f.categories.allowed)
	complete(cmd, "sort", f.sort.Allowed)
}

func (f *filterFlags) check() error {
	if f.pathPrefix != "" && !strings.HasPrefix(f.pathPrefix, "/") {
		return commandline.Usagef("--path-prefix %s: an IAM path begins with /, as in /%s", f.pathPrefix, f.pathPrefix)
	}
	return nil
}

// choose returns the report's identities that pass the filters, in order.
func (f *filterFlags) choose(report *nhi.Report) *render.Scan {
	scan := &render.Scan{
		Report:    report,
		Ordered:   f.sort.Value != "",
		Threshold: answer.DefaultThreshold,
		Filters: render.Filters{
			Types: f.types.values, Verdicts: f.verdicts.values, Categories: f.categories.values, PathPrefix: f.pathPrefix,
		},
	}
	if f.minConfidence.set {
		scan.Threshold = f.minConfidence.value
		scan.Filters.MinConfidence = &scan.Threshold
	}
	for i := range report.Identities {
		if id := &report.Identities[i]; f.admits(id) {
			scan.Identities = append(scan.Identities, id)
		}
	}
	f.order(scan.Identities)
	return scan
}

func (f *filterFlags) admits(id *nhi.Identity) bool {
	return f.types.admits(id.Type) && f.verdicts.admits(id.Verdict) && f.categories.admits(id.Category) &&
		strings.HasPrefix(render.Path(id), f.pathPrefix) &&
		(!f.minConfidence.set || render.Confidence(id.Confidence) >= f.minConfidence.value)
}

// comparisons order two identities. An age or a use that is not known comes last
// in both directions.
var comparisons = map[string]func(a, b *nhi.Identity) int{
	"name":       func(a, b *nhi.Identity) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
	"arn":        func(a, b *nhi.Identity) int { return cmp.Compare(a.ARN, b.ARN) },
	"confidence": func(a, b *nhi.Identity) int { return cmp.Compare(a.Confidence, b.Confidence) },
	"age":        func(a, b *nhi.Identity) int { return render.Created(b).Compare(render.Created(a)) },
	"last-used":  func(a, b *nhi.Identity) int { return render.LastUsed(a).At.Compare(render.LastUsed(b).At) },
	"category":   func(a, b *nhi.Identity) int { return cmp.Compare(a.Category, b.Category) },
	"verdict":    func(a, b *nhi.Identity) int { return cmp.Compare(a.Verdict, b.Verdict) },
}

func sortWords() []string {
	var words []string
	for word := range comparisons {
		words = append(words, word, "-"+word)
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.TrimPrefix(a, "-"), strings.TrimPrefix(b, "-")), cmp.Compare(b, a))
	})
	return words
}

// order sorts identities, which are in the order of their ARNs.
func (f *filterFlags) order(identities []*nhi.Identity) {
	if f.sort.Value == "" {
		return
	}
	word, descending := strings.CutPrefix(f.sort.Value, "-")
	compare := comparisons[word]
	slices.SortStableFunc(identities, func(a, b *nhi.Identity) int {
		if last := cmp.Compare(unsortable(a, word), unsortable(b, word)); last != 0 {
			return last
		}
		if descending {
			return compare(b, a)
		}
		return compare(a, b)
	})
}

// unsortable is 1 for an identity that lacks what it is to be sorted by.
func unsortable(id *nhi.Identity, word string) int {
	switch {
	case word == "age" && render.Created(id).IsZero():
		return 1
	case word == "last-used" && !render.LastUsed(id).Known && render.LastUsed(id).At.IsZero():
		return 1
	}
	return 0
}

// A probability is a flag between 0 and 1.
type probability struct {
	value float64
	set   bool
}

func (p *probability) String() string {
	if !p.set {
		return ""
	}
	return strconv.FormatFloat(p.value, 'g', -1, 64)
}

func (p *probability) Type() string { return "probability" }

func (p *probability) Set(text string) error {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v <= 1) {
		return fmt.Errorf("want a number from 0 to 1")
	}
	p.value, p.set = v, true
	return nil
}
