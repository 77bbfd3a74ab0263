package manage_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/manage"
)

const (
	guardAccount = "111122223333"
	guardIAM     = "arn:aws:iam::" + guardAccount + ":"
	awsPolicy    = "arn:aws:iam::aws:policy/"
)

// allow is a policy that allows the actions on the resources, each a JSON value.
func allow(actions, resources string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":` + actions + `,"Resource":` + resources + `}]}`
}

func deny(actions string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":` + actions + `,"Resource":"*"}]}`
}

// trusts is a trust policy for the principal, a JSON value, with the rest of the
// statement behind it.
func trusts(principal string, rest ...string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"sts:AssumeRole"` + strings.Join(rest, "") + `}]}`
}

const guardFacts = ^nhiscan.Facts(0)

func guardUser(name string, edit func(*nhiscan.User)) nhiscan.User {
	u := nhiscan.User{Name: name, ID: "AIDA" + strings.ToUpper(name), ARN: guardIAM + "user/" + name, Path: "/", Known: guardFacts}
	if edit != nil {
		edit(&u)
	}
	return u
}

func guardRole(name, trust string, edit func(*nhiscan.Role)) nhiscan.Role {
	r := nhiscan.Role{Name: name, ID: "AROA" + strings.ToUpper(name), ARN: guardIAM + "role/" + name, Path: "/", TrustPolicy: nhiscan.NewPolicyDocument(trust), Known: guardFacts}
	if edit != nil {
		edit(&r)
	}
	return r
}

func guardPolicy(name string, texts ...string) nhiscan.ManagedPolicy {
	p := nhiscan.ManagedPolicy{Name: name, ID: "ANPA" + strings.ToUpper(name), ARN: guardIAM + "policy/" + name, Path: "/", DefaultVersionID: "v1", Attachable: true, Known: guardFacts}
	for i, text := range texts {
		p.Versions = append(p.Versions, nhiscan.PolicyVersion{ID: fmt.Sprintf("v%d", i+1), Default: i == 0, Document: nhiscan.NewPolicyDocument(text)})
	}
	return p
}

func attachedTo(arns ...string) []nhiscan.AttachedPolicy {
	var list []nhiscan.AttachedPolicy
	for _, arn := range arns {
		list = append(list, nhiscan.AttachedPolicy{Name: arn[strings.LastIndexByte(arn, '/')+1:], ARN: arn})
	}
	return list
}

func inline(name, text string) []nhiscan.InlinePolicy {
	return []nhiscan.InlinePolicy{{Name: name, Document: nhiscan.NewPolicyDocument(text)}}
}

var (
	guardRead   = allow(`["s3:GetObject"]`, `"arn:aws:s3:::data/*"`)
	guardAll    = allow(`"*"`, `"*"`)
	guardLambda = trusts(`{"Service":"lambda.amazonaws.com"}`)
)

// guardedAccount has bob, who may do nothing; alice, an administrator; carol, who may
// attach the policy "attachable" to herself; dave, bounded and denied; and mfa, who is
// an administrator with MFA.
func guardedAccount() *nhiscan.Account {
	admin := awsPolicy + "AdministratorAccess"
	a := &nhiscan.Account{
		ID: guardAccount, Partition: "aws",
		Users: []nhiscan.User{
			guardUser("alice", func(u *nhiscan.User) { u.AttachedPolicies = attachedTo(admin) }),
			guardUser("bob", func(u *nhiscan.User) { u.AttachedPolicies = attachedTo(guardIAM + "policy/versions") }),
			guardUser("carol", func(u *nhiscan.User) {
				u.InlinePolicies = inline("attach", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:AttachUserPolicy","Resource":"`+u.ARN+`","Condition":{"ArnEquals":{"iam:PolicyARN":"`+guardIAM+`policy/attachable"}}}]}`)
			}),
			guardUser("dave", func(u *nhiscan.User) {
				u.AttachedPolicies = attachedTo(admin, guardIAM+"policy/no-iam")
				u.PermissionsBoundary = guardIAM + "policy/bound"
			}),
			guardUser("denied", func(u *nhiscan.User) { u.AttachedPolicies = attachedTo(admin, guardIAM+"policy/no-iam") }),
			guardUser("grouped", func(u *nhiscan.User) {
				u.AttachedPolicies, u.Groups = attachedTo(admin), []string{"denying"}
			}),
			guardUser("mfa", func(u *nhiscan.User) {
				u.InlinePolicies = inline("mfa", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}]}`)
			}),
			guardUser("passer", func(u *nhiscan.User) {
				u.InlinePolicies = inline("pass", allow(`["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"]`, `"*"`))
			}),
			guardUser("operator", func(u *nhiscan.User) {
				u.AttachedPolicies, u.Groups = attachedTo(awsPolicy+"IAMFullAccess"), []string{"ops"}
			}),
			guardUser("runner", func(u *nhiscan.User) { u.AttachedPolicies = attachedTo(guardIAM + "policy/runs") }),
			guardUser("tagged", func(u *nhiscan.User) {
				u.InlinePolicies = inline("abac", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"ops"}}}]}`)
				u.Tags = []nhiscan.Tag{{Key: "team", Value: "dev"}}
			}),
		},
		Groups: []nhiscan.Group{
			{Name: "admins", ID: "AGPAADMINS", ARN: guardIAM + "group/admins", Path: "/", AttachedPolicies: attachedTo(admin), Known: guardFacts},
			{Name: "denying", ID: "AGPADENYING", ARN: guardIAM + "group/denying", Path: "/", AttachedPolicies: attachedTo(guardIAM + "policy/no-iam"), Members: []string{"grouped"}, Known: guardFacts},
			{Name: "ops", ID: "AGPAOPS", ARN: guardIAM + "group/ops", Path: "/", Members: []string{"operator"}, AttachedPolicies: attachedTo(guardIAM + "policy/ops"), Known: guardFacts},
			{Name: "empty", ID: "AGPAEMPTY", ARN: guardIAM + "group/empty", Path: "/", Known: guardFacts},
		},
		Roles: []nhiscan.Role{
			guardRole("app", guardLambda, nil),
			guardRole("nobody", trusts(`{"Service":"glue.amazonaws.com"}`), func(r *nhiscan.Role) { r.AttachedPolicies = attachedTo(admin) }),
			guardRole("plain", trusts(`{"AWS":"`+guardIAM+`user/alice"}`), func(r *nhiscan.Role) { r.InlinePolicies = inline("read", guardRead) }),
			{Name: "AWSServiceRoleForX", ID: "AROASLR", ARN: guardIAM + "role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX", Path: "/aws-service-role/x.amazonaws.com/",
				TrustPolicy: nhiscan.NewPolicyDocument(trusts(`{"Service":"x.amazonaws.com"}`)), Known: guardFacts},
		},
		Policies: []nhiscan.ManagedPolicy{
			guardPolicy("attachable", guardRead), guardPolicy("bound", allow(`"s3:*"`, `"*"`)), guardPolicy("free", guardRead),
			guardPolicy("admin", guardAll), guardPolicy("no-iam", deny(`"iam:*"`)), guardPolicy("runs", guardRead), guardPolicy("ops", guardRead),
			guardPolicy("versions", guardRead, guardAll),
		},
	}
	a.Sort()
	return a
}

