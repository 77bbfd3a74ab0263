package policydoc_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

func TestPatternsOverlap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want bool
	}{
		{"", "", true},
		{"", "*", true},
		{"", "?", false},
		{"a", "a", true},
		{"a", "b", false},
		{"a*", "*b", true},
		{"a*", "b*", false},
		{"*a", "*b", false},
		{"*a*", "*b*", true},
		{"a?c", "ab?", true},
		{"a?c", "ab?d", false},
		{"ab*", "a", false},
		{"ab*ba", "aba", false},
		{"ab*ba", "ab?a", true},
		{"ab*ba", "ab?b", false},
		{"ab*ba", "ab?ba", true},
		{"*?", "?", true},
		{"??*", "?", false},
		{"arn:aws:s3:::logs-*", "arn:aws:s3:::*-archive", true},
		{"arn:aws:s3:::logs-*", "arn:aws:s3:::data-*", false},
		{"arn:aws:iam::*:role/app-*", "arn:aws:iam::123456789012:role/app-1", true},
		{"arn:aws:iam::123456789012:role/*", "arn:aws:iam::123456789012:user/*", false},
		{"é?", "?è", true},
		{"é", "è", false},
		{"?", "é", true},
		{"??", "é", false},
		{"*é", "*è", false},
		{"x*é", "xa?", true},
	}
	for _, tt := range tests {
		t.Run(tt.a+" "+tt.b, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, policydoc.PatternsOverlap(tt.a, tt.b))
			require.Equal(t, tt.want, policydoc.PatternsOverlap(tt.b, tt.a))
		})
	}
}

func TestPatternCovers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		wide, narrow string
		want         bool
	}{
		{"*", "", true},
		{"*", "*", true},
		{"*", "arn:aws:s3:::*", true},
		{"arn:aws:s3:::*", "*", false},
		{"a*", "ab*", true},
		{"ab*", "a*", false},
		{"a?", "ab", true},
		{"ab", "a?", false},
		{"a?", "a?", true},
		{"a?", "a*", false},
		{"a*?", "a?*", true},
		{"a?*", "a**?", true},
		{"a??*", "a*?", false},
		{"*a*", "b*a*c", true},
		{"*a*b*", "*b*a*", false},
		{"arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/logs/*", true},
		{"arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket*", false},
		{"arn:aws:iam::*:role/*", "arn:aws:iam::123456789012:role/app-?", true},
		{"?", "é", true},
		{"é*", "é?", true},
	}
	for _, tt := range tests {
		t.Run(tt.wide+" "+tt.narrow, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, policydoc.PatternCovers(tt.wide, tt.narrow))
		})
	}
}

// overlapByDefinition walks both patterns at once: reach[i][j] says that some text
// is covered by the rest of a from i on and the rest of b from j on.
func overlapByDefinition(a, b []rune) bool {
	reach := make([][]bool, len(a)+1)
	for i := len(a); i >= 0; i-- {
		reach[i] = make([]bool, len(b)+1)
		for j := len(b); j >= 0; j-- {
			switch {
			case i == len(a) && j == len(b):
				reach[i][j] = true
			case i < len(a) && a[i] == '*':
				reach[i][j] = reach[i+1][j] || j < len(b) && reach[i][j+1]
			case j < len(b) && b[j] == '*':
				reach[i][j] = reach[i][j+1] || i < len(a) && reach[i+1][j]
			case i < len(a) && j < len(b):
				reach[i][j] = (a[i] == '?' || b[j] == '?' || a[i] == b[j]) && reach[i+1][j+1]
			}
		}
	}
	return reach[0][0]
}

// allPatterns returns every text up to a length over the letters.
func allPatterns(letters string, longest int) []string {
	all := []string{""}
	for from, n := 0, 0; n < longest; n++ {
		end := len(all)
		for _, p := range all[from:end] {
			for _, c := range letters {
				all = append(all, p+string(c))
			}
		}
		from = end
	}
	return all
}

