package manage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxPlanFile    = 16 << 20
	maxPlanChanges = 10_000
)

var accountIDPattern = regexp.MustCompile(`^[0-9]{12}$`)

// ReadPlanFile reads a plan file, strictly: what it does not know is an error, since
// a misspelled word could else change something other than meant. So are a change that is
// there twice and unused_since where it cannot be told. The error is a
// [*PlanFileError], or that of the reader.
//
// The file is as schema/plan-v1.json of the repository says. Policy documents may be
// strings or objects.
func ReadPlanFile(r io.Reader) (*PlanFile, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxPlanFile+1))
	if err != nil {
		return nil, fmt.Errorf("plan file: %w", err)
	}
	p := &planReader{text: text, known: kindsByName(), seen: map[string]int{}}
	if len(text) > maxPlanFile {
		return nil, p.fail(maxPlanFile, "longer than %d MiB", maxPlanFile>>20)
	}
	if at := badUTF8(text); at >= 0 {
		return nil, p.fail(at, "not UTF-8")
	}
	return p.read()
}

// A planReader reads a plan file and knows where it is.
type planReader struct {
	text  []byte
	known map[string]Kind
	// entry and change are those of the change that is being read.
	entry  int
	change string
	// seen has the number of the change for each that was read.
	seen map[string]int
}

func (p *planReader) read() (*PlanFile, error) {
	var (
		f       PlanFile
		schema  string
		entries []element
	)
	whole, err := p.whole()
	if err != nil {
		return nil, err
	}
	err = p.object(whole, map[string]target{
		"schema":     {required: true, into: &schema},
		"account_id": {required: true, into: &f.AccountID},
		"created_at": {required: true, into: &f.CreatedAt},
		"comment":    {into: &f.Comment},
		"changes":    {required: true, list: &entries},
	}, func(key string, value element) error {
		switch {
		case key == "schema" && schema != planSchema:
			return p.fail(value.at, "the schema is %q: want %s", schema, planSchema)
		case key == "account_id" && !accountIDPattern.MatchString(f.AccountID):
			return p.fail(value.at, "account_id: want 12 digits")
		case key == "changes" && len(entries) > maxPlanChanges:
			return p.fail(value.at, "more than %d changes", maxPlanChanges)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	f.Proposals = make([]Proposal, len(entries))
	for i, entry := range entries {
		p.entry, p.change = i+1, ""
		if f.Proposals[i], err = p.proposal(entry); err != nil {
			return nil, err
		}
	}
	return &f, nil
}

func (p *planReader) proposal(entry element) (Proposal, error) {
	var (
		made      Proposal
		arguments element
		since     element
	)
	err := p.object(entry, map[string]target{
		"change":       {required: true, into: &p.change},
		"arguments":    {required: true, raw: &arguments},
		"reason":       {into: &made.Reason},
		"unused_since": {into: &made.UnusedSince},
	}, func(key string, value element) error {
		if _, ok := p.known[p.change]; key == "change" && !ok {
			name := p.change
			p.change = ""
			if meant := strings.ReplaceAll(name, "-", "_"); p.known[meant].Name != "" {
				return p.fail(value.at, "there is no change %q; did you mean %s?", name, meant)
			}
			return p.fail(value.at, "there is no change %q", name)
		}
		if key == "unused_since" {
			since = value
		}
		return nil
	})
	if err != nil {
		return made, err
	}
	if made.Change, err = p.decode(arguments); err != nil {
		return made, err
	}
	if _, ok := usedThing(made.Change); !ok && !made.UnusedSince.IsZero() {
		return made, p.fail(since.at, "unused_since: it is about nothing whose last use AWS tells")
	}
	return made, p.once(entry, made.Change)
}

// once fails for a change that was read before.
func (p *planReader) once(entry element, change Change) error {
	text, err := json.Marshal(change)
	if err != nil {
		return p.fail(entry.at, "%v", err)
	}
	key := change.Kind() + " " + string(text)
	if first := p.seen[key]; first != 0 {
		return p.fail(entry.at, "the same as change %d", first)
	}
	p.seen[key] = p.entry
	return nil
}

// decode reads the arguments of a change of the present kind.
func (p *planReader) decode(arguments element) (Change, error) {
	kind := p.known[p.change]
	into := reflect.New(kind.Type())
	fields := map[string]target{}
	for i := range kind.Type().NumField() {
		field := kind.Type().Field(i)
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		t := target{required: !strings.Contains(options, "omit"), into: into.Elem().Field(i).Addr().Interface(), document: field.Tag.Get("text") == "json"}
		if words := field.Tag.Get("enum"); words != "" {
			t.enum = strings.Split(words, ",")
		}
		fields[name] = t
	}
	if err := p.object(arguments, fields, func(string, element) error { return nil }); err != nil {
		return nil, err
	}
	change, _ := into.Elem().Interface().(Change)
	return change, nil
}

// A target is where a member of an object goes: into a value, as a list, or as it is.
type target struct {
	required bool
	into     any
	list     *[]element
	raw      *element
	// document says that the string is a JSON document, which may be an object here.
	document bool
	enum     []string
}

// set reads the value. What is wrong with it is said in words, since encoding/json's
// name Go's types.
func (t target) set(p *planReader, key string, value element) error {
	switch {
	case t.raw != nil:
		*t.raw = value
		return nil
	case t.list != nil:
		var err error
		*t.list, err = p.elements(key, value)
		return err
	case string(value.text) == "null":
		return p.fail(value.at, "%s: is null: leave it out instead", key)
	case t.document && value.text[0] == '{':
		reflect.ValueOf(t.into).Elem().SetString(string(value.text))
		return nil
	}
	if err := p.distinct(key, value, reflect.TypeOf(t.into).Elem().Kind()); err != nil {
		return err
	}
	if err := json.Unmarshal(value.text, t.into); err != nil {
		return p.fail(value.at, "%s: want %s", key, wanted(t.into))
	}
	if text := reflect.ValueOf(t.into).Elem(); text.Kind() == reflect.String && t.enum != nil && !slices.Contains(t.enum, text.String()) {
		return p.fail(value.at, "%s: want %s", key, strings.Join(t.enum, ", "))
	}
	return nil
}

// wanted says what JSON a value takes.
func wanted(into any) string {
	if _, ok := into.(*time.Time); ok {
		return "a time such as 2026-01-31T12:00:00Z"
	}
	switch t := reflect.TypeOf(into).Elem(); t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Map:
		return "an object of strings"
	case reflect.Slice:
		return "a list of strings"
	case reflect.String:
		return "a string"
	default:
		return "a whole number"
	}
}

// fail is an error at an offset of the file.
func (p *planReader) fail(at int, format string, args ...any) *PlanFileError {
	before := string(p.text[:min(at, len(p.text))])
	line := strings.LastIndexByte(before, '\n') + 1
	return &PlanFileError{
		Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1,
		Entry: p.entry, Change: p.change, Message: fmt.Sprintf(format, args...),
	}
}

func badUTF8(text []byte) int {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

func kindsByName() map[string]Kind {
	known := map[string]Kind{}
	for _, k := range Kinds() {
		known[k.Name] = k
	}
	return known
}

// isEnd reports whether a decoder's error is the end of the text.
func isEnd(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
