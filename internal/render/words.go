package render

import (
	"fmt"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

const (
	day   = 24 * time.Hour
	month = 365 * day / 12
	year  = 365 * day
)

// days is the whole days from t to now.
func days(t, now time.Time) int { return int(now.Sub(t) / day) }

// ago says in words how long before now t was.
func ago(t, now time.Time) string {
	switch n := days(t, now); {
	case t.IsZero():
		return "at an unknown time"
	case now.Before(t):
		return "on " + t.UTC().Format(time.DateOnly)
	case n == 0:
		return "today"
	case n == 1:
		return "yesterday"
	case n < 61:
		return fmt.Sprintf("%d days ago", n)
	case n < 730:
		return fmt.Sprintf("%d months ago", int(now.Sub(t)/month))
	default:
		return fmt.Sprintf("%d years ago", int(now.Sub(t)/year))
	}
}

// agoShort says the same in a table's cell.
func agoShort(use nhiscan.LastUse, now time.Time) string {
	switch {
	case use.Never():
		return "never"
	case use.At.IsZero():
		return "?"
	}
	switch n := days(use.At, now); {
	case n <= 0:
		return "today"
	case n < 61:
		return fmt.Sprintf("%dd", n)
	case n < 730:
		return fmt.Sprintf("%dmo", int(now.Sub(use.At)/month))
	default:
		return fmt.Sprintf("%dy", int(now.Sub(use.At)/year))
	}
}

// lastUse says in words when something was last used, and for what.
func lastUse(use nhiscan.LastUse, now time.Time) string {
	switch {
	case use.Never():
		return "never used"
	case use.At.IsZero():
		return "last use unknown"
	}
	text := "last used " + ago(use.At, now)
	if use.Service != "" {
		text += " for " + use.Service
	}
	if use.Region != "" {
		text += " in " + use.Region
	}
	return text
}

// lastUseShort is lastUse for a line that is about nothing else.
func lastUseShort(use nhiscan.LastUse, now time.Time) string {
	switch {
	case use.Never():
		return "never"
	case use.At.IsZero():
		return "unknown"
	case !use.Known:
		return ago(use.At, now) + ", or later: not all of it is known"
	}
	return strings.TrimPrefix(lastUse(use, now), "last used ")
}

// sessionLength is a role's longest session in words.
func sessionLength(d time.Duration) string {
	if d%time.Hour == 0 {
		return plural(int(d/time.Hour), "hour")
	}
	return plural(int(d/time.Minute), "minute")
}

// plural is "1 user", "2 users".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// verdictWord is a verdict as a person says it.
func verdictWord(v nhi.Verdict) string {
	switch v {
	case nhi.NonHuman:
		return "non-human"
	case "":
		return "unknown"
	}
	return string(v)
}

func verdictColor(v nhi.Verdict) color {
	switch v {
	case nhi.Human:
		return green
	case nhi.NonHuman:
		return cyan
	case nhi.Mixed:
		return magenta
	}
	return yellow
}

func severityColor(severity trust.Severity) color {
	switch severity {
	case trust.SeverityCritical, trust.SeverityHigh:
		return red
	case trust.SeverityMedium:
		return yellow
	}
	return plain
}

// listSome joins the first n of names, and says how many more there are.
func listSome(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}
