package synth

// A purpose is what a managed policy with power over other identities is for.
type purpose struct {
	// name begins the names of its policies.
	name string
	// percent says how many of 100 such policies are for it.
	percent int
	// kept policies are attached only where an identity is made to have one.
	kept bool
}

const (
	fullAccess   = "full-access"
	boundaryName = "boundary"
	iamChanger   = "iam-changer"
	deployer     = "deployer"
	assumer      = "assume-roles"
	selfService  = "self-service"
	iamReader    = "iam-reader"
	developer    = "developer"
	outside      = "outside"
	guardrail    = "guardrail"
)

// purposes are the same at any size: what a policy is for follows from its
// number, so that the policies for a purpose can be named before they are made.
var purposes = []purpose{
	{fullAccess, 2, true}, {boundaryName, 3, true}, {iamChanger, 6, true},
	{deployer, 34, false}, {assumer, 19, false}, {selfService, 9, false}, {iamReader, 8, false},
	{developer, 7, false}, {outside, 6, false}, {guardrail, 6, false},
}

// purposeStatements are those of a managed policy for a purpose.
func (g *generator) purposeStatements(name string) []statement {
	switch name {
	case fullAccess:
		return g.fullAccess()
	case boundaryName:
		return g.boundaryStatements()
	case iamChanger:
		return g.iamChange()
	case deployer:
		return g.deployer()
	case assumer:
		return g.assumer()
	case selfService:
		return g.selfService()
	case iamReader:
		return g.iamReader()
	case developer:
		return g.allBut()
	case outside:
		return g.allButResources()
	default:
		return g.guardrail()
	}
}

// everyPurposeful says that one of so many managed policies has a purpose.
const everyPurposeful = 8

// purposeOf returns what a policy is for by its number, nil for the workload of
// an application. The purposes are spread so that small accounts have them too.
func purposeOf(i int) *purpose {
	if i%everyPurposeful != 0 {
		return nil
	}
	n := spread(i / everyPurposeful)
	for k := range purposes {
		if n -= purposes[k].percent; n < 0 {
			return &purposes[k]
		}
	}
	return nil
}

// policyFor returns a managed policy for the purpose; not ok in an account that
// is too small to have one.
func (g *generator) policyFor(name string) (number int, ok bool) {
	numbers := g.policies[name]
	if len(numbers) == 0 {
		return 0, false
	}
	return numbers[g.rand.IntN(len(numbers))], true
}

// spread maps a hundred numbers in turn to all of 0 to 99, far from one another,
// so that a few of them already have the shares that many have.
func spread(i int) int { return i * 37 % 100 }
