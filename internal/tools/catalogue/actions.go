package main

import (
	"bytes"
	"fmt"
	"strings"
)

// levels are the letters of the access levels in actions.txt, by AWS's names.
// The reference calls whatever sets tags "Tagging, Write" and whatever manages
// permissions "Permissions management, Write": the level that says more is first.
var levels = []struct {
	name   string
	letter byte
}{
	{"Permissions management", 'P'}, {"Tagging", 'T'}, {"Write", 'W'}, {"Read", 'R'}, {"List", 'L'},
}

func levelLetter(accessLevel string) (byte, error) {
	names := strings.Split(accessLevel, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	for _, level := range levels {
		for _, name := range names {
			if name == level.name {
				return level.letter, nil
			}
		}
	}
	return 0, fmt.Errorf("unknown access level %q", accessLevel)
}

// The letters of an action's flags in actions.txt.
const (
	flagNone                    = '.'
	flagResourceLevel           = 'r'
	flagPassesRole              = 'p'
	flagResourceLevelPassesRole = 'b'
)

func flagLetter(resourceLevel, passesRole bool) byte {
	switch {
	case resourceLevel && passesRole:
		return flagResourceLevelPassesRole
	case resourceLevel:
		return flagResourceLevel
	case passesRole:
		return flagPassesRole
	}
	return flagNone
}

const countsLine = "counts: %d services, %d actions, %d resource types, %d condition keys\n"

func (s *source) actionsText(conditionKeys int) ([]byte, error) {
	resources := 0
	for i := range s.services {
		resources += len(s.services[i].resources)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "package: %s\nversion: %s\n", name, version)
	fmt.Fprintf(&b, countsLine, len(s.services), s.actionCount(), resources, conditionKeys)
	b.WriteString("licence: MIT, see LICENSE-iam-data\n\n")
	for i := range s.services {
		if err := s.writeService(&b, &s.services[i]); err != nil {
			return nil, fmt.Errorf("service %s: %w", s.services[i].prefix, err)
		}
	}
	return b.Bytes(), nil
}

// writeService writes a line of fields that tabs divide: prefix, name, whether
// RCPs apply, number of actions, their levels, their flags, and their names with
// a space between them.
func (s *source) writeService(b *bytes.Buffer, service *service) error {
	var levels, flags []byte
	var names []string
	for _, a := range service.actions {
		level, err := levelLetter(a.AccessLevel)
		if err != nil {
			return fmt.Errorf("action %s: %w", a.Name, err)
		}
		if strings.ContainsAny(a.Name, " \t\n:*?") {
			return fmt.Errorf("action %q: not a name", a.Name)
		}
		levels = append(levels, level)
		flags = append(flags, flagLetter(len(a.ResourceTypes) > 0, s.passRole[service.prefix+":"+a.Name]))
		names = append(names, a.Name)
	}
	control := "-"
	if service.resourceControl {
		control = "rcp"
	}
	if strings.ContainsAny(service.name, "\t\n") {
		return fmt.Errorf("name %q: not a name", service.name)
	}
	_, err := fmt.Fprintf(b, "%s\t%s\t%s\t%d\t%s\t%s\t%s\n", service.prefix, service.name, control,
		len(names), levels, flags, strings.Join(names, " "))
	return err
}

// actionsIn returns the number of actions that a catalogue's header speaks of.
func actionsIn(text []byte) (int, error) {
	_, rest, ok := bytes.Cut(text, []byte("\ncounts: "))
	if !ok {
		return 0, fmt.Errorf("no counts in the header")
	}
	var services, actions int
	if _, err := fmt.Sscanf(string(rest[:min(len(rest), 100)]), "%d services, %d actions", &services, &actions); err != nil {
		return 0, fmt.Errorf("counts in the header: %w", err)
	}
	return actions, nil
}
