package manage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan/collect"
	"github.com/nhiscan/nhiscan/internal/fakeiam"
	"github.com/nhiscan/nhiscan/internal/synth"
	"github.com/nhiscan/nhiscan/manage"
)

var sixteenth = synth.Size{Users: 312, Roles: 312, Groups: 31, Policies: 625}

// BenchmarkGuard plans a grant on an account at a sixteenth of IAM's quotas, the
// reading included, for which BenchmarkReading is the measure.
func BenchmarkGuard(b *testing.B) {
	a := synth.Account(sixteenth, 1)
	api := guardAPI(fakeiam.New(a))
	change := manage.PutUserPolicy{UserName: a.Users[len(a.Users)/2].Name, PolicyName: "new", PolicyDocument: guardRead}
	for b.Loop() {
		_, err := manage.NewPlan(b.Context(), api, change, &manage.Options{CallerARN: "arn:aws:iam::" + a.ID + ":root"})
		require.NoError(b, err)
	}
}

func BenchmarkReading(b *testing.B) {
	s := fakeiam.New(synth.Account(sixteenth, 1))
	s.ReportPolls(0)
	api := guardAPI(s)
	for b.Loop() {
		_, err := collect.Account(b.Context(), api, nil)
		require.NoError(b, err)
	}
}
