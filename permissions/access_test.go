package permissions_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/policydoc"
)

// allow and deny write statements; actions and resources are divided by blanks, and
// the conditions are JSON.
func allow(actions, resources string, conditions ...string) string {
	return statementOf("Allow", "Action", actions, "Resource", resources, conditions)
}

func deny(actions, resources string, conditions ...string) string {
	return statementOf("Deny", "Action", actions, "Resource", resources, conditions)
}

func statementOf(effect, action, actions, resource, resources string, conditions []string) string {
	condition := ""
	if len(conditions) > 0 {
		condition = `,"Condition":{` + strings.Join(conditions, ",") + "}"
	}
	return fmt.Sprintf(`{"Effect":%q,%q:%s,%q:%s%s}`, effect, action, jsonList(actions), resource, jsonList(resources), condition)
}

func jsonList(words string) string { return `["` + strings.ReplaceAll(words, " ", `","`) + `"]` }

const (
	mfa       = `"Bool":{"aws:MultiFactorAuthPresent":"true"}`
	noMFA     = `"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}`
	elsewhere = `"StringNotEquals":{"aws:RequestedRegion":["eu-west-1"]}`
	bucket    = "arn:aws:s3:::b"
	objects   = "arn:aws:s3:::b/*"
)

func equals(key, value string) string { return fmt.Sprintf(`"StringEquals":{%q:%q}`, key, value) }

func differs(key, value string) string { return fmt.Sprintf(`"StringNotEquals":{%q:%q}`, key, value) }

// levels writes the four levels of an Access: on all resources, on named ones,
// and the same under conditions; - is none.
func levels(a permissions.Access) string {
	letter := func(l policydoc.AccessLevel) string {
		if l == "" {
			return "-"
		}
		return string(l)[:1]
	}
	return letter(a.All) + letter(a.Named) + letter(a.ConditionalAll) + letter(a.ConditionalNamed)
}

// An accessCase is alice with tag Team=red in group staff, and what she can do.
type accessCase struct {
	name     string
	own      []string
	group    []string
	boundary []string
	scps     [][]string // by level
	levels   string
	services string // divided by blanks
	// reach has for an action in which sets of reach it is: all, named, maybe-all, maybe-named.
	reach map[string]string
}

func (c *accessCase) analysis() *permissions.Analysis {
	a := accountOf(c.own...)
	u := &a.Users[0]
	u.Tags = []nhiscan.Tag{{Key: "Team", Value: "red"}}
	if c.own == nil {
		u.InlinePolicies = nil
	}
	if c.group != nil {
		u.Groups = []string{"STAFF"}
		a.Groups = []nhiscan.Group{{Name: "staff", Path: "/x/", ARN: "arn:aws:iam::123456789012:group/x/staff", Known: knowsAll, InlinePolicies: inlineOf(c.group...)}}
	}
	if c.boundary != nil {
		bound(a, c.boundary...)
	}
	return permissions.New(a, &permissions.Options{Organization: scpLevels(c.scps)})
}

// scpLevels makes SCPs of several levels, one policy each.
func scpLevels(levels [][]string) *nhiscan.OrganizationPolicies {
	if levels == nil {
		return nil
	}
	o := &nhiscan.OrganizationPolicies{}
	for i, statements := range levels {
		o.Targets = append(o.Targets, controlled(statements...).Targets...)
		o.Targets[i].ID = fmt.Sprintf("ou-ab12-1234567%d", i)
	}
	return o
}

func (c *accessCase) check(t *testing.T) {
	x := c.analysis()
	p, ok := x.Identity(aliceARN)
	require.True(t, ok)
	var services []string
	for _, s := range p.Services {
		services = append(services, s.Service)
	}
	require.Equal(t, c.levels, levels(p.Access))
	require.Equal(t, strings.Fields(c.services), append([]string{}, services...))
	for action, want := range c.reach {
		var sets []string
		all, named, maybeAll, maybeNamed := x.Reach(aliceARN, action)
		for name, in := range map[string]bool{"all": all, "named": named, "maybe-all": maybeAll, "maybe-named": maybeNamed} {
			if in {
				sets = append(sets, name)
			}
		}
		slices.Sort(sets)
		require.Equal(t, want, strings.Join(sets, " "), action)
	}
}

