package collect

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// A SimulationRequest is a question to AWS's policy simulator: may these actions
// be called on these resources?
type SimulationRequest struct {
	// PolicySourceARN is the user, role or group whose policies are asked about.
	// [SimulatePrincipal] needs it; [SimulateCustom] refuses it.
	PolicySourceARN string
	// Policies are documents: of SimulatePrincipal in addition to those that the
	// principal has, of SimulateCustom all there are, at least one.
	Policies []string
	// PermissionsBoundary is the document of a permissions boundary, in place of
	// the principal's own. Empty: the principal's own, or none.
	PermissionsBoundary string
	// Actions are named in full, such as s3:GetObject; the simulator has no
	// wildcards. At least one.
	Actions []string
	// Resources are ARNs. Empty: *.
	Resources []string
	// ResourcePolicy is the document of a policy that every one of the Resources has. Empty: none.
	ResourcePolicy string
	// ResourceOwner is the ARN of the account that owns the Resources. Empty: the caller's.
	ResourceOwner string
	// CallerARN is the user, role or group that makes the simulated calls, for
	// policies that name one. Empty: PolicySourceARN.
	CallerARN string
	// Context are the values of condition keys. What is not here and is asked for
	// by a policy is in MissingContextKeys of the answer.
	Context []ContextEntry
}

// A Decision is what the simulator decides. The zero value is unknown.
type Decision string

// The decisions.
const (
	DecisionAllowed      Decision = "allowed"
	DecisionExplicitDeny Decision = "explicitDeny"
	DecisionImplicitDeny Decision = "implicitDeny"
)

// A Limit is whether something that grants nothing itself, a permissions boundary
// or the policies of the organization, lets an action pass. The zero value is
// that AWS says nothing, as when there is no such thing.
type Limit string

// The limits.
const (
	LimitPasses Limit = "passes"
	LimitDenies Limit = "denies"
)

// A SimulationResult is what the simulator decides about one action.
type SimulationResult struct {
	Action string
	// Resource is * or AWS's template of the ARNs that the action is about, such
	// as arn:${Partition}:s3:::${BucketName}. What was decided about a resource
	// that the request names is in Resources.
	Resource string
	// Outcome is that of the action on all resources together, the most restrictive one.
	Outcome
	// Organization is what service control policies say.
	Organization Limit
	// Resources are the outcomes of the resources that the request names.
	Resources []ResourceOutcome
}

// A ResourceOutcome is what the simulator decides about an action on one resource.
type ResourceOutcome struct {
	// Resource is its ARN.
	Resource string
	Outcome
}

// An Outcome is a decision and what it rests on.
type Outcome struct {
	Decision Decision
	// Matched are the statements that decided; none for an implicit deny.
	Matched []MatchedStatement
	// MissingContextKeys are condition keys that the policies ask for and the
	// request does not give. With them the decision may be another.
	MissingContextKeys []string
	// Details has a decision for each kind of policy, across accounts only.
	Details map[string]Decision
	// Boundary is what the permissions boundary says.
	Boundary Limit
}

// A MatchedStatement is a statement of a policy. Lines and columns begin at 1; 0
// is one that AWS does not tell.
type MatchedStatement struct {
	// PolicyID names the policy; a document of the request it names PolicyInputList.1 and so on.
	PolicyID string
	// PolicyType is AWS's word, such as IAM Policy or Resource Policy.
	PolicyType             string
	StartLine, StartColumn int
	EndLine, EndColumn     int
}

// SimulatePrincipal asks AWS's policy simulator whether a user, role or group may
// do something with the policies that it has. Nothing is called or changed.
//
// The simulator does not take into account resource control policies, or the
// policies of resources unless they are given. It is one of two answers: package
// permissions evaluates an account that was read, and asks nobody.
//
// The error is an [*Error]: [ErrNotFound] when there is no such principal,
// [ErrInvalid] for a request that cannot be simulated.
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html.
func SimulatePrincipal(ctx context.Context, api SimulateAPI, request *SimulationRequest) ([]SimulationResult, error) {
	const function = "SimulatePrincipal"
	if err := request.check(function); err != nil {
		return nil, err
	}
	if request.PolicySourceARN == "" {
		return nil, invalid(function, "", "the ARN of the user, role or group is missing")
	}
	r, ctx := newReader(ctx, parts{SimulateAPI: api}, nil)
	defer r.abort(nil)
	results, err := all(ctx, r, "SimulatePrincipalPolicy", request.PolicySourceARN, func(marker *string) ([]types.EvaluationResult, position, error) {
		out, err := r.api.SimulatePrincipalPolicy(ctx, &iam.SimulatePrincipalPolicyInput{
			PolicySourceArn:                    &request.PolicySourceARN,
			PolicyInputList:                    request.Policies,
			PermissionsBoundaryPolicyInputList: request.boundaries(),
			ActionNames:                        request.Actions,
			ResourceArns:                       request.Resources,
			ResourcePolicy:                     given(request.ResourcePolicy),
			ResourceOwner:                      given(request.ResourceOwner),
			CallerArn:                          given(request.CallerARN),
			ContextEntries:                     convert(request.Context, contextEntry),
			Marker:                             marker,
			MaxItems:                           r.pageSize,
		})
		if err != nil {
			return nil, position{}, err
		}
		return out.EvaluationResults, position{out.IsTruncated, out.Marker}, nil
	})
	if err != nil {
		return nil, err
	}
	return convert(results, simulationResult), nil
}

