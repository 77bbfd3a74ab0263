package e2e_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"
)

// What moto_crowded.py has seeded, and documents for it.
const (
	accountARN  = "arn:aws:iam::123456789012:"
	booksPolicy = accountARN + "policy/books"
	boundPolicy = accountARN + "policy/bound"
	adminPolicy = "arn:aws:iam::aws:policy/AdministratorAccess"

	readBooks   = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::books/*"}]}`
	sendMail    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ses:SendEmail","Resource":"*"}]}`
	everything  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	trustLambda = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	trustEC2    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	trustAnyone = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`
)

// A changer changes the account of a moto with nhiscan manage, and looks at it with
// the client of AWS's SDK.
type changer struct {
	*testing.T
	moto *moto
	aws  *recorder
	iam  *iam.Client
	env  []string
	keys string // the directory for secrets
}

func newChanger(t *testing.T) *changer {
	t.Helper()
	m, r := motoForChanges(t)
	admin := m.Keys["admin"]
	return &changer{t, m, r, iam.New(iam.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(m.Endpoint),
		Credentials: credentials.NewStaticCredentialsProvider(admin[0], admin[1], ""),
	}), m.as("admin"), filepath.Join(t.TempDir(), "keys")}
}

// in is the changer in a subtest.
func (c *changer) in(t *testing.T) *changer {
	in := *c
	in.T = t
	return &in
}

// A changeDocument is what these tests read of the JSON that nhiscan manage prints.
type changeDocument struct {
	Kind    string `json:"kind"`
	Status  string `json:"status"`
	Summary string `json:"summary"`
	Target  string `json:"target"`
	Steps   []struct {
		Action string `json:"action"`
		Status string `json:"status"`
	} `json:"steps"`
	Effects []struct {
		ARN   string `json:"arn"`
		After struct {
			Admin string `json:"admin"`
		} `json:"after"`
	} `json:"effects"`
	Risks, Refusals []struct {
		Code string `json:"code"`
	}
	Notes   []string `json:"notes"`
	Created *struct {
		ARN, ID string
		Version string `json:"version_id"`
	} `json:"created"`
	AccessKey *struct {
		ID     string `json:"access_key_id"`
		Secret string `json:"secret_access_key"`
		KeptIn string `json:"kept_in"`
	} `json:"access_key"`
}

// actions are the steps' in order; they all have the status.
func (d changeDocument) actions(t *testing.T, status string) []string {
	t.Helper()
	var actions []string
	for _, s := range d.Steps {
		require.Equal(t, status, s.Status, s.Action)
		actions = append(actions, s.Action)
	}
	return actions
}

// dangers are the codes of what speaks against it.
func (d changeDocument) dangers() []string {
	var codes []string
	for _, r := range append(d.Refusals, d.Risks...) {
		codes = append(codes, r.Code)
	}
	return codes
}

// manage runs nhiscan manage; the document is empty when it did not come to a plan.
func (c *changer) manage(args ...string) (changeDocument, result) {
	c.Helper()
	r := run(c.T, c.env, append([]string{"manage", "--format", "json"}, args...)...)
	var out struct {
		Schema string         `json:"schema"`
		Change changeDocument `json:"change"`
	}
	if r.stdout != "" {
		require.NoError(c, json.Unmarshal([]byte(r.stdout), &out), r.stdout)
		require.Equal(c, "nhiscan/manage/v1", out.Schema)
	}
	return out.Change, r
}

// done makes a change that has to succeed.
func (c *changer) done(args ...string) changeDocument {
	c.Helper()
	d, r := c.manage(append(args, "--yes")...)
	require.Equal(c, 0, r.status, "%v: %s", args, r.stderr)
	require.Equal(c, "done", d.Status)
	return d
}

// identity is what nhiscan tells of how a user or role is set up.
func (c *changer) identity(name string) string {
	c.Helper()
	r := run(c.T, c.env, "identity", name, "--format", "json", "--allow-gaps")
	require.Equal(c, 0, r.status, r.stderr)
	var out struct {
		Identity struct {
			Path     string            `json:"path"`
			Tags     map[string]string `json:"tags"`
			Attached json.RawMessage   `json:"attached_policies"`
			Inline   json.RawMessage   `json:"inline_policies"`
			Boundary string            `json:"permissions_boundary"`
			Trust    json.RawMessage   `json:"trust_policy"`
		} `json:"identity"`
	}
	require.NoError(c, json.Unmarshal([]byte(r.stdout), &out))
	text, err := json.Marshal(out.Identity)
	require.NoError(c, err)
	return string(text)
}

// file writes a file for an argument and returns its name.
func (c *changer) file(text string) string {
	c.Helper()
	f, err := os.CreateTemp(c.TempDir(), "*.json")
	require.NoError(c, err)
	_, err = f.WriteString(text)
	require.NoError(c, err)
	require.NoError(c, f.Close())
	return f.Name()
}

// get asks IAM, as it is now, and returns the answer as JSON, in which documents are
// as IAM has them.
func get[I, O any](c *changer, operation func(context.Context, *I, ...func(*iam.Options)) (*O, error), in *I) string {
	c.Helper()
	out, err := operation(c.Context(), in)
	require.NoError(c, err)
	text, err := json.Marshal(out)
	require.NoError(c, err)
	return string(text)
}
