package awsmanaged

import "testing"

// What the first document costs a program: reading the index and unpacking a block.
func BenchmarkFirstDocument(b *testing.B) {
	for b.Loop() {
		t := decodeIndex()
		i, ok := t.find("AdministratorAccess")
		if !ok || t.text(&t.entries[i]) == "" {
			b.Fatal("no AdministratorAccess")
		}
	}
}
