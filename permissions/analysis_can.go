package permissions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// Can decides a request of a user or role of the account. The request's principal
// need hold the ARN alone. Known facts, such as its tags, are added to the context;
// for sts:AssumeRole on a role of the account its trust policy is looked at.
// The error says that the principal is not in the account.
//
// Policies of other resources are not in an account file: where only one could
// decide, as for a request that nothing else allows, the answer is [Depends] with
// ResourcePolicyUnseen. What identity policies allow within the account is
// Allowed, although the policy of the resource might deny it. An identity policy
// that was not read makes what is not certainly denied hang on [KeyUnreadPolicy].
func (x *Analysis) Can(r *Request) (Decision, error) {
	i, ok := x.byARN[r.Principal.ARN]
	if !ok {
		return Decision{}, fmt.Errorf("principal %s: no user or role of the account has this ARN", r.Principal.ARN)
	}
	return x.decide(i, r), nil
}

// decide is Can for identity number i.
func (x *Analysis) decide(i int, r *Request) Decision {
	id := &x.identities[i]
	request := Request{
		Principal: id.principal, Action: r.Action, Resource: r.Resource,
		ResourceAccount: r.ResourceAccount, Context: id.contextWith(r.Context),
	}
	policies := id.policies
	x.addResourcePolicy(&policies, &request)
	d := Evaluate(&policies, &request)
	if id.identityUnread && !d.Explicit() {
		d.Outcome = Depends
		d.Missing = nil
		d.Keys = mergeKeys(d.Keys, []string{KeyUnreadPolicy})
	}
	return d
}

// addResourcePolicy adds the policy of the resource, as far as it is known.
func (x *Analysis) addResourcePolicy(p *Policies, r *Request) {
	service, name, _ := strings.Cut(r.Action, ":")
	if !strings.EqualFold(service, "sts") {
		p.ResourceUnseen = r.Resource != "*" && hasResourcePolicies(service)
		return
	}
	if !isAssumption(name) {
		return
	}
	i, ok := x.byARN[r.Resource]
	if !ok || x.identities[i].trust == nil {
		p.ResourceUnseen = true
		return
	}
	p.Resource = x.identities[i].trust
	if who := x.byARN[r.Principal.ARN]; x.identities[who].user != nil {
		r.Context = withAbsentTags(x.identities[who].user, r.Context, p.Resource)
	}
}

// isAssumption reports whether an action of STS is one that a trust policy decides.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html.
func isAssumption(name string) bool {
	switch strings.ToLower(name) {
	case "assumerole", "tagsession", "setsourceidentity":
		return true
	}
	return false
}

// resourcePolicyServices are the prefixes of the services some of whose resources
// can have policies.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html.
var resourcePolicyServices = []string{
	"acm-pca", "aoss", "aps", "backup", "bedrock", "bedrock-agentcore", "cloudtrail", "codeartifact", "codebuild",
	"dynamodb", "ecr", "ecr-public", "elasticfilesystem", "es", "events", "execute-api", "glacier", "glue", "iot",
	"kinesis", "kms", "lambda", "lex", "logs", "mediastore", "network-firewall", "rekognition", "s3", "s3-object-lambda",
	"s3-outposts", "s3express", "s3tables", "s3vectors", "schemas", "secretsmanager", "serverlessrepo", "ses", "signer",
	"sns", "sqs", "ssm", "ssm-contacts", "ssm-incidents", "vpc-lattice", "vpce", "xray",
}

func hasResourcePolicies(service string) bool {
	_, ok := slices.BinarySearch(resourcePolicyServices, strings.ToLower(service))
	return ok
}

// contextWith adds what is known of the identity to what a caller says.
func (id *identity) contextWith(ctx *Context) *Context {
	switch {
	case ctx == nil:
		return id.context
	case len(id.context.values) == 0:
		return ctx
	}
	values := maps.Clone(id.context.values)
	maps.Copy(values, ctx.values)
	return &Context{values: values, complete: ctx.complete}
}

// withAbsentTags adds the tags that a trust policy asks for and a user lacks.
func withAbsentTags(u *nhiscan.User, ctx *Context, trust *Policy) *Context {
	if !u.Known.Has(nhiscan.FactTags) {
		return ctx
	}
	absent := map[string][]string{}
	absentTags(absent, trust)
	if len(absent) == 0 {
		return ctx
	}
	maps.Copy(absent, ctx.values)
	return &Context{values: absent, complete: ctx.complete}
}
