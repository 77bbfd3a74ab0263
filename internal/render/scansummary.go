package render

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

var verdictOrder = []nhi.Verdict{nhi.NonHuman, nhi.Human, nhi.Mixed, nhi.Uncertain}

// scanSummary writes the counts, then what deserves a look, each on one line.
func (p *printer) scanSummary(s *Scan) {
	p.heading("Summary")
	c := s.counts()
	digits := len(strconv.Itoa(len(s.Identities)))
	labelWidth := len("non-human") + 2 + digits
	for _, v := range verdictOrder {
		if n := c.verdicts[v]; n > 0 {
			label := fmt.Sprintf("%-9s  %*d", verdictWord(v), digits, n)
			p.item(label, verdictColor(v), labelWidth, categoriesOf(s, v))
		}
	}
	if len(s.Identities) == 0 {
		p.item("none", plain, labelWidth, "no identity to list")
	}
	p.item("root", plain, labelWidth, rootState(s.Report.Account, s.Report.Time))
	p.permissionsSummary(s)
	p.attention(s)
}

// categoriesOf counts the categories of one verdict, the most frequent first.
func categoriesOf(s *Scan, v nhi.Verdict) string {
	counts := map[nhi.Category]int{}
	for _, id := range s.Identities {
		if id.Verdict == v {
			counts[id.Category]++
		}
	}
	order := slices.SortedFunc(maps.Keys(counts), func(a, b nhi.Category) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	parts := make([]string, len(order))
	for i, category := range order {
		parts[i] = sprintf("%s %d", string(category), counts[category])
	}
	return strings.Join(parts, ", ")
}

// rootState says how the root user can sign in. Root should have MFA and no
// access keys: https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html.
func rootState(a *nhiscan.Account, now time.Time) string {
	root := a.Root
	switch {
	case root == nil && a.Source == nhiscan.SourceAWS:
		return "not read: it is in the credential report, and AWS gave none that has it"
	case root == nil:
		return "not read: give a credential report to see it"
	}
	var parts []string
	switch {
	case !root.Known.Has(nhiscan.FactMFADevices):
		parts = append(parts, "MFA unknown")
	case len(root.MFADevices) == 0:
		parts = append(parts, "no MFA: add a device now")
	default:
		parts = append(parts, "MFA active")
	}
	active := activeKeys(root.AccessKeys)
	switch {
	case !root.Known.Has(nhiscan.FactAccessKeys):
		parts = append(parts, "access keys unknown")
	case len(active) == 0:
		parts = append(parts, "no active access key")
	default:
		for _, k := range active {
			parts = append(parts, fmt.Sprintf("active access key made %s, %s: delete it",
				ago(k.CreateDate, now), sprintf("%s", lastUse(k.LastUsed, now))))
		}
	}
	if use := root.Password.LastUsed; use.Known {
		parts = append(parts, "password "+lastUse(use, now))
	}
	return strings.Join(parts, "; ")
}

func activeKeys(keys []nhiscan.AccessKey) []nhiscan.AccessKey {
	var active []nhiscan.AccessKey
	for _, k := range keys {
		if k.Active {
			active = append(active, k)
		}
	}
	return active
}
