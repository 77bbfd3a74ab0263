package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
	"github.com/nhiscan/nhiscan/trust"
)

const scanExamples = `  nhiscan scan --demo
  nhiscan scan --snapshot account.json --credential-report report.csv
  nhiscan scan --profile prod --detail -o prod.csv
  nhiscan scan --verdict uncertain,mixed
  nhiscan scan --permissions --scp organization/ --snapshot account.json
  nhiscan scan --type user --sort -confidence
  nhiscan scan --min-confidence 0.9 --format json | jq -r '.identities[].arn'
  nhiscan scan --snapshot account.json --allow-gaps --fail-on high`

const failOnNone = "none"

type scanFlags struct {
	source    sourceFlags
	knowledge commandline.Knowledge
	filter    filterFlags
	// permissions says to add what each identity can do.
	permissions  bool
	organization commandline.Organization
	output       outputFlags
	failOn       commandline.Choice
	allowGaps    bool
}

func newScanCommand(con *console) *cobra.Command {
	f := &scanFlags{}
	cmd := &cobra.Command{
		Use:   "scan",
		Short: "List all users and roles, classified, with the reasons",
		Long: "Scan lists an account's users and roles and says of each whether people or\nmachines use it, how sure that is, what it is for, and why.\n\nThe verdict is human, nhi (non-human), mixed (both) or uncertain. The confidence\nis the probability that the identity is non-human: a person's is near 0.\n\n" +
			"With --permissions, ACCESS is the highest access level, ADMIN whether the identity\nis an administrator (itself: it may change its own policies until it is one),\nDANGER its worst dangerous permission, and ESCALATION how far it is from\nadministrator access, or how many other ways to more permissions it has. A ? is\nwhat hangs on conditions or on something that IAM does not show.",
		Example: scanExamples,
		Args:    commandline.NoArguments,
		RunE:    func(cmd *cobra.Command, _ []string) error { return f.run(cmd, con) },
	}
	f.source.register(cmd)
	f.source.AWS.RegisterDetail(cmd.Flags())
	f.knowledge.Register(cmd.Flags())
	f.filter.register(cmd)
	cmd.Flags().BoolVar(&f.permissions, "permissions", false, "also say what each identity can do: access level, administrators, dangerous\npermissions, ways to administrator access")
	f.organization.Register(cmd)
	f.output.register(cmd, formatTable, formatJSON, formatCSV, formatMarkdown)
	f.failOn.Allowed = append(toStrings(trust.Severities()), failOnNone)
	f.failOn.Value = failOnNone
	cmd.Flags().Var(&f.failOn, "fail-on", "exit with 1 when a listed role's trust policy has a danger of this severity\nor worse: critical, high, medium, low")
	complete(cmd, "fail-on", f.failOn.Allowed)
	registerAllowGaps(cmd, &f.allowGaps)
	return cmd
}

func (f *scanFlags) run(cmd *cobra.Command, con *console) error {
	if err := f.source.check(cmd); err != nil {
		return err
	}
	if err := f.filter.check(); err != nil {
		return err
	}
	signals, accounts, err := f.knowledge.Load()
	if err != nil {
		return err
	}
	if f.organization.SCP != "" && !f.permissions {
		return commandline.Usagef("--scp goes with --permissions: without it nothing hangs on the organization's policies")
	}
	opts, err := loadOrganization(cmd.Context(), &f.organization)
	if err != nil {
		return err
	}
	account, err := f.source.account(cmd.Context(), con)
	if err != nil {
		return err
	}
	scan, err := calculate(cmd.Context(), func() (*render.Scan, error) {
		var analysis sync.WaitGroup
		var x *permissions.Analysis
		if f.permissions {
			analysis.Go(func() { x = permissions.New(account, opts) })
		}
		scan := f.filter.choose(nhi.Classify(account, &nhi.Options{Now: f.source.now(account), Signals: signals, Trust: accounts}))
		analysis.Wait()
		if f.permissions {
			addPermissions(scan, x)
		}
		return scan, nil
	})
	if err != nil {
		return err
	}
	if err := f.output.write(cmd.Context(), con, scanFormats(scan)); err != nil {
		return err
	}
	return f.verdict(scan)
}

// addPermissions adds what the listed identities can do, and what that could not
// take into account. It works on every processor: at IAM's quotas this is most of
// the time that a scan takes.
func addPermissions(scan *render.Scan, x *permissions.Analysis) {
	all := make([]*permissions.Permissions, len(scan.Identities))
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	const atOnce = 32
	for first := 0; first < len(all); first += atOnce {
		workers.Go(func() error {
			for i := first; i < min(first+atOnce, len(all)); i++ {
				all[i], _ = x.Identity(scan.Identities[i].ARN)
			}
			return nil
		})
	}
	_ = workers.Wait() // no worker fails
	scan.Permissions = make(map[string]*permissions.Permissions, len(all))
	for i, p := range all {
		scan.Permissions[scan.Identities[i].ARN] = p
	}
	scan.Gaps = answer.Without(x.Gaps(), scan.Report.Gaps)
}

func scanFormats(scan *render.Scan) func(io.Writer, string, render.Style) error {
	return func(w io.Writer, format string, style render.Style) error {
		switch format {
		case formatJSON:
			return render.ScanJSON(w, scan)
		case formatCSV:
			return render.ScanCSV(w, scan)
		case formatMarkdown:
			return render.ScanMarkdown(w, scan)
		}
		return render.ScanTable(w, scan, style)
	}
}

// verdict is the error that makes the exit status. What is incomplete comes
// before what was found: the findings may be incomplete too.
func (f *scanFlags) verdict(scan *render.Scan) error {
	if err := gapsError(scan.AllGaps(), f.allowGaps); err != nil {
		return err
	}
	if f.failOn.Value == failOnNone {
		return nil
	}
	found := 0
	for _, finding := range scan.Findings() {
		if finding.Danger.Severity.AtLeast(trust.Severity(f.failOn.Value)) {
			found++
		}
	}
	if found == 0 {
		return nil
	}
	return &findingsError{fmt.Sprintf("found in trust policies, %s or worse: %d (--fail-on %s)", f.failOn.Value, found, f.failOn.Value)}
}

func registerAllowGaps(cmd *cobra.Command, allow *bool) {
	cmd.Flags().BoolVar(allow, "allow-gaps", false, "accept a result from which something is missing, which otherwise exits with 3")
}

func gapsError(gaps []nhiscan.Gap, allowed bool) error {
	if len(gaps) == 0 || allowed {
		return nil
	}
	return &incompleteError{len(gaps)}
}