func TestAccess(t *testing.T) {
	t.Parallel()
	everything := []string{allow("*", "*")}
	for _, c := range []accessCase{
		{name: "no policy", levels: "----"},
		{name: "one action on all resources", own: []string{allow("s3:GetObject", "*")}, levels: "R---", services: "s3"},
		{name: "on one bucket", own: []string{allow("s3:GetObject", objects)}, levels: "-R--", services: "s3"},
		{name: "the highest level counts", own: []string{allow("s3:GetObject s3:PutObject s3:PutBucketPolicy", "*")}, levels: "P---", services: "s3"},
		{name: "tagging is above reading", own: []string{allow("s3:GetObject s3:PutObjectTagging", "*")}, levels: "T---", services: "s3"},
		{name: "all and named are told apart", own: []string{allow("s3:GetObject", "*"), allow("s3:PutObject", objects)}, levels: "RW--", services: "s3"},
		{name: "the same action named and on all is on all", own: []string{allow("s3:PutObject", "*"), allow("s3:PutObject", objects)}, levels: "W---", services: "s3"},
		{name: "every bucket is all", own: []string{allow("s3:PutObject", "arn:aws:s3:::*")}, levels: "W---", services: "s3"},
		{name: "every object of every bucket is all for an object action", own: []string{allow("s3:PutObject", "arn:aws:s3:::*/*")}, levels: "W---", services: "s3"},
		{name: "any role is all for PassRole", own: []string{allow("iam:PassRole", "arn:aws:iam::123456789012:role/*")}, levels: "W---", services: "iam"},
		{name: "any role of any account is all", own: []string{allow("iam:PassRole", "arn:aws:iam::*:role/*")}, levels: "W---", services: "iam"},
		{name: "roles with a path are named", own: []string{allow("iam:PassRole", "arn:aws:iam::123456789012:role/app/*")}, levels: "-W--", services: "iam"},
		{name: "a role of another account cannot be passed", own: []string{allow("iam:PassRole", "arn:aws:iam::999999999999:role/*")}, levels: "----"},
		{name: "a role of another account can be assumed", own: []string{allow("sts:AssumeRole", "arn:aws:iam::999999999999:role/x")}, levels: "-W--", services: "sts"},
		{name: "an action that takes no resource needs *", own: []string{allow("s3:ListAllMyBuckets", "arn:aws:s3:::*")}, levels: "----"},
		{name: "an action that takes no resource on *", own: []string{allow("s3:ListAllMyBuckets", "*")}, levels: "L---", services: "s3"},
		{name: "the ARN of another type", own: []string{allow("s3:GetObject", "arn:aws:sqs:*:*:q")}, levels: "----"},
		{name: "a bucket is no object", own: []string{allow("s3:GetObject", bucket)}, levels: "----"},
		{name: "an object is no bucket", own: []string{allow("s3:ListBucket", "arn:aws:s3:::b/x")}, levels: "----"},
		{name: "another partition", own: []string{allow("sqs:SendMessage", "arn:aws-cn:sqs:*:*:*")}, levels: "----"},
		{name: "a queue of another account may let her in", own: []string{allow("sqs:SendMessage", "arn:aws:sqs:*:999999999999:*")}, levels: "-W--", services: "sqs"},
		{name: "the objects of a bucket are no bucket", own: []string{allow("s3:ListBucket", objects)}, levels: "----"},
		{name: "a bucket by pattern", own: []string{allow("s3:ListBucket", "arn:aws:s3:::b*")}, levels: "-L--", services: "s3"},
		{name: "an index is no table", own: []string{allow("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/orders/index/*")}, levels: "----"},
		{name: "a table", own: []string{allow("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/orders")}, levels: "-W--", services: "dynamodb"},
		{name: "a star may stand for region and account", own: []string{allow("lambda:InvokeFunction", "arn:aws:lambda:*:function:f")}, levels: "-W--", services: "lambda"},
		{name: "one region is named", own: []string{allow("sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:*")}, levels: "-W--", services: "sqs"},
		{name: "all regions are all", own: []string{allow("sqs:SendMessage", "arn:aws:sqs:*:123456789012:*")}, levels: "W---", services: "sqs"},
		{name: "mixed case", own: []string{allow("S3:getOBJECT", "*")}, levels: "R---", services: "s3"},
		{name: "a question mark in an action", own: []string{allow("s3:?etObject", "*")}, levels: "R---", services: "s3"},
		{name: "an action that does not exist", own: []string{allow("s3:GrabObject", "*")}, levels: "----"},
		{name: "a group with a path, named in other case", group: []string{allow("s3:GetObject", "*")}, levels: "R---", services: "s3"},
		{name: "a group's Deny", own: []string{allow("s3:GetObject", "*")}, group: []string{deny("s3:*", "*")}, levels: "----"},
		{name: "own and group's together", own: []string{allow("s3:GetObject", "*")}, group: []string{allow("sqs:SendMessage", "*")}, levels: "W---", services: "s3 sqs"},

		{name: "a condition that nobody can tell", own: []string{allow("s3:PutObject", "*", mfa)}, levels: "--W-", services: "s3"},
		{name: "a condition on named resources", own: []string{allow("s3:PutObject", objects, mfa)}, levels: "---W", services: "s3"},
		{name: "conditional beside sure", own: []string{allow("s3:GetObject", "*"), allow("s3:PutObject", "*", mfa)}, levels: "R-W-", services: "s3"},
		{name: "sure on named, conditional on all", own: []string{allow("s3:PutObject", objects), allow("s3:PutObject", "*", mfa)}, levels: "-WW-", services: "s3",
			reach: map[string]string{"s3:PutObject": "maybe-all named"}},
		{name: "her own tag", own: []string{allow("s3:PutObject", "*", equals("aws:PrincipalTag/Team", "red"))}, levels: "W---", services: "s3"},
		{name: "a tag key in other case", own: []string{allow("s3:PutObject", "*", equals("aws:PrincipalTag/team", "red"))}, levels: "W---", services: "s3"},
		{name: "another's tag", own: []string{allow("s3:PutObject", "*", equals("aws:PrincipalTag/Team", "blue"))}, levels: "----"},
		{name: "a tag that she has not", own: []string{allow("s3:PutObject", "*", equals("aws:PrincipalTag/Level", "1"))}, levels: "----"},
		{name: "a tag that she must not have", own: []string{allow("s3:PutObject", "*", `"Null":{"aws:PrincipalTag/Level":"true"}`)}, levels: "W---", services: "s3"},
		{name: "Deny for those without the tag", own: []string{allow("s3:PutObject", "*"), deny("s3:*", "*", differs("aws:PrincipalTag/Team", "red"))}, levels: "W---", services: "s3"},
		{name: "Deny for those with the tag", own: []string{allow("s3:PutObject", "*"), deny("s3:*", "*", equals("aws:PrincipalTag/Team", "red"))}, levels: "----"},
		{name: "her name", own: []string{allow("s3:PutObject", "*", equals("aws:username", "alice"))}, levels: "W---", services: "s3"},
		{name: "another's name", own: []string{allow("s3:PutObject", "*", equals("aws:username", "bob"))}, levels: "----"},
		{name: "her account", own: []string{allow("s3:PutObject", "*", equals("aws:PrincipalAccount", theAccount))}, levels: "W---", services: "s3"},
		{name: "another account", own: []string{allow("s3:PutObject", "*", equals("aws:PrincipalAccount", "999999999999"))}, levels: "----"},
		{name: "her ARN by pattern", own: []string{allow("s3:PutObject", "*", `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/al*"}`)}, levels: "W---", services: "s3"},
		{name: "an exemption by ARN", own: []string{allow("s3:PutObject", "*"), deny("s3:*", "*", `"ArnNotLike":{"aws:PrincipalArn":"`+aliceARN+`"}`)}, levels: "W---", services: "s3"},
		{name: "Deny of all but an admin role", own: []string{allow("s3:PutObject", "*"), deny("s3:*", "*", `"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}`)}, levels: "----"},
		{name: "users only", own: []string{allow("s3:PutObject", "*", equals("aws:PrincipalType", "User"))}, levels: "W---", services: "s3"},
		{name: "one condition false, one unknown", own: []string{allow("s3:PutObject", "*", mfa, equals("aws:username", "bob"))}, levels: "----"},
		{name: "one condition true, one unknown", own: []string{allow("s3:PutObject", "*", mfa, equals("aws:username", "alice"))}, levels: "--W-", services: "s3"},
		{name: "a variable in a resource", own: []string{allow("s3:PutObject", "arn:aws:s3:::b/${aws:username}/*")}, levels: "-W--", services: "s3"},
		{name: "a variable of an absent tag", own: []string{allow("s3:PutObject", "arn:aws:s3:::b/${aws:PrincipalTag/Level}/*")}, levels: "----"},
		{name: "a variable with a default", own: []string{allow("s3:PutObject", "arn:aws:s3:::b/${aws:PrincipalTag/Level, 'none'}/*")}, levels: "-W--", services: "s3"},
		{name: "a variable of unknown value", own: []string{allow("s3:PutObject", "arn:aws:s3:::b/${aws:SourceVpc}/*")}, levels: "---W", services: "s3"},

		{name: "Deny of everything", own: []string{allow("s3:*", "*"), deny("*", "*")}, levels: "----"},
		{name: "Deny of some actions", own: []string{allow("s3:GetObject s3:PutObject", "*"), deny("s3:Put*", "*")}, levels: "R---", services: "s3"},
		{name: "Deny on a part leaves the rest", own: []string{allow("s3:PutObject", "*"), deny("s3:PutObject", objects)}, levels: "W---", services: "s3"},
		{name: "Deny on the whole of what is named", own: []string{allow("s3:PutObject", "arn:aws:s3:::b/x/*"), deny("s3:PutObject", objects)}, levels: "----"},
		{name: "two Denies that cover together", own: []string{allow("s3:PutObject", objects+" arn:aws:s3:::c/*"), deny("s3:PutObject", objects), deny("s3:*", "arn:aws:s3:::c/*")}, levels: "----"},
		{name: "Deny of another type", own: []string{allow("s3:PutObject", "*"), deny("s3:PutObject", bucket)}, levels: "W---", services: "s3"},
		{name: "conditional Deny", own: []string{allow("s3:PutObject", "*"), deny("*", "*", noMFA)}, levels: "--W-", services: "s3"},
		{name: "conditional Deny on a part", own: []string{allow("s3:PutObject", "*"), deny("*", objects, noMFA)}, levels: "W---", services: "s3"},
		{name: "Deny with NotAction", own: []string{allow("s3:GetObject sqs:SendMessage", "*"), statementOf("Deny", "NotAction", "s3:*", "Resource", "*", nil)}, levels: "R---", services: "s3"},
		{name: "Deny with NotResource leaves what is named", own: []string{allow("s3:PutObject", "*"), statementOf("Deny", "Action", "s3:*", "NotResource", objects, nil)}, levels: "-W--", services: "s3"},
		{name: "Deny with NotResource of nothing allowed", own: []string{allow("s3:PutObject", "arn:aws:s3:::c/*"), statementOf("Deny", "Action", "s3:*", "NotResource", objects, nil)}, levels: "----"},
		{name: "Allow with NotResource", own: []string{statementOf("Allow", "Action", "s3:PutObject", "NotResource", objects, nil)}, levels: "W---", services: "s3"},
		{name: "NotResource of every queue", own: []string{statementOf("Allow", "Action", "sqs:SendMessage", "NotResource", "arn:aws:sqs:*:*:*", nil)}, levels: "----"},
		{name: "NotResource of everything", own: []string{statementOf("Allow", "Action", "*", "NotResource", "*", nil)}, levels: "----"},
		{name: "Allow with NotAction, less a Deny of the rest", own: []string{statementOf("Allow", "NotAction", "iam:*", "Resource", "*", nil), statementOf("Deny", "NotAction", "s3:GetObject iam:GetUser", "Resource", "*", nil)}, levels: "R---", services: "s3"},

		{name: "boundary", own: everything, boundary: []string{allow("s3:GetObject", "*")}, levels: "R---", services: "s3"},
		{name: "a boundary grants nothing", boundary: everything, levels: "----"},
		{name: "boundary of named resources", own: []string{allow("s3:*", "*")}, boundary: []string{allow("s3:GetObject", objects)}, levels: "-R--", services: "s3"},
		{name: "boundary of other resources", own: []string{allow("s3:GetObject", objects)}, boundary: []string{allow("s3:GetObject", "arn:aws:s3:::c/*")}, levels: "----"},
		{name: "boundary that meets", own: []string{allow("s3:GetObject", "arn:aws:s3:::b/*")}, boundary: []string{allow("s3:GetObject", "arn:aws:s3:::*/public/*")}, levels: "-R--", services: "s3"},
		{name: "boundary under a condition", own: []string{allow("s3:GetObject", "*")}, boundary: []string{allow("*", "*", mfa)}, levels: "--R-", services: "s3"},
		{name: "boundary with a Deny", own: []string{allow("s3:GetObject s3:PutObject", "*")}, boundary: []string{allow("*", "*"), deny("s3:PutObject", "*")}, levels: "R---", services: "s3"},
		{name: "boundary with NotAction", own: []string{allow("s3:GetObject iam:CreateUser", "*")}, boundary: []string{statementOf("Allow", "NotAction", "iam:*", "Resource", "*", nil)}, levels: "R---", services: "s3"},
		{name: "boundary with a variable", own: []string{allow("s3:GetObject", "arn:aws:s3:::b/alice/*")}, boundary: []string{allow("s3:*", "arn:aws:s3:::b/${aws:username}/*")}, levels: "-R--", services: "s3"},
		{name: "boundary with another's variable", own: []string{allow("s3:GetObject", "arn:aws:s3:::b/bob/*")}, boundary: []string{allow("s3:*", "arn:aws:s3:::b/${aws:username}/*")}, levels: "----"},

		{name: "SCP", own: everything, scps: [][]string{{allow("s3:GetObject", "*")}}, levels: "R---", services: "s3"},
		{name: "every level of SCPs must allow", own: everything, scps: [][]string{{allow("s3:GetObject sqs:SendMessage", "*")}, {allow("s3:*", "*")}}, levels: "R---", services: "s3"},
		{name: "levels of SCPs without common actions", own: everything, scps: [][]string{{allow("s3:*", "*")}, {allow("sqs:*", "*")}}, levels: "----"},
		{name: "a level that only denies", own: everything, scps: [][]string{{allow("*", "*")}, {deny("iam:*", "*")}}, levels: "----"},
		{name: "SCP and boundary", own: everything, boundary: []string{allow("s3:*", "*")}, scps: [][]string{{allow("s3:GetObject iam:*", "*")}}, levels: "R---", services: "s3"},
		{name: "SCP region lock", own: []string{allow("sqs:SendMessage", "*")}, scps: [][]string{{allow("*", "*"), deny("*", "*", elsewhere)}}, levels: "--W-", services: "sqs"},
		{name: "SCP exempts her", own: []string{allow("sqs:SendMessage", "*")}, scps: [][]string{{allow("*", "*"), deny("*", "*", `"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/alice"}`)}}, levels: "W---", services: "sqs"},
		{name: "SCP on named resources of two levels", own: []string{allow("s3:GetObject", "*")}, scps: [][]string{{allow("s3:*", "arn:aws:s3:::b/*")}, {allow("s3:*", "arn:aws:s3:::b/x/*")}}, levels: "-R--", services: "s3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.check(t)
		})
	}
}
