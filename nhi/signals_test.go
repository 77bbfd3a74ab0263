package nhi_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/nhi"
)

// load reads a signals file given as text.
func load(t *testing.T, text string) *nhi.Signals {
	t.Helper()
	s, err := nhi.LoadSignals(strings.NewReader(text))
	require.NoError(t, err)
	return s
}

func verdictWith(s *nhi.Signals, u nhiscan.User) nhi.Identity {
	return nhi.Classify(account([]nhiscan.User{u}, nil), &nhi.Options{Signals: s}).Identities[0]
}

func TestSignalsExtend(t *testing.T) {
	t.Parallel()
	tagged := userNamed("xqzvk")
	tagged.Known, tagged.Tags = nhiscan.FactTags, []nhiscan.Tag{{Key: "acme:persona", Value: "Robot-7"}}
	elsewhere := userNamed("xqzvk")
	elsewhere.Path = "/fleet/"
	for name, c := range map[string]struct {
		file    string
		user    nhiscan.User
		verdict nhi.Verdict
	}{
		"nothing":           {`{"version": 1}`, userNamed("ci-deploy"), nhi.NonHuman},
		"a weight":          {`{"version": 1, "signals": {"strong-word": {"weight": -3}}}`, userNamed("ci"), nhi.Human},
		"a word":            {`{"version": 1, "words": [{"class": "strong", "category": "service_account", "words": ["zorg"]}]}`, userNamed("zorg-x"), nhi.NonHuman},
		"a word is ours":    {`{"version": 1, "words": [{"class": "neutral", "words": ["ci"]}]}`, userNamed("ci"), nhi.Uncertain},
		"a given name":      {`{"version": 1, "given_names": ["Xqzvk"]}`, userNamed("xqzvk"), nhi.Human},
		"a pattern":         {`{"version": 1, "patterns": [{"type": "user", "match": "acme-*-x", "signal": "declared-nhi"}]}`, userNamed("ACME-anna-X"), nhi.NonHuman},
		"a tag":             {`{"version": 1, "tags": [{"signal": "declared-nhi", "keys": ["acme:persona"], "values": ["robot*"]}]}`, tagged, nhi.NonHuman},
		"a path":            {`{"version": 1, "paths": [{"signal": "machine-path", "segments": ["fleet"]}]}`, elsewhere, nhi.NonHuman},
		"a path's prefix":   {`{"version": 1, "paths": [{"signal": "people-path", "prefix": "/fl"}]}`, elsewhere, nhi.Human},
		"a threshold":       {`{"version": 1, "model": {"human_at_most": 0.4}}`, userNamed("moonwhisk"), nhi.Human},
		"a signal of ours":  {`{"version": 1, "families": {"acme": 4}, "signals": {"acme-fleet": {"family": "acme", "weight": 4}}, "patterns": [{"match": "xq*", "signal": "acme-fleet"}]}`, userNamed("xqzvk"), nhi.NonHuman},
		"a byte order mark": {"\xef\xbb\xbf" + `{"version": 1}`, userNamed("ci"), nhi.NonHuman},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.verdict, verdictWith(load(t, c.file), c.user).Verdict)
		})
	}
	require.Equal(t, nhi.NonHuman, one(t, userNamed("ci-deploy")).Verdict, "the built-in signals must not change")
}

func TestSignalsAccounts(t *testing.T) {
	t.Parallel()
	s := load(t, `{"version": 1, "accounts": {"111122223333": {"name": "Acme tools", "relation": "internal"}}}`)
	role := roleTrusting("xqzvk", allowTrust(`{"AWS":"arn:aws:iam::111122223333:root"}`, ""))
	got := nhi.Classify(account(nil, []nhiscan.Role{role}), &nhi.Options{Signals: s}).Identities[0]
	require.Equal(t, nhi.CategoryCrossAccountInternal, got.Category)
}

