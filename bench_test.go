package nhiscan_test

import (
	"bytes"
	stdjson "encoding/json"
	"io"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/synth"
)

// quotaFile is an account at its quotas as the AWS CLI prints it.
var quotaFile = sync.OnceValues(func() ([]byte, error) {
	var b bytes.Buffer
	err := synth.WriteCLI(&b, synth.Account(synth.Quota, 1))
	return b.Bytes(), err
})

// wireAccount is what a decoder by reflection needs to read the same.
type wireAccount[Document any] struct {
	UserDetailList []struct {
		UserName, UserId, Arn, Path, CreateDate string
		GroupList                               []string
		UserPolicyList                          []wirePolicy[Document]
		AttachedManagedPolicies                 []wireAttached
		PermissionsBoundary                     *struct{ PermissionsBoundaryArn string }
		Tags                                    []nhiscan.Tag
	}
	GroupDetailList []struct {
		GroupName, GroupId, Arn, Path, CreateDate string
		GroupPolicyList                           []wirePolicy[Document]
		AttachedManagedPolicies                   []wireAttached
	}
	RoleDetailList []struct {
		RoleName, RoleId, Arn, Path, CreateDate string
		AssumeRolePolicyDocument                Document
		InstanceProfileList                     []struct{ InstanceProfileName, Arn string }
		RolePolicyList                          []wirePolicy[Document]
		AttachedManagedPolicies                 []wireAttached
		PermissionsBoundary                     *struct{ PermissionsBoundaryArn string }
		Tags                                    []nhiscan.Tag
		RoleLastUsed                            struct{ LastUsedDate, Region string }
	}
	Policies []struct {
		PolicyName, PolicyId, Arn, Path, DefaultVersionId, CreateDate, UpdateDate string
		AttachmentCount                                                           int
		PolicyVersionList                                                         []struct {
			Document              Document
			VersionId, CreateDate string
			IsDefaultVersion      bool
		}
	}
}

type wirePolicy[Document any] struct {
	PolicyName     string
	PolicyDocument Document
}

type wireAttached struct{ PolicyName, PolicyArn string }

// BenchmarkRead compares Read with what the decoders need for the same file
// when nothing is made of it.
func BenchmarkRead(b *testing.B) {
	file, err := quotaFile()
	require.NoError(b, err)
	run := func(name string, read func(in io.Reader) error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, read(bytes.NewReader(file)))
			}
		})
	}
	run("nhiscan", func(in io.Reader) error {
		_, err := nhiscan.Read(in)
		return err
	})
	run("encoding-json", func(in io.Reader) error {
		return stdjson.NewDecoder(in).Decode(new(wireAccount[stdjson.RawMessage]))
	})
	run("go-json-experiment", func(in io.Reader) error {
		return json.UnmarshalRead(in, new(wireAccount[jsontext.Value]))
	})
	run("tokens", func(in io.Reader) error {
		dec := jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true))
		return dec.SkipValue()
	})
	run("bytes", func(in io.Reader) error {
		_, err := io.Copy(io.Discard, struct{ io.Reader }{in})
		return err
	})
}

func BenchmarkWrite(b *testing.B) {
	account := synth.Account(synth.Quota, 1)
	b.ReportAllocs()
	for b.Loop() {
		require.NoError(b, account.Write(io.Discard))
	}
}

func BenchmarkMalformedDocuments(b *testing.B) {
	account := synth.Account(synth.Quota, 1)
	b.ReportAllocs()
	for b.Loop() {
		require.Empty(b, account.MalformedDocuments())
	}
}
