package permissions

import (
	"fmt"
	"slices"
	"strings"
)

// Can decides a request of a user or role of the account. The request's principal
// need hold the ARN alone. Known facts, such as its tags, are added to the context;
// for sts:AssumeRole on a role of the account its trust policy is looked at.
// The error says that the principal is not in the account.
//
// Policies of other resources are not in an account file: where only one could
// decide, as for a request that nothing else allows, the answer is [Depends] with
// ResourcePolicyUnseen. What identity policies allow within the account is
// Allowed, although the policy of the resource might deny it; but the use of a KMS
// key, for which identity policies count only where the key's policy says so. An
// identity policy that was not read makes what it could change hang on
// [KeyUnreadPolicy]; it is among the Allows and Denies.
func (x *Analysis) Can(r *Request) (Decision, error) { return x.CanWith(r, nil, nil) }

// CanWith decides like [Analysis.Can], with policies that are not in the account:
// those that were given when the session was made, and the policy of the
// resource; nil for none.
func (x *Analysis) CanWith(r *Request, session []*Policy, resource *Policy) (Decision, error) {
	i, ok := x.byARN[r.Principal.ARN]
	if !ok {
		return Decision{}, fmt.Errorf("principal %s: no user or role of the account has this ARN", r.Principal.ARN)
	}
	policies, request := x.put(i, r)
	policies.Session = session
	if resource != nil {
		policies.Resource, policies.ResourceUnseen = resource, false
	}
	return Evaluate(&policies, &request), nil
}

// put returns a request as identity number i makes it, and the policies that decide it.
func (x *Analysis) put(i int, r *Request) (Policies, Request) {
	id := &x.identities[i]
	request := Request{
		Principal: id.principal, Action: r.Action, Resource: r.Resource,
		ResourceAccount: r.ResourceAccount, Context: id.contextWith(r.Context),
	}
	policies := id.policies
	policies.Identity = id.asked()
	x.addResourcePolicy(&policies, &request)
	return policies, request
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

// isAssumption reports whether an action of STS is one that a user or role asks for
// and a trust policy decides; those with SAML and web identities nobody in IAM does.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html.
func isAssumption(name string) bool {
	switch strings.ToLower(name) {
	case "assumerole", "tagsession", "setsourceidentity", "setcontext":
		return true
	}
	return false
}

// resourcePolicyServices are the prefixes of the services some of whose resources
// can have policies that let principals in, sorted. Left out are those whose resource
// policies AWS Resource Access Manager writes to share resources between accounts:
// within an account these allow nothing.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html.
var resourcePolicyServices = []string{
	"acm-pca", "aoss", "aps", "backup", "bedrock", "bedrock-agentcore", "cloudhsm", "cloudtrail", "cloudtrail-data",
	"codeartifact", "codebuild", "codeguru-profiler", "comprehend", "dsql", "dynamodb", "ecr", "ecr-public",
	"elasticfilesystem", "es", "events", "execute-api", "glacier", "glue", "iot", "kafka", "kinesis", "kms", "lambda",
	"lex", "logs", "mediapackagev2", "mediastore", "network-firewall", "oam", "organizations", "osis",
	"payment-cryptography", "redshift", "redshift-serverless", "refactor-spaces", "rekognition", "rum", "s3",
	"s3-object-lambda", "s3-outposts", "s3express", "s3files", "s3tables", "s3vectors", "sagemaker", "schemas",
	"secretsmanager", "serverlessrepo", "ses", "signer", "sms-voice", "sns", "sqs", "ssm", "ssm-contacts",
	"ssm-incidents", "vpc-lattice", "xray",
}

func hasResourcePolicies(service string) bool {
	_, ok := slices.BinarySearch(resourcePolicyServices, strings.ToLower(service))
	return ok
}
