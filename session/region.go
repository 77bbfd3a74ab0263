package session

import (
	"fmt"
	"regexp"
	"sync"
)

// regionName is the form of all region names so far, and leaves room for new
// ones: an area, a compass direction, a number. A list would refuse a region that
// AWS opens tomorrow, and a name of another form would only fail as an unknown host.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
var regionName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([a-z]{2}|us-gov|[a-z]{2}-iso[a-z]?|eusc-[a-z]{2})-` +
		`(central|(north|south)(east|west)?|east|west)-[1-9][0-9]?$`)
})

func checkRegion(region string) error {
	if regionName().MatchString(region) {
		return nil
	}
	return &Error{Kind: ErrRegion, Message: fmt.Sprintf("%q is not the name of an AWS region", region),
		hint: "one looks like us-east-1, us-gov-west-1 or cn-north-1"}
}
