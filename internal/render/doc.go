// Package render turns results into text: tables and sentences for a terminal,
// JSON, CSV and Markdown.
//
// [ScanTable], [ScanJSON], [ScanCSV] and [ScanMarkdown] write a [Scan];
// [IdentityText] and [IdentityJSON] an [Identity]; [CallerText] and [CallerJSON]
// a [Caller]. All take an io.Writer and return its first error.
//
// Names, tags, paths and messages come from strangers. JSON keeps them exactly,
// in JSON's own escapes; everything else shows them through [Printable], so that
// no control, bidirectional or invisible character reaches a terminal.
package render
