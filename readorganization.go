package nhiscan

import (
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

const organizationHint = "give a directory with the outputs of aws organizations list-policies-for-target and aws organizations describe-policy, and nothing else"

// organizationFiles is what the files of a directory hold.
type organizationFiles struct {
	lists     []policyList
	described []describedPolicy
	byID      map[string]int // index in described
}

// A policyList is one output of list-policies-for-target.
type policyList struct {
	file     string
	at       FormatError // where it begins
	policies []policySummary
	more     bool // a NextToken says that the list goes on
}

// A policySummary is what Organizations tells about a policy without its text.
type policySummary struct {
	at                  FormatError
	id, arn, name, kind string
	awsManaged          bool
}

// A describedPolicy is one output of describe-policy.
type describedPolicy struct {
	policySummary
	file     string
	document PolicyDocument
}

// The types of policies that restrict requests.
const (
	typeServiceControl  = "SERVICE_CONTROL_POLICY"
	typeResourceControl = "RESOURCE_CONTROL_POLICY"
)

// managementTypes are the types of policies that configure services and restrict
// no request of a principal.
//
// See https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html.
var managementTypes = [...]string{
	"AISERVICES_OPT_OUT_POLICY", "BACKUP_POLICY", "BEDROCK_POLICY", "CHATBOT_POLICY", "DECLARATIVE_POLICY_EC2",
	"INSPECTOR_POLICY", "NETWORK_SECURITY_DIRECTOR_POLICY", "S3_POLICY", "SECURITYHUB_POLICY", "TAG_POLICY", "UPGRADE_ROLLOUT_POLICY",
}

// An organizationReader reads one file.
type organizationReader struct {
	*jsonReader
	file  string
	files *organizationFiles
}

// read adds what a file holds.
func (f *organizationFiles) read(name string, in io.Reader) error {
	text, err := openText(in)
	if err != nil {
		return err
	}
	head, err := text.Peek(sniffLength)
	if err != nil && err != io.EOF {
		return err
	}
	if seems := sniff(head); seems != "" {
		return &KindError{Seems: seems, Hint: organizationHint}
	}
	r := &organizationReader{newJSONReader(text), name, f}
	for r.more() {
		outputs := 0
		for range r.list() {
			outputs++
			r.output()
		}
		if outputs == 0 && r.err == nil {
			return &KindError{Seems: "an empty JSON list", Hint: organizationHint}
		}
	}
	return r.err
}

// here returns the place of the next value.
func (r *organizationReader) here() FormatError {
	at := r.next()
	line, column := r.in.position(at)
	return FormatError{Line: line, Column: column, Offset: at}
}

// output reads the output of one command.
func (r *organizationReader) output() {
	at := r.here()
	list := policyList{file: r.file, at: at}
	listed, described := false, false
	var foreign []string
	for key := range r.object() {
		switch key {
		case "Policies":
			listed = true
			for range r.list() {
				list.policies = append(list.policies, r.summary())
			}
		case "NextToken":
			list.more = true
			r.skip()
		case "Policy":
			described = true
			r.described(at)
		default:
			if len(foreign) < maxForeignKeys {
				foreign = append(foreign, clip(key))
			}
			r.skip()
		}
	}
	switch {
	case r.err != nil:
	case listed:
		r.files.lists = append(r.files.lists, list)
	case !described:
		r.refuse(seemsByKeys(foreign))
	}
}

func (r *organizationReader) refuse(seems string) {
	if r.err == nil {
		r.err = &KindError{Seems: seems, Hint: organizationHint}
	}
}

// described reads the policy that describe-policy printed.
func (r *organizationReader) described(at FormatError) {
	policy := describedPolicy{file: r.file}
	summarized := false
	for key := range r.object() {
		switch key {
		case "PolicySummary":
			summarized = true
			policy.policySummary = r.summary()
		case "Content":
			at = r.here()
			policy.document = NewPolicyDocument(r.string())
		case "PolicyName":
			r.refuse("the output of aws iam get-policy")
		default:
			r.skip()
		}
	}
	if r.err != nil {
		return
	}
	at.Path = "/Policy"
	if !summarized || policy.id == "" {
		at.Message = "want a policy with its PolicySummary and its Id, as aws organizations describe-policy prints it"
		r.err = &at
		return
	}
	r.err = r.files.add(policy, at)
}

// summary reads a PolicySummary.
func (r *organizationReader) summary() policySummary {
	p := policySummary{at: r.here()}
	if r.peek() != jsontext.KindBeginObject {
		r.want("a policy", jsontext.KindBeginObject)
	}
	for key := range r.object() {
		switch key {
		case "Id":
			p.id = r.string()
		case "Arn":
			p.arn = r.string()
		case "Name":
			p.name = r.string()
		case "Type":
			p.kind = r.string()
		case "AwsManaged":
			p.awsManaged = r.bool()
		case "PolicyName":
			r.refuse("the output of aws iam list-policies")
		default:
			r.skip()
		}
	}
	if r.err != nil {
		return p
	}
	if message := p.problem(); message != "" {
		p.at.Message = message
		r.err = &p.at
	}
	return p
}

// problem says what is wrong with a summary; "" when nothing is.
func (p *policySummary) problem() string {
	if p.id == "" {
		return "want a policy with an Id such as p-12345678"
	}
	if p.kind == typeServiceControl || p.kind == typeResourceControl {
		return ""
	}
	for _, kind := range &managementTypes {
		if p.kind == kind {
			return ""
		}
	}
	return fmt.Sprintf("policy %s: Type: want %s or %s, found %q", clip(p.id), typeServiceControl, typeResourceControl, clip(p.kind))
}

// restricts reports whether policies of the type restrict requests.
func (p policySummary) restricts() bool {
	return p.kind == typeServiceControl || p.kind == typeResourceControl
}

// add adds a described policy, whose text or command's output is at a place.
func (f *organizationFiles) add(policy describedPolicy, at FormatError) error {
	if !policy.restricts() {
		return nil
	}
	if i, ok := f.byID[policy.id]; ok {
		if f.described[i].document != policy.document {
			at.Message = fmt.Sprintf("policy %s has another text in %s: describe it again, and keep one of both", clip(policy.id), f.described[i].file)
			return &at
		}
		return nil
	}
	if _, err := policy.document.Parse(); err != nil {
		at.Path += "/Content"
		at.Message = fmt.Sprintf("policy %s: %v", clip(policy.id), err)
		return &at
	}
	if f.byID == nil {
		f.byID = map[string]int{}
	}
	f.byID[policy.id] = len(f.described)
	f.described = append(f.described, policy)
	return nil
}
