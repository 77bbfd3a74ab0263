package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// days is a flag for a time of some days.
type days time.Duration

const day = 24 * time.Hour

// maxDays keeps the time within what a duration can hold.
const maxDays = 100 * 365

func (d *days) String() string { return fmt.Sprintf("%dd", time.Duration(*d)/day) }
func (d *days) Type() string   { return "days" }

func (d *days) Set(text string) error {
	number, unit := text, 1
	if n, ok := strings.CutSuffix(text, "d"); ok {
		number = n
	} else if n, ok := strings.CutSuffix(text, "w"); ok {
		number, unit = n, 7
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > maxDays/unit {
		return fmt.Errorf("want a number of days or weeks, such as 90d or 26w")
	}
	*d = days(time.Duration(n*unit) * day)
	return nil
}

// counted is "1 change", "2 changes".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
