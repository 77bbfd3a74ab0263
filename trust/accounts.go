package trust

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// A KnownAccount is an AWS account whose owner is known.
type KnownAccount struct {
	Name string
	// Relation is RelationInternal or RelationVendor.
	Relation Relation
}

// maxAccountLine is the longest line that ReadAccounts takes.
const maxAccountLine = 64 << 10

// ReadAccounts reads a list of known accounts, for Options.Accounts. Each line
// is an account id and a name, with the word internal or vendor between them or
// at the end; without it the account is internal:
//
//	111122223333 shared services
//	444455556666 vendor Acme monitoring   # a comment
//
// Empty lines and what follows a # that begins a word are left out. The dashes
// with which the AWS console writes ids are allowed. An error says the line.
func ReadAccounts(r io.Reader) (map[string]KnownAccount, error) {
	accounts := make(map[string]KnownAccount)
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, maxAccountLine)
	line := 0
	for scanner.Scan() {
		line++
		text := scanner.Text()
		if line == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		fields := accountFields(text)
		if len(fields) == 0 {
			continue
		}
		id, account, err := parseAccount(fields)
		if err == nil && accounts[id] != (KnownAccount{}) {
			err = fmt.Errorf("account %s is listed twice; keep one line", id)
		}
		if err != nil {
			return nil, fmt.Errorf("read accounts: line %d: %w", line, err)
		}
		accounts[id] = account
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read accounts: line %d: %w", line+1, err)
	}
	return accounts, nil
}

func accountFields(line string) []string {
	fields := strings.Fields(line)
	for i, f := range fields {
		if f[0] == '#' {
			return fields[:i]
		}
	}
	return fields
}

func parseAccount(fields []string) (string, KnownAccount, error) {
	id := strings.ReplaceAll(fields[0], "-", "")
	if !isAccountID(id) {
		return "", KnownAccount{}, fmt.Errorf("%q is not an account id; begin the line with its 12 digits", fields[0])
	}
	account := KnownAccount{Relation: RelationInternal}
	name := fields[1:]
	if len(name) > 0 {
		if r, ok := relationWord(name[0]); ok {
			account.Relation, name = r, name[1:]
		} else if r, ok := relationWord(name[len(name)-1]); ok {
			account.Relation, name = r, name[:len(name)-1]
		}
	}
	account.Name = strings.Join(name, " ")
	if account.Name == "" {
		return "", KnownAccount{}, fmt.Errorf("account %s has no name; write one after the id", id)
	}
	return id, account, nil
}

func relationWord(word string) (Relation, bool) {
	switch strings.ToLower(word) {
	case "internal":
		return RelationInternal, true
	case "vendor":
		return RelationVendor, true
	}
	return RelationUnset, false
}
