package mcpserver

// permissionsTools are the tools that say who can do what.
func permissionsTools() []*tool {
	return []*tool{evaluateAccessTool(), whoCanTool(), findEscalationPathsTool(), classifyRoleTrustTool()}
}

// bigPageArguments are those of a list whose items are large.
type bigPageArguments struct {
	MaxItems int    `json:"max_items,omitzero" doc:"Items per page" default:"20" min:"1" max:"200"`
	Cursor   string `json:"cursor,omitzero" doc:"next_cursor of the page before" maxlen:"256"`
}

func (a bigPageArguments) page() pageArguments { return pageArguments(a) }

// summaryLines bound the text of an answer: how many reasons, paths or findings
// it names.
const summaryLines = 5

// addMore adds to the lines of a summary how many are left out of it.
func addMore(lines []string, leftOut int, one, many string) []string {
	if leftOut > 0 {
		lines = append(lines, say("and %s", counted(leftOut, "more "+one, "more "+many)))
	}
	return lines
}

// counted is a number of things in words.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return say("%d %s", n, many)
}
