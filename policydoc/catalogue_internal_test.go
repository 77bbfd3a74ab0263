package policydoc

import "testing"

// What the first lookup costs a program: dividing the text into services.
func BenchmarkFirstLookup(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c := readCatalogue()
		if _, _, ok := c.find("s3:GetObject"); !ok {
			b.Fatal("no s3:GetObject")
		}
	}
}

func BenchmarkFirstDetails(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		d := readDetails()
		s, _ := catalogue().service("s3")
		d.services[s.prefix].read(d, s)
	}
}
