package nhiscan

import (
	"math"
	"time"
)

// timeLayouts are the spellings of times seen in files of the AWS CLI, of SDKs
// and of tools that print Python's datetime, after RFC 3339 itself.
var timeLayouts = [...]string{
	time.RFC3339,
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04:05Z0700",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04:05",
	time.DateOnly,
}

// parseTime reads a time in any of timeLayouts, with or without fractions of a
// second, and returns it in UTC. A time without a zone is taken for UTC.
func parseTime(s string) (time.Time, bool) {
	for _, layout := range &timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), inRange(t.UTC())
		}
	}
	return time.Time{}, false
}

// inRange keeps to the years that RFC 3339 can spell.
func inRange(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }

// epochTime reads the seconds since 1970 that the AWS CLI prints with
// cli_timestamp_format=none, or the milliseconds of the JavaScript and Java SDKs.
func epochTime(n float64) (time.Time, bool) {
	const firstMillisecond = 1e11 // seconds: the year 5138; milliseconds: 1973
	if math.Abs(n) >= firstMillisecond {
		n /= 1000
	}
	if math.IsNaN(n) || math.Abs(n) >= firstMillisecond {
		return time.Time{}, false
	}
	seconds, fraction := math.Modf(n)
	return time.Unix(int64(seconds), int64(math.Round(fraction*1e3))*int64(time.Millisecond)).UTC(), true
}
