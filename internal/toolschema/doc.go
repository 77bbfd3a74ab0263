// Package toolschema makes the JSON Schemas of a tool's arguments and results from
// Go types, and reads arguments strictly by them.
//
// [Input] and [Output] make a schema, [Schema.Check] tests a decoded JSON value
// against it, and [Decode] reads arguments into a value of the type. Fields say
// what they take by tags:
//
//	doc      a description
//	default  the value of an argument that is not given
//	enum     the strings that are allowed, with commas between
//	min, max the least and greatest number, or length of a list
//	maxlen   the greatest length of a string in characters, 2,048 without it;
//	         it is checked, and not part of the schema
//	text     json: the string is a JSON document, which may be given as an object too
//
// A field without omitzero in its json tag is required. Objects take no other
// members than those of their fields. No error repeats a value: it may be a secret.
package toolschema
