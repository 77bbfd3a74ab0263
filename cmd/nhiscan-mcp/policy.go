package main

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/mcpserver"
)

// An identityPolicy is a policy document in AWS's own order and spelling.
type identityPolicy struct {
	Version   string
	Statement []policyStatement
}

type policyStatement struct {
	Sid, Effect string
	Action      []string
	Resource    string
}

// sids name the statements. A toolset without one needs no permission.
var sids = map[mcpserver.Toolset]string{
	mcpserver.ToolsetScan: "Scan", mcpserver.ToolsetPermissions: "Permissions", mcpserver.ToolsetPolicies: "Policies",
	mcpserver.ToolsetIAM: "ReadIAM", mcpserver.ToolsetManage: "ManageIAM",
}

// policyFor allows what the tools ask of AWS, and nothing else. What all may ask,
// sts:GetCallerIdentity, is not in it.
func policyFor(tools []mcpserver.Tool) identityPolicy {
	p := identityPolicy{Version: "2012-10-17"}
	for _, set := range mcpserver.Toolsets() {
		var actions []string
		for _, t := range tools {
			if t.Toolset == set {
				actions = append(actions, t.Actions...)
			}
		}
		slices.Sort(actions)
		actions = slices.DeleteFunc(slices.Compact(actions), func(a string) bool { return a == "sts:GetCallerIdentity" })
		if len(actions) > 0 {
			p.Statement = append(p.Statement, policyStatement{sids[set], "Allow", actions, "*"})
		}
	}
	return p
}

// writePolicy prints the policy for the tools that would be served.
func (f *flags) writePolicy(w io.Writer, opts *mcpserver.Options) error {
	if f.source.Saved() {
		return commandline.Usagef("--print-policy: a saved account is served without asking AWS")
	}
	server, err := newServer(opts)
	if err != nil {
		return err
	}
	policy := policyFor(server.Tools())
	if len(policy.Statement) == 0 {
		return commandline.Usagef("--print-policy: the tools that were chosen ask nothing of AWS")
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(policy); err != nil {
		return err
	}
	_, err = w.Write(text.Bytes())
	return err
}
