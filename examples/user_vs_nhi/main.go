// User_vs_nhi tells the people of an AWS account from everything else in it:
// how many there are of each, which they are, and what to do about them.
//
//	go run ./examples/user_vs_nhi               the account of your AWS credentials, or a demo account without any
//	go run ./examples/user_vs_nhi account.json  what aws iam get-account-authorization-details printed
//	go run ./examples/user_vs_nhi account.json credential-report.csv
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/demo"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/session"
	"github.com/nhiscan/nhiscan/trust"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "user_vs_nhi:", err)
		if hinted, ok := errors.AsType[hinter](err); ok {
			fmt.Fprintln(os.Stderr, "hint:", hinted.Hint())
		}
		os.Exit(1)
	}
}

// A hinter is an error that knows what to do about it.
type hinter interface {
	error
	Hint() string
}

func run(ctx context.Context, args []string, out io.Writer) error {
	account, err := readAccount(ctx, args)
	if err != nil {
		return err
	}
	now := account.CollectedAt
	if now.IsZero() { // a file that does not say when it was made
		now = time.Now()
	}
	report := nhi.Classify(account, &nhi.Options{Now: now})

	var text strings.Builder
	statistics(&text, report)
	lists(&text, report)
	recommendations(&text, report)
	gaps(&text, report)
	_, err = io.WriteString(out, text.String())
	return err
}

// readAccount reads the files that args name, else AWS, else the demo account.
func readAccount(ctx context.Context, args []string) (*nhiscan.Account, error) {
	if len(args) > 0 {
		return readFiles(args)
	}
	cfg, err := session.Config(ctx, nil)
	if errors.Is(err, session.ErrNoCredentials) {
		fmt.Fprintln(os.Stderr, "No AWS credentials: this is the demo account.")
		return demo.Account()
	}
	if err != nil {
		return nil, err
	}
	return collect.Account(ctx, iam.NewFromConfig(cfg), nil)
}

// readFiles reads an account file and, if there is one, the credential report beside it.
func readFiles(names []string) (*nhiscan.Account, error) {
	if len(names) > 2 {
		return nil, fmt.Errorf("want an account file and a credential report, got %d arguments", len(names))
	}
	account, err := nhiscan.ReadFile(names[0])
	if err != nil || len(names) == 1 {
		return account, err
	}
	file, err := os.Open(names[1])
	if err != nil {
		return nil, err
	}
	defer file.Close()
	report, err := nhiscan.ReadCredentialReport(file)
	if err != nil {
		return nil, err
	}
	return account, account.ApplyCredentialReport(report)
}

func statistics(out io.Writer, report *nhi.Report) {
	account := report.Account
	title(out, fmt.Sprintf("AWS account %s on %s", safe(account.ID), report.Time.Format(time.DateOnly)))
	fmt.Fprintf(out, "%d identities: %d users, %d roles\n", len(report.Identities), len(account.Users), len(account.Roles))

	verdicts, categories := map[string]int{}, map[string]int{}
	for _, identity := range report.Identities {
		verdicts[string(identity.Verdict)]++
		categories[string(identity.Category)]++
	}
	title(out, "Verdicts")
	bars(out, verdicts, len(report.Identities))
	title(out, "Categories")
	bars(out, categories, len(report.Identities))
}

// bars draws a bar for each count, the longest first.
func bars(out io.Writer, counts map[string]int, total int) {
	const width = 40
	names := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a, b))
	})
	for _, name := range names {
		n := counts[name]
		bar := strings.Repeat("█", max(1, n*width/total))
		fmt.Fprintf(out, "  %-23s %5d  %3.0f %%  %s\n", name, n, 100*float64(n)/float64(total), bar)
	}
}

// lists names the identities of each category, people first, each with the
// probability that it is non-human.
func lists(out io.Writer, report *nhi.Report) {
	for _, verdict := range []nhi.Verdict{nhi.Human, nhi.Mixed, nhi.Uncertain, nhi.NonHuman} {
		byCategory := map[nhi.Category][]nhi.Identity{}
		for _, identity := range report.Identities {
			if identity.Verdict == verdict {
				byCategory[identity.Category] = append(byCategory[identity.Category], identity)
			}
		}
		if len(byCategory) == 0 {
			continue
		}
		title(out, fmt.Sprintf("Identities: %s", verdict))
		for _, category := range slices.Sorted(maps.Keys(byCategory)) {
			fmt.Fprintf(out, "  %s\n", category)
			for _, identity := range byCategory[category] {
				line := fmt.Sprintf("    %3.0f %%  %s  %s", 100*identity.Confidence, identity.Type, safe(identity.Name))
				if identity.Detail != "" {
					line += "  (" + safe(identity.Detail) + ")"
				}
				fmt.Fprintln(out, line)
			}
		}
	}
}

