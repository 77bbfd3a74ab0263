// Package synth makes up AWS accounts of any size: people, service users, roles
// of every kind, groups and policies such as real accounts have, with invented
// names. [Account] makes one; the same size and seed give the same account.
package synth
