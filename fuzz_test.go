package nhiscan_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

// Whatever Read accepts it can write, and reads back as the same account.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/read/*.json", "testdata/accounts/aws-cli-example.json"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(text)
		}
	}
	f.Add([]byte("\xff\xfe{\x00}\x00"))
	f.Add([]byte(`[{"Policies":[{"Arn":"a","PolicyVersionList":{"VersionId":"v1","Document":"%"}}]}]`))
	f.Fuzz(func(t *testing.T, input []byte) {
		account, err := nhiscan.Read(bytes.NewReader(input))
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		var first, second bytes.Buffer
		require.NoError(t, account.Write(&first))
		again, err := nhiscan.Read(bytes.NewReader(first.Bytes()))
		require.NoError(t, err)
		require.Equal(t, account, again)
		require.NoError(t, again.Write(&second))
		require.Equal(t, first.String(), second.String())
	})
}

// Whatever ReadCredentialReport accepts can be applied, and applied again
// without a change.
func FuzzReadCredentialReport(f *testing.F) {
	for _, name := range []string{"cloudmapper-demo.csv", "fixinventory-test.csv"} {
		text, err := os.ReadFile("testdata/accounts/" + name)
		require.NoError(f, err)
		f.Add(text)
		f.Add([]byte(asJSON(string(text))))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		report, err := nhiscan.ReadCredentialReport(bytes.NewReader(input))
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		account, err := nhiscan.Read(strings.NewReader(`{"UserDetailList":[{"UserName":"user"},{"UserName":"Fix"}]}`))
		require.NoError(t, err)
		require.NoError(t, account.ApplyCredentialReport(report))
		users := len(account.Users)
		require.NoError(t, account.ApplyCredentialReport(report))
		require.Len(t, account.Users, users)
	})
}
