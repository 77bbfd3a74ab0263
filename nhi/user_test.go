package nhi_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// Each signal of a user has a case in which it fires and one in which it must not.
func TestUserSignals(t *testing.T) {
	t.Parallel()
	days := func(n int) time.Time { return now.AddDate(0, 0, -n) }
	used := func(n int) nhiscan.LastUse { return nhiscan.LastUse{Known: true, At: days(n)} }
	with := func(known nhiscan.Facts, set func(*nhiscan.User)) nhiscan.User {
		u := userNamed("xqzvk")
		u.Known = known
		set(&u)
		return u
	}
	named := userNamed
	tagged := func(key, value string) nhiscan.User {
		return with(nhiscan.FactTags, func(u *nhiscan.User) { u.Tags = []nhiscan.Tag{{Key: key, Value: value}} })
	}
	at := func(path string) nhiscan.User { return with(0, func(u *nhiscan.User) { u.Path = path }) }
	password := nhiscan.FactPassword | nhiscan.FactPasswordLastUsed
	signsIn := func(at nhiscan.LastUse, keys ...nhiscan.AccessKey) nhiscan.User {
		return with(password|nhiscan.FactAccessKeys, func(u *nhiscan.User) {
			u.CreateDate, u.AccessKeys = days(500), keys
			u.Password = nhiscan.Password{Enabled: true, LastUsed: at}
		})
	}
	keys := func(keys ...nhiscan.AccessKey) nhiscan.User {
		return with(password|nhiscan.FactAccessKeys, func(u *nhiscan.User) { u.AccessKeys = keys })
	}
	mfa := func(kinds ...nhiscan.MFAKind) nhiscan.User {
		return with(nhiscan.FactMFADevices, func(u *nhiscan.User) {
			for _, kind := range kinds {
				u.MFADevices = append(u.MFADevices, nhiscan.MFADevice{Kind: kind})
			}
		})
	}
	credential := func(service string) nhiscan.User {
		return with(nhiscan.FactServiceSpecificCredentials, func(u *nhiscan.User) {
			u.ServiceSpecificCredentials = []nhiscan.ServiceSpecificCredential{{Service: service, Active: true}}
		})
	}
	inline := func(action, resource string) nhiscan.User {
		return with(nhiscan.FactGroups|nhiscan.FactAttachedPolicies|nhiscan.FactInlinePolicies, func(u *nhiscan.User) {
			u.InlinePolicies = []nhiscan.InlinePolicy{{Name: "own", Document: allowPolicy(action, resource)}}
		})
	}
	attached := func(name string) nhiscan.User {
		return with(nhiscan.FactAttachedPolicies, func(u *nhiscan.User) {
			u.AttachedPolicies = []nhiscan.AttachedPolicy{{Name: name, ARN: "arn:aws:iam::aws:policy/" + name}}
		})
	}
	s3Key := nhiscan.AccessKey{Active: true, LastUsed: nhiscan.LastUse{Known: true, At: days(3), Service: "s3"}}
	iamKey := nhiscan.AccessKey{Active: true, LastUsed: nhiscan.LastUse{Known: true, At: days(3), Service: "iam"}}

	for _, c := range []struct {
		signal string
		fires  nhiscan.User
		fact   string
		silent nhiscan.User
	}{
		{"declared-human", tagged("Identity-Type", "Human"), "tag Identity-Type=Human", tagged("Owner", "human")},
		{"declared-nhi", tagged("usage", "service_account"), "tag usage=service_account", tagged("Team", "robotics")},
		{"declared-nhi", tagged("ServiceAccount", "true"), "tag ServiceAccount=true", tagged("ServiceAccount", "false")},
		{"declared-agent", tagged("Usage", "Agent"), "tag Usage=Agent", tagged("Usage", "agency")},
		{"infrastructure-as-code", tagged("ManagedBy", "Terraform 1.9"), "tag ManagedBy=Terraform 1.9", tagged("ManagedBy", "anna")},
		{"infrastructure-as-code", tagged("aws:cloudformation:stack-name", "x"), "tag aws:cloudformation:stack-name=x", tagged("stack", "x")},
		{"console-made", named("ses-smtp-user.20240115-093012"), "a name that the Amazon SES console gives", named("ses-smtp")},
		{"console-made", named("BedrockAPIKey-a1b2"), "a name that the Amazon Bedrock console gives", named("bedrock")},
		{"generated-name", named("stack-AppUser-1X2Y3Z4A5B6C7"), "the name ends in generated characters", named("stack-AppUser-EUROPE")},
		{"console-password", signsIn(nhiscan.LastUse{}), "console password", keys()},
		{"recent-sign-in", signsIn(used(12)), "console password last used 12 days ago", signsIn(used(91))},
		{"recent-sign-in", signsIn(used(0)), "console password last used today", signsIn(nhiscan.LastUse{})},
		{"password-never-used", signsIn(nhiscan.LastUse{Known: true}, s3Key), "console password never used since 2024-10-17, but an access key is", signsIn(nhiscan.LastUse{Known: true})},
		{"no-console-password", keys(), "no console password", with(0, func(u *nhiscan.User) {})},
		{"key-only", keys(s3Key), "signs in with 1 active access key only", keys(nhiscan.AccessKey{Active: false})},
		{"machine-service", keys(s3Key), "access key last used for s3 3 days ago", keys(iamKey)},
		{"mfa", mfa(nhiscan.MFAVirtual), "MFA device", mfa()},
		{"hardware-mfa", mfa(nhiscan.MFAVirtual, nhiscan.MFAFIDO2), "MFA device of kind fido2", mfa(nhiscan.MFAVirtual)},
		{"service-credential", credential("bedrock.amazonaws.com"), "credential for bedrock.amazonaws.com", credential("codecommit.amazonaws.com")},
		{"git-credential", credential("codecommit.amazonaws.com"), "Git credential for codecommit.amazonaws.com", credential("cassandra.amazonaws.com")},
		{"git-credential", with(nhiscan.FactSSHPublicKeys, func(u *nhiscan.User) { u.SSHPublicKeys = []nhiscan.SSHPublicKey{{Active: true}} }), "SSH public key for CodeCommit", with(nhiscan.FactSSHPublicKeys, func(*nhiscan.User) {})},
		{"self-service", attached("IAMUserChangePassword"), "may change the own password or MFA device (IAMUserChangePassword)", attached("ReadOnlyAccess")},
		{"self-service", inline("iam:ChangePassword", "arn:aws:iam::*:user/${aws:username}"), "may change the own password or MFA device (own)", inline("iam:*", "*")},
		{"single-service", inline("s3:GetObject", "arn:aws:s3:::invoices/*"), "one inline policy, for named resources of s3 only", inline("s3:GetObject", "*")},
		{"machine-path", at("/service-accounts/"), "path /service-accounts/", at("/services-team-a/")},
		{"machine-path", at("/eu/Bots/"), "path /eu/Bots/", at("/robotics/")},
		{"people-path", at("/staff/"), "path /staff/", at("/staffing/")},
		{"email-name", named("anna@example.com"), "the name is an e-mail address", named("ci@example.com")},
		{"first-last-name", named("lucia.marcio"), "“lucia marcio” is a given name and a surname", named("lucia-backup")},
		{"first-last-name", named("annakowalska"), "“anna kowalska” is a given name and a surname", named("annaxyz")},
		{"given-name", named("Hiroshi"), "“hiroshi” is a given name", named("Pipeline")},
		{"given-name", named("hiroshik"), "“hiroshi k” is a given name and an initial", named("appk")},
		{"initial-surname", named("jsmith"), "“j smith” is an initial and a surname", named("smtp")},
		{"surname", named("kowalczyk"), "“kowalczyk” has the ending of a surname", named("xqzvk")},
		{"person-shape", named("qorvel.dastun"), "two words parted by a dot, as in first.last", named("qorvel-dastun")},
		{"handle", named("moonwhisk42"), "one word that is in no list", named("moon-whisk-42")},
		{"break-glass", named("break-glass-2"), "“breakglass” in the name", named("glass-break")},
		{"job-word", named("dba"), "“dba” in the name: what people are", named("dbz")},
		{"strong-word", named("ci-website"), "“ci” in the name", named("lucia.marcio")},
		{"strong-word", named("GitHubActions"), "“github” in the name", named("hubert")},
		{"more-strong-words", named("ci-deploy"), "“deploy” in the name too", named("ci")},
		{"vendor-word", named("DataDogIntegration"), "“datadog” in the name", named("dog-data")},
		{"medium-word", named("nightly_backup"), "“backup” in the name", named("nightly")},
		{"medium-word", named("zorbapi"), "“api” in the name", named("rapido")},
		{"environment-word", named("acme-staging"), "“staging” in the name", named("acme-stagecoach")},
		{"many-segments", named("acme-foo-quux"), "the name has 3 parts", named("acme-quux")},
	} {
		t.Run(c.signal+"/"+c.fact, func(t *testing.T) {
			t.Parallel()
			fires := one(t, c.fires)
			said, ok := fact(fires.Classification, c.signal)
			require.True(t, ok, "%s: %v", c.fires.Name, fires.Signals)
			require.Equal(t, c.fact, said)
			_, ok = fact(one(t, c.silent).Classification, c.signal)
			require.False(t, ok, "must not fire for %s %s", c.silent.Name, c.silent.Path)
		})
	}
}