// Every pair of short patterns, against the definition: the texts that they cover.
func TestPatternsByBruteForce(t *testing.T) {
	t.Parallel()
	texts := allPatterns("abc", 5)
	patterns := allPatterns("ab*?", 4)
	covered := make([][]bool, len(patterns))
	for i, p := range patterns {
		covered[i] = make([]bool, len(texts))
		for j, s := range texts {
			covered[i][j] = policydoc.MatchResource(p, s)
		}
	}
	for i, a := range patterns {
		for j, b := range patterns {
			overlap, subset := false, true
			for k := range texts {
				overlap = overlap || covered[i][k] && covered[j][k]
				subset = subset && (!covered[j][k] || covered[i][k])
			}
			if overlap {
				require.True(t, policydoc.PatternsOverlap(a, b), "%q %q", a, b)
			}
			require.Equal(t, overlapByDefinition([]rune(a), []rune(b)), policydoc.PatternsOverlap(a, b), "%q %q", a, b)
			if policydoc.PatternCovers(a, b) {
				require.True(t, subset, "%q does not cover %q", a, b)
			} else if subset && !strings.Contains(a, "?") {
				// Without a question mark in the wide one every inclusion is seen.
				require.Fail(t, "not seen", "%q covers %q", a, b)
			}
		}
	}
}

func FuzzPatternsOverlap(f *testing.F) {
	for _, seed := range [][2]string{{"a*b?c", "?*c"}, {"*é", "?*è"}, {"a?", "??"}, {"*a*a*", "aaa"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if tooLong(a, b) {
			return
		}
		a, b = valid(a), valid(b)
		want := overlapByDefinition([]rune(a), []rune(b))
		require.Equal(t, want, policydoc.PatternsOverlap(a, b))
		require.Equal(t, want, policydoc.PatternsOverlap(b, a))
	})
}

// A text that the narrow pattern covers is covered by the wide one too.
func FuzzPatternCovers(f *testing.F) {
	f.Add("a*b*", "a?*b", "axyb")
	f.Add("*é?", "é*é?", "éé日")
	f.Fuzz(func(t *testing.T, wide, narrow, text string) {
		if tooLong(wide, narrow) || len(text) > 1<<10 {
			return
		}
		wide, narrow, text = valid(wide), valid(narrow), valid(text)
		if policydoc.PatternCovers(wide, narrow) {
			require.True(t, policydoc.PatternsOverlap(wide, narrow))
			if policydoc.MatchResource(narrow, text) {
				require.True(t, policydoc.MatchResource(wide, text))
			}
			for _, filling := range []string{"", "x", "*", text} {
				filled := strings.NewReplacer("*", filling, "?", "y").Replace(narrow)
				require.True(t, policydoc.MatchResource(wide, filled), "%q", filled)
			}
		}
		if !strings.ContainsAny(narrow, "*?") {
			require.Equal(t, policydoc.MatchResource(wide, narrow), policydoc.PatternCovers(wide, narrow))
		}
	})
}

// Patterns of thousands of stars are answered.
func TestPatternsDoNotExplode(t *testing.T) {
	t.Parallel()
	stars := strings.Repeat("*", 6144)
	hostile := strings.Repeat("*a", 3071) + "*b"
	require.True(t, policydoc.PatternsOverlap(stars, hostile))
	require.True(t, policydoc.PatternCovers(stars, hostile))
	require.False(t, policydoc.PatternCovers(hostile, stars))
	require.False(t, policydoc.PatternsOverlap(hostile, strings.Repeat("a", 6144)))
	require.False(t, policydoc.PatternCovers(hostile, strings.Repeat("a?", 3072)))
}

