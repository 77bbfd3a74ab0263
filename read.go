package nhiscan

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Read reads an account from the JSON that
//
//	aws iam get-account-authorization-details
//
// prints, or from a file that [Account.Write] wrote, which has the same shape.
// The input may be compressed with gzip. Pages that were saved one by one may
// follow one another, or be the elements of a list: Read merges them. Policy
// documents may be objects or, as SDKs hold them, encoded strings. Keys that
// Read does not know are ignored.
//
// What the input leaves open is in the Account's Gaps and Known sets, not in the
// error. A file of authorization details tells nothing about passwords, access
// keys and MFA devices, which is one such gap: [Account.ApplyCredentialReport]
// fills it.
//
// The error is a [*KindError] for an input of another kind, a [*FormatError] for
// one that is broken, or that of r. So that a hostile
// input cannot take all memory, one with a value of more than 64 MiB, a list of
// more than 1,048,576 elements or more than 1 GiB of text is refused.
func Read(r io.Reader) (*Account, error) {
	account, err := readAccount(r)
	if err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	return account, nil
}

// ReadFile is [Read] for the named file.
func ReadFile(name string) (*Account, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read account: %w", err)
	}
	defer f.Close()
	account, err := readAccount(f)
	if err != nil {
		return nil, fmt.Errorf("read account %s: %w", name, err)
	}
	return account, nil
}

func readAccount(r io.Reader) (*Account, error) {
	text, err := openText(r)
	if err != nil {
		return nil, err
	}
	head, err := text.Peek(sniffLength)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if seems := sniff(head); seems != "" {
		return nil, &KindError{Seems: seems, Hint: accountHint}
	}
	ar := &accountReader{jsonReader: newJSONReader(text), account: &Account{Source: SourceFile}}
	for ar.more() {
		ar.topValue()
	}
	if ar.err != nil {
		return nil, ar.err
	}
	if ar.pages == 0 {
		return nil, &KindError{Seems: "an empty JSON list", Hint: accountHint}
	}
	return ar.finish(), nil
}

// An accountReader reads the pages of an account file.
type accountReader struct {
	*jsonReader
	account *Account
	saved   savedFacts

	pages     int
	lists     accountLists // those that some page has
	truncated bool         // the last page says that another follows
	nameless  []string     // where entities are that have neither name nor ARN
}

// accountLists is the set of the lists of authorization details.
type accountLists uint8

const (
	listUsers accountLists = 1 << iota
	listGroups
	listRoles
	listPolicies
	listsAll = listUsers | listGroups | listRoles | listPolicies
)

// maxForeignKeys is how many keys are kept to tell what another kind of file is.
const maxForeignKeys = 64

// topValue reads one value of the top level: a page, or a list of pages.
func (r *accountReader) topValue() {
	switch r.peek() {
	case jsontext.KindBeginArray:
		for range r.list() {
			switch r.peek() {
			case jsontext.KindBeginObject:
				r.onePage()
			case jsontext.KindInvalid:
				r.skip() // which says what is wrong
			default:
				r.refuse("a JSON list of something else than objects")
			}
		}
	case jsontext.KindBeginObject:
		r.onePage()
	default:
		r.want("an object", jsontext.KindBeginObject)
	}
}

// refuse ends the reading because the input is of another kind.
func (r *accountReader) refuse(seems string) {
	if r.err == nil {
		r.err = &KindError{Seems: seems, Hint: accountHint}
	}
}

func (r *accountReader) onePage() {
	var p page
	before := len(r.account.Policies)
	for key := range r.object() {
		r.pageField(&p, key)
	}
	if r.err != nil {
		return
	}
	if p.lists == listPolicies && !p.saved && !hasVersions(r.account.Policies[before:]) {
		if ofOrganization(r.account.Policies[before:]) {
			r.refuse("the output of aws organizations list-policies-for-target")
			return
		}
		p.lists = 0
		p.foreign = append(p.foreign, "Policies")
	}
	if p.lists == 0 && !p.saved {
		r.refuse(seemsByKeys(p.foreign))
		return
	}
	r.pages++
	r.lists |= p.lists
	r.truncated = p.truncated
}

// A page is what the keys of one page tell about it.
type page struct {
	lists     accountLists
	saved     bool // Write made it
	truncated bool
	foreign   []string // keys that authorization details do not have
}

func (r *accountReader) pageField(p *page, key string) {
	switch key {
	case "UserDetailList":
		p.lists |= listUsers
		r.users()
	case "GroupDetailList":
		p.lists |= listGroups
		r.groups()
	case "RoleDetailList":
		p.lists |= listRoles
		r.roles()
	case "Policies":
		p.lists |= listPolicies
		r.policies()
	case "IsTruncated":
		p.truncated = r.bool()
	case "Nhiscan":
		p.saved = true
		r.savedFacts()
	default:
		if len(p.foreign) < maxForeignKeys {
			p.foreign = append(p.foreign, clip(key))
		}
		r.skip()
	}
}

// hasVersions tells the policies of authorization details from those of
// list-policies, which come without their versions.
func hasVersions(policies []ManagedPolicy) bool {
	for i := range policies {
		if len(policies[i].Versions) > 0 {
			return true
		}
	}
	return false
}

// ofOrganization reports whether the policies are an organization's.
func ofOrganization(policies []ManagedPolicy) bool {
	return len(policies) > 0 && strings.Contains(policies[0].ARN, ":organizations:")
}
