package nhiscan_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

const (
	denyPolicy  = `{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"cloudtrail:*\",\"Resource\":\"*\"}}`
	allowPolicy = `{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}`

	fullSummary    = `{"Id":"p-FullAWSAccess","Arn":"arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess","Name":"FullAWSAccess","Type":"SERVICE_CONTROL_POLICY","AwsManaged":true}`
	rcpFullSummary = `{"Id":"p-RCPFullAWSAccess","Name":"RCPFullAWSAccess","Type":"RESOURCE_CONTROL_POLICY","AwsManaged":true}`
	denySummary    = `{"Id":"p-deny0001","Arn":"arn:aws:organizations::111122223333:policy/o-abc/service_control_policy/p-deny0001","Name":"deny-trail","Description":"","Type":"SERVICE_CONTROL_POLICY","AwsManaged":false}`
	rcpSummary     = `{"Id":"p-rcp00001","Name":"perimeter","Type":"RESOURCE_CONTROL_POLICY","AwsManaged":false}`
	tagSummary     = `{"Id":"p-tag00001","Name":"tags","Type":"TAG_POLICY","AwsManaged":false}`

	denyDescribed = `{"Policy":{"PolicySummary":` + denySummary + `,"Content":"` + denyPolicy + `"}}`
	rcpDescribed  = `{"Policy":{"PolicySummary":` + rcpSummary + `,"Content":"` + denyPolicy + `"}}`
)

func organizationFS(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// organizationText writes what was read one target a line.
func organizationText(o *nhiscan.OrganizationPolicies) string {
	names := func(policies []nhiscan.OrganizationPolicy) string {
		var list []string
		for _, p := range policies {
			list = append(list, p.Name)
		}
		return strings.Join(list, ",")
	}
	var b strings.Builder
	for _, t := range o.Targets {
		b.WriteString(t.ID + ": scp " + names(t.ServiceControl) + "; rcp " + names(t.ResourceControl) + "\n")
	}
	if o.Unattached != nil {
		b.WriteString("unattached: " + names(o.Unattached) + "\n")
	}
	return b.String()
}

func list(summaries ...string) string { return `{"Policies":[` + strings.Join(summaries, ",") + `]}` }

func TestReadOrganizationPolicies(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"root, unit and account": {map[string]string{
			"list-policies-for-target-r-ab12.json":               list(fullSummary),
			"list-policies-for-target-ou-ab12-cdef.json":         list(fullSummary, denySummary),
			"list-policies-for-target-123456789012.json":         list(fullSummary),
			"list-policies-for-target-123456789012-rcp.json":     list(rcpSummary, rcpFullSummary),
			"policies/p-deny0001.json":                           denyDescribed,
			"policies/p-rcp00001.json":                           rcpDescribed,
			".DS_Store":                                          "\x00",
			".git/config":                                        "[core]",
			"list-policies-for-target-123456789012-tag.json":     list(tagSummary),
			"list-policies-for-target-ou-ab12-cdef-backups.json": list(),
		}, "r-ab12: scp FullAWSAccess; rcp \nou-ab12-cdef: scp FullAWSAccess,deny-trail; rcp \n123456789012: scp FullAWSAccess; rcp RCPFullAWSAccess,perimeter\n"},
		"ids in folders": {map[string]string{
			"r-ab12/scp.json": list(fullSummary), "r-ab12/ou-ab12-cdef/scp.json": list(fullSummary), "r-ab12/rcp.json": list(rcpFullSummary),
		}, "r-ab12: scp FullAWSAccess; rcp RCPFullAWSAccess\nou-ab12-cdef: scp FullAWSAccess; rcp \n"},
		"names without ids": {map[string]string{
			"root/scp.json": list(fullSummary), "root/rcp.json": list(rcpFullSummary), "prod/scp.json": list(fullSummary, denySummary), "deny.json": denyDescribed,
		}, "prod/scp.json: scp FullAWSAccess,deny-trail; rcp \nroot/rcp.json: scp ; rcp RCPFullAWSAccess\nroot/scp.json: scp FullAWSAccess; rcp \n"},
		"the word target is no id": {map[string]string{"for-target-x.json": list(fullSummary)}, "for-target-x.json: scp FullAWSAccess; rcp \n"},
		"all in one file":          {map[string]string{"r-ab12.json": list(fullSummary, denySummary) + "\n" + denyDescribed}, "r-ab12: scp FullAWSAccess,deny-trail; rcp \n"},
		"a list of outputs":        {map[string]string{"r-ab12.json": "[" + list(fullSummary, denySummary) + "," + denyDescribed + "]"}, "r-ab12: scp FullAWSAccess,deny-trail; rcp \n"},
		"pages": {map[string]string{
			"r-ab12-1.json": `{"Policies":[` + fullSummary + `],"NextToken":"x"}`, "r-ab12-2.json": list(denySummary), "p.json": denyDescribed,
		}, "r-ab12: scp FullAWSAccess,deny-trail; rcp \n"},
		"an empty last page": {map[string]string{
			"r-ab12.json": `{"Policies":[` + fullSummary + `],"NextToken":"x"}` + list(),
		}, "r-ab12: scp FullAWSAccess; rcp \n"},
		"a policy that is not attached": {map[string]string{"r-ab12.json": list(fullSummary), "p.json": denyDescribed},
			"r-ab12: scp FullAWSAccess; rcp \nunattached: deny-trail\n"},
		"a byte order mark": {map[string]string{"r-ab12.json": "\ufeff" + list(fullSummary)}, "r-ab12: scp FullAWSAccess; rcp \n"},
		"no list": {map[string]string{"a.json": denyDescribed, "b.json": rcpDescribed, "tags.json": `{"Policy":{"PolicySummary":` + tagSummary + `,"Content":"{}"}}`},
			": scp FullAWSAccess,deny-trail; rcp perimeter\n"},
		"no list, and an SCP that allows": {map[string]string{"a.json": strings.ReplaceAll(denyDescribed, denyPolicy, allowPolicy)}, ": scp deny-trail; rcp \n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policies, err := nhiscan.ReadOrganizationPolicies(organizationFS(c.files))
			require.NoError(t, err)
			require.Equal(t, c.want, organizationText(policies))
			for _, target := range policies.Targets {
				for _, p := range append(target.ServiceControl, target.ResourceControl...) {
					_, err := p.Document.Parse()
					require.NoError(t, err)
				}
			}
		})
	}
}

