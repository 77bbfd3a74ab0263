package policydoc_test

import (
	"strings"
	"testing"

	"github.com/nhiscan/nhiscan/policydoc"
)

func BenchmarkCatalogue(b *testing.B) {
	for b.Loop() {
		policydoc.Catalogue()
	}
}

func BenchmarkLookupAction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		policydoc.LookupAction("s3:GetObject")
	}
}

func BenchmarkActionsMatching(b *testing.B) {
	for name, pattern := range map[string]string{
		"Literal": "s3:GetObject", "Prefix": "ec2:Describe*", "Service": "s3:*", "AnyService": "*:Get*", "All": "*", "Hostile": "*" + strings.Repeat("e*", 40) + "b",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				policydoc.ActionsMatching(pattern)
			}
		})
	}
}

func BenchmarkActionSet(b *testing.B) {
	all, one, many := policydoc.AllActions(), policydoc.ActionsMatching("s3:GetObject"), policydoc.ActionsMatching("*:Get*")
	benchmarks := map[string]func(){
		"UnionMany":     func() { many.Union(one) },
		"SubtractMany":  func() { all.Subtract(many) },
		"IntersectMany": func() { all.Intersect(many) },
		"OverlapsOne":   func() { all.Overlaps(one) },
		"LevelMany":     func() { many.Level() },
		"HasMany":       func() { many.Has("s3:GetObject") },
	}
	for name, run := range benchmarks {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				run()
			}
		})
	}
}

// The longest pattern that a policy may hold against the longest ARN.
func BenchmarkMatchResourceHostile(b *testing.B) {
	pattern, arn := strings.Repeat("*a", 3071)+"*b", strings.Repeat("a", 2048)
	for b.Loop() {
		policydoc.MatchResource(pattern, arn)
	}
}

func BenchmarkPatterns(b *testing.B) {
	const wide, narrow = "arn:aws:s3:::logs-*/*", "arn:aws:s3:::logs-eu/${aws:username}/*"
	bucket := policydoc.ResourceType{Service: "s3", ARN: "arn:${Partition}:s3:::${BucketName}"}
	b.Run("Overlap", func(b *testing.B) {
		for b.Loop() {
			policydoc.PatternsOverlap(wide, narrow)
		}
	})
	b.Run("Covers", func(b *testing.B) {
		for b.Loop() {
			policydoc.PatternCovers(wide, narrow)
		}
	})
	b.Run("ResourceType", func(b *testing.B) {
		for b.Loop() {
			bucket.Matches("arn:aws:s3:::logs-*")
		}
	})
}
