package collect_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// An actionsRun makes one call of every kind that a function makes.
type actionsRun func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error

// actionsRuns call each function of the package, over all that an account can have.
func actionsRuns() map[string]actionsRun {
	type run = actionsRun
	each := func(n int, do func(i int) error) error {
		for i := range n {
			if err := do(i); err != nil {
				return err
			}
		}
		return nil
	}
	simulation := func(arn string, policies ...string) *collect.SimulationRequest {
		return &collect.SimulationRequest{PolicySourceARN: arn, Policies: policies, Actions: []string{"s3:GetObject"}}
	}
	return map[string]run{
		"Account": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.Account(ctx, iamAPI(s), nil)
			return err
		},
		"Account.Detail": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.Account(ctx, iamAPI(s), &collect.Options{Detail: true})
			return err
		},
		"Account.AWSManagedPolicies": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.Account(ctx, iamAPI(s), &collect.Options{AWSManagedPolicies: true})
			return err
		},
		"User": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			return each(len(a.Users), func(i int) error {
				_, err := collect.User(ctx, iamAPI(s), a.Users[i].Name, nil)
				return err
			})
		},
		"Role": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			return each(len(a.Roles), func(i int) error {
				_, err := collect.Role(ctx, iamAPI(s), a.Roles[i].Name, nil)
				return err
			})
		},
		"Group": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			return each(len(a.Groups), func(i int) error {
				_, err := collect.Group(ctx, iamAPI(s), a.Groups[i].Name, nil)
				return err
			})
		},
		"Caller": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			callers := []string{}
			for _, u := range a.Users {
				callers = append(callers, u.ARN)
			}
			for _, role := range a.Roles {
				callers = append(callers, "arn:aws:sts::123456789012:assumed-role/"+role.Name+"/session")
			}
			return each(len(callers), func(i int) error {
				s.CallerARN(callers[i])
				_, err := collect.Caller(ctx, stsAPI(s), iamAPI(s), nil)
				return err
			})
		},
		"Users": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.Users(ctx, iamAPI(s), nil)
			return err
		},
		"Roles": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.Roles(ctx, iamAPI(s), nil)
			return err
		},
		"Groups": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.Groups(ctx, iamAPI(s), nil)
			return err
		},
		"ManagedPolicies": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.ManagedPolicies(ctx, iamAPI(s), nil)
			return err
		},
		"ManagedPolicyDocument": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.ManagedPolicyDocument(ctx, iamAPI(s), a.Policies[0].ARN, "")
			return err
		},
		"InlinePolicies.user": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.InlinePolicies(ctx, iamAPI(s), collect.IdentityUser, a.Users[0].Name)
			return err
		},
		"InlinePolicies.role": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.InlinePolicies(ctx, iamAPI(s), collect.IdentityRole, a.Roles[0].Name)
			return err
		},
		"InlinePolicies.group": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.InlinePolicies(ctx, iamAPI(s), collect.IdentityGroup, a.Groups[0].Name)
			return err
		},
		"InlinePolicy.user": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.InlinePolicy(ctx, iamAPI(s), collect.IdentityUser, a.Users[0].Name, a.Users[0].InlinePolicies[0].Name)
			return err
		},
		"InlinePolicy.role": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.InlinePolicy(ctx, iamAPI(s), collect.IdentityRole, a.Roles[0].Name, a.Roles[0].InlinePolicies[0].Name)
			return err
		},
		"InlinePolicy.group": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.InlinePolicy(ctx, iamAPI(s), collect.IdentityGroup, a.Groups[0].Name, a.Groups[0].InlinePolicies[0].Name)
			return err
		},
		"AttachedPolicies.user": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.AttachedPolicies(ctx, iamAPI(s), collect.IdentityUser, a.Users[0].Name)
			return err
		},
		"AttachedPolicies.role": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.AttachedPolicies(ctx, iamAPI(s), collect.IdentityRole, a.Roles[0].Name)
			return err
		},
		"AttachedPolicies.group": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.AttachedPolicies(ctx, iamAPI(s), collect.IdentityGroup, a.Groups[0].Name)
			return err
		},
		"AccessKeyLastUsed": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.AccessKeyLastUsed(ctx, iamAPI(s), a.Users[0].AccessKeys[0].ID)
			return err
		},
		"AccountSummary": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.AccountSummary(ctx, iamAPI(s))
			return err
		},
		"AccountAliases": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.AccountAliases(ctx, iamAPI(s))
			return err
		},
		"CredentialReport": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.CredentialReport(ctx, iamAPI(s), nil)
			return err
		},
		"ServiceLastAccessed": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.ServiceLastAccessed(ctx, iamAPI(s), a.Roles[0].ARN, "", nil)
			return err
		},
		"SimulatePrincipal": func(ctx context.Context, s *fakeiam.Server, a *nhiscan.Account) error {
			_, err := collect.SimulatePrincipal(ctx, iamAPI(s), simulation(a.Roles[0].ARN))
			return err
		},
		"SimulateCustom": func(ctx context.Context, s *fakeiam.Server, _ *nhiscan.Account) error {
			_, err := collect.SimulateCustom(ctx, iamAPI(s), simulation("", allowRead))
			return err
		},
	}
}

