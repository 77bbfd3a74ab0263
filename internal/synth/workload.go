package synth

import "strings"

// workload makes the statements that most policies have: some actions of a
// service on the resources of an application.
func (g *generator) workload(statements int) []statement {
	list := make([]statement, 0, statements)
	for i := range statements {
		list = append(list, g.workloadStatement(i))
	}
	return list
}

func (g *generator) workloadStatement(number int) statement {
	service := &services[g.rand.IntN(len(services))]
	s := statement{sid: title(service.name) + string(rune('0'+number)), effect: "Allow"}
	if number > 0 && g.chance(10) {
		s.effect = "Deny"
	}
	first, n := g.rand.IntN(len(service.actions)), 1+g.rand.IntN(len(service.actions))
	for i := range n {
		s.actions = append(s.actions, service.name+":"+service.actions[(first+i)%len(service.actions)])
	}
	application := g.application()
	for _, resource := range service.resources[:1+g.rand.IntN(len(service.resources))] {
		s.resources = append(s.resources, strings.Replace(resource, "%s", application, 1))
	}
	if g.chance(20) {
		s.condition = g.one(conditions)
	}
	return s
}

// application returns the beginning of the names of what one application has in
// one environment.
func (g *generator) application() string { return g.one(applications) + "-" + g.one(environments) }

// title returns a service's name as statements are named after it.
func title(service string) string {
	service = strings.ReplaceAll(service, "-", "")
	return strings.ToUpper(service[:1]) + service[1:]
}

var conditions = []string{
	`"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}`,
	`"Bool": {"aws:SecureTransport": "true"}`,
	`"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "198.51.100.0/24"]}`,
	`"StringLike": {"aws:PrincipalTag/Team": "platform*"}`,
	`"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}`,
}

// mfa is the condition that a person signed in with a second factor.
const mfa = `"Bool": {"aws:MultiFactorAuthPresent": "true"}`
