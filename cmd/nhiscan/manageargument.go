package main

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/policydoc"
)

// An argument is one argument of a change as a flag; its value is as JSON has it.
type argument struct {
	field reflect.StructField
	// name is that in the change's JSON, flag that on the command line.
	name, flag string
	required   bool
	// document says that it is the text of a policy document, of which a file is named.
	document bool
	enum     []string
	// value is nil when nothing is known of it.
	value any
	set   bool
	// text is that of a document, once it was read.
	text string
}

func newArgument(field reflect.StructField) *argument {
	name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	a := &argument{
		field: field, name: name, flag: commandName(name),
		required: !strings.Contains(options, "omitzero") && !strings.Contains(options, "omitempty"),
		document: field.Tag.Get("text") == "json",
	}
	if enum := field.Tag.Get("enum"); enum != "" {
		a.enum = strings.Split(enum, ",")
	}
	if a.repeats() {
		a.flag = strings.TrimSuffix(a.flag, "s") // one each time
	}
	if text, ok := field.Tag.Lookup("default"); ok {
		if err := a.Set(text); err != nil {
			panic(fmt.Sprintf("the default of %s: %v", name, err)) // a test makes every command
		}
		a.set = false
	}
	return a
}

// given reports whether it was on the command line.
func (a *argument) given() bool { return a.set }

// repeats reports whether it may be given many times.
func (a *argument) repeats() bool {
	kind := a.field.Type.Kind()
	return kind == reflect.Slice || kind == reflect.Map
}

// String is the default in the help.
func (a *argument) String() string {
	if a.value == nil {
		return ""
	}
	return fmt.Sprint(a.value)
}

// Type is what help shows in the place of the value.
func (a *argument) Type() string {
	switch kind := a.field.Type.Kind(); {
	case kind == reflect.Bool:
		return "bool"
	case kind == reflect.Int:
		return "number"
	case kind == reflect.Map:
		return "KEY=VALUE"
	case a.document:
		return "file"
	case len(a.enum) > 0:
		return "word"
	}
	for _, word := range []string{"name", "id", "key"} {
		if strings.HasSuffix(a.flag, word) {
			return word
		}
	}
	if strings.HasSuffix(a.flag, "arn") {
		return "ARN"
	}
	return "text"
}

func (a *argument) usage() string {
	doc := a.field.Tag.Get("doc")
	if len(doc) > 1 && strings.ToUpper(doc[1:2]) != doc[1:2] {
		doc = strings.ToLower(doc[:1]) + doc[1:]
	}
	switch {
	case a.document:
		doc += "\n(a file, - for standard input, or the JSON itself)"
	case len(a.enum) > 0:
		doc += ": " + strings.Join(a.enum, ", ")
	case a.repeats():
		doc += " (repeatable)"
	}
	if a.required {
		doc += " (required)"
	}
	return doc
}

// Set takes a value, or one more.
func (a *argument) Set(text string) error {
	value, err := a.parse(text)
	if err != nil {
		return err
	}
	a.value, a.set = value, true
	return nil
}

func (a *argument) parse(text string) (any, error) {
	switch a.field.Type.Kind() {
	case reflect.Bool:
		return strconv.ParseBool(text)
	case reflect.Int:
		return a.number(text)
	case reflect.Map:
		return a.pair(text)
	case reflect.Slice:
		if err := a.check(text); err != nil {
			return nil, err
		}
		list, _ := a.value.([]string)
		return append(slices.Clip(list), text), nil
	}
	return text, a.check(text)
}

func (a *argument) check(word string) error {
	if len(a.enum) == 0 {
		return nil
	}
	return commandline.CheckWord(word, a.enum)
}

func (a *argument) number(text string) (any, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("want a whole number")
	}
	if least, ok := a.limit("min"); ok && n < least {
		return nil, fmt.Errorf("want a number from %d", least)
	}
	if most, ok := a.limit("max"); ok && n > most {
		return nil, fmt.Errorf("want a number up to %d", most)
	}
	return n, nil
}

func (a *argument) limit(tag string) (int, bool) {
	n, err := strconv.Atoi(a.field.Tag.Get(tag))
	return n, err == nil
}

// pair adds to a map.
func (a *argument) pair(text string) (any, error) {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return nil, fmt.Errorf("want KEY=VALUE, such as team=build")
	}
	pairs, _ := a.value.(map[string]string)
	if pairs == nil {
		pairs = map[string]string{}
	}
	if _, twice := pairs[key]; twice {
		return nil, fmt.Errorf("the key %q is given twice", key)
	}
	pairs[key] = value
	return pairs, nil
}

// file is how a document's source is called; empty for one that stands on the
// command line.
func (a *argument) file() string {
	switch source, _ := a.value.(string); {
	case source == "-":
		return "standard input"
	case strings.HasPrefix(strings.TrimSpace(source), "{"):
		return ""
	default:
		return source
	}
}

// read returns a document's text, and refuses what is no policy document before
// AWS is asked anything.
func (a *argument) read(con *console) (string, error) {
	source, _ := a.value.(string)
	a.text = source
	name := "--" + a.flag
	if file := a.file(); file != "" || source == "" {
		text, err := readText(con, source)
		if err != nil {
			return "", fmt.Errorf("--%s: %w", a.flag, err)
		}
		a.text, name = text, file
	}
	if err := mistaken(name, a.text); err != nil {
		return "", err
	}
	var parse *policydoc.ParseError
	if _, err := policydoc.Parse(a.text); errors.As(err, &parse) {
		return "", a.position(parse)
	}
	return a.text, nil
}

// position is the error of a document that does not parse, as compilers have it.
func (a *argument) position(e *policydoc.ParseError) error {
	line, column := e.Position(a.text)
	name := a.file()
	if name == "" {
		name = "--" + a.flag
	}
	return commandline.Usagef("%s:%d:%d: %w", name, line, column, e)
}

// samples are made-up values of arguments by name, for examples.
var samples = map[string]string{
	"user_name": "ci", "role_name": "deploy", "group_name": "developers", "identity_name": "ci", "instance_profile_name": "web",
	"policy_name": "read-reports", "policy_arn": "arn:aws:iam::123456789012:policy/read-reports", "version_id": "v2",
	"access_key_id": "AKIAIOSFODNN7EXAMPLE", "tags": "team=build", "tag_keys": "team",
}

func (a *argument) sample() string {
	switch {
	case a.document:
		return "policy.json"
	case len(a.enum) > 0:
		return a.enum[len(a.enum)-1]
	case samples[a.name] != "":
		return samples[a.name]
	}
	return strings.ToUpper(strings.ReplaceAll(a.flag, "-", "_"))
}
