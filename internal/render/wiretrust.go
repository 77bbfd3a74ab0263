package render

import (
	"github.com/nhiscan/nhiscan/policydoc"
	"github.com/nhiscan/nhiscan/trust"
)

type wireTrust struct {
	Kind     string       `json:"kind"`
	Provider string       `json:"provider"`
	Error    string       `json:"error"`
	Paths    []wirePath   `json:"paths"`
	Dangers  []wireDanger `json:"dangers"`
}

type wirePath struct {
	Statement       int             `json:"statement"`
	PrincipalType   string          `json:"principal_type"`
	Principal       string          `json:"principal"`
	Actions         []string        `json:"actions"`
	Who             string          `json:"who"`
	Kind            string          `json:"kind"`
	Account         string          `json:"account"`
	Relation        trust.Relation  `json:"relation"`
	Vendor          string          `json:"vendor"`
	AccountName     string          `json:"account_name"`
	Organization    string          `json:"organization"`
	WholeAccount    bool            `json:"whole_account"`
	Deleted         bool            `json:"deleted"`
	Service         string          `json:"service"`
	Provider        string          `json:"provider"`
	Subjects        []string        `json:"subjects"`
	ExternalID      bool            `json:"external_id"`
	MFA             bool            `json:"mfa"`
	MFAIfPresent    bool            `json:"mfa_if_present"`
	UserNameSession bool            `json:"user_name_session"`
	ConsoleAudience bool            `json:"console_audience"`
	SSOSession      bool            `json:"sso_session"`
	Conditions      []wireCondition `json:"conditions"`
	Denied          bool            `json:"denied"`
	PartlyDenied    []int           `json:"partly_denied"`
}

type wireCondition struct {
	Operator string   `json:"operator"`
	Key      string   `json:"key"`
	Values   []string `json:"values"`
}

type wireDanger struct {
	Code      trust.DangerCode `json:"code"`
	Severity  trust.Severity   `json:"severity"`
	Statement int              `json:"statement"`
	Principal string           `json:"principal"`
	Message   string           `json:"message"`
	Fix       string           `json:"fix"`
}

// newWireTrust accepts nil: a role whose trust policy was not read.
func newWireTrust(c *trust.Classification) *wireTrust {
	if c == nil {
		return &wireTrust{Kind: "unknown"}
	}
	w := &wireTrust{
		Kind:     orUnknown(string(c.Kind)),
		Provider: c.Provider,
		Paths:    make([]wirePath, len(c.Paths)),
		Dangers:  make([]wireDanger, len(c.Dangers)),
	}
	if c.Err != nil {
		w.Error = c.Err.Error()
	}
	for i := range c.Paths {
		w.Paths[i] = newWirePath(&c.Paths[i])
	}
	for i, d := range c.Dangers {
		w.Dangers[i] = wireDanger(d)
	}
	return w
}

func newWirePath(p *trust.Path) wirePath {
	return wirePath{
		Statement:       p.Statement,
		PrincipalType:   p.PrincipalType,
		Principal:       p.Principal,
		Actions:         p.Actions,
		Who:             orUnknown(string(p.Who)),
		Kind:            orUnknown(string(p.Kind)),
		Account:         p.Account,
		Relation:        p.Relation,
		Vendor:          p.Vendor,
		AccountName:     p.AccountName,
		Organization:    p.Organization,
		WholeAccount:    p.WholeAccount,
		Deleted:         p.Deleted,
		Service:         p.Service,
		Provider:        p.Provider,
		Subjects:        p.Subjects,
		ExternalID:      p.ExternalID,
		MFA:             p.MFA,
		MFAIfPresent:    p.MFAIfPresent,
		UserNameSession: p.UserNameSession,
		ConsoleAudience: p.ConsoleAudience,
		SSOSession:      p.SSOSession,
		Conditions:      newWireConditions(p.Conditions),
		Denied:          p.Denied,
		PartlyDenied:    p.PartlyDenied,
	}
}

func newWireConditions(conditions []policydoc.Condition) []wireCondition {
	out := make([]wireCondition, len(conditions))
	for i, c := range conditions {
		out[i] = wireCondition(c)
	}
	return out
}

// orUnknown names the zero value of an enumeration.
func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}