func TestUserCategories(t *testing.T) {
	t.Parallel()
	keyOnly := func(name string) nhiscan.User {
		u := userNamed(name)
		u.Known = nhiscan.FactPassword | nhiscan.FactAccessKeys
		u.AccessKeys = []nhiscan.AccessKey{{Active: true}}
		return u
	}
	bedrock := userNamed("xqzvk-thing")
	bedrock.Known = nhiscan.FactServiceSpecificCredentials
	bedrock.ServiceSpecificCredentials = []nhiscan.ServiceSpecificCredential{{Service: "bedrock.amazonaws.com"}}
	agent := keyOnly("helper")
	agent.Known |= nhiscan.FactTags
	agent.Tags = []nhiscan.Tag{{Key: "Usage", Value: "Agent"}}

	for name, c := range map[string]struct {
		user     nhiscan.User
		verdict  nhi.Verdict
		category nhi.Category
		detail   string
	}{
		"person":               {userNamed("anna.kowalska"), nhi.Human, nhi.CategoryHuman, ""},
		"break-glass":          {userNamed("breakGlassUser"), nhi.Human, nhi.CategoryBreakGlass, ""},
		"nothing known":        {userNamed("xqzvk-plonk"), nhi.Uncertain, nhi.CategoryUncertain, ""},
		"service account":      {userNamed("svc-reports"), nhi.NonHuman, nhi.CategoryServiceAccount, ""},
		"CI/CD":                {userNamed("gitlab-deploy"), nhi.NonHuman, nhi.CategoryCICDUser, ""},
		"third party":          {userNamed("datadog"), nhi.NonHuman, nhi.CategoryThirdPartyUser, "datadog"},
		"SMTP by name":         {userNamed("smtp-relay"), nhi.NonHuman, nhi.CategorySMTPUser, ""},
		"SMTP by console":      {userNamed("ses-smtp-user.20240115-093012"), nhi.NonHuman, nhi.CategorySMTPUser, "Amazon SES SMTP"},
		"API key by console":   {userNamed("BedrockAPIKey-x1y2"), nhi.NonHuman, nhi.CategoryAPIKeyUser, "Amazon Bedrock API key"},
		"API key by its kind":  {bedrock, nhi.NonHuman, nhi.CategoryAPIKeyUser, "bedrock.amazonaws.com"},
		"key only":             {keyOnly("xqzvk-plonk"), nhi.NonHuman, nhi.CategoryMachineUser, ""},
		"agent":                {agent, nhi.NonHuman, nhi.CategoryAgent, ""},
		"person with software": {userNamed("anna-ci"), nhi.NonHuman, nhi.CategoryCICDUser, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := one(t, c.user)
			require.Equal(t, c.verdict, got.Verdict, "%v", got.Signals)
			require.Equal(t, c.category, got.Category)
			require.Equal(t, c.detail, got.Detail)
		})
	}
}