// TestActionsAreThoseThatAreCalled holds the table to what the functions call: no
// action less, and none more.
func TestActionsAreThoseThatAreCalled(t *testing.T) {
	t.Parallel()
	a := everything()
	for name, run := range actionsRuns() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(a)
			require.NoError(t, run(context.Background(), s, a))
			var called []string
			for operation := range s.Calls() {
				service := "iam:"
				if operation == "GetCallerIdentity" {
					service = "sts:"
				}
				called = append(called, service+operation)
			}
			slices.Sort(called)
			require.Equal(t, called, collect.Actions()[name])
		})
	}
}

// TestActionsSuffice has the functions read all with nothing else allowed.
func TestActionsSuffice(t *testing.T) {
	t.Parallel()
	a := everything()
	for name, opts := range map[string]*collect.Options{"Account": {}, "Account.Detail": {Detail: true}, "Account.AWSManagedPolicies": {AWSManagedPolicies: true}} {
		s := newServer(a)
		s.Allow(collect.Actions()[name]...)
		require.Empty(t, readAccount(t, s, opts).Gaps)
	}
	s := newServer(a)
	s.Allow(collect.Actions()["Group"]...)
	got, err := collect.Group(context.Background(), iamAPI(s), a.Groups[0].Name, nil)
	require.NoError(t, err)
	require.Empty(t, got.Gaps)
}

// TestActionsHaveEveryFunction holds the table to the functions that take a context
// and an API.
func TestActionsHaveEveryFunction(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	functions := map[string]bool{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv == nil && f.Name.IsExported() && len(f.Type.Params.List) > 1 && isContext(f.Type.Params.List[0].Type) && isAPI(f.Type.Params.List[1].Type) {
				functions[f.Name.Name] = true
			}
		}
	}
	listed := map[string]bool{}
	for name := range collect.Actions() {
		function, _, _ := strings.Cut(name, ".")
		listed[function] = true
	}
	require.Equal(t, functions, listed)
	require.Equal(t, slices.Sorted(maps.Keys(collect.Actions())), slices.Sorted(maps.Keys(actionsRuns())))
}

func isAPI(e ast.Expr) bool {
	name, ok := e.(*ast.Ident)
	return ok && strings.HasSuffix(name.Name, "API")
}

func isContext(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Context"
}

// TestActionsAreTheCallers: what one caller does to its map, another does not see.
func TestActionsAreTheCallers(t *testing.T) {
	t.Parallel()
	for _, actions := range collect.Actions() {
		require.True(t, slices.IsSorted(actions))
		for i := range actions {
			actions[i] = strings.ToUpper(actions[i])
		}
	}
	require.Contains(t, collect.Actions()["Users"], "iam:ListUsers")
}

// everything is an account in which something can be read by every call.
func everything() *nhiscan.Account {
	a := detailed(synth.Account(small, 1))
	inline := []nhiscan.InlinePolicy{{Name: "inline", Document: nhiscan.NewPolicyDocument(allowRead)}}
	a.Users[0].InlinePolicies, a.Roles[0].InlinePolicies, a.Groups[0].InlinePolicies = inline, inline, inline
	attached := []nhiscan.AttachedPolicy{{Name: a.Policies[0].Name, ARN: a.Policies[0].ARN}}
	a.Users[0].AttachedPolicies, a.Roles[0].AttachedPolicies, a.Groups[0].AttachedPolicies = attached, attached, attached
	a.Users[0].Groups = []string{a.Groups[0].Name}
	a.Users[0].AccessKeys = []nhiscan.AccessKey{{ID: "AKIAEXAMPLE0000000XX", Active: true, CreateDate: synth.CollectedAt.AddDate(0, -1, 0)}}
	listed := map[string]bool{}
	for _, p := range a.Policies {
		listed[p.ARN] = true
	}
	for _, p := range attachedIn(a) { // those of AWS too, which the generator leaves out
		if !listed[p.ARN] {
			listed[p.ARN] = true
			a.Policies = append(a.Policies, nhiscan.ManagedPolicy{Name: p.Name, ARN: p.ARN, DefaultVersionID: "v1", AttachmentCount: 1,
				Versions: []nhiscan.PolicyVersion{{ID: "v1", Default: true, Document: nhiscan.NewPolicyDocument(allowRead)}}})
		}
	}
	return a
}

func attachedIn(a *nhiscan.Account) []nhiscan.AttachedPolicy {
	var attached []nhiscan.AttachedPolicy
	for _, u := range a.Users {
		attached = append(attached, u.AttachedPolicies...)
	}
	for _, g := range a.Groups {
		attached = append(attached, g.AttachedPolicies...)
	}
	for _, role := range a.Roles {
		attached = append(attached, role.AttachedPolicies...)
	}
	return attached
}
