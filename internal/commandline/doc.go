// Package commandline has what the module's programs share of their command
// lines: the flags that say where an account comes from and what is known beside
// it, words to choose from, wrong usage and its exit status, and the version.
//
// A program registers [Source], [Knowledge] and [Organization] on its command,
// checks them, and loads what they name.
package commandline
