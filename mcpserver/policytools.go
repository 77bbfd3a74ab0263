package mcpserver

// policyTools are the tools that look at one policy document.
func policyTools() []*tool {
	return []*tool{lintPolicyTool(), explainPolicyTool()}
}