func gaps(out io.Writer, report *nhi.Report) {
	if len(report.Gaps) == 0 {
		return
	}
	title(out, "What could not be read, and so is missing above")
	for _, gap := range report.Gaps {
		fmt.Fprintf(out, "  %s %s: %s\n", gap.Operation, safe(gap.Resource), safe(gap.Message))
	}
}

func title(out io.Writer, text string) {
	fmt.Fprintf(out, "\n%s\n%s\n", text, strings.Repeat("─", len([]rune(text))))
}

// safe escapes what could steer a terminal: names and tags are text of strangers.
func safe(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return text
	}
	quoted := strconv.QuoteToGraphic(text)
	return quoted[1 : len(quoted)-1]
}

// A check is one thing that can be wrong with an identity.
type check struct {
	title string
	fix   string
	// found returns what is wrong, in words; empty when nothing is or when it is not known.
	found func(identity nhi.Identity, now time.Time) string
}

// recent is how long ago a credential may have been used and still count as used.
const recent = 90 * 24 * time.Hour

// checks are the recommendations, the most urgent first.
var checks = []check{
	{"Close the roles that anyone with an AWS account can assume",
		"Name the accounts or roles that need it as the Principal of the trust policy.",
		danger(trust.DangerAnyone, trust.DangerNotPrincipal, trust.DangerCognitoNoPool)},
	{"Narrow what an identity provider lets in",
		"Demand the audience, and the one repository or project as the subject.",
		danger(trust.DangerOIDCNoSubject, trust.DangerOIDCLooseSubject, trust.DangerOIDCNoAudience)},
	{"Demand an external id of third parties, and find out who the unknown ones are",
		"Add the condition StringEquals sts:ExternalId with a value that the third party makes for you.",
		danger(trust.DangerNoExternalID, trust.DangerUnknownAccount)},
	{"Give MFA to the people who sign in with a password alone",
		"Have them register a passkey or a security key, and deny everything else until they have.",
		passwordWithoutMFA},
	{"Take the console passwords of software away",
		"Find out who signs in with it, give them an access of their own, then: aws iam delete-login-profile --user-name NAME",
		passwordOfSoftware},
	{"Replace the access keys of people",
		"Move them to short-lived credentials: aws configure sso, with IAM Identity Center.",
		keyOfPerson},
	{"Replace the access keys of pipelines and integrations",
		"Use a role: OpenID Connect for pipelines, an external id for vendors, Roles Anywhere for machines of your own.",
		keyOfIntegration},
	{"Remove the access keys that nobody uses",
		"First aws iam update-access-key --status Inactive, some weeks later aws iam delete-access-key.",
		unusedKey},
	{"Remove the users who have left",
		"Remove the password and keys, then the user, once their manager agrees.",
		unusedPassword},
	{"Remove the roles that nobody uses",
		"Look for what still names it, then: aws iam delete-role --role-name NAME",
		unusedRole},
	{"Remove what trusts somebody who no longer exists",
		"Take the dead principal out of the trust policy, or delete the role.",
		danger(trust.DangerDeletedPrincipal)},
	{"Settle the uncertain ones",
		"Ask their owners, and tag them: identity-type=human or identity-type=machine.",
		undecided},
}

func recommendations(out io.Writer, report *nhi.Report) {
	title(out, "Recommendations")
	number := 0
	if lines := rootAdvice(report.Account); len(lines) > 0 {
		number++
		advise(out, number, "Put the root user away", "Delete its keys, give it MFA, and use it for nothing that a role can do.", lines)
	}
	for _, c := range checks {
		var lines []string
		for _, identity := range report.Identities {
			if what := c.found(identity, report.Time); what != "" {
				lines = append(lines, fmt.Sprintf("%s %s: %s", identity.Type, safe(identity.Name), safe(what)))
			}
		}
		if len(lines) > 0 {
			number++
			advise(out, number, c.title, c.fix, lines)
		}
	}
	if number == 0 {
		fmt.Fprintln(out, "  None.")
	}
}

func advise(out io.Writer, number int, title, fix string, lines []string) {
	const most = 10
	fmt.Fprintf(out, "%2d. %s (%d)\n    %s\n", number, title, len(lines), fix)
	for _, line := range lines[:min(most, len(lines))] {
		fmt.Fprintf(out, "      - %s\n", line)
	}
	if len(lines) > most {
		fmt.Fprintf(out, "      and %d more\n", len(lines)-most)
	}
}