func TestDeclarationContradicted(t *testing.T) {
	t.Parallel()
	u := userNamed("svc-backup")
	u.Known = nhiscan.FactTags | nhiscan.FactPassword | nhiscan.FactAccessKeys
	u.AccessKeys = []nhiscan.AccessKey{{Active: true}}
	u.Tags = []nhiscan.Tag{{Key: "Type", Value: "human"}}
	said, ok := fact(one(t, u).Classification, "declaration-contradicted")
	require.True(t, ok)
	require.Contains(t, said, "declared to be human")

	u = userNamed("anna.kowalska")
	u.Known = nhiscan.FactTags
	u.Tags = []nhiscan.Tag{{Key: "Type", Value: "machine"}}
	said, ok = fact(one(t, u).Classification, "declaration-contradicted")
	require.True(t, ok)
	require.Contains(t, said, "declared to be non-human")
}

func TestSelfServiceThroughGroup(t *testing.T) {
	t.Parallel()
	u := userNamed("xqzvk")
	u.Known, u.Groups = nhiscan.FactGroups, []string{"staff"}
	a := account([]nhiscan.User{u}, nil)
	const arn = "arn:aws:iam::" + accountID + ":policy/self"
	a.Groups = []nhiscan.Group{{Name: "staff", AttachedPolicies: []nhiscan.AttachedPolicy{{Name: "self", ARN: arn}}}}
	a.Policies = []nhiscan.ManagedPolicy{{ARN: arn, Versions: []nhiscan.PolicyVersion{
		{ID: "v2", Default: true, Document: allowPolicy("iam:EnableMFADevice", "arn:aws:iam::*:user/${aws:username}")},
	}}}
	said, ok := fact(find(t, nhi.Classify(a, nil), "xqzvk").Classification, "self-service")
	require.True(t, ok)
	require.Equal(t, "may change the own password or MFA device (self through group staff)", said)
}
