package policydoc_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/policydoc"
)

// matchingOneByOne is what ActionsMatching is to return for a pattern.
func matchingOneByOne(actions []string, pattern string) policydoc.ActionSet {
	var covered []string
	for _, action := range actions {
		if policydoc.MatchAction(pattern, action) {
			covered = append(covered, action)
		}
	}
	return policydoc.ActionsMatching(covered...)
}

// oddPatterns are those of which the shape is unusual, and some that are not.
var oddPatterns = []string{
	"*", "**", "?", "*:*", "*:", ":*", "", ":", "?*", "*?", "s3", "s3:", "s3:*", "s3:**", "S3:GET*", "s3:?etObject", "s3:*Object",
	"s3:GetObject", "s3:getobject", "s3:GetObjectx", "s3*", "s3*:*", "s*:Get*", "s?:GetObject", "s3?GetObject", "s3*GetObject",
	"*Object", "*object*", "*:GetObject", "*3:GetObject", "s3:Get*:*", "s3:?", "s3:*?*", "iam:*Role*Policy", "ec2:Describe*s",
	"nope:*", "nope:Get*", "é:*", "s3:é*", "s3:*é", "s3-outposts:*", "s3express:*", "*-*:*-*", "a4b:*a*e*i*",
	"*ss*", "*s*s*s*s*s*", "*z*z*", "*1*2*", "s3:*s*S*", "*s3:*3*", "?e?e*e*", "*-*", "*_*",
}

func TestActionsMatchingAgreesWithMatchAction(t *testing.T) {
	t.Parallel()
	actions := allNames()
	for _, pattern := range oddPatterns {
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()
			want, got := matchingOneByOne(actions, pattern), policydoc.ActionsMatching(pattern)
			require.True(t, want.Equal(got), "matching %d, expansion %d", want.Len(), got.Len())
		})
	}
	require.True(t, policydoc.AllActions().Equal(matchingOneByOne(actions, "*")))
}

// A literal name that is in the catalogue expands to itself.
func TestActionsMatchingLiterals(t *testing.T) {
	t.Parallel()
	for _, name := range allNames() {
		set := policydoc.ActionsMatching(name)
		require.Equal(t, 1, set.Len(), name)
		require.True(t, set.Has(name), name)
	}
}

func FuzzActionsMatching(f *testing.F) {
	for _, pattern := range oddPatterns {
		f.Add(pattern)
	}
	actions := allNames()
	f.Fuzz(func(t *testing.T, pattern string) {
		if len(pattern) > 200 {
			return
		}
		require.True(t, matchingOneByOne(actions, pattern).Equal(policydoc.ActionsMatching(pattern)))
	})
}
