package render

import (
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// The functions of this file append a piece of JSON: what stands before a value,
// and the value as jsonOptions have it. They are for what a scan of a large account
// writes a million of: package json looks at each type and each option again.

func appendString(to []byte, before, s string) []byte {
	to = append(to, before...)
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			to, _ = jsontext.AppendQuote(to, s) // the error is about bytes that are not UTF-8
			return to
		}
	}
	to = append(to, '"')
	to = append(to, s...)
	return append(to, '"')
}

func appendStrings(to []byte, before string, list []string) []byte {
	to = append(to, before...)
	separator := "["
	for _, s := range list {
		to = appendString(to, separator, s)
		separator = ","
	}
	return endList(to, len(list))
}

func appendList[T any](to []byte, before string, list []T, one func(*T, []byte) []byte) []byte {
	to = append(to, before...)
	separator := byte('[')
	for i := range list {
		to = one(&list[i], append(to, separator))
		separator = ','
	}
	return endList(to, len(list))
}

func endList(to []byte, n int) []byte {
	if n == 0 {
		to = append(to, '[')
	}
	return append(to, ']')
}

func appendInt(to []byte, before string, n int) []byte {
	return strconv.AppendInt(append(to, before...), int64(n), 10)
}

func appendBool(to []byte, before string, b bool) []byte {
	return strconv.AppendBool(append(to, before...), b)
}
