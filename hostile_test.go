package nhiscan_test

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

// Nothing that is wrong with an input is passed over in silence.
func TestReadNotesWhatIsWrong(t *testing.T) {
	t.Parallel()
	const (
		rest = `,"GroupDetailList":[],"Policies":[]}`
		bob  = `{"UserName":"bob","Arn":"arn:aws:iam::123456789012:user/bob","GroupList":[],"AttachedManagedPolicies":[]`
		app  = `{"RoleName":"app","Arn":"arn:aws:iam::123456789012:role/app","AttachedManagedPolicies":[],"RolePolicyList":[]`
		eve  = `{"UserName":"eve","Arn":"arn:aws:iam::999999999999:user/eve","GroupList":[],"AttachedManagedPolicies":[]}`
	)
	page := func(users, roles string) string {
		return `{"UserDetailList":[` + users + `],"RoleDetailList":[` + roles + `]` + rest
	}
	for name, c := range map[string]struct {
		input string
		want  nhiscan.Gap
	}{
		"a user of another account": {page(bob+"},"+bob+"2\"},"+eve, ""), nhiscan.Gap{
			Code: nhiscan.GapConflict, Resource: "*",
			Message: "the input is of account 123456789012, and has entities of account 999999999999: give each account a file of its own"}},
		"a page of another account": {page(bob+"}", "") + page(eve, ""), nhiscan.Gap{
			Code: nhiscan.GapConflict, Resource: "*",
			Message: "the input is of account 123456789012, and has entities of account 999999999999: give each account a file of its own"}},
		"half a surrogate pair": {page(bob+`,"Tags":[{"Key":"k","Value":"\ud800x"}]}`, ""), nhiscan.Gap{
			Code: nhiscan.GapMalformed, Resource: "/UserDetailList/0/Tags/0/Value", Message: "it is not valid UTF-8; U+FFFD stands for what could not be read"}},
		"a byte of Latin-1": {page(bob+",\"Tags\":[{\"Key\":\"k\",\"Value\":\"Z\xfcrich\"}]}", ""), nhiscan.Gap{
			Code: nhiscan.GapMalformed, Resource: "/UserDetailList/0/Tags/0/Value", Message: "it is not valid UTF-8; U+FFFD stands for what could not be read"}},
		"a surrogate in a document": {page("", app+`,"AssumeRolePolicyDocument":{"Version":"\ud800"}}`), nhiscan.Gap{
			Code: nhiscan.GapMalformed, Resource: "arn:aws:iam::123456789012:role/app"}},
		"no trust policy": {page("", app+"}"), nhiscan.Gap{
			Code: nhiscan.GapNotInFile, Resource: "arn:aws:iam::123456789012:role/app", Message: "the file does not tell TrustPolicy"}},
		"an empty trust policy": {page("", app+`,"AssumeRolePolicyDocument":""}`), nhiscan.Gap{
			Code: nhiscan.GapNotInFile, Resource: "arn:aws:iam::123456789012:role/app", Message: "the file does not tell TrustPolicy"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			input := strings.ReplaceAll(c.input, `[]2"}`, `[]}`)
			account, err := nhiscan.Read(strings.NewReader(input))
			require.NoError(t, err)
			var of []nhiscan.Gap
			for _, g := range account.Gaps {
				if g.Code == c.want.Code && g.Resource == c.want.Resource && strings.HasPrefix(g.Message, c.want.Message) {
					of = append(of, g)
				}
			}
			require.Len(t, of, 1, "%v", account.Gaps)
			again, err := nhiscan.Read(strings.NewReader(written(t, account)))
			require.NoError(t, err)
			require.Equal(t, account.Gaps, again.Gaps)
		})
	}
}

// What is broken in one character is read but for that character.
func TestReadGarbledText(t *testing.T) {
	t.Parallel()
	account, err := nhiscan.Read(strings.NewReader("{\"UserDetailList\":[{\"UserName\":\"Z\xfcrich\\ud800\\u0041\"},{\"UserName\":\"b\"}]}"))
	require.NoError(t, err)
	require.Len(t, account.Users, 2)
	require.Equal(t, "Z\ufffdrich\ufffdA", account.Users[0].Name)
}

func TestReadManyUnreadPolicies(t *testing.T) {
	t.Parallel()
	var roles []string
	for _, name := range strings.Split("abcdefghijklmnopq", "") {
		roles = append(roles, `{"RoleName":"`+name+`","AttachedManagedPolicies":[],"RolePolicyList":[]}`)
	}
	account, err := nhiscan.Read(strings.NewReader(`{"RoleDetailList":[` + strings.Join(roles, ",") + `]}`))
	require.NoError(t, err)
	require.Len(t, account.Gaps, 3)
	require.Contains(t, account.Gaps[0].Message+account.Gaps[1].Message+account.Gaps[2].Message, "of 17 entities the file does not tell TrustPolicy")
}

