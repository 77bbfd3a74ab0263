package synth

import (
	"fmt"
	"strconv"

	"github.com/nhiscan/nhiscan"
)

// policyName returns the name of a customer managed policy by its number.
func policyName(i int) string {
	subject := services[i%len(services)].name + "-" + jobs[i%len(jobs)]
	if p := purposeOf(i); p != nil {
		subject = p.name
	}
	return fmt.Sprintf("%s-%s-%d", subject, environments[i%len(environments)], i)
}

func policyARN(i int) string { return arn("policy", "/", policyName(i)) }

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
			Document: g.document(g.managedStatements(i)...),
		})
		if !g.chance(15) { // most people delete the versions that are not in force
			break
		}
	}
	return p
}

func (g *generator) managedStatements(i int) []statement {
	if p := purposeOf(i); p != nil {
		return g.purposeStatements(p.name)
	}
	return g.workload(1 + g.rand.IntN(3))
}

// inline returns one or two inline policies.
func (g *generator) inline() []nhiscan.InlinePolicy {
	list := []nhiscan.InlinePolicy{{Name: g.one(applications) + "-" + g.one(jobs), Document: g.document(g.inlineStatements(1 + g.rand.IntN(2))...)}}
	if g.chance(20) {
		list = append(list, nhiscan.InlinePolicy{Name: "extra", Document: g.document(g.inlineStatements(1)...)})
	}
	return list
}

// inlineStatements are those of a workload; some were typed by hand.
func (g *generator) inlineStatements(n int) []statement {
	list := g.workload(n)
	if g.chance(7) {
		g.misspell(&list[0])
	}
	return list
}
