package policydoc

import "strings"

// suggest says which of the names was probably meant, or else which there are.
func suggest(name string, names []string) string {
	best, bestDistance := "", 0
	for _, n := range names {
		d := editDistance(strings.ToLower(name), strings.ToLower(n))
		// One slip in three letters is a misspelling; more is another word.
		if 3*d <= len(n) && (best == "" || d < bestDistance) {
			best, bestDistance = n, d
		}
	}
	if best != "" {
		return "did you mean " + quoted(best) + "?"
	}
	last := len(names) - 1
	return "want " + strings.Join(names[:last], ", ") + " or " + names[last]
}

// editDistance returns how many characters must be put in, taken out or replaced
// to make b of a. Names much longer than any element's count as far from all.
func editDistance(a, b string) int {
	const longest = 32
	if len(a) > longest || len(b) > longest {
		return longest
	}
	var row [longest + 1]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
