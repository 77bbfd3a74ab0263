package nhi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// signalsVersion is the version of the file format that this package reads.
const signalsVersion = 1

// maxSignalsSize bounds what LoadSignals reads; the built-in file has 30 KB.
const maxSignalsSize = 8 << 20

// signalsFile is the JSON of a signals file. data/signals.json is one, whole.
type signalsFile struct {
	Version     int                           `json:"version"`
	Extends     *bool                         `json:"extends"`
	Model       json.RawMessage               `json:"model"`
	Families    map[string]float64            `json:"families"`
	Signals     map[string]signalEntry        `json:"signals"`
	Evidence    map[string]map[string]float64 `json:"evidence"`
	Words       []wordsEntry                  `json:"words"`
	GivenNames  []string                      `json:"given_names"`
	Suffixes    []string                      `json:"suffixes"`
	Patterns    []patternEntry                `json:"patterns"`
	Tags        []tagEntry                    `json:"tags"`
	Paths       []pathEntry                   `json:"paths"`
	Services    servicesEntry                 `json:"services"`
	SelfService selfServiceEntry              `json:"self_service"`
	Accounts    map[string]accountEntry       `json:"accounts"`

	text []byte
}

type signalEntry struct {
	Family string   `json:"family"`
	Weight *float64 `json:"weight"`
}

type wordsEntry struct {
	Class    string   `json:"class"`
	Category string   `json:"category"`
	Words    []string `json:"words"`
}

type patternEntry struct {
	Type     string `json:"type"`
	Match    string `json:"match"`
	Signal   string `json:"signal"`
	Category string `json:"category"`
	Detail   string `json:"detail"`
	Fact     string `json:"fact"`
}

type tagEntry struct {
	Signal string   `json:"signal"`
	Keys   []string `json:"keys"`
	Values []string `json:"values"`
}

type pathEntry struct {
	Type     string   `json:"type"`
	Signal   string   `json:"signal"`
	Prefix   string   `json:"prefix"`
	Segments []string `json:"segments"`
}

type servicesEntry struct {
	MachineKeys        []string `json:"machine_keys"`
	MachineCredentials []string `json:"machine_credentials"`
	GitCredentials     []string `json:"git_credentials"`
}

type selfServiceEntry struct {
	ManagedPolicies []string `json:"managed_policies"`
	Actions         []string `json:"actions"`
}

type accountEntry struct {
	Name     string `json:"name"`
	Relation string `json:"relation"`
}

// LoadSignals reads a signals file: JSON of the form of data/signals.json in this
// package's source. Every part may be left out. With "extends" true or left out
// it adds to the built-in signals and comes before them; with "extends" false it
// stands alone, and signals that it does not name weigh nothing.
//
// An unknown key, signal, class or category, and a number that makes no sense,
// is an error that names the line and the field.
func LoadSignals(r io.Reader) (*Signals, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSignalsSize+1))
	if err != nil {
		return nil, fmt.Errorf("signals: %w", err)
	}
	if len(text) > maxSignalsSize {
		return nil, fmt.Errorf("signals: the file is larger than %d MB; it holds word lists and weights, not data of an account", maxSignalsSize>>20)
	}
	file, err := decodeSignals(trimBOM(text))
	if err != nil {
		return nil, fmt.Errorf("signals: %w", err)
	}
	s := newSignals()
	if file.Extends == nil || *file.Extends {
		s = DefaultSignals().clone()
	} else if file.Model == nil {
		return nil, errors.New(`signals: model: a file with "extends": false must have a model`)
	}
	if err := s.apply(file); err != nil {
		return nil, fmt.Errorf("signals: %w", err)
	}
	return s, nil
}

// decodeSignals decodes the JSON, strictly.
func decodeSignals(text []byte) (*signalsFile, error) {
	file := &signalsFile{text: text}
	if err := decodeStrictly(text, file); err != nil {
		return nil, describeJSON(text, err)
	}
	if file.Version != signalsVersion {
		return nil, file.errorAt("version", "%d is not a version that can be read; write 1", file.Version)
	}
	return file, nil
}

// decodeStrictly decodes one JSON value with no unknown keys and nothing after it.
func decodeStrictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fieldError{offset: int(d.InputOffset()), message: "there is more after the end of the JSON object"}
	}
	return nil
}

// describeJSON gives a decoding error its line and field.
func describeJSON(text []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var field fieldError
	switch {
	case errors.As(err, &syntax):
		return at(text, int(syntax.Offset), "not JSON: "+syntax.Error())
	case errors.Is(err, io.EOF):
		return errors.New("the file is empty; expected a JSON object")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return at(text, len(text), "not JSON: it ends in the middle")
	case errors.As(err, &kind):
		return at(text, int(kind.Offset), fmt.Sprintf("%s: expected %s, found %s", kind.Field, jsonKind(kind), kind.Value))
	case errors.As(err, &field):
		return at(text, field.offset, field.message)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name = strings.Trim(name, `"`)
		return at(text, findKey(text, name), name+": no such key in a signals file")
	}
	return err
}

func jsonKind(err *json.UnmarshalTypeError) string {
	switch err.Type.Kind().String() {
	case "string":
		return "a string"
	case "float64", "int":
		return "a number"
	case "bool":
		return "true or false"
	case "slice":
		return "a list"
	default:
		return "an object"
	}
}