func rootAdvice(account *nhiscan.Account) (lines []string) {
	root := account.Root
	if root == nil {
		return nil
	}
	if root.Known.Has(nhiscan.FactMFADevices) && len(root.MFADevices) == 0 {
		lines = append(lines, "it has no MFA")
	}
	for _, key := range root.AccessKeys {
		if key.Active {
			lines = append(lines, "it has an active access key, made in "+key.CreateDate.Format("January 2006"))
		}
	}
	return lines
}

// danger finds the roles whose trust policy has one of the dangers.
func danger(codes ...trust.DangerCode) func(nhi.Identity, time.Time) string {
	return func(identity nhi.Identity, _ time.Time) string {
		if identity.Trust == nil {
			return ""
		}
		for _, d := range identity.Trust.Dangers {
			if slices.Contains(codes, d.Code) {
				return fmt.Sprintf("%s (%s)", d.Message, d.Severity)
			}
		}
		return ""
	}
}

func passwordWithoutMFA(identity nhi.Identity, now time.Time) string {
	user := identity.User
	if user == nil || !user.Password.Enabled || !user.Known.Has(nhiscan.FactMFADevices) || len(user.MFADevices) > 0 {
		return ""
	}
	return "console password, " + lastUsed(user.Password.LastUsed, now)
}

func passwordOfSoftware(identity nhi.Identity, now time.Time) string {
	user := identity.User
	if user == nil || !user.Password.Enabled || identity.Verdict == nhi.Human || activeKeys(user, now) == "" {
		return ""
	}
	return fmt.Sprintf("console password, %s; %s", lastUsed(user.Password.LastUsed, now), activeKeys(user, now))
}

func keyOfPerson(identity nhi.Identity, now time.Time) string {
	if identity.User == nil || identity.Verdict != nhi.Human {
		return ""
	}
	return activeKeys(identity.User, now)
}

func keyOfIntegration(identity nhi.Identity, now time.Time) string {
	switch identity.Category {
	case nhi.CategoryCICDUser, nhi.CategoryThirdPartyUser, nhi.CategoryServiceAccount, nhi.CategoryMachineUser:
		return activeKeys(identity.User, now)
	}
	return ""
}

func unusedKey(identity nhi.Identity, now time.Time) string {
	if identity.User == nil {
		return ""
	}
	for _, key := range identity.User.AccessKeys {
		if key.Active && key.LastUsed.Known && !key.LastUsed.Within(recent, now) && now.Sub(key.CreateDate) > recent {
			return fmt.Sprintf("key made %s, %s", ago(key.CreateDate, now), lastUsed(key.LastUsed, now))
		}
	}
	return ""
}

func unusedPassword(identity nhi.Identity, now time.Time) string {
	user := identity.User
	if user == nil || identity.Category == nhi.CategoryBreakGlass || !user.Password.Enabled {
		return ""
	}
	if used := user.Password.LastUsed; !used.Known || used.Within(recent, now) || now.Sub(user.CreateDate) < recent {
		return ""
	}
	return "console password, " + lastUsed(user.Password.LastUsed, now)
}

func unusedRole(identity nhi.Identity, now time.Time) string {
	if identity.Category == nhi.CategoryServiceLinked || identity.Category == nhi.CategoryIdentityCenter {
		return "" // not ours to delete: a service and IAM Identity Center own them
	}
	role := identity.Role
	if role == nil || !role.LastUsed.Never() || now.Sub(role.CreateDate) < recent {
		return ""
	}
	return "made " + ago(role.CreateDate, now) + ", not used in the last 400 days"
}

func undecided(identity nhi.Identity, _ time.Time) string {
	if identity.Verdict != nhi.Uncertain {
		return ""
	}
	if len(identity.Unseen) > 0 {
		return "not seen: " + strings.Join(identity.Unseen, ", ")
	}
	return fmt.Sprintf("%.0f %% non-human", 100*identity.Confidence)
}

// activeKeys says how many active keys the user has and when they were last used; empty for none.
func activeKeys(user *nhiscan.User, now time.Time) string {
	var keys []string
	for _, key := range user.AccessKeys {
		if key.Active {
			keys = append(keys, fmt.Sprintf("key made %s, %s", ago(key.CreateDate, now), lastUsed(key.LastUsed, now)))
		}
	}
	return strings.Join(keys, "; ")
}

func lastUsed(use nhiscan.LastUse, now time.Time) string {
	switch {
	case !use.Known:
		return "last use unknown"
	case use.Never():
		return "never used"
	}
	return "last used " + ago(use.At, now)
}

func ago(t, now time.Time) string {
	switch days := int(now.Sub(t).Hours() / 24); days {
	case 0:
		return "today"
	case 1:
		return "yesterday"
	default:
		return fmt.Sprintf("%d days ago", days)
	}
}
