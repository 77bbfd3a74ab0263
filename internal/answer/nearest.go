package answer

import "strings"

// Nearest returns the candidate that was probably meant by word, empty when none
// is near: one that differs in two letters or a third of them, or begins with word.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	for _, candidate := range candidates {
		d := distance(strings.ToLower(word), strings.ToLower(candidate), bestDistance)
		if d < min(bestDistance, len(candidate)) {
			best, bestDistance = candidate, d
		}
	}
	if best != "" || len(word) < 3 {
		return best
	}
	for _, candidate := range candidates {
		if len(candidate) >= len(word) && strings.EqualFold(candidate[:len(word)], word) {
			return candidate
		}
	}
	return ""
}

// distance is the Levenshtein distance between a and b in bytes, or limit when
// it is at least that.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return min(row[len(b)], limit)
}
