package manage_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

// eachExample runs the test for every example that has something to do, in parallel.
func eachExample(t *testing.T, test func(t *testing.T, e example)) {
	t.Parallel()
	for _, k := range manage.Kinds() {
		for i, e := range examples()[k.Name] {
			if e.noSteps {
				continue
			}
			t.Run(fmt.Sprintf("%s %d", k.Name, i), func(t *testing.T) {
				t.Parallel()
				e.name = fmt.Sprintf("%s %d", k.Name, i)
				test(t, e)
			})
		}
	}
}

// eachStep runs the test for every step of every example, on a server of its own.
func eachStep(t *testing.T, test func(t *testing.T, e example, s *fakeiam.Server, p *manage.Plan, step int)) {
	eachExample(t, func(t *testing.T, e example) {
		for step, steps := 0, 1; step < steps; step++ {
			s := e.server()
			p, err := e.plan(t, s)
			require.NoError(t, err)
			require.NotEmpty(t, p.Steps)
			steps = len(p.Steps)
			test(t, e, s, p, step)
		}
	})
}

// operation is the step's without the prefix of the service, and earlier how many of
// the steps before it have the same.
func operation(p *manage.Plan, step int) (name string, earlier int) {
	for _, s := range p.Steps[:step] {
		if s.Action == p.Steps[step].Action {
			earlier++
		}
	}
	return strings.TrimPrefix(p.Steps[step].Action, "iam:"), earlier
}

// creates tells the actions that must not be carried out twice.
func creates(action string) bool { return strings.HasPrefix(action, "iam:Create") }

// state is what the server's account is, without what differs between two that were
// changed alike: ids and dates.
func state(t *testing.T, s *fakeiam.Server) string {
	t.Helper()
	a := s.Account()
	for i := range a.Users {
		u := &a.Users[i]
		u.ID, u.CreateDate = "", time.Time{}
		for k := range u.AccessKeys {
			if u.AccessKeys[k].CreateDate != made {
				u.AccessKeys[k].ID, u.AccessKeys[k].CreateDate = "", time.Time{}
			}
		}
	}
	for i := range a.Groups {
		a.Groups[i].ID, a.Groups[i].CreateDate = "", time.Time{}
	}
	for i := range a.Roles {
		a.Roles[i].ID, a.Roles[i].CreateDate = "", time.Time{}
	}
	for i := range a.Policies {
		p := &a.Policies[i]
		p.ID, p.CreateDate, p.UpdateDate = "", time.Time{}, time.Time{}
		for v := range p.Versions {
			p.Versions[v].CreateDate = time.Time{}
		}
	}
	var text strings.Builder
	require.NoError(t, a.Write(&text))
	for _, p := range s.InstanceProfiles() {
		text.WriteString(p.ARN + "\n")
	}
	return text.String()
}

// goals are the states after examples that nothing disturbs, by their names: they
// are the same for every test.
var goals sync.Map

// goal is the state after an example that nothing disturbs.
func goal(t *testing.T, e example) string {
	t.Helper()
	type once struct {
		sync.Once
		state string
	}
	stored, _ := goals.LoadOrStore(e.name, new(once))
	g := stored.(*once)
	g.Do(func() {
		s := e.server()
		_, err := e.succeed(t, s)
		require.NoError(t, err)
		g.state = state(t, s)
	})
	require.NotEmpty(t, g.state)
	return g.state
}

// TestPagesOfOne has every list come item by item.
func TestPagesOfOne(t *testing.T) {
	eachExample(t, func(t *testing.T, e example) {
		s := e.server()
		s.PageSize(1)
		_, err := e.succeed(t, s)
		require.NoError(t, err)
		require.Equal(t, goal(t, e), state(t, s))
	})
}

// TestThrottled has every second request answered with "slow down".
func TestThrottled(t *testing.T) {
	eachExample(t, func(t *testing.T, e example) {
		s := e.server()
		for i := range 300 {
			s.Inject(fakeiam.Fault{Skip: i, Times: 1, Code: "Throttling"})
		}
		_, err := e.succeed(t, s)
		require.NoError(t, err)
		require.Equal(t, goal(t, e), state(t, s))
	})
}

