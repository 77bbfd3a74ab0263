// Package gendata is what the generators of embedded data have in common: they
// take files out of an npm package, and write others or check those that stand.
package gendata