func TestResourceTypeMatches(t *testing.T) {
	t.Parallel()
	tests := []struct {
		service, name, pattern string
		want                   bool
	}{
		{"s3", "bucket", "*", true},
		{"s3", "bucket", "arn:aws:s3:::*", true},
		{"s3", "bucket", "arn:aws-cn:s3:::logs-????", true},
		{"s3", "bucket", "arn:aws:s3:::${aws:username}", true},
		{"s3", "bucket", "arn:aws:s3:::", false},
		{"s3", "bucket", "arn:aws:s3:::${aws:username}-x", true},
		{"s3", "bucket", "arn:aws:s3:::bucket/*", false},
		{"s3", "bucket", "arn:*:bucket", true},
		{"s3", "object", "arn:aws:s3:::bucket", false},
		{"s3", "object", "arn:aws:s3:::bucket/*", true},
		{"iam", "role", "arn:aws:iam::*:user/*", false},
		{"iam", "role", "arn:aws:iam::*:role/*", true},
		{"iam", "role", "arn:aws:iam::*", true},
		{"iam", "role", "arn:*role/deploy", true},
		{"lambda", "function", "arn:aws:lambda:*:function:f", true},
		{"lambda", "function", "arn:aws:lambda:*:*:layer:f", true}, // of a function whose name has a colon
		{"lambda", "function", "arn:aws:sns:*:*:function:f", false},
		{"logs", "log-group", "arn:aws:logs:*:*:log-group:/aws/lambda/f:*", true},
		{"iam", "role", "arn:aws:iam::123456789012:role/a/b", true},
		{"apigateway", "Model", "arn:aws:apigateway:eu-west-1::/apis/a/models/b", true},
		{"apigateway", "Model", "arn:aws:apigateway:eu-west-1::/restapis/a/models/b", true},
		{"apigateway", "Model", "arn:aws:apigateway:eu-west-1::/restapi/a/models/b", false},
	}
	for _, tt := range tests {
		t.Run(tt.name+" "+tt.pattern, func(t *testing.T) {
			t.Parallel()
			found := false
			for _, r := range policydoc.ResourceTypes(tt.service) {
				if r.Name == tt.name {
					found = true
					require.Equal(t, tt.want, r.Matches(tt.pattern))
				}
			}
			require.True(t, found)
		})
	}
}

// Whatever stands in the placeholders of a type, a pattern that covers it matches the type.
func FuzzResourceTypeMatches(f *testing.F) {
	f.Add("arn:aws:s3:::*", "aws", "bucket", "a/b:c")
	f.Add("*:???:::*/k", "p", "b", "k")
	object := policydoc.ResourceType{Service: "s3", ARN: "arn:${Partition}:s3:::${BucketName}/${ObjectName}"}
	f.Fuzz(func(t *testing.T, pattern, partition, bucket, key string) {
		pattern, partition, bucket, key = valid(pattern), valid(partition), valid(bucket), valid(key)
		if tooLong(pattern, partition+bucket+key) || partition == "" || bucket == "" || key == "" ||
			strings.ContainsAny(partition+bucket, ":/") || strings.Contains(pattern, "${") {
			return
		}
		if policydoc.MatchResource(pattern, "arn:"+partition+":s3:::"+bucket+"/"+key) {
			require.True(t, object.Matches(pattern))
		}
		if !overlapByDefinition([]rune("arn:?*:s3:::?*/?*"), []rune(pattern)) {
			require.False(t, object.Matches(pattern))
		}
	})
}

// Short patterns against every ARN of a type that is short itself.
func TestResourceTypeMatchesByBruteForce(t *testing.T) {
	t.Parallel()
	object := policydoc.ResourceType{Service: "s3", ARN: "b:${BucketName}/${ObjectName}"}
	var arns []string
	for _, bucket := range allPatterns("ab", 3)[1:] {
		for _, key := range allPatterns("ab:/", 4)[1:] {
			arns = append(arns, "b:"+bucket+"/"+key)
		}
	}
	for _, rest := range allPatterns("a:/*?", 4) {
		pattern, want := "b:"+rest, false
		for _, arn := range arns {
			if policydoc.MatchResource(pattern, arn) {
				want = true
				break
			}
		}
		require.Equal(t, want, object.Matches(pattern), pattern)
	}
}