func TestReadOrganizationPoliciesGzip(t *testing.T) {
	t.Parallel()
	policies, err := nhiscan.ReadOrganizationPolicies(organizationFS(map[string]string{"r-ab12.json.gz": gzipped(t, list(fullSummary))}))
	require.NoError(t, err)
	require.Equal(t, []nhiscan.OrganizationPolicy{{
		ID: "p-FullAWSAccess", ARN: "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", Name: "FullAWSAccess", AWSManaged: true,
		Document: nhiscan.NewPolicyDocument(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`),
	}}, policies.Targets[0].ServiceControl)
}

func TestReadOrganizationPoliciesError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing":               {nil, "a directory without service or resource control policies"},
		"tag policies alone":    {map[string]string{"r-ab12.json": list(tagSummary)}, "a directory without service or resource control policies"},
		"an account file":       {map[string]string{"a/account.json": `{"UserDetailList":[]}`}, "read organization policies: a/account.json: this seems to be a JSON object with UserDetailList"},
		"text":                  {map[string]string{"README": "hello there\n"}, "README: this seems to be plain text"},
		"an empty file":         {map[string]string{"x.json": ""}, "x.json: this seems to be an empty file"},
		"an empty list":         {map[string]string{"x.json": "[]"}, "x.json: this seems to be an empty JSON list"},
		"broken":                {map[string]string{"x.json": `{"Policies":[`}, "x.json: line 1, column"},
		"iam list-policies":     {map[string]string{"x.json": `{"Policies":[{"PolicyName":"a","Arn":"b"}]}`}, "x.json: this seems to be the output of aws iam list-policies"},
		"iam get-policy":        {map[string]string{"x.json": `{"Policy":{"PolicyName":"a"}}`}, "x.json: this seems to be the output of aws iam get-policy;"},
		"no summary":            {map[string]string{"x.json": `{"Policy":{"Content":"{}"}}`}, "x.json: line 1, column 22: /Policy: want a policy with its PolicySummary"},
		"no id":                 {map[string]string{"x.json": list(`{"Type":"SERVICE_CONTROL_POLICY"}`)}, "want a policy with an Id"},
		"an unknown type":       {map[string]string{"x.json": list(`{"Id":"p-1","Type":"NEW_POLICY"}`)}, `policy p-1: Type: want SERVICE_CONTROL_POLICY or RESOURCE_CONTROL_POLICY, found "NEW_POLICY"`},
		"not described":         {map[string]string{"r-ab12.json": "{\n\"Policies\": [\n" + denySummary + "]}"}, "r-ab12.json: line 3, column 1: the text of policy p-deny0001 is in no file: save it with: aws organizations describe-policy --policy-id p-deny0001 > p-deny0001.json"},
		"an id that is none":    {map[string]string{"r-ab12.json": list(strings.ReplaceAll(denySummary, "p-deny0001", "p-1; reboot"))}, "the text of policy p-1; reboot is in no file"},
		"a malformed policy":    {map[string]string{"p.json": strings.ReplaceAll(denyDescribed, "Deny", "Forbid")}, `p.json: line 1, column 237: /Policy/Content: policy p-deny0001: statement 1: Effect: want "Allow" or "Deny"`},
		"two texts":             {map[string]string{"a.json": denyDescribed, "b.json": strings.ReplaceAll(denyDescribed, denyPolicy, allowPolicy)}, "policy p-deny0001 has another text in a.json"},
		"two types":             {map[string]string{"r-ab12.json": list(strings.ReplaceAll(denySummary, "SERVICE", "RESOURCE")), "p.json": denyDescribed}, "policy p-deny0001 is a RESOURCE_CONTROL_POLICY here and a SERVICE_CONTROL_POLICY in p.json"},
		"a list cut off":        {map[string]string{"r-ab12.json": `{"Policies":[` + fullSummary + `],"NextToken":"x"}`}, "the list is cut off"},
		"two lists of a target": {map[string]string{"r-ab12/root.json": list(fullSummary), "r-ab12/unit.json": list(fullSummary)}, "r-ab12/root.json is a list of the same type for r-ab12"},
		"two accounts":          {map[string]string{"111111111111.json": list(fullSummary), "222222222222.json": list(fullSummary)}, "the lists are of account 111111111111 and of account 222222222222"},
		"two roots":             {map[string]string{"r-ab12.json": list(fullSummary), "r-cd34.json": list(fullSummary)}, "the lists are of root r-ab12 and of root r-cd34"},
		"a target without":      {map[string]string{"r-ab12.json": list(fullSummary), "ou-ab12-cdef.json": list()}, "ou-ab12-cdef.json: line 1, column 1: no policy is attached to ou-ab12-cdef"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policies, err := nhiscan.ReadOrganizationPolicies(organizationFS(c.files))
			require.ErrorContains(t, err, c.want)
			require.Nil(t, policies)
			var format *nhiscan.FormatError
			var kind *nhiscan.KindError
			require.True(t, errors.As(err, &format) || errors.As(err, &kind), "%T", err)
		})
	}
}

func TestReadOrganizationPoliciesOnDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(dir+"/r-ab12.json", []byte(list(fullSummary)), 0o600))
	policies, err := nhiscan.ReadOrganizationPolicies(os.DirFS(dir))
	require.NoError(t, err)
	require.Equal(t, "r-ab12: scp FullAWSAccess; rcp \n", organizationText(policies))
	_, err = nhiscan.ReadOrganizationPolicies(os.DirFS(dir + "/none"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// An account file is not what Organizations printed, and the error says so.
func TestReadOrganizationFileAsAccount(t *testing.T) {
	t.Parallel()
	for input, seems := range map[string]string{
		list(denySummary): "the output of aws organizations list-policies-for-target",
		denyDescribed:     "the output of aws iam get-policy or aws organizations describe-policy",
	} {
		_, err := nhiscan.Read(strings.NewReader(input))
		require.ErrorContains(t, err, seems)
	}
}

// Whatever is accepted has targets with policies that parse; reading is deterministic.
func FuzzReadOrganizationPolicies(f *testing.F) {
	f.Add("r-ab12.json", list(fullSummary, denySummary), "p.json", denyDescribed)
	f.Add("a/scp.json", list(fullSummary)+list(), "b/ou-ab12-cdef-x.json", list(rcpFullSummary))
	f.Add("x", denyDescribed, "y", rcpDescribed)
	f.Fuzz(func(t *testing.T, nameA, a, nameB, b string) {
		if !fs.ValidPath(nameA) || !fs.ValidPath(nameB) || nameA == "." || nameB == "." {
			return // no file system has such names
		}
		fsys := organizationFS(map[string]string{nameA: a, nameB: b})
		policies, err := nhiscan.ReadOrganizationPolicies(fsys)
		again, errAgain := nhiscan.ReadOrganizationPolicies(fsys)
		if err != nil {
			require.EqualError(t, errAgain, err.Error())
			return
		}
		require.Equal(t, policies, again)
		require.NotEmpty(t, policies.Targets)
		for _, target := range policies.Targets {
			for _, p := range append(target.ServiceControl, target.ResourceControl...) {
				_, err := p.Document.Parse()
				require.NoError(t, err)
				require.NotEmpty(t, p.ID)
			}
		}
	})
}
