package render

import (
	"cmp"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
)

// A Cleanup is what is proposed about what nobody uses.
type Cleanup struct {
	Account *nhiscan.Account
	// Time is that from which the use is reckoned.
	Time      time.Time
	UnusedFor time.Duration
	Found     *manage.Cleanup
}

// CleanupTable writes the proposals with their reasons, and what was left out and why.
func CleanupTable(w io.Writer, c *Cleanup, style Style) error {
	p := newPrinter(w, style)
	p.sentence(c.headline(), bold)
	if len(c.Found.Proposals) > 0 {
		p.raw("")
		p.writeTable(c.columns())
	}
	if left := LeftOutLines(c.Found.LeftOut); len(left) > 0 {
		p.heading("Left as it is")
		for _, line := range left {
			p.item("-", faint, 1, line)
		}
	}
	if len(c.Found.Proposals) > 0 {
		p.raw("")
		for _, line := range wrap("Nothing was changed. Save this with -o plan.json, look through it, then: nhiscan manage apply plan.json", style.Width) {
			p.raw(line)
		}
	}
	return p.flush()
}

func (c *Cleanup) headline() string {
	unused := fmt.Sprintf("not used for %d days, as of %s", int(c.UnusedFor/day), c.Time.UTC().Format(time.DateOnly))
	if len(c.Found.Proposals) == 0 {
		return sprintf("Account %s: nothing to clean up that was %s", c.Account.ID, unused)
	}
	return sprintf("Account %s: %s proposed about what was %s", c.Account.ID, plural(len(c.Found.Proposals), "change"), unused)
}

// columns leave the reasons out where there is no room for them: the time is their core.
func (c *Cleanup) columns() []*column {
	n := len(c.Found.Proposals)
	kind := &column{title: "CHANGE", cells: make([]string, n)}
	arguments := &column{title: "OF WHAT", cells: make([]string, n), least: 20, most: 50, wraps: true}
	since := &column{title: "UNUSED SINCE", cells: make([]string, n)}
	why := &column{title: "WHY", cells: make([]string, n), least: 90, optional: 1}
	for i, proposal := range c.Found.Proposals {
		kind.cells[i], arguments.cells[i] = ChangeWords(proposal.Change)
		since.cells[i] = "-"
		if at := proposal.UnusedSince; !at.IsZero() {
			since.cells[i] = fmt.Sprintf("%s (%d days)", at.UTC().Format(time.DateOnly), days(at, c.Time))
		}
		why.cells[i] = Printable(proposal.Reason)
	}
	return []*column{kind, arguments, since, why}
}

// ChangeWords are the command of nhiscan manage that makes a change and, in short,
// its arguments: of ARNs the name, of documents nothing. Both are printable.
func ChangeWords(change manage.Change) (command, arguments string) {
	command = strings.ReplaceAll(change.Kind(), "_", "-")
	v := reflect.Indirect(reflect.ValueOf(change))
	var words []string
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		if value.IsZero() || field.Tag.Get("text") == "json" {
			continue
		}
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		words = append(words, argumentWords(name, value)...)
	}
	return command, Printable(strings.Join(words, " "))
}

func argumentWords(name string, value reflect.Value) []string {
	switch value.Kind() {
	case reflect.Bool:
		return []string{"--" + strings.ReplaceAll(name, "_", "-")}
	case reflect.Int:
		return []string{strconv.FormatInt(value.Int(), 10)}
	case reflect.Map:
		var pairs []string
		for key, each := range value.Seq2() {
			pairs = append(pairs, fmt.Sprintf("%v=%v", key, each))
		}
		slices.Sort(pairs)
		return pairs
	case reflect.Slice:
		var list []string
		for _, each := range value.Seq2() {
			list = append(list, fmt.Sprint(each))
		}
		return list
	}
	text := fmt.Sprint(value)
	if strings.HasPrefix(text, "arn:") {
		text = text[strings.LastIndexByte(text, '/')+1:]
	}
	return []string{text}
}

// LeftOutLines say in one printable line for each reason what was left out.
func LeftOutLines(left []manage.LeftOut) []string {
	byReason := map[string][]string{}
	for _, l := range left {
		who := entityText(l.ARN)
		if l.ARN == "*" {
			who = "the account"
		}
		byReason[l.Reason] = append(byReason[l.Reason], who)
	}
	lines := make([]string, 0, len(byReason))
	for reason, who := range byReason {
		lines = append(lines, sprintf("%s: %s", listSome(who, 3), reason))
	}
	slices.SortFunc(lines, func(a, b string) int { return cmp.Compare(a, b) })
	return lines
}
