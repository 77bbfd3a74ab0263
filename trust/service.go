package trust

import (
	_ "embed"
	"strings"
	"sync"
)

// serviceKind returns the kind of role that a service principal makes.
func serviceKind(service string) Kind {
	switch serviceName(service) {
	case "lambda", "edgelambda":
		return KindLambda
	case "ec2":
		return KindEC2
	case "ecs-tasks":
		return KindECSTask
	case "pods.eks":
		return KindEKSPodIdentity
	case "rolesanywhere":
		return KindRolesAnywhere
	case "bedrock", "bedrock-agentcore":
		return KindAgent
	}
	return KindService
}

// serviceName returns what tells services apart in a service principal: logs
// for logs.us-west-2.amazonaws.com, ec2 for ec2.amazonaws.com.cn.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services.
func serviceName(service string) string {
	name := strings.ToLower(service)
	name, _, _ = strings.Cut(name, ".amazonaws.")
	if i := strings.LastIndexByte(name, '.'); i >= 0 && isRegion(name[i+1:]) {
		name = name[:i]
	}
	return name
}

// isRegion reports whether s has the form of a region, such as us-gov-west-1.
func isRegion(s string) bool {
	i := strings.LastIndexByte(s, '-')
	return i > 0 && isDigits(s[i+1:]) && strings.Contains(s[:i], "-")
}

//go:embed data/deputies.txt
var deputiesText string

// deputies maps a service that can be asked to prove for whom it acts to the
// severity of not asking.
var deputies = sync.OnceValue(func() map[string]Severity {
	m := make(map[string]Severity)
	eachRow(deputiesText, func(columns []string) { m[columns[0]] = Severity(columns[1]) })
	return m
})

// eachRow calls f with the columns of every line of an embedded table that is
// neither empty nor a comment.
func eachRow(table string, f func(columns []string)) {
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && line[0] != '#' {
			f(strings.Split(line, "\t"))
		}
	}
}