// cycle repeats a text after a beginning, for ever.
type cycle struct {
	rest, text string
}

func (c *cycle) Read(p []byte) (int, error) {
	if c.rest == "" {
		c.rest = c.text
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// What is endless is refused, however small its parts.
func TestReadEndless(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   *cycle
		want string
	}{
		"a list": {&cycle{`{"UserDetailList":[{"UserName":"u","GroupList":[`, strings.Repeat(`"g",`, 1000)},
			"/UserDetailList/0/GroupList/1048575: a list of more than 1048576: no account has that"},
		"a text": {&cycle{"", `{"UserDetailList":[{"Note":"` + strings.Repeat("x", 60<<20) + `"}]}`},
			"the text is longer than 1024 MiB: no account has that"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := nhiscan.Read(c.in)
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := nhiscan.ReadCredentialReport(&cycle{reportHeader + "\n\"", strings.Repeat("x", 1<<15) + "\n"})
	require.ErrorContains(t, err, "the report is longer than 64 MiB")
	_, err = nhiscan.ReadCredentialReport(&cycle{reportHeader, ",a"})
	require.ErrorContains(t, err, "a line is longer than 64 KiB")
}

func TestReadDamaged(t *testing.T) {
	t.Parallel()
	text := gzipped(t, `{"UserDetailList":[{"UserName":"u"}]}`)
	for name, c := range map[string]struct{ input, want string }{
		"gzip header":    {"\x1f\x8b" + strings.Repeat("x", 20), "the compressed file is damaged (gzip: invalid header); make it again"},
		"gzip checksum":  {text[:len(text)-8] + "12345678", "the compressed file is damaged (gzip: invalid checksum); make it again"},
		"gzip text":      {text[:10] + strings.Repeat("\xff", 20), "the compressed file is damaged (flate: corrupt input"},
		"half of UTF-16": {"\xff\xfe{\x00}\x00x", "the UTF-16 text ends in the middle of a character: it was cut off; make it again"},
		"tags as a map":  {`{"UserDetailList":[{"Tags":{"Owner":"alice"}}]}`, `/UserDetailList/0/Tags: want a list of tags such as {"Key": "Owner", "Value": "alice"}, found one without a Key`},
		"fewer than none": {`{"Policies":[{"AttachmentCount":-5}]}`,
			"/Policies/0/AttachmentCount: want a whole number, 0 or more, found -5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := nhiscan.Read(strings.NewReader(c.input))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestReadFormatErrorPathLength(t *testing.T) {
	t.Parallel()
	for _, input := range []string{`{"x":` + strings.Repeat("[", 20_000), `{"UserDetailList":[{"` + strings.Repeat("é", 5_000) + `":x}]}`} {
		_, err := nhiscan.Read(strings.NewReader(input))
		require.Error(t, err)
		require.Less(t, len(err.Error()), 400)
	}
}

func TestReadCredentialReportOfSeveral(t *testing.T) {
	t.Parallel()
	const header = "user,arn,password_enabled,access_key_1_active,mfa_active"
	for name, c := range map[string]struct{ input, want string }{
		"a user twice":      {header + "\nu,,true,true,true\nU,,false,false,true\n", `line 3, column 1: user: the report has "U" twice`},
		"root twice":        {header + "\n<root_account>,,true,true,true\n<root_account>,,false,false,true\n", `line 3, column 1: user: the report has "<root_account>" twice`},
		"a column twice":    {header + ",MFA_active\nu,,true,true,true,false\n", "mfa_active: the report has this column twice"},
		"two accounts":      {header + "\na,arn:aws:iam::123456789012:user/a,true,true,true\nb,arn:aws:iam::999999999999:user/b,true,true,true\n", "line 3, column 3: arn: the row is of account 999999999999 and those before it of account 123456789012"},
		"text after a JSON": {asJSON(header+"\n") + "garbage", "line 1, column "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := nhiscan.ReadCredentialReport(strings.NewReader(c.input))
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := nhiscan.ReadCredentialReport(io.MultiReader(strings.NewReader(asJSON(header + "\n{}"))))
	require.Error(t, err)
}

func TestApplyCredentialReportWithoutColumns(t *testing.T) {
	t.Parallel()
	account := accountOf(t, "bob")
	require.NoError(t, account.ApplyCredentialReport(readReport(t, "user,arn,password_enabled\nbob,arn:aws:iam::123456789012:user/bob,true\n")))
	require.False(t, account.Complete())
	require.Contains(t, account.Gaps[len(account.Gaps)-1].Message, "tells no password, access key or MFA state")
}
