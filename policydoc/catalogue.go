package policydoc

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:generate go run ../internal/tools/catalogue -o data

// actionsText is the first half of the catalogue. After a header that an empty
// line ends, it has a line for each service, whose fields tabs divide: prefix,
// name, whether RCPs apply, number of actions, and for every action a letter for
// its level, one for its flags, and its name.
//
//go:embed data/actions.txt
var actionsText string

// A CatalogueInfo says what the catalogue was made from.
type CatalogueInfo struct {
	Package       string // the npm package
	Version       string
	Services      int
	Actions       int
	ResourceTypes int
	ConditionKeys int
}

// Catalogue says where the embedded action catalogue comes from and how much it
// holds. It reads the header alone, in about a microsecond.
func Catalogue() CatalogueInfo {
	header, _, _ := strings.Cut(actionsText, "\n\n")
	var info CatalogueInfo
	for line := range strings.Lines(header) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "package":
			info.Package = value
		case "version":
			info.Version = value
		case "counts":
			for count := range strings.SplitSeq(value, ", ") {
				number, of, _ := strings.Cut(count, " ")
				n, _ := strconv.Atoi(number) // a test reads them all
				switch of {
				case "services":
					info.Services = n
				case "actions":
					info.Actions = n
				case "resource types":
					info.ResourceTypes = n
				case "condition keys":
					info.ConditionKeys = n
				}
			}
		}
	}
	return info
}

// A catalogueIndex finds services. Its actions are numbered through, service by
// service; [ActionSet] holds those numbers.
type catalogueIndex struct {
	services []catalogueService // sorted by prefix
	byPrefix map[string]int     // in small letters, as nearly everyone writes it
	actions  int
}

// A catalogueService is one line of the catalogue.
type catalogueService struct {
	prefix, name    string
	resourceControl bool
	first, count    int    // the numbers of its actions
	levels, flags   string // a letter for each action
	names           string // with a space between them

	decode  sync.Once
	decoded []string
	folded  []string    // in small letters
	letters []letterSet // of the names
}

// catalogue splits the text into services, which takes tens of microseconds, and
// leaves their names alone.
var catalogue = sync.OnceValue(readCatalogue)

func readCatalogue() *catalogueIndex {
	_, lines, _ := strings.Cut(actionsText, "\n\n")
	count := strings.Count(lines, "\n")
	c := &catalogueIndex{services: make([]catalogueService, count), byPrefix: make(map[string]int, count)}
	for i := range c.services {
		line, rest, _ := strings.Cut(lines, "\n")
		lines = rest
		s := &c.services[i]
		s.prefix, line, _ = strings.Cut(line, "\t")
		s.name, line, _ = strings.Cut(line, "\t")
		control, line, _ := strings.Cut(line, "\t")
		count, line, _ := strings.Cut(line, "\t")
		s.resourceControl = control == "rcp"
		s.count, _ = strconv.Atoi(count) // a test reads them all
		s.levels, line = line[:s.count], line[s.count+1:]
		s.flags, s.names = line[:s.count], line[s.count+1:]
		c.byPrefix[s.prefix] = i
		s.first = c.actions
		c.actions += s.count
	}
	return c
}

// actions returns the service's actions as policies name them, such as
// s3:GetObject, sorted without regard to case.
func (s *catalogueService) actions() []string {
	s.decode.Do(func() {
		text := s.prefix + ":" + strings.ReplaceAll(s.names, " ", " "+s.prefix+":")
		s.decoded = strings.Split(text, " ")
		s.folded = strings.Split(lowerASCII(text), " ")
		s.letters = make([]letterSet, len(s.decoded))
		for i := range s.decoded {
			s.letters[i] = lettersOf(s.decoded[i][len(s.prefix)+1:])
		}
	})
	return s.decoded
}

// foldedActions returns the actions in small letters, to be matched without regard
// to case.
func (s *catalogueService) foldedActions() []string {
	s.actions()
	return s.folded
}

// foldedName returns the name of the i-th action in small letters, without the prefix.
func (s *catalogueService) foldedName(i int) string { return s.foldedActions()[i][len(s.prefix)+1:] }

// action returns the i-th action.
func (s *catalogueService) action(i int) Action {
	return Action{
		Service:       s.prefix,
		Name:          s.actionName(i),
		Level:         levelOf(s.levels[i]),
		ResourceLevel: s.flags[i] == 'r' || s.flags[i] == 'b',
		PassesRole:    s.flags[i] == 'p' || s.flags[i] == 'b',
	}
}

func levelOf(letter byte) AccessLevel {
	switch letter {
	case 'P':
		return LevelPermissionsManagement
	case 'W':
		return LevelWrite
	case 'T':
		return LevelTagging
	case 'R':
		return LevelRead
	case 'L':
		return LevelList
	}
	return LevelUnknown
}