const guardCaller = guardIAM + "user/operator"

func guardServer(a *nhiscan.Account) *fakeiam.Server {
	s := fakeiam.New(a)
	for _, name := range []string{"AdministratorAccess", "IAMFullAccess", "PowerUserAccess", "AmazonS3ReadOnlyAccess"} {
		s.ManagedPolicies(awsPolicy + name)
	}
	return s
}

func guardAPI(s *fakeiam.Server, opts ...func(*iam.Options)) *iam.Client {
	return iam.NewFromConfig(aws.Config{
		Region: "us-east-1", HTTPClient: s.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE000000001", "secret", ""),
	}, opts...)
}

// decode makes the change of the kind with the arguments, in which ACCOUNT stands for
// the beginning of the account's ARNs and AWS for that of AWS's policies.
func decode(t *testing.T, kind, arguments string) manage.Change {
	t.Helper()
	k, ok := manage.KindOf(kind)
	require.True(t, ok, kind)
	change, err := k.Decode([]byte(strings.NewReplacer("ACCOUNT", guardIAM, "AWS/", awsPolicy).Replace(arguments)))
	require.NoError(t, err)
	return change
}

// planned is the plan of a change on a fresh account.
func planned(t *testing.T, a *nhiscan.Account, change manage.Change, opts manage.Options) *manage.Plan {
	t.Helper()
	s := guardServer(a)
	s.ForbidWrites()
	if opts.CallerARN == "" {
		opts.CallerARN = guardCaller
	}
	p, err := manage.NewPlan(context.Background(), guardAPI(s), change, &opts)
	require.NoError(t, err)
	require.Zero(t, s.RefusedWrites())
	return p
}

func codesOf(list []manage.Risk) []manage.RiskCode {
	var codes []manage.RiskCode
	for _, r := range list {
		if !slices.Contains(codes, r.Code) {
			codes = append(codes, r.Code)
		}
	}
	return codes
}

func quoted(text string) string { return fmt.Sprintf("%q", text) }

type guardCase struct {
	name, kind, arguments string
	want                  []manage.RiskCode // of the refusals
	says                  string            // in some refusal
	risks                 []manage.RiskCode
}

var (
	admin    = []manage.RiskCode{manage.RiskAdmin}
	escalate = []manage.RiskCode{manage.RiskEscalation}
	public   = []manage.RiskCode{manage.RiskPublic}
)

func runGuardCases(t *testing.T, cases []guardCase) {
	t.Parallel()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := planned(t, guardedAccount(), decode(t, c.kind, c.arguments), manage.Options{})
			require.Equal(t, c.want, codesOf(p.Refusals), "%v", p.Refusals)
			if c.says != "" {
				require.True(t, slices.ContainsFunc(p.Refusals, func(r manage.Refusal) bool { return strings.Contains(r.Message, c.says) }), "%v", p.Refusals)
			}
			for _, code := range c.risks {
				require.Contains(t, codesOf(p.Risks), code, "%v", p.Risks)
			}
			if len(c.want) == 0 {
				return
			}
			allowed := planned(t, guardedAccount(), decode(t, c.kind, c.arguments), manage.Options{AllowPrivileged: true})
			require.False(t, allowed.Refused())
			for _, code := range c.want {
				require.Contains(t, codesOf(allowed.Risks), code)
			}
		})
	}
}

func attachUser(user, arn string) string {
	return `{"user_name":"` + user + `","policy_arn":"` + arn + `"}`
}

func putUser(user, document string) string {
	return `{"user_name":"` + user + `","policy_name":"p","policy_document":` + quoted(document) + `}`
}
