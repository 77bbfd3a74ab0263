package mcpserver

import (
	"slices"

	"github.com/nhiscan/nhiscan/collect"
)

// accountActions are what a tool that looks at a whole account may call.
func accountActions() []string {
	list := append(collect.Actions()["Account.Detail"], collect.Actions()["Account"]...)
	list = append(list, "sts:GetCallerIdentity")
	slices.Sort(list)
	return slices.Compact(list)
}
