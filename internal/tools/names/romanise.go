package main

import "strings"

// latin folds the letters of European alphabets to ASCII, lower case. Letters
// with two usual spellings (ä as a or ae) are handled by romanise.
var latin = fold(map[string]string{
	"a": "àáâãäåāăąạảấầẩẫậắằẳẵặǎ", "ae": "æ", "b": "ḃ", "c": "çćĉċč", "d": "ďđḋ", "dh": "ð", "e": "èéêëēĕėęěẹẻẽếềểễệə",
	"g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįıịỉǐ", "j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŋ", "o": "òóôõöøōŏőơọỏốồổỗộớờởỡợǒ",
	"oe": "œ", "r": "ŕŗř", "s": "śŝşšș", "ss": "ß", "t": "ţťŧț", "th": "þ", "u": "ùúûüũūŭůűųưụủứừửữựǔ", "w": "ŵ", "y": "ýÿŷỳỵỷỹ", "z": "źżž", "": "'’`ʻʼ",
})

// cyrillic and greek are the spellings of passports.
var cyrillic = spell("а a б b в v г g ґ g ѓ g д d ђ dj е e ё e є ie ж zh з z ѕ z и i і i ї i й i ј j к k ќ k л l љ lj м m н n њ nj о o п p р r с s т t ћ c у u ў u ф f х kh ц ts ч ch џ dz ш sh щ shch ъ a ы y ь _ э e ю iu я ia")

// everyday is the Cyrillic that people choose for their own names: Sergey, Yulia, Mikhail.
var everyday = spell("й y ё yo ю yu я ya є ye ц c х h и y щ sch")

var greek = spell("α a ά a β v γ g δ d ε e έ e ζ z η i ή i θ th ι i ί i ϊ i ΐ i κ k λ l μ m ν n ξ x ο o ό o π p ρ r σ s ς s τ t υ y ύ y ϋ y φ f χ ch ψ ps ω o ώ o")

// umlauts are the German and Scandinavian spellings with two letters.
var umlauts = spell("ä ae ö oe ü ue å aa ø oe")

func fold(groups map[string]string) map[rune]string {
	table := map[rune]string{}
	for ascii, letters := range groups {
		for _, letter := range letters {
			table[letter] = ascii
		}
	}
	return table
}

func spell(pairs string) map[rune]string {
	table := map[rune]string{}
	fields := strings.Fields(pairs)
	for i := 0; i < len(fields); i += 2 {
		table[[]rune(fields[i])[0]] = strings.Trim(fields[i+1], "_")
	}
	return table
}

// romanise returns the ASCII spellings of a name, none for a name in a script
// without a table here.
func romanise(name string) []string {
	name = strings.ToLower(name)
	spellings := []string{
		transliterate(name, latin, cyrillic, greek),
		transliterate(name, umlauts, latin, everyday, cyrillic, greek),
	}
	if spellings[0] == spellings[1] {
		return spellings[:1]
	}
	return spellings
}

// transliterate spells name by the first table that has a letter; empty when no table has it.
func transliterate(name string, tables ...map[rune]string) string {
	var b strings.Builder
letters:
	for _, r := range name {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, table := range tables {
			if ascii, ok := table[r]; ok {
				b.WriteString(ascii)
				continue letters
			}
		}
		return ""
	}
	return b.String()
}
