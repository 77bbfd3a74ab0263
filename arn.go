package nhiscan

import (
	"slices"
	"strings"
)

// An ARN is an Amazon Resource Name in its parts, as in
// arn:Partition:Service:Region:Account:Resource.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// ParseARN splits an ARN. It reports whether all parts are there, and does not
// look at what they say: the account is a word in files written for tests.
func ParseARN(arn string) (ARN, bool) {
	var a ARN
	rest, ok := strings.CutPrefix(arn, "arn:")
	for _, part := range []*string{&a.Partition, &a.Service, &a.Region, &a.Account} {
		if !ok {
			return ARN{}, false
		}
		*part, rest, ok = strings.Cut(rest, ":")
	}
	if !ok {
		return ARN{}, false
	}
	a.Resource = rest
	return a, true
}

// An arnParts is the ARN of an IAM entity taken apart.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html.
type arnParts struct {
	partition, account string
	kind               string // user, role, group, policy, root …
	path, name         string
}

// splitARN takes apart arn:partition:iam::account:kind/path/name.
func splitARN(arn string) (arnParts, bool) {
	a, ok := ParseARN(arn)
	if !ok {
		return arnParts{}, false
	}
	kind, pathAndName, ok := strings.Cut(a.Resource, "/")
	p := arnParts{partition: a.Partition, account: a.Account, kind: kind}
	if !ok {
		return p, true
	}
	slash := strings.LastIndexByte(pathAndName, '/')
	p.path, p.name = "/"+pathAndName[:slash+1], pathAndName[slash+1:]
	return p, true
}

// joinARN makes the ARN of an IAM entity.
func joinARN(p arnParts) string {
	path := p.path
	if path == "" {
		path = "/"
	}
	partition := p.partition
	if partition == "" {
		partition = "aws"
	}
	return "arn:" + partition + ":iam::" + p.account + ":" + p.kind + path + p.name
}

// isAccountID reports whether s is the 12-digit id of an AWS account.
func isAccountID(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// An accountTally counts the accounts and partitions that ARNs name.
type accountTally struct {
	accounts, partitions map[string]int
}

func newAccountTally() *accountTally {
	return &accountTally{accounts: map[string]int{}, partitions: map[string]int{}}
}

func (t *accountTally) add(arn string) {
	if p, ok := splitARN(arn); ok {
		t.accounts[p.account]++
		t.partitions[p.partition]++
	}
}

// account returns the account that most ARNs name: a 12-digit id before a word,
// and a word before "aws", which is the owner of AWS managed policies.
func (t *accountTally) account() string {
	return mostCommon(t.accounts, func(account string) int {
		switch {
		case isAccountID(account):
			return 2
		case account != "aws":
			return 1
		}
		return 0
	})
}

// others returns the accounts but for the one of the file, in order.
func (t *accountTally) others(id string) []string {
	var others []string
	for account := range t.accounts {
		if account != id && account != "" && account != "aws" {
			others = append(others, account)
		}
	}
	slices.Sort(others)
	return others
}

func (t *accountTally) partition() string {
	return mostCommon(t.partitions, func(string) int { return 0 })
}

// mostCommon returns the key of the highest rank with the highest count; of
// equals the first in the alphabet, so that the same input gives the same answer.
func mostCommon(counts map[string]int, rank func(string) int) string {
	best := ""
	for key, n := range counts {
		if key == "" {
			continue
		}
		switch d := rank(key) - rank(best); {
		case best == "", d > 0, d == 0 && n > counts[best], d == 0 && n == counts[best] && key < best:
			best = key
		}
	}
	return best
}
