package render

import "github.com/nhiscan/nhiscan"

// gapLines groups gaps of one operation and code.
func gapLines(gaps []nhiscan.Gap) []attentionLine {
	var lines []attentionLine
	for _, g := range GroupGaps(gaps) {
		if len(lines) == maxGapLines {
			lines = append(lines, attentionLine{"gap", yellow, "and more: `--format json` lists all under gaps"})
			break
		}
		lines = append(lines, attentionLine{"gap", yellow, g})
	}
	return lines
}

// GroupGaps says in one printable line each what could not be read, putting
// together the gaps of one operation and code.
func GroupGaps(gaps []nhiscan.Gap) []string {
	type key struct{ operation, code string }
	groups := map[key][]nhiscan.Gap{}
	var order []key
	for _, g := range gaps {
		k := key{g.Operation, g.Code}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], g)
	}
	lines := make([]string, len(order))
	for i, k := range order {
		group := groups[k]
		lines[i] = sprintf("%s %s", k.operation, k.code)
		if group[0].Resource != "*" {
			resources := make([]string, len(group))
			for j, g := range group {
				resources[j] = g.Resource
			}
			lines[i] += sprintf(" on %s", listSome(resources, 2))
		}
		lines[i] += sprintf(": %s", group[0].Message)
	}
	return lines
}