// TestPlanningChangesNothing has a server that takes no writes.
func TestPlanningChangesNothing(t *testing.T) {
	eachExample(t, func(t *testing.T, e example) {
		s := e.server()
		s.ForbidWrites()
		p, err := e.plan(t, s)
		require.NoError(t, err)
		require.Zero(t, s.RefusedWrites())
		require.NotEmpty(t, p.Summary)
		require.NotEmpty(t, p.Target)
		require.NotEmpty(t, p.TargetName)
		again, err := e.plan(t, s)
		require.NoError(t, err)
		require.Equal(t, p.Digest(), again.Digest())
	})
}

// TestIncompleteList has a list that goes on where AWS does not say, or is not there
// at all: there is no plan of a part.
func TestIncompleteList(t *testing.T) {
	lists := []string{"ListAttachedGroupPolicies", "ListGroupPolicies", "GetGroup", "ListInstanceProfilesForRole", "ListAttachedRolePolicies",
		"ListRolePolicies", "ListAttachedUserPolicies", "ListEntitiesForPolicy", "ListPolicyVersions", "ListPolicies", "ListAccessKeys",
		"ListMFADevices", "ListGroupsForUser", "ListUserPolicies", "ListSigningCertificates", "ListSSHPublicKeys"}
	unread := unneeded()
	eachExample(t, func(t *testing.T, e example) {
		undisturbed := e.server()
		undisturbed.PageSize(1)
		_, err := e.plan(t, undisturbed)
		require.NoError(t, err)
		for _, list := range lists {
			if undisturbed.Calls()[list] == 0 || unread[e.change.Kind()]["iam:"+list] != "" {
				continue
			}
			for _, shape := range []fakeiam.FaultShape{fakeiam.ShapeNoMarker, fakeiam.ShapeRepeatedMarker, fakeiam.ShapeEmpty, fakeiam.ShapeTruncatedXML} {
				if list == "GetGroup" && undisturbed.Calls()[list] == 1 && shape != fakeiam.ShapeEmpty {
					continue // asked whether the group is there, not who is in it
				}
				s := e.server()
				s.PageSize(1)
				s.Inject(fakeiam.Fault{Operation: list, Shape: shape})
				_, err := e.plan(t, s)
				require.ErrorContains(t, err, "iam:"+list, string(shape))
			}
		}
	})
}

// TestDeniedStep has AWS deny each step: what was done stays done, and the rest is
// done when it is permitted.
func TestDeniedStep(t *testing.T) {
	eachStep(t, func(t *testing.T, e example, s *fakeiam.Server, p *manage.Plan, step int) {
		name, earlier := operation(p, step)
		s.Inject(fakeiam.Fault{Operation: name, Skip: earlier, Code: "AccessDenied"})
		r, err := p.Apply(context.Background(), apiOf(s))
		require.ErrorIs(t, err, collect.ErrAccessDenied)
		require.ErrorContains(t, err, "iam:"+name)
		requireStopped(t, r, step, manage.StepFailed)
		require.Len(t, s.Mutations(), step)
		finish(t, e, s)
	})
}

// TestFailureHalfWay has AWS fail at each step, however often it is tried.
func TestFailureHalfWay(t *testing.T) {
	eachStep(t, func(t *testing.T, e example, s *fakeiam.Server, p *manage.Plan, step int) {
		name, earlier := operation(p, step)
		s.Inject(fakeiam.Fault{Operation: name, Skip: earlier, Code: "ServiceFailure"})
		r, err := p.Apply(context.Background(), apiOf(s))
		var e2 *collect.Error
		require.ErrorAs(t, err, &e2)
		require.Equal(t, "iam:"+name, e2.Operation)
		calls := 4
		if creates(p.Steps[step].Action) {
			calls = 1
		}
		requireStopped(t, r, step, manage.StepUnknown)
		require.Equal(t, earlier+calls, s.Calls()[name])
		require.Len(t, s.Mutations(), step)
		finish(t, e, s)
	})
}

// requireStopped requires that a result stopped at the step.
func requireStopped(t *testing.T, r *manage.Result, step int, status manage.StepStatus) {
	t.Helper()
	for i, s := range r.Steps {
		want := manage.StepRemaining
		switch {
		case i < step:
			want = manage.StepDone
		case i == step:
			want = status
		}
		require.Equal(t, want, s.Status, "step %d, %s", i, s.Does)
	}
	require.NotNil(t, r.Failed())
	require.Error(t, r.Failed().Err)
}

