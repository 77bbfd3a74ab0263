package synth

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nhiscan/nhiscan"
)

func (g *generator) policy(i int) nhiscan.ManagedPolicy {
	name := policyName(i)
	p := nhiscan.ManagedPolicy{
		Name: name, ID: g.id("ANPA"), ARN: arn("policy", "/", name), Path: "/", Attachable: true,
		CreateDate: g.date(3000), Tags: g.tags(), Known: nhiscan.FactTags,
	}
	p.UpdateDate = g.after(p.CreateDate)
	number := 1 + g.rand.IntN(8)
	p.DefaultVersionID = "v" + strconv.Itoa(number)
	for v := number; v > 0 && v > number-5; v-- {
		p.Versions = append(p.Versions, nhiscan.PolicyVersion{
			ID: "v" + strconv.Itoa(v), Default: v == number, CreateDate: p.UpdateDate.AddDate(0, 0, v-number),
			Document: g.document(1 + g.rand.IntN(3)),
		})
		if !g.chance(15) { // most people delete the versions that are not in force
			break
		}
	}
	return p
}

// inline returns one or two inline policies.
func (g *generator) inline() []nhiscan.InlinePolicy {
	list := []nhiscan.InlinePolicy{{Name: g.one(applications) + "-" + g.one(jobs), Document: g.document(1 + g.rand.IntN(2))}}
	if g.chance(20) {
		list = append(list, nhiscan.InlinePolicy{Name: "extra", Document: g.document(1)})
	}
	return list
}

// document makes an identity policy, spelled as the AWS console spells it.
func (g *generator) document(statements int) nhiscan.PolicyDocument {
	var b strings.Builder
	b.WriteString("{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [")
	for i := range statements {
		if i > 0 {
			b.WriteByte(',')
		}
		g.statement(&b, i)
	}
	b.WriteString("\n    ]\n}")
	return nhiscan.NewPolicyDocument(b.String())
}

func (g *generator) statement(b *strings.Builder, number int) {
	service := &services[g.rand.IntN(len(services))]
	effect := "Allow"
	if number > 0 && g.chance(10) {
		effect = "Deny"
	}
	fmt.Fprintf(b, "\n        {\n            \"Sid\": \"%s%d\",\n            \"Effect\": %q,\n            \"Action\": ",
		strings.ToUpper(service.name[:1])+service.name[1:], number, effect)
	first, n := g.rand.IntN(len(service.actions)), 1+g.rand.IntN(len(service.actions))
	g.values(b, n, func(i int) string { return service.name + ":" + service.actions[(first+i)%len(service.actions)] })
	b.WriteString(",\n            \"Resource\": ")
	application := g.one(applications) + "-" + g.one(environments)
	g.values(b, 1+g.rand.IntN(len(service.resources)), func(i int) string {
		return strings.Replace(service.resources[i], "%s", application, 1)
	})
	if g.chance(20) {
		b.WriteString(",\n            \"Condition\": {\n                ")
		b.WriteString(g.one(conditions))
		b.WriteString("\n            }")
	}
	b.WriteString("\n        }")
}

// values writes one value as a string and more as a list.
func (g *generator) values(b *strings.Builder, n int, value func(i int) string) {
	if n == 1 && g.chance(50) {
		b.WriteString(strconv.Quote(value(0)))
		return
	}
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n                ")
		b.WriteString(strconv.Quote(value(i)))
	}
	b.WriteString("\n            ]")
}

var conditions = []string{
	`"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}`,
	`"Bool": {"aws:SecureTransport": "true"}`,
	`"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "198.51.100.0/24"]}`,
	`"StringLike": {"aws:PrincipalTag/Team": "platform*"}`,
	`"NumericLessThan": {"aws:MultiFactorAuthAge": 3600}`,
}
