package nhiscan

// MalformedDocuments returns a gap for every policy document of the account
// that does not parse. It looks at all of them.
func (a *Account) MalformedDocuments() []Gap {
	var gaps []Gap
	a.eachDocument(func(arn string, subject documentSubject, d PolicyDocument) {
		if d.IsZero() {
			return
		}
		if _, err := d.Parse(); err != nil {
			gaps = append(gaps, Gap{
				Operation: operationDetails,
				Resource:  arn,
				Code:      GapMalformed,
				Message:   subject.String() + ": " + err.Error(),
			})
		}
	})
	return gaps
}

// A documentSubject says which policy document one is: "role", "deploy",
// "inline policy", "logs". It becomes text only for a document that is wrong.
type documentSubject struct{ kind, owner, what, name string }

func (s documentSubject) String() string {
	text := s.kind + " " + s.owner + ": " + s.what
	if s.name != "" {
		text += " " + s.name
	}
	return text
}

// eachDocument calls f with every policy document of the account and the ARN of
// the user, group, role or managed policy that it belongs to.
func (a *Account) eachDocument(f func(arn string, subject documentSubject, d PolicyDocument)) {
	inline := func(arn, kind, owner string, policies []InlinePolicy) {
		for _, p := range policies {
			f(arn, documentSubject{kind, owner, "inline policy", p.Name}, p.Document)
		}
	}
	for i := range a.Users {
		inline(a.Users[i].ARN, "user", a.Users[i].Name, a.Users[i].InlinePolicies)
	}
	for i := range a.Groups {
		inline(a.Groups[i].ARN, "group", a.Groups[i].Name, a.Groups[i].InlinePolicies)
	}
	for i := range a.Roles {
		r := &a.Roles[i]
		f(r.ARN, documentSubject{"role", r.Name, "trust policy", ""}, r.TrustPolicy)
		inline(r.ARN, "role", r.Name, r.InlinePolicies)
	}
	for i := range a.Policies {
		p := &a.Policies[i]
		for _, v := range p.Versions {
			f(p.ARN, documentSubject{"policy", p.Name, "version", v.ID}, v.Document)
		}
	}
}
