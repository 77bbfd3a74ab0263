package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// files returns what the directory is to hold, by name.
func (s *source) files() (map[string][]byte, error) {
	keys, err := s.keyTable()
	if err != nil {
		return nil, err
	}
	actions, err := s.actionsText(len(keys.names))
	if err != nil {
		return nil, err
	}
	details, err := s.detailsText(keys)
	if err != nil {
		return nil, err
	}
	packed, err := pack(details)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"actions.txt": actions, "details.txt.gz": packed, "LICENSE-iam-data": s.licence}, nil
}

// pack compresses without a time or a name, so that the same text gives the same bytes.
func pack(text []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// A keyTable numbers the condition keys of all services and the global ones.
type keyTable struct {
	names  []string       // sorted without regard to case
	types  []string       // of each name
	number map[string]int // by lower-case name
}

func (s *source) keyTable() (*keyTable, error) {
	keys := map[string]conditionKey{}
	for _, key := range s.globals {
		keys[strings.ToLower(key.Name)] = key
	}
	for i := range s.services {
		for _, key := range s.services[i].keys {
			if _, ok := keys[strings.ToLower(key.Name)]; !ok {
				keys[strings.ToLower(key.Name)] = key
			}
		}
	}
	for name, kind := range keyTypes {
		key, ok := keys[strings.ToLower(name)]
		if !ok || key.Type == kind {
			return nil, fmt.Errorf("condition key %s need not be in the list of corrected types: it is gone or right", name)
		}
		keys[strings.ToLower(name)] = conditionKey{Name: key.Name, Type: kind}
	}
	t := &keyTable{number: map[string]int{}}
	for _, lower := range slices.Sorted(maps.Keys(keys)) {
		kind, err := keyType(keys[lower].Type)
		if err != nil {
			return nil, fmt.Errorf("condition key %s: %w", keys[lower].Name, err)
		}
		t.number[lower] = len(t.names)
		t.names = append(t.names, keys[lower].Name)
		t.types = append(t.types, kind)
	}
	return t, nil
}

// keyTypes are the types of keys of which the package says something else than
// the IAM User Guide, which gives them as multivalued.
//
// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif.
var keyTypes = map[string]string{
	"cognito-identity.amazonaws.com:amr": "ArrayOfString",
}

// keyType returns the type of a key's values as details.txt has it: with a star
// when a request may have several.
func keyType(name string) (string, error) {
	kind, several := strings.CutPrefix(name, "ArrayOf")
	if !slices.Contains([]string{"String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "Binary"}, kind) {
		return "", fmt.Errorf("unknown type %q", name)
	}
	if several {
		kind += "*"
	}
	return kind, nil
}

// numbers returns the numbers of the keys, ascending, with a space between them.
func (t *keyTable) numbers(names []string) (string, error) {
	var numbers []int
	for _, name := range names {
		n, ok := t.number[strings.ToLower(name)]
		if !ok {
			return "", fmt.Errorf("condition key %s is not in any service's list", name)
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	var words []string
	for _, n := range slices.Compact(numbers) {
		words = append(words, strconv.Itoa(n))
	}
	return strings.Join(words, " "), nil
}

// detailsText writes the condition keys, one a line with its type, then for each
// service an empty line, its prefix, its resource types and a line for each of
// its actions, in the order of actions.txt. Tabs divide fields; keys and resource
// types are given by their numbers, from 0, with "!" behind a required type.
func (s *source) detailsText(keys *keyTable) ([]byte, error) {
	var b bytes.Buffer
	for i, name := range keys.names {
		fmt.Fprintf(&b, "%s\t%s\n", name, keys.types[i])
	}
	for i := range s.services {
		if err := writeDetails(&b, &s.services[i], keys); err != nil {
			return nil, fmt.Errorf("service %s: %w", s.services[i].prefix, err)
		}
	}
	return b.Bytes(), nil
}

func writeDetails(b *bytes.Buffer, service *service, keys *keyTable) error {
	fmt.Fprintf(b, "\n%s\t%d\n", service.prefix, len(service.resources))
	number := map[string]int{}
	keysOf := map[string][]string{}
	for i, r := range service.resources {
		numbers, err := keys.numbers(r.ConditionKeys)
		if err != nil {
			return fmt.Errorf("resource type %s: %w", r.Name, err)
		}
		if strings.ContainsAny(r.Name+r.ARN, "\t\n") {
			return fmt.Errorf("resource type %q: a tab or the end of a line in it", r.Name)
		}
		fmt.Fprintf(b, "%s\t%s\t%s\n", r.Name, r.ARN, numbers)
		number[strings.ToLower(r.Name)] = i
		keysOf[strings.ToLower(r.Name)] = r.ConditionKeys
	}
	for _, a := range service.actions {
		// A key that the action has for one resource type only, and not for the
		// type whatever the action, is a key of the action.
		names := slices.Clone(a.ConditionKeys)
		var types []string
		for _, r := range a.ResourceTypes {
			n, ok := number[strings.ToLower(r.Name)]
			if !ok {
				return fmt.Errorf("action %s: no resource type %s", a.Name, r.Name)
			}
			word := strconv.Itoa(n)
			if r.Required {
				word += "!"
			}
			types = append(types, word)
			for _, key := range r.ConditionKeys {
				if !slices.Contains(keysOf[strings.ToLower(r.Name)], key) {
					names = append(names, key)
				}
			}
		}
		numbers, err := keys.numbers(names)
		if err != nil {
			return fmt.Errorf("action %s: %w", a.Name, err)
		}
		fmt.Fprintf(b, "%s\t%s\n", strings.Join(types, " "), numbers)
	}
	return nil
}
