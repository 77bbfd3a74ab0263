package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/internal/gendata"
)

// A source is what the packages hold, as they write it.
type source struct {
	licence  []byte
	services []service // sorted by prefix
	// globals are the condition keys that are of no service.
	globals []conditionKey
	// passRole are the actions that need iam:PassRole, as prefix:Name.
	passRole map[string]bool
}

type service struct {
	prefix, name    string
	resourceControl bool
	actions         []action       // sorted by name
	resources       []resourceType // sorted by name
	keys            []conditionKey // sorted by name
}

type action struct {
	Name          string
	AccessLevel   string
	ConditionKeys []string
	ResourceTypes []struct {
		Name             string
		Required         bool
		ConditionKeys    []string
		DependentActions []string
	}
	DependentActions []string
}

type resourceType struct {
	Name          string `json:"key"`
	ARN           string
	ConditionKeys []string
}

type conditionKey struct {
	Name string `json:"key"`
	Type string
}

const globalKeysFile = "dist/esm/globalConditionKeys.js"

// load fetches the packages and reads what the catalogue needs of them.
func load(ctx context.Context) (*source, error) {
	files, err := gendata.Fetch(ctx, name+"@"+version, func(path string) bool {
		return strings.HasPrefix(path, "data/") || path == globalKeysFile || path == "LICENSE.txt"
	})
	if err != nil {
		return nil, err
	}
	if err := gendata.Require(files, globalKeysFile, "LICENSE.txt"); err != nil {
		return nil, err
	}
	s := &source{licence: files["LICENSE.txt"]}
	if s.services, err = readServices(files); err != nil {
		return nil, fmt.Errorf("version %s: %w", version, err)
	}
	if s.globals, err = readGlobals(files[globalKeysFile]); err != nil {
		return nil, fmt.Errorf("version %s: %s: %w", version, globalKeysFile, err)
	}
	old, err := gendata.Fetch(ctx, name+"@"+passRoleVersion, func(path string) bool {
		return strings.HasPrefix(path, "data/actions/")
	})
	if err != nil {
		return nil, err
	}
	if s.passRole, err = s.readPassRole(old); err != nil {
		return nil, fmt.Errorf("version %s: %w", passRoleVersion, err)
	}
	return s, nil
}

func (s *source) actionCount() int {
	n := 0
	for i := range s.services {
		n += len(s.services[i].actions)
	}
	return n
}

func readServices(files map[string][]byte) ([]service, error) {
	names, err := decode[map[string]string](files, "data/serviceNames.json")
	if err != nil {
		return nil, err
	}
	controlled, err := decode[[]string](files, "data/rcpSupportedServices.json")
	if err != nil {
		return nil, err
	}
	var services []service
	for _, prefix := range slices.Sorted(maps.Keys(names)) {
		s := service{prefix: prefix, name: serviceName(prefix, names), resourceControl: slices.Contains(controlled, prefix)}
		if s.actions, err = decodeSorted(files, "data/actions/"+prefix+".json", func(a action) string { return a.Name }); err != nil {
			return nil, err
		}
		if s.resources, err = decodeSorted(files, "data/resourceTypes/"+prefix+".json", func(r resourceType) string { return r.Name }); err != nil {
			return nil, err
		}
		if s.keys, err = decodeSorted(files, "data/conditionKeys/"+prefix+".json", func(k conditionKey) string { return k.Name }); err != nil {
			return nil, err
		}
		services = append(services, s)
	}
	return services, nil
}

func decode[T any](files map[string][]byte, file string) (T, error) {
	var value T
	if err := gendata.Require(files, file); err != nil {
		return value, err
	}
	if err := json.Unmarshal(files[file], &value); err != nil {
		return value, fmt.Errorf("%s: %w", file, err)
	}
	return value, nil
}

// decodeSorted decodes a file that maps lower-case names to values. The order is
// that of the names without regard to case, in which policydoc searches them.
func decodeSorted[T any](files map[string][]byte, file string, name func(T) string) ([]T, error) {
	byName, err := decode[map[string]T](files, file)
	if err != nil {
		return nil, err
	}
	values := make([]T, 0, len(byName))
	for _, key := range slices.Sorted(maps.Keys(byName)) {
		if strings.ToLower(name(byName[key])) != key {
			return nil, fmt.Errorf("%s: %q is filed under %q", file, name(byName[key]), key)
		}
		values = append(values, byName[key])
	}
	return values, nil
}

var globalKey = regexp.MustCompile(`key: '([^']+)',\s*category: '[^']*',\s*type: '([^']+)'`)

// readGlobals reads the global condition keys, which the package has as source text only.
func readGlobals(script []byte) ([]conditionKey, error) {
	var keys []conditionKey
	for _, match := range globalKey.FindAllSubmatch(script, -1) {
		name := strings.Replace(string(match[1]), "/tag-key", "/${TagKey}", 1)
		keys = append(keys, conditionKey{Name: name, Type: string(match[2])})
	}
	if want := strings.Count(string(script), "category: '"); len(keys) < 50 || len(keys) != want {
		return nil, fmt.Errorf("%d of %d keys understood; the package may have changed its layout", len(keys), want)
	}
	return keys, nil
}

// readPassRole returns the actions that need iam:PassRole and that there still are.
func (s *source) readPassRole(files map[string][]byte) (map[string]bool, error) {
	known := map[string]string{}
	for i := range s.services {
		for _, a := range s.services[i].actions {
			full := s.services[i].prefix + ":" + a.Name
			known[strings.ToLower(full)] = full
		}
	}
	needs := map[string]bool{}
	for file := range files {
		prefix := strings.TrimSuffix(path.Base(file), ".json")
		actions, err := decode[map[string]action](files, file)
		if err != nil {
			return nil, err
		}
		for _, a := range actions {
			if full, ok := known[strings.ToLower(prefix+":"+a.Name)]; ok && a.needsPassRole() {
				needs[full] = true
			}
		}
	}
	if len(needs) < 200 {
		return nil, fmt.Errorf("%d actions need iam:PassRole; want more than 200", len(needs))
	}
	for _, extra := range morePassRole {
		full := known[strings.ToLower(extra)]
		if full != extra || needs[extra] {
			return nil, fmt.Errorf("%s need not be in the list of more actions that pass a role: it is gone or in the package", extra)
		}
		needs[extra] = true
	}
	return needs, nil
}

func (a action) needsPassRole() bool {
	is := func(name string) bool { return strings.EqualFold(name, "iam:PassRole") }
	for _, r := range a.ResourceTypes {
		if slices.ContainsFunc(r.DependentActions, is) {
			return true
		}
	}
	return slices.ContainsFunc(a.DependentActions, is)
}