// A file that replaces stands alone. The built-in file, loaded so, gives the
// same as the built-in signals.
func TestSignalsReplace(t *testing.T) {
	t.Parallel()
	alone := load(t, `{"version": 1, "extends": false, "model": {"temperature": 1, "human_at_most": 0.3, "nhi_at_least": 0.7, "recent_days": 30},
		"families": {"f": 5}, "signals": {"given-name": {"family": "f", "weight": -4}}}`)
	require.Equal(t, nhi.Uncertain, verdictWith(alone, userNamed("ci-deploy")).Verdict)
	require.Equal(t, nhi.Human, verdictWith(alone, userNamed("anna")).Verdict)

	text, err := os.ReadFile("data/signals.json")
	require.NoError(t, err)
	same := load(t, strings.Replace(string(text), `"version": 1,`, `"version": 1, "extends": false,`, 1))
	a := bigAccount(50)
	require.Equal(t, nhi.Classify(a, nil), nhi.Classify(a, &nhi.Options{Signals: same}))
}

func TestLoadSignalsErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, want string }{
		"empty":              {``, "signals: the file is empty; expected a JSON object"},
		"cut off":            {"{\"version\": 1,\n\"words\": [", "signals: line 2: not JSON: it ends in the middle"},
		"not JSON":           {"{\n\"version\": one}", "signals: line 2: not JSON: invalid character 'o' looking for beginning of value"},
		"two values":         {"{\"version\": 1}\n{}", "signals: line 2: there is more after the end of the JSON object"},
		"wrong kind":         {"{\"version\": 1,\n\"words\": {}}", "signals: line 2: words: expected a list, found object"},
		"a list":             {`[]`, "signals: line 1: : expected an object, found array"},
		"no version":         {`{}`, "signals: version: 0 is not a version that can be read; write 1"},
		"other version":      {`{"version": 2}`, "signals: line 1: version: 2 is not a version that can be read; write 1"},
		"unknown key":        {"{\"version\": 1,\n\"word\": []}", "signals: line 2: word: no such key in a signals file"},
		"unknown inner key":  {"{\"version\": 1,\n\"words\": [\n{\"clas\": \"strong\"}]}", "signals: line 3: clas: no such key in a signals file"},
		"unknown class":      {"{\"version\": 1, \"words\": [\n{\"class\": \"strnog\"}]}", `signals: line 2: words[0].class: "strnog" is no class; there are strong, vendor, medium, environment, job, break-glass, neutral`},
		"unknown category":   {`{"version": 1, "words": [{"class": "strong", "category": "x"}]}`, `signals: line 1: words[0].category: "x" is no category; there are human, break_glass, `},
		"capitals":           {"{\"version\": 1, \"words\": [{\"class\": \"strong\", \"words\": [\"a\",\n\"CI\"]}]}", `signals: line 2: words[0].words[1]: "CI" must be one lower-case word of letters and digits`},
		"two words":          {`{"version": 1, "words": [{"class": "strong", "words": ["a-b"]}]}`, `words[0].words[0]: "a-b" must be one lower-case word`},
		"twice":              {`{"version": 1, "words": [{"class": "strong", "words": ["a", "a"]}]}`, `words[0].words[1]: "a" is in the lists twice`},
		"unknown signal":     {"{\"version\": 1,\n\"signals\": {\"mfaa\": {\"weight\": 1}}}", "signals: line 2: signals.mfaa: no built-in signal has this name; a new one needs a family"},
		"unknown family":     {`{"version": 1, "signals": {"mfa": {"family": "x", "weight": 1}}}`, `signals.mfa.family: "x" is not in families`},
		"no weight":          {`{"version": 1, "signals": {"mfa": {}}}`, "signals.mfa: the weight is missing"},
		"weight too large":   {`{"version": 1, "signals": {"mfa": {"weight": 21}}}`, "signals.mfa.weight: 21 must be from -20 to 20"},
		"cap":                {`{"version": 1, "families": {"mfa": 0}}`, "families.mfa: the cap 0 must be above 0 and at most 20"},
		"temperature":        {"{\"version\": 1, \"model\": {\n\"temperature\": 0}}", "signals: line 2: model.temperature: 0 must be above 0"},
		"thresholds":         {`{"version": 1, "model": {"human_at_most": 0.7}}`, "model.human_at_most: expected 0 < human_at_most (0.7) < nhi_at_least (0.65) < 1"},
		"share":              {`{"version": 1, "model": {"role_name_factor": 2}}`, "model.role_name_factor: 2 must be from 0 to 1"},
		"days":               {`{"version": 1, "model": {"recent_days": 0}}`, "model.recent_days: 0 must be above 0"},
		"unknown in model":   {"{\"version\": 1,\n\"model\": {\"temprature\": 1}}", "signals: line 2: model: temprature: no such key in a signals file"},
		"evidence kind":      {`{"version": 1, "evidence": {"group": {}}}`, "evidence.group: expected user or role"},
		"evidence name":      {`{"version": 1, "evidence": {"user": {"shoe-size": 1}}}`, "evidence.user.shoe-size: no such evidence; there are access-keys, "},
		"evidence weight":    {`{"version": 1, "evidence": {"user": {"mfa": -1}}}`, "evidence.user.mfa: -1 must be from 0 to 20"},
		"suffix":             {`{"version": 1, "suffixes": ["zorg"]}`, `suffixes[0]: "zorg" is not in words`},
		"pattern for all":    {`{"version": 1, "patterns": [{"match": "**", "signal": "mfa"}]}`, `patterns[0].match: "**" matches every name`},
		"pattern's signal":   {`{"version": 1, "patterns": [{"match": "a", "signal": "x"}]}`, `patterns[0].signal: "x" is not in signals; there are `},
		"pattern's type":     {`{"version": 1, "patterns": [{"type": "group", "match": "a", "signal": "mfa"}]}`, `patterns[0].type: "group" must be user, role, or left out for both`},
		"tag's keys":         {`{"version": 1, "tags": [{"signal": "declared-nhi"}]}`, "tags[0]: the keys are missing"},
		"tag's signal":       {`{"version": 1, "tags": [{"signal": "x", "keys": ["a"]}]}`, `tags[0].signal: "x" is not in signals`},
		"path":               {`{"version": 1, "paths": [{"signal": "mfa"}]}`, "paths[0]: expected a prefix or segments"},
		"path's prefix":      {`{"version": 1, "paths": [{"signal": "mfa", "prefix": "a"}]}`, `paths[0].prefix: "a" must begin with /`},
		"path's type":        {`{"version": 1, "paths": [{"signal": "mfa", "type": "x", "prefix": "/a"}]}`, `paths[0].type: "x" must be user, role`},
		"account id":         {`{"version": 1, "accounts": {"12": {"name": "a", "relation": "vendor"}}}`, "accounts.12: an AWS account id has 12 digits"},
		"account's name":     {`{"version": 1, "accounts": {"111122223333": {"relation": "vendor"}}}`, "accounts.111122223333: the name is missing"},
		"account's relation": {`{"version": 1, "accounts": {"111122223333": {"name": "a", "relation": "friend"}}}`, `accounts.111122223333.relation: "friend" must be internal or vendor`},
		"action":             {`{"version": 1, "self_service": {"actions": ["s3:Get"]}}`, `self_service.actions[0]: "s3:Get" must begin with iam:`},
		"no model":           {`{"version": 1, "extends": false}`, `signals: model: a file with "extends": false must have a model`},
		"too large":          {strings.Repeat(" ", 9<<20), "signals: the file is larger than 8 MB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := nhi.LoadSignals(strings.NewReader(c.file))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func FuzzLoadSignals(f *testing.F) {
	text, err := os.ReadFile("data/signals.json")
	require.NoError(f, err)
	f.Add(string(text))
	f.Add(`{"version": 1, "words": [{"class": "strong", "words": ["zorg"]}], "model": {"temperature": 2}}`)
	f.Add(`{"version": 1, "signals": {"mfa": {"weight": 1}}, "x": [[[`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := nhi.LoadSignals(strings.NewReader(text))
		if err != nil {
			require.True(t, strings.HasPrefix(err.Error(), "signals: "))
			return
		}
		got := verdictWith(s, userNamed("anna-ci"))
		require.GreaterOrEqual(t, got.Confidence, 0.0)
		require.LessOrEqual(t, got.Confidence, 1.0)
	})
}
