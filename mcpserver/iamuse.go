package mcpserver

import (
	"cmp"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nhiscan/nhiscan/collect"
)

type accessKeyArguments struct {
	ID string `json:"access_key_id" doc:"Such as AKIA…" maxlen:"128"`
	accountArguments
}

type accessKeyResult struct {
	ID              string `json:"access_key_id"`
	UserName        string `json:"user_name"`
	LastUsed        stamp  `json:"last_used" doc:"null: never"`
	LastUsedService string `json:"last_used_service"`
	LastUsedRegion  string `json:"last_used_region"`

	savedAt string
}

type lastAccessedArguments struct {
	ARN         string `json:"arn" doc:"Of a user, role, group or managed policy"`
	Granularity string `json:"granularity,omitzero" doc:"ACTION_LEVEL adds the actions that AWS tracks" default:"SERVICE_LEVEL" enum:"SERVICE_LEVEL,ACTION_LEVEL"`
	accountArguments
}

type lastAccessedResult struct {
	ARN         string                `json:"arn"`
	GeneratedAt stamp                 `json:"generated_at"`
	Services    []entity[serviceItem] `json:"services" doc:"Those used, the last first: service, last_used, region, by, principals, actions, unused_actions"`
	// Unused are the namespaces of services that are allowed and were not used.
	Unused []string `json:"unused_services" doc:"Allowed, not used in the tracking period (400 days or more)"`
	Count  int      `json:"count"`
}

type serviceItem struct {
	Namespace  string `json:"service"`
	LastUsed   stamp  `json:"last_used"`
	Region     string `json:"region"`
	By         string `json:"by"`
	Principals int    `json:"principals"`
	// Actions are told with ACTION_LEVEL only.
	Actions           []actionItem `json:"actions,omitzero"`
	UnusedActions     []string     `json:"unused_actions,omitzero"`
	MoreUnusedActions int          `json:"more_unused_actions,omitzero"`
}

type actionItem struct {
	Name     string `json:"action"`
	LastUsed stamp  `json:"last_used"`
	Region   string `json:"region"`
	By       string `json:"by"`
}

// maxUnusedActions is how many unused actions of a service are named.
const maxUnusedActions = 50

func useTools() []*tool {
	return []*tool{
		defineIAM(Tool{
			Name: "get_access_key_last_used", Title: "Get an access key's last use",
			Description: "Whose an access key is, and when, where and for what it was last used.",
		}, "AccessKeyLastUsed", getAccessKeyLastUsed),
		defineLive(Tool{
			Name: "get_service_last_accessed", Title: "Get services last accessed",
			Description: "When the services that a user, role, group or policy allows were last used, and which were not: what to take away.",
		}, "ServiceLastAccessed", getServiceLastAccessed),
	}
}

// accessKeyID is what ids look like. It keeps a secret that was given in the place
// of an id out of errors.
var accessKeyID = regexp.MustCompile(`^[A-Z0-9]{16,128}$`)

func getAccessKeyLastUsed(ctx context.Context, source iamSource, in accessKeyArguments) (none accessKeyResult, err error) {
	if !accessKeyID.MatchString(in.ID) {
		return none, invalid("access_key_id: want the id of an access key, such as AKIAIOSFODNN7EXAMPLE")
	}
	use, err := source.accessKeyLastUsed(ctx, in.ID)
	if errors.Is(err, collect.ErrAccessDenied) {
		e := explain(ctx, err)
		e.Hint += "; AWS answers so for the keys of other accounts too"
		return none, e
	}
	if err != nil {
		return none, err
	}
	return accessKeyResult{
		ID: use.ID, UserName: use.UserName, LastUsed: stamp(use.LastUsed.At),
		LastUsedService: use.LastUsed.Service, LastUsedRegion: use.LastUsed.Region, savedAt: savedAt(source),
	}, nil
}

func (r accessKeyResult) summary() string {
	line := say("The access key %s of user %s was never used since 2015-04-22.", r.ID, r.UserName)
	if at := time.Time(r.LastUsed); !at.IsZero() {
		line = say("The access key %s of user %s was last used at %s, for %s in %s.", r.ID, r.UserName,
			at.UTC().Format(time.RFC3339), cmp.Or(r.LastUsedService, "an unknown service"), cmp.Or(r.LastUsedRegion, "an unknown region"))
	}
	info := iamInfo{savedAt: r.savedAt}
	return info.text(line)
}

func getServiceLastAccessed(ctx context.Context, source *liveIAM, in lastAccessedArguments) (none lastAccessedResult, err error) {
	if !strings.HasPrefix(in.ARN, "arn:") {
		return none, invalid("arn: want the ARN of a user, role, group or managed policy")
	}
	found, err := collect.ServiceLastAccessed(ctx, source.IAM, in.ARN, collect.Granularity(in.Granularity), source.opts)
	if err != nil {
		return none, err
	}
	out := lastAccessedResult{ARN: in.ARN, GeneratedAt: stamp(found.GeneratedAt), Count: len(found.Services)}
	for i := range found.Services {
		if s := &found.Services[i]; s.LastUsed.Never() {
			out.Unused = append(out.Unused, s.Namespace)
		} else {
			out.Services = append(out.Services, entity[serviceItem]{newServiceItem(s)})
		}
	}
	slices.SortStableFunc(out.Services, func(a, b entity[serviceItem]) int {
		return time.Time(b.value.LastUsed).Compare(time.Time(a.value.LastUsed))
	})
	slices.Sort(out.Unused)
	return out, nil
}

func newServiceItem(s *collect.ServiceAccess) serviceItem {
	item := serviceItem{Namespace: s.Namespace, LastUsed: stamp(s.LastUsed.At), Region: s.LastUsed.Region, By: s.By, Principals: s.Principals}
	for _, a := range s.Actions {
		if a.LastUsed.Never() {
			item.UnusedActions = append(item.UnusedActions, a.Name)
			continue
		}
		item.Actions = append(item.Actions, actionItem{a.Name, stamp(a.LastUsed.At), a.LastUsed.Region, a.By})
	}
	item.UnusedActions, item.MoreUnusedActions = firstOf(item.UnusedActions, maxUnusedActions)
	return item
}

func (r lastAccessedResult) summary() string {
	used := namesOf(r.Services, func(s *entity[serviceItem]) string { return s.value.Namespace })
	lines := []string{say("Services that %s allows: %d, of which used: %d", r.ARN, r.Count, len(used))}
	if len(used) > 0 {
		lines[0] += " (the last first: " + someOf(used, namesInText) + ")"
	}
	lines[0] += "."
	if len(r.Unused) > 0 {
		lines = append(lines, say("Services not used in the tracking period: %d.", len(r.Unused)))
	}
	lines = append(lines, "Attempts that were denied count as use, and the last hours may be missing.")
	return strings.Join(lines, "\n")
}
