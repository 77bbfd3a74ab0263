package mcpserver

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
)

// A seeker is the arguments of a tool that asks for one thing, and knows what to
// do when it is not there.
type seeker interface{ whenMissing(source iamSource) string }

// withHint adds to the error for something that is not there where to look for it.
func withHint(ctx context.Context, err error, source, in any) error {
	from, isSource := source.(iamSource)
	wanted, isSeeker := in.(seeker)
	var own *Error
	if err == nil || !isSource || !isSeeker || errors.As(err, &own) && own.Hint != "" {
		return err
	}
	e := *explain(ctx, err)
	if e.Code != CodeNotFound {
		return err
	}
	e.Hint = wanted.whenMissing(from)
	return &e
}

func (a userArguments) whenMissing(source iamSource) string {
	return missingIdentity(source, collect.IdentityUser, a.Name)
}

func (a roleArguments) whenMissing(source iamSource) string {
	return missingIdentity(source, collect.IdentityRole, a.Name)
}

func (a groupArguments) whenMissing(source iamSource) string {
	return missingIdentity(source, collect.IdentityGroup, a.Name)
}

func (a userPolicyArguments) whenMissing(source iamSource) string {
	return missingInline(source, collect.IdentityUser, a.Name, a.Policy)
}

func (a rolePolicyArguments) whenMissing(source iamSource) string {
	return missingInline(source, collect.IdentityRole, a.Name, a.Policy)
}

func (a groupPolicyArguments) whenMissing(source iamSource) string {
	return missingInline(source, collect.IdentityGroup, a.Name, a.Policy)
}

func (a managedPolicyArguments) whenMissing(iamSource) string {
	if a.Version != "" {
		return "without version_id it is the version in force; list_policies has the ARNs of policies"
	}
	return "list_policies has the ARNs of policies"
}

// missingIdentity names the tool for an identity of another kind: a saved account
// tells whether there is one, and AWS is not asked, for which the caller may have
// no permission.
func missingIdentity(source iamSource, kind collect.IdentityKind, nameOrARN string) string {
	kinds := []collect.IdentityKind{collect.IdentityUser, collect.IdentityRole, collect.IdentityGroup}
	others := slices.DeleteFunc(kinds, func(k collect.IdentityKind) bool { return k == kind })
	name := nameOrARN[strings.LastIndexByte(nameOrARN, '/')+1:]
	if a := source.saved(); a != nil {
		for _, other := range others {
			if _, _, _, err := (savedIAM{a}).policiesOf(context.Background(), other, name); err == nil {
				return say("there is a %s of that name: get_%s", string(other), string(other))
			}
		}
	}
	return say("list_%ss has the names; a %s is read with get_%s, a %s with get_%s",
		string(kind), string(others[0]), string(others[0]), string(others[1]), string(others[1]))
}

// missingInline tells an inline policy that is not there from an owner that is not,
// and from a policy that is attached, as far as is known without asking AWS.
func missingInline(source iamSource, kind collect.IdentityKind, nameOrARN, policy string) string {
	if a := source.saved(); a != nil {
		name := nameOrARN[strings.LastIndexByte(nameOrARN, '/')+1:]
		attached, _, _, err := savedIAM{a}.policiesOf(context.Background(), kind, name)
		if err != nil {
			return missingIdentity(source, kind, nameOrARN)
		}
		i := slices.IndexFunc(attached, func(p nhiscan.AttachedPolicy) bool { return strings.EqualFold(p.Name, policy) })
		if i >= 0 {
			return say("it is attached and not inline: get_managed_policy_document with policy_arn=%s", attached[i].ARN)
		}
	}
	return say("list_%s_policies names the inline policies, list_%ss the %ss; a policy that is attached is read with get_managed_policy_document",
		string(kind), string(kind), string(kind))
}
