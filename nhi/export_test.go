package nhi

// Tokens cuts a name as the classifier does.
func Tokens(name string) []string {
	var out []string
	for _, segment := range segments(name) {
		out = append(out, splitCase(segment)...)
	}
	return out
}

func IsGiven(word string) bool   { return personNames().isGiven(word) }
func IsSurname(word string) bool { return personNames().isSurname(word) }

// LoadNames reads the lists of names anew.
func LoadNames() (given, surnames wordList) {
	return newWordList(givenNamesGzip), newWordList(surnamesGzip)
}