// finish plans and applies the example again, undisturbed.
func finish(t *testing.T, e example, s *fakeiam.Server) {
	t.Helper()
	s.ClearFaults()
	_, err := e.succeed(t, s)
	require.NoError(t, err)
	require.Equal(t, goal(t, e), state(t, s))
}

// TestLostAnswer has each step carried out and its answer lost.
func TestLostAnswer(t *testing.T) {
	for _, shape := range []fakeiam.FaultShape{fakeiam.ShapeReset, fakeiam.ShapeBadGateway, fakeiam.ShapeError} {
		t.Run(string(shape), func(t *testing.T) {
			eachStep(t, func(t *testing.T, e example, s *fakeiam.Server, p *manage.Plan, step int) {
				name, earlier := operation(p, step)
				s.Inject(fakeiam.Fault{Operation: name, Skip: earlier, Times: 1, Shape: shape, AfterEffect: true})
				r, err := p.Apply(context.Background(), apiOf(s))
				require.Len(t, s.Mutations(), min(len(p.Steps), len(s.Mutations())), "nothing is done twice")
				if creates(p.Steps[step].Action) {
					require.Error(t, err)
					requireStopped(t, r, step, manage.StepUnknown)
					require.Equal(t, earlier+1, s.Calls()[name], "sent twice")
					return
				}
				require.NoError(t, err)
				require.Equal(t, goal(t, e), state(t, s))
			})
		})
	}
}

// TestBusy has AWS be busy with the entity for a moment at each step.
func TestBusy(t *testing.T) {
	eachStep(t, func(t *testing.T, e example, s *fakeiam.Server, p *manage.Plan, step int) {
		name, earlier := operation(p, step)
		for _, code := range []string{"EntityTemporarilyUnmodifiable", "ConcurrentModification"} {
			s.Inject(fakeiam.Fault{Operation: name, Skip: earlier, Times: 1, Code: code})
		}
		synctest.Test(t, func(t *testing.T) {
			_, err := p.Apply(context.Background(), apiOf(s))
			require.NoError(t, err)
		})
		require.Equal(t, goal(t, e), state(t, s))
	})
}

// TestCancelledBetweenSteps cancels while each step runs: it is finished, and no
// other begun.
func TestCancelledBetweenSteps(t *testing.T) {
	eachStep(t, func(t *testing.T, e example, s *fakeiam.Server, p *manage.Plan, step int) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		name, earlier := operation(p, step)
		s.OnRequest(func(operation string, _ url.Values) {
			if operation == name && earlier == 0 {
				cancel()
			}
			if operation == name {
				earlier--
			}
		})
		r, err := p.Apply(ctx, apiOf(s))
		s.OnRequest(nil)
		require.Len(t, s.Mutations(), step+1)
		require.Equal(t, step+1, r.Count(manage.StepDone))
		require.Equal(t, len(p.Steps)-step-1, r.Count(manage.StepRemaining))
		if step+1 == len(p.Steps) {
			require.NoError(t, err)
			return
		}
		require.ErrorIs(t, err, context.Canceled)
		finish(t, e, s)
	})
}

// TestTwice applies two plans of the same change: the second has nothing to do, or
// AWS says that it is done.
func TestTwice(t *testing.T) {
	eachExample(t, func(t *testing.T, e example) {
		s := e.server()
		first, err := e.plan(t, s)
		require.NoError(t, err)
		second, err := e.plan(t, s)
		require.NoError(t, err)
		_, err = first.Apply(context.Background(), apiOf(s))
		require.NoError(t, err)
		_, err = first.Apply(context.Background(), apiOf(s))
		require.ErrorIs(t, err, manage.ErrApplied)
		after := state(t, s)
		r, err := second.Apply(context.Background(), apiOf(s))
		kind, _ := manage.KindOf(e.change.Kind())
		if kind.Idempotent {
			require.NoError(t, err)
			require.Equal(t, after, state(t, s))
			return
		}
		if err != nil {
			require.Contains(t, []string{"EntityAlreadyExists", "LimitExceeded"}, errorCode(err))
			require.NotNil(t, r.Failed())
			require.Equal(t, manage.StepFailed, r.Failed().Status)
			require.Equal(t, after, state(t, s))
		}
	})
}

func errorCode(err error) string {
	var e *collect.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