// SimulateCustom asks AWS's policy simulator what the policies of the request
// allow, whoever may have them. It is otherwise as [SimulatePrincipal].
//
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html.
func SimulateCustom(ctx context.Context, api SimulateAPI, request *SimulationRequest) ([]SimulationResult, error) {
	const function = "SimulateCustom"
	if err := request.check(function); err != nil {
		return nil, err
	}
	switch {
	case request.PolicySourceARN != "":
		return nil, invalid(function, "", "the policies of %s are not looked at: call SimulatePrincipal", request.PolicySourceARN)
	case len(request.Policies) == 0:
		return nil, invalid(function, "", "there is no policy to simulate")
	}
	r, ctx := newReader(ctx, parts{SimulateAPI: api}, nil)
	defer r.abort(nil)
	results, err := all(ctx, r, "SimulateCustomPolicy", "*", func(marker *string) ([]types.EvaluationResult, position, error) {
		out, err := r.api.SimulateCustomPolicy(ctx, &iam.SimulateCustomPolicyInput{
			PolicyInputList:                    request.Policies,
			PermissionsBoundaryPolicyInputList: request.boundaries(),
			ActionNames:                        request.Actions,
			ResourceArns:                       request.Resources,
			ResourcePolicy:                     given(request.ResourcePolicy),
			ResourceOwner:                      given(request.ResourceOwner),
			CallerArn:                          given(request.CallerARN),
			ContextEntries:                     convert(request.Context, contextEntry),
			Marker:                             marker,
			MaxItems:                           r.pageSize,
		})
		if err != nil {
			return nil, position{}, err
		}
		return out.EvaluationResults, position{out.IsTruncated, out.Marker}, nil
	})
	if err != nil {
		return nil, err
	}
	return convert(results, simulationResult), nil
}

func (s *SimulationRequest) boundaries() []string {
	if s.PermissionsBoundary == "" {
		return nil
	}
	return []string{s.PermissionsBoundary}
}

func simulationResult(e types.EvaluationResult) SimulationResult {
	result := SimulationResult{
		Action:    aws.ToString(e.EvalActionName),
		Resource:  aws.ToString(e.EvalResourceName),
		Outcome:   outcome(e.EvalDecision, e.MatchedStatements, e.MissingContextValues, e.EvalDecisionDetails, e.PermissionsBoundaryDecisionDetail),
		Resources: convert(e.ResourceSpecificResults, resourceOutcome),
	}
	if e.OrganizationsDecisionDetail != nil {
		result.Organization = limit(e.OrganizationsDecisionDetail.AllowedByOrganizations)
	}
	return result
}

func resourceOutcome(e types.ResourceSpecificResult) ResourceOutcome {
	return ResourceOutcome{
		Resource: aws.ToString(e.EvalResourceName),
		Outcome:  outcome(e.EvalResourceDecision, e.MatchedStatements, e.MissingContextValues, e.EvalDecisionDetails, e.PermissionsBoundaryDecisionDetail),
	}
}

func outcome(decision types.PolicyEvaluationDecisionType, matched []types.Statement, missing []string,
	details map[string]types.PolicyEvaluationDecisionType, boundary *types.PermissionsBoundaryDecisionDetail) Outcome {
	o := Outcome{
		Decision:           Decision(decision),
		Matched:            convert(matched, matchedStatement),
		MissingContextKeys: convert(missing, func(key string) string { return key }),
	}
	for kind, decision := range details {
		if o.Details == nil {
			o.Details = map[string]Decision{}
		}
		o.Details[kind] = Decision(decision)
	}
	if boundary != nil {
		o.Boundary = limit(boundary.AllowedByPermissionsBoundary)
	}
	return o
}

func limit(passes bool) Limit {
	if passes {
		return LimitPasses
	}
	return LimitDenies
}

func matchedStatement(s types.Statement) MatchedStatement {
	m := MatchedStatement{PolicyID: aws.ToString(s.SourcePolicyId), PolicyType: string(s.SourcePolicyType)}
	if s.StartPosition != nil {
		m.StartLine, m.StartColumn = int(s.StartPosition.Line), int(s.StartPosition.Column)
	}
	if s.EndPosition != nil {
		m.EndLine, m.EndColumn = int(s.EndPosition.Line), int(s.EndPosition.Column)
	}
	return m
}
