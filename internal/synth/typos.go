package synth

import "strings"

// serviceTypos are service prefixes as people write them and AWS does not.
var serviceTypos = map[string]string{
	"dynamodb":       "dynamo",
	"secretsmanager": "secretmanager",
	"cloudwatch":     "cloud-watch",
	"logs":           "log",
	"states":         "stepfunctions",
	"ecr":            "ecr-registry",
}

// misspell puts a typing error into one action of the statement: AWS accepts a
// policy that names an action which does not exist, and grants nothing by it.
func (g *generator) misspell(s *statement) {
	i := g.rand.IntN(len(s.actions))
	service, action, _ := strings.Cut(s.actions[i], ":")
	if typo, ok := serviceTypos[service]; ok && g.chance(50) {
		s.actions[i] = typo + ":" + action
		return
	}
	s.actions[i] = service + ":" + g.swapLetters(action)
}

// swapLetters exchanges two letters that stand side by side and are not the same.
func (g *generator) swapLetters(word string) string {
	letters := []byte(word)
	first := g.rand.IntN(len(letters))
	for n := range letters {
		i := (first + n) % len(letters)
		if i == 0 || i+1 == len(letters) || !isLower(letters[i]) || !isLower(letters[i+1]) || letters[i] == letters[i+1] {
			continue
		}
		letters[i], letters[i+1] = letters[i+1], letters[i]
		break
	}
	return string(letters)
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
