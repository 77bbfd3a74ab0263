package mcpserver

import (
	"context"
	"strings"

	"github.com/nhiscan/nhiscan/internal/render"
)

type scanArguments struct {
	IncludePermissions bool `json:"include_permissions,omitzero" doc:"Add access levels, administrators, dangers, ways to administrator access" default:"false"`
	Refresh            bool `json:"refresh,omitzero" doc:"Read AWS again instead of using the scan of some minutes ago" default:"false"`
	pageArguments
	credentialArguments
}

type scanResult struct {
	accountInfo
	Summary counts `json:"summary" doc:"users, roles, nhi, human, mixed, uncertain, by_category, permissions"`
	// Root says how the root user can sign in.
	Root       string   `json:"root"`
	Attention  []string `json:"attention" doc:"What to look at first"`
	Identities itemList `json:"identities" doc:"arn, name, type, verdict, is_nhi, confidence, coverage, category, reasons (+ speaks for non-human), …"`
	page
	// Resource is where the whole scan is, page by page.
	Resource string `json:"resource" doc:"URI of all with every detail, page by page"`
}

// overviewDetails is what says more of one identity.
const overviewDetails = "get_identity_details"

func scanIdentities(ctx context.Context, c *call, in scanArguments) (scanResult, error) {
	s, offset, err := c.open(ctx, in, in.Refresh, in.pageArguments, in.IncludePermissions)
	if err != nil {
		return scanResult{}, err
	}
	view, err := c.classified(ctx, s, in.IncludePermissions)
	if err != nil {
		return scanResult{}, err
	}
	list, page := cutPage(c, s, view.Identities, offset, in.pageArguments, in.IncludePermissions)
	items, err := c.items(s, view, list)
	if err != nil {
		return scanResult{}, err
	}
	o := s.overview(view)
	return scanResult{
		accountInfo: c.accountInfo(s, o.gaps),
		Summary:     counts{o.summary}, Root: o.root, Attention: o.attention,
		Identities: items, page: page, Resource: pageURI(s, in.IncludePermissions, 0),
	}, nil
}

// maxAttention is how many lines of what to look at first a summary has.
const maxAttention = 4

func (r scanResult) summary() string {
	lines := []string{r.title() + ": " + countsText(&r.Summary.Summary)}
	if p := r.Summary.Permissions; p != nil {
		lines = append(lines, say("Administrators: %d. Others that can become administrator: %d.", p.Admins, p.Escalating))
	}
	for _, line := range r.Attention[:min(len(r.Attention), maxAttention)] {
		lines = append(lines, say("%s", line))
	}
	if n := len(r.Attention) - maxAttention; n > 0 {
		lines = append(lines, say("(%d more under attention)", n))
	}
	lines = append(lines, r.unread()...)
	return strings.Join(append(lines, r.page.text("identities")), "\n")
}

func countsText(s *render.Summary) string {
	return say("%s and %s: %d non-human, %d human, %d mixed, %d uncertain.", counted(s.Users, "user", "users"), counted(s.Roles, "role", "roles"), s.NHI, s.Human, s.Mixed, s.Uncertain)
}

// title names the account, and says when the answer may lack something.
func (a *accountInfo) title() string {
	text := "Account " + say("%s", a.AccountID)
	if len(a.Scan.Aliases) > 0 {
		text += say(" (%s)", a.Scan.Aliases[0])
	}
	if !a.Complete {
		text += ", incomplete (see gaps)"
	}
	return text
}

// unread says what could not be read: there are clients that show the text alone.
func (a *accountInfo) unread() []string {
	if len(a.Gaps) == 0 {
		return nil
	}
	return addMore([]string{say("Not all could be read: %s", a.Gaps[0])}, len(a.Gaps)-1, "gap", "gaps")
}

// text says which part of the list it is.
func (p *page) text(what string) string {
	switch {
	case p.Remaining > 0:
		return say("%d of %d %s; %s after these (next_cursor).", p.Returned, p.Total, what, counted(p.Remaining, "remains", "remain"))
	case p.Returned < p.Total:
		return say("The last %d of %d %s.", p.Returned, p.Total, what)
	case p.Total == 1:
		return "There is no other."
	}
	return say("All %d %s.", p.Total, what)
}
