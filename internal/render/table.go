package render

import "strings"

// columnGap is the space between two columns.
const columnGap = 2

// A column is one column of a table.
type column struct {
	title string
	cells []string
	// colors are those of the cells; nil for none.
	colors []color
	right  bool
	// least is the width below which the column is better left out; 0 for one
	// that is never cut.
	least int
	// most is the width beyond which it leaves room for others; 0 for any.
	most int
	// middle says to cut in the middle, not at the end.
	middle bool
	// wraps says to cut nothing: what is too long goes on in the next line.
	wraps bool
	// optional columns are left out when the table is too wide, the highest first.
	optional int

	// natural is the width of the widest cell, width the one that it gets.
	natural, width int
}

func (c *column) measure() {
	c.natural = width(c.title)
	for _, cell := range c.cells {
		c.natural = max(c.natural, width(cell))
	}
	c.width = c.natural
}

// fit gives each column its width so that together they take at most total
// columns (0 for no limit), and returns those that are left.
func fit(columns []*column, total int) []*column {
	for _, c := range columns {
		c.measure()
	}
	if total <= 0 {
		return columns
	}
	for {
		if excess := tableWidth(columns) - total; excess <= 0 || shrink(columns, excess) {
			return grow(columns, total)
		}
		drop := -1
		for i, c := range columns {
			if c.optional > 0 && (drop < 0 || c.optional > columns[drop].optional) {
				drop = i
			}
		}
		if drop < 0 {
			return columns
		}
		columns = append(columns[:drop:drop], columns[drop+1:]...)
		for _, c := range columns {
			c.width = c.natural
		}
	}
}

func tableWidth(columns []*column) int {
	n := columnGap * (len(columns) - 1)
	for _, c := range columns {
		n += c.width
	}
	return n
}

// shrink takes excess columns from those that may be cut: first what is beyond
// their most, then down to their least, the last first. It reports whether that
// was enough.
func shrink(columns []*column, excess int) bool {
	for _, floor := range []func(*column) int{
		func(c *column) int { return c.most },
		func(c *column) int { return c.least },
	} {
		for i := len(columns) - 1; i >= 0 && excess > 0; i-- {
			c := columns[i]
			if f := floor(c); f > 0 && c.width > f {
				cut := min(excess, c.width-f)
				c.width -= cut
				excess -= cut
			}
		}
	}
	return excess <= 0
}

// grow hands what is left of total to the columns that were cut, in order.
func grow(columns []*column, total int) []*column {
	for _, c := range columns {
		if spare := total - tableWidth(columns); spare > 0 {
			c.width = min(c.natural, c.width+spare)
		}
	}
	return columns
}

// writeTable writes the columns with their titles, without trailing space, and
// returns those that there was room for.
func (p *printer) writeTable(columns []*column) []*column {
	columns = fit(columns, p.style.Width)
	var line strings.Builder
	for i, c := range columns {
		p.writeCell(&line, columns, i, c.title, bold)
	}
	p.raw(line.String())
	for row := range columns[0].cells {
		p.writeRow(columns, row)
	}
	return columns
}

// writeRow writes a row, in several lines where a cell wraps.
func (p *printer) writeRow(columns []*column, row int) {
	lines := make([][]string, len(columns))
	height := 1
	for i, c := range columns {
		lines[i] = []string{c.cells[row]}
		if c.wraps {
			lines[i] = wrapWords(c.cells[row], c.width)
		}
		height = max(height, len(lines[i]))
	}
	for n := range height {
		var line strings.Builder
		for i, c := range columns {
			text, paint := "", plain
			if n < len(lines[i]) {
				text = lines[i][n]
			}
			if c.colors != nil && text != "" {
				paint = c.colors[row]
			}
			p.writeCell(&line, columns, i, text, paint)
		}
		p.raw(strings.TrimRight(line.String(), " "))
	}
}

func (p *printer) writeCell(line *strings.Builder, columns []*column, i int, text string, paint color) {
	c := columns[i]
	if c.middle {
		text = shortenMiddle(text, c.width)
	} else {
		text = shorten(text, c.width)
	}
	pad := strings.Repeat(" ", max(0, c.width-width(text)))
	if c.right {
		line.WriteString(pad)
	}
	line.WriteString(p.style.paint(paint, text))
	if i == len(columns)-1 {
		return
	}
	if !c.right {
		line.WriteString(pad)
	}
	line.WriteString(strings.Repeat(" ", columnGap))
}
