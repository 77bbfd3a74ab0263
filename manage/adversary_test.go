package manage_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/manage"
)

// An attack is a sequence of changes by which somebody would get more than it has.
type attack struct {
	name   string
	setup  func(*nhiscan.Account)
	caller string // guardCaller when empty
	moves  []manage.Change
	// orFails says that the last may be one that cannot be planned at all.
	orFails bool
}

// play plans and applies changes one after the other, until one is refused.
func play(t *testing.T, a *attack) (refused []manage.Refusal, at int) {
	t.Helper()
	account := guardedAccount()
	if a.setup != nil {
		a.setup(account)
		account.Sort()
	}
	s := guardServer(account)
	for _, name := range []string{"ReadOnlyAccess", "SecurityAudit", "AWSDenyAll", "service-role/AWSLambdaBasicExecutionRole", "AmazonS3FullAccess", "job-function/SystemAdministrator", "job-function/ViewOnlyAccess", "AmazonSSMFullAccess", "AWSCloudFormationFullAccess", "CloudWatchLogsFullAccess", "AmazonEC2FullAccess", "AWSLambda_FullAccess", "PowerUserAccess", "service-role/AmazonEC2RoleforSSM", "AmazonSSMManagedInstanceCore"} {
		s.ManagedPolicies(awsPolicy + name)
	}
	api := guardAPI(s)
	caller := a.caller
	if caller == "" {
		caller = guardCaller
	}
	for i, change := range a.moves {
		p, err := manage.NewPlan(context.Background(), api, change, &manage.Options{CallerARN: caller})
		if err != nil && a.orFails {
			return []manage.Refusal{{Message: err.Error()}}, i
		}
		require.NoError(t, err, "%d: %+v", i, change)
		if p.Refused() {
			return p.Refusals, i
		}
		_, err = p.Apply(context.Background(), api)
		require.NoError(t, err, "%d: %+v", i, change)
	}
	return nil, len(a.moves)
}

func moves(list ...manage.Change) []manage.Change { return list }

func statementsOf(list ...string) string {
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

func allowIf(actions, resources, condition string) string {
	return `{"Effect":"Allow","Action":` + actions + `,"Resource":` + resources + `,"Condition":{` + condition + `}}`
}

func addUser(name string, edit func(*nhiscan.User)) func(*nhiscan.Account) {
	return func(a *nhiscan.Account) { a.Users = append(a.Users, guardUser(name, edit)) }
}

func addRole(name, trust string, edit func(*nhiscan.Role)) func(*nhiscan.Account) {
	return func(a *nhiscan.Account) { a.Roles = append(a.Roles, guardRole(name, trust, edit)) }
}

func addPolicy(name string, texts ...string) func(*nhiscan.Account) {
	return func(a *nhiscan.Account) { a.Policies = append(a.Policies, guardPolicy(name, texts...)) }
}

func all(edits ...func(*nhiscan.Account)) func(*nhiscan.Account) {
	return func(a *nhiscan.Account) {
		for _, e := range edits {
			e(a)
		}
	}
}

func has(text string) func(*nhiscan.User) {
	return func(u *nhiscan.User) { u.InlinePolicies = inline("has", text) }
}

func roleHas(text string) func(*nhiscan.Role) {
	return func(r *nhiscan.Role) { r.InlinePolicies = inline("has", text) }
}

func isAdmin(r *nhiscan.Role)     { r.AttachedPolicies = attachedTo(awsPolicy + "AdministratorAccess") }
func isAdminUser(u *nhiscan.User) { u.AttachedPolicies = attachedTo(awsPolicy + "AdministratorAccess") }

func put(user, text string) manage.Change {
	return manage.PutUserPolicy{UserName: user, PolicyName: "attack", PolicyDocument: text}
}

func retrust(role, text string) manage.Change {
	return manage.UpdateAssumeRolePolicy{RoleName: role, PolicyDocument: text}
}

func TestAttacks(t *testing.T) {
	t.Parallel()
	for _, a := range attacks() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			refused, at := play(t, &a)
			require.NotEmpty(t, refused)
			t.Logf("%d/%d %v", at+1, len(a.moves), refused)
		})
	}
}

func TestHarmless(t *testing.T) {
	t.Parallel()
	for _, a := range harmless() {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			refused, at := play(t, &a)
			require.Empty(t, refused, "change %d", at)
		})
	}
}

// Who is not of the account and gets data is told, at whichever change it does.
func TestOutsidersAreTold(t *testing.T) {
	t.Parallel()
	const stranger = `{"AWS":"999900001111"}`
	data := func(trust string) *nhiscan.Account {
		a := guardedAccount()
		addRole("data", trust, roleHas(guardRead))(a)
		a.Sort()
		return a
	}
	for name, p := range map[string]*manage.Plan{
		"a stranger for the data": planned(t, data(guardLambda), retrust("data", trusts(stranger)), manage.Options{}),
		"data for the stranger":   planned(t, data(trusts(stranger)), manage.PutRolePolicy{RoleName: "data", PolicyName: "more", PolicyDocument: allow(`"s3:*"`, `"*"`)}, manage.Options{}),
	} {
		require.Empty(t, p.Refusals, name)
		require.Contains(t, strings.Join(messagesOf(p.Risks), "\n"), "account 999900001111 can assume role data, and", name)
	}
}

func messagesOf(list []manage.Risk) []string {
	var messages []string
	for _, r := range list {
		messages = append(messages, r.Message)
	}
	return messages
}
