package policydoc

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// document looks at the document as a whole.
func (l *linter) document() {
	l.version()
	l.size()
	l.characters()
	if len(l.doc.Statements) == 0 {
		l.report(ruleNoStatement, atElement("Statement"), "the document has no statement and so says nothing", "add a statement")
	}
	l.duplicateSIDs()
}

func (l *linter) version() {
	const fix = `write "Version": "2012-10-17"`
	missing := ruleLevel(ruleMissingVersion)
	if l.is(KindServiceControl, KindResourceControl) {
		// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html:
		// the element is required, with this value.
		missing = FindingError
	}
	switch l.doc.Version {
	case VersionUnset:
		l.reportAt(missing, ruleMissingVersion, place{}, "Version is missing, which means 2008-10-17: policy variables do not work", fix)
	case Version2008:
		level := ruleLevel(ruleOldVersion)
		if missing == FindingError {
			level = FindingError
		}
		l.reportAt(level, ruleOldVersion, atValue("Version", 0), "2008-10-17 is the old version: policy variables do not work", fix)
	}
}

// sizeLimit returns how many characters the document may have, and what the limit is of.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html and
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html.
func (l *linter) sizeLimit() (limit int, of string) {
	switch l.opts.Kind {
	case KindIdentity:
		switch l.opts.Inline {
		case "user":
			return 2048, "the inline policies of a user"
		case "group":
			return 5120, "the inline policies of a group"
		case "role":
			return 10240, "the inline policies of a role"
		}
		return 6144, "a managed policy"
	case KindTrust:
		return 4096, "a trust policy"
	case KindServiceControl:
		return 10240, "a service control policy"
	case KindResourceControl:
		return 5120, "a resource control policy"
	}
	return 0, ""
}

// defaultTrustSize is the quota of trust policies before an increase.
const defaultTrustSize = 2048

func (l *linter) size() {
	limit, of := l.sizeLimit()
	if limit == 0 || len(l.text) <= min(limit, defaultTrustSize) {
		return
	}
	n := sizeWithoutSpace(l.text)
	switch {
	case n > limit:
		l.report(rulePolicySize, place{}, fmt.Sprintf("the document has %d characters without white space; %s may have %d", n, of, limit),
			"divide it, or use wildcards")
	case l.is(KindTrust) && n > defaultTrustSize:
		l.reportAt(FindingWarning, rulePolicySize, place{},
			fmt.Sprintf("the document has %d characters without white space; a trust policy may have %d unless the quota was raised", n, defaultTrustSize),
			"divide it, or ask for a higher quota")
	case l.is(KindServiceControl, KindResourceControl) && utf8.RuneCountInString(l.text) > limit:
		// AWS Organizations counts white space; the console takes it out, the API does not.
		l.reportAt(FindingWarning, rulePolicySize, place{},
			fmt.Sprintf("with its white space the document is longer than the %d characters that %s may have", limit, of),
			"save it without white space")
	}
}

// sizeWithoutSpace counts the characters that are not white space, as IAM does.
func sizeWithoutSpace(text string) int {
	n := 0
	for _, r := range strings.TrimPrefix(text, byteOrderMark) {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// characters reports the first character that the IAM API does not take in a
// policy document: it takes tab, line feed, carriage return and U+0020 to U+00FF.
//
// See https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html.
func (l *linter) characters() {
	if !l.is(KindIdentity, KindTrust) {
		return
	}
	for i, r := range l.text {
		if r > unicode.MaxLatin1 && (i > 0 || r != '\uFEFF') {
			l.report(ruleInvalidCharacter, place{element: textOffset, index: i},
				fmt.Sprintf("IAM does not accept the character U+%04X in a policy", r), "use characters up to U+00FF")
			return
		}
	}
}

func (l *linter) sid() {
	if !l.is(KindIdentity) || l.s.SID == "" {
		return
	}
	for _, r := range l.s.SID {
		if r >= utf8.RuneSelf || !isLetter(byte(r)) && !isDigit(byte(r)) {
			// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
			l.report(ruleInvalidSID, atValue("Sid", 0), fmt.Sprintf("the Sid holds %q; IAM accepts letters and digits", r), "take it out")
			return
		}
	}
}

func (l *linter) duplicateSIDs() {
	level := FindingWarning
	if l.is(KindIdentity, KindServiceControl, KindResourceControl) {
		level = FindingError
	}
	first := make(map[string]int, len(l.doc.Statements))
	for i := range l.doc.Statements {
		sid := l.doc.Statements[i].SID
		if sid == "" {
			continue
		}
		if other, ok := first[sid]; ok {
			l.index = i
			l.reportAt(level, ruleDuplicateSID, atValue("Sid", 0), fmt.Sprintf("statement %d has the same Sid", other+1), "give each statement a Sid of its own")
			continue
		}
		first[sid] = i
	}
	l.index = -1
}
