package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/nhiscan/nhiscan"
)

// A label is one row: an identity and what it is in truth.
type label struct {
	line                    int
	name, kind, label, path string
	trust                   string
	password, accessKey     string
	mfa                     string
}

// arn makes the row an identity of its own, even where a name comes twice.
func (l *label) arn() string {
	return fmt.Sprintf("arn:aws:iam::%s:%s%s%s#%d", ownAccount, l.kind, l.path, l.name, l.line)
}

var columns = []string{"name", "kind", "label", "iam_path", "trust", "console_password", "access_key", "mfa"}

func readLabels(r io.Reader) ([]label, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	index := map[string]int{}
	for i, name := range header {
		index[strings.TrimSpace(name)] = i
	}
	for _, name := range columns {
		if _, ok := index[name]; !ok {
			return nil, fmt.Errorf("line 1: the column %s is missing", name)
		}
	}
	var labels []label
	for {
		row, err := in.Read()
		if err == io.EOF {
			return labels, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := in.FieldPos(0)
		get := func(name string) string { return strings.TrimSpace(row[index[name]]) }
		l := label{
			line: line, name: get("name"), kind: get("kind"), label: get("label"), path: get("iam_path"), trust: get("trust"),
			password: get("console_password"), accessKey: get("access_key"), mfa: get("mfa"),
		}
		if err := l.check(); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		labels = append(labels, l)
	}
}

func (l *label) check() error {
	if l.path == "" {
		l.path = "/"
	}
	if l.kind != "user" && l.kind != "role" {
		return fmt.Errorf("kind %q must be user or role", l.kind)
	}
	if l.label != "human" && l.label != "nonhuman" && l.label != "mixed" {
		return fmt.Errorf("label %q must be human, nonhuman or mixed", l.label)
	}
	return nil
}

// credentialsKnown says that the row tells whether the user has a console password.
func (l *label) credentialsKnown() bool {
	_, known := yesNo(l.password)
	return known
}

func yesNo(text string) (value, known bool) {
	switch strings.ToLower(text) {
	case "true", "yes":
		return true, true
	case "false", "no":
		return false, true
	}
	return false, false
}

// buildAccount makes an account of the rows. What a row does not tell is unknown.
func buildAccount(labels []label, namesOnly bool, warn io.Writer) *nhiscan.Account {
	a := &nhiscan.Account{ID: ownAccount, Partition: "aws", Source: nhiscan.SourceFile}
	for i := range labels {
		l := &labels[i]
		if l.kind == "user" {
			a.Users = append(a.Users, l.user(namesOnly))
			continue
		}
		role := nhiscan.Role{Name: l.name, ARN: l.arn(), Path: l.path}
		policy, ok := translateTrust(l.trust)
		if ok {
			role.TrustPolicy, role.Known = nhiscan.NewPolicyDocument(policy), nhiscan.FactTrustPolicy
		} else {
			fmt.Fprintf(warn, "line %d: role %s: trust not understood, left unread: %s\n", l.line, l.name, l.trust)
		}
		a.Roles = append(a.Roles, role)
	}
	return a
}

func (l *label) user(namesOnly bool) nhiscan.User {
	u := nhiscan.User{Name: l.name, ARN: l.arn(), Path: l.path}
	if namesOnly {
		u.Path = "/"
		return u
	}
	if enabled, known := yesNo(l.password); known {
		u.Password.Enabled, u.Known = enabled, u.Known|nhiscan.FactPassword
	} else if policy := policyNamed(l.password); policy != "" {
		u.AttachedPolicies = []nhiscan.AttachedPolicy{{Name: policy, ARN: "arn:aws:iam::aws:policy/" + policy}}
		u.Known |= nhiscan.FactAttachedPolicies
	}
	if has, known := yesNo(l.accessKey); known {
		u.Known |= nhiscan.FactAccessKeys
		if has {
			u.AccessKeys = []nhiscan.AccessKey{{Active: true}}
		}
	}
	if has, known := yesNo(l.mfa); known {
		u.Known |= nhiscan.FactMFADevices
		if has {
			u.MFADevices = []nhiscan.MFADevice{{}}
		}
	}
	return u
}

// policyNamed returns the policy of AWS's that a remark such as "likely
// (IAMUserChangePassword group)" names; empty when it names none.
func policyNamed(remark string) string {
	for _, word := range strings.FieldsFunc(remark, func(r rune) bool { return strings.ContainsRune(" (),;", r) }) {
		if strings.HasPrefix(word, "IAM") && len(word) > len("IAM") {
			return word
		}
	}
	return ""
}
