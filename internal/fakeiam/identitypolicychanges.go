package fakeiam

import (
	"slices"
	"strings"
	"unicode"

	"github.com/nhiscan/nhiscan"
)

const maxAttachedPolicies = 10

// maxInlineSize are how many characters the inline policies of an identity may have
// together, white space left out.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length
var maxInlineSize = map[string]int{"User": 2048, "Group": 5120, "Role": 10240}

func identityPolicyChanges() map[string]operation {
	known := map[string]operation{}
	for kind, find := range map[string]finder{"User": userIdentity, "Group": groupIdentity, "Role": roleIdentity} {
		subject := subjectNamed(strings.ToLower(kind), kind+"Name")
		known["Put"+kind+"Policy"] = operation{subject: subject, write: find.putInline, mutates: true, void: true}
		known["Delete"+kind+"Policy"] = operation{subject: subject, write: find.deleteInline, mutates: true, void: true}
		known["Attach"+kind+"Policy"] = operation{subject: subject, write: find.attach, mutates: true, void: true}
		known["Detach"+kind+"Policy"] = operation{subject: subject, write: find.detach, mutates: true, void: true}
	}
	return known
}

// putInline adds or replaces an inline policy.
func (find finder) putInline(s *Server, r *request, _ *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	name, err := r.name("PolicyName", maxPolicyName)
	if err != nil {
		return err
	}
	document, err := r.identityPolicy(false)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(*id.inline, func(p nhiscan.InlinePolicy) bool { return p.Name == name }); i >= 0 {
		(*id.inline)[i].Document = document
	} else {
		*id.inline = append(*id.inline, nhiscan.InlinePolicy{Name: name, Document: document})
	}
	size := 0
	for _, p := range *id.inline {
		size += sizeOf(p.Document)
	}
	if most := maxInlineSize[id.kind]; size > most {
		return errTooLarge(strings.ToLower(id.kind), id.name, most)
	}
	return nil
}

// sizeOf returns how many characters of a document count against a quota.
func sizeOf(d nhiscan.PolicyDocument) int {
	size := 0
	for _, c := range d.Text() {
		if !unicode.IsSpace(c) {
			size++
		}
	}
	return size
}

func (find finder) deleteInline(s *Server, r *request, _ *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	name, err := r.required("PolicyName")
	if err != nil {
		return err
	}
	left := without(*id.inline, func(p nhiscan.InlinePolicy) bool { return p.Name == name })
	if len(left) == len(*id.inline) {
		return id.errNoInline(name)
	}
	*id.inline = left
	return nil
}

// attach succeeds for a policy that is attached already, as with AWS.
func (find finder) attach(s *Server, r *request, _ *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	arn, err := r.policyARN("PolicyArn")
	if err != nil {
		return err
	}
	p, ok := r.index.policyByARN[arn]
	switch {
	case !ok:
		return errNoSuchEntity("Policy %s does not exist or is not attachable.", arn)
	case isAWSManaged(arn) && strings.HasPrefix(p.Path, "/aws-service-role/"):
		return errKnown("PolicyNotAttachable")
	case id.has(arn):
		return nil
	case len(*id.attached) >= maxAttachedPolicies:
		return errQuota("PoliciesPer"+id.kind, maxAttachedPolicies)
	}
	*id.attached = append(*id.attached, nhiscan.AttachedPolicy{Name: p.Name, ARN: arn})
	r.index.adopt(arn)
	return nil
}

func (find finder) detach(s *Server, r *request, _ *xmlWriter) *apiError {
	id, err := find(s, r)
	if err != nil {
		return err
	}
	arn, err := r.policyARN("PolicyArn")
	if err != nil {
		return err
	}
	if !id.has(arn) {
		return errNoSuchEntity("Policy %s was not found.", arn)
	}
	*id.attached = without(*id.attached, func(p nhiscan.AttachedPolicy) bool { return p.ARN == arn })
	return nil
}

func (id identity) has(policyARN string) bool {
	return slices.ContainsFunc(*id.attached, func(p nhiscan.AttachedPolicy) bool { return p.ARN == policyARN })
}

// adopt moves an AWS managed policy that was on offer only into the account.
func (ix *index) adopt(policyARN string) {
	is := func(p nhiscan.ManagedPolicy) bool { return p.ARN == policyARN }
	if i := slices.IndexFunc(ix.beside.offered, is); i >= 0 {
		ix.account.Policies = append(ix.account.Policies, ix.beside.offered[i])
		ix.beside.offered = without(ix.beside.offered, is)
	}
}
