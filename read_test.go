package nhiscan_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func inUTF16(t *testing.T, order binary.ByteOrder, text string) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, binary.Write(&b, order, utf16.Encode([]rune("\ufeff"+text))))
	return b.String()
}

func TestReadEncodings(t *testing.T) {
	t.Parallel()
	plain, err := os.ReadFile("testdata/read/plain.json")
	require.NoError(t, err)
	text := strings.Replace(string(plain), "café", "café 𝄞", 1)
	want, err := nhiscan.Read(strings.NewReader(text))
	require.NoError(t, err)
	require.Equal(t, "café 𝄞", want.Users[0].Tags[0].Value)
	for name, input := range map[string]string{
		"byte order mark":            "\ufeff" + text,
		"leading white space":        "\r\n\t " + text + "\n\n",
		"gzip":                       gzipped(t, text),
		"gzip in two members":        gzipped(t, text[:1000]) + gzipped(t, text[1000:]),
		"gzip with byte order mark":  gzipped(t, "\ufeff"+text),
		"UTF-16 little endian":       inUTF16(t, binary.LittleEndian, text),
		"UTF-16 big endian":          inUTF16(t, binary.BigEndian, text),
		"UTF-16 in gzip":             gzipped(t, inUTF16(t, binary.LittleEndian, text)),
		"Windows line ends":          strings.ReplaceAll(text, "\n", "\r\n"),
		"a list of pages":            "[" + text + "]",
		"a list of pages and a page": "[" + text + "]" + text,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := nhiscan.Read(iotest.HalfReader(strings.NewReader(input)))
			require.NoError(t, err)
			require.Equal(t, withoutLineEnds(t, want), withoutLineEnds(t, got))
		})
	}
}

// withoutLineEnds makes documents comparable that differ in how lines end.
func withoutLineEnds(t *testing.T, a *nhiscan.Account) string {
	t.Helper()
	return strings.ReplaceAll(written(t, a), "\r\n", "\n")
}

func TestReadTimes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want time.Time
	}{
		"UTC":                    {`"2020-02-29T12:30:45Z"`, time.Date(2020, 2, 29, 12, 30, 45, 0, time.UTC)},
		"offset":                 {`"2020-02-29T12:30:45+02:00"`, time.Date(2020, 2, 29, 10, 30, 45, 0, time.UTC)},
		"offset without colon":   {`"2020-02-29T12:30:45+0200"`, time.Date(2020, 2, 29, 10, 30, 45, 0, time.UTC)},
		"space":                  {`"2020-02-29 12:30:45+00:00"`, time.Date(2020, 2, 29, 12, 30, 45, 0, time.UTC)},
		"no zone":                {`"2020-02-29T12:30:45"`, time.Date(2020, 2, 29, 12, 30, 45, 0, time.UTC)},
		"fraction":               {`"2020-02-29T12:30:45.123456Z"`, time.Date(2020, 2, 29, 12, 30, 45, 123456000, time.UTC)},
		"fraction after a space": {`"2020-02-29 12:30:45.5+00:00"`, time.Date(2020, 2, 29, 12, 30, 45, 500000000, time.UTC)},
		"seconds":                {`1582979445`, time.Date(2020, 2, 29, 12, 30, 45, 0, time.UTC)},
		"seconds with fraction":  {`1582979445.25`, time.Date(2020, 2, 29, 12, 30, 45, 250000000, time.UTC)},
		"milliseconds":           {`1582979445250`, time.Date(2020, 2, 29, 12, 30, 45, 250000000, time.UTC)},
		"date":                   {`"2020-02-29"`, time.Date(2020, 2, 29, 0, 0, 0, 0, time.UTC)},
		"empty":                  {`""`, time.Time{}},
		"null":                   {`null`, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, err := nhiscan.Read(strings.NewReader(`{"UserDetailList":[{"UserName":"u","CreateDate":` + c.text + `}]}`))
			require.NoError(t, err)
			require.Equal(t, c.want, account.Users[0].CreateDate)
		})
	}
}

func TestReadKnown(t *testing.T) {
	t.Parallel()
	const whole = `"GroupList":[],"AttachedManagedPolicies":[],"Tags":[]`
	for name, c := range map[string]struct {
		user string
		want nhiscan.Facts
	}{
		"a name alone": {`{"UserName":"u"}`, 0},
		"whole": {`{"UserName":"u",` + whole + `}`, nhiscan.FactTags | nhiscan.FactGroups | nhiscan.FactAttachedPolicies |
			nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary},
		"from before tags": {`{"UserName":"u","GroupList":[],"AttachedManagedPolicies":[]}`, nhiscan.FactGroups |
			nhiscan.FactAttachedPolicies | nhiscan.FactInlinePolicies | nhiscan.FactPermissionsBoundary},
		"null is absence": {`{"UserName":"u","Tags":null,"GroupList":[]}`, nhiscan.FactGroups},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, err := nhiscan.Read(strings.NewReader(`{"UserDetailList":[` + c.user + `]}`))
			require.NoError(t, err)
			require.Equal(t, c.want.Names(), account.Users[0].Known.Names())
		})
	}
}

func TestReadAccountID(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ arns, id, partition string }{
		"most":              {`arn:aws:iam::111122223333:user/a arn:aws:iam::123456789012:user/b arn:aws:iam::123456789012:user/c`, "123456789012", "aws"},
		"digits first":      {`arn:aws-cn:iam::test:user/a arn:aws-cn:iam::test:user/b arn:aws-cn:iam::123456789012:user/c`, "123456789012", "aws-cn"},
		"a word":            {`arn:aws:iam::test:user/a arn:aws:iam::aws:user/b arn:aws:iam::aws:user/c`, "test", "aws"},
		"nothing":           {`made-up`, "", ""},
		"no account in ARN": {`arn:aws-us-gov:iam:::user/a`, "", "aws-us-gov"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			users := `{"Arn":"` + strings.ReplaceAll(c.arns, " ", `"},{"Arn":"`) + `"}`
			account, err := nhiscan.Read(strings.NewReader(`{"UserDetailList":[` + users + `]}`))
			require.NoError(t, err)
			require.Equal(t, c.id, account.ID)
			require.Equal(t, c.partition, account.Partition)
		})
	}
}

func TestReadGaps(t *testing.T) {
	t.Parallel()
	const lists = `"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[],"Policies":[]`
	for name, c := range map[string]struct {
		input string
		codes []string
	}{
		"whole but for credentials": {`{` + lists + `}`, []string{nhiscan.GapNotInFile}},
		"last page missing":         {`{` + lists + `,"IsTruncated":true}`, []string{nhiscan.GapTruncated, nhiscan.GapNotInFile}},
		"pages complete":            {`{` + lists + `,"IsTruncated":true}{` + lists + `,"IsTruncated":false}`, []string{nhiscan.GapNotInFile}},
		"lists missing":             {`{"RoleDetailList":[]}`, []string{nhiscan.GapNotInFile, nhiscan.GapNotInFile}},
		"saved":                     {`{"Nhiscan":{"Schema":"nhiscan/account/v1"},` + lists + `}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, err := nhiscan.Read(strings.NewReader(c.input))
			require.NoError(t, err)
			var codes []string
			for _, g := range account.Gaps {
				codes = append(codes, g.Code)
				require.NotEmpty(t, g.Message)
			}
			require.Equal(t, c.codes, codes)
			require.Equal(t, len(c.codes) == 0, account.Complete())
		})
	}
}

func TestReadFormatError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		input string
		want  string
	}{
		"a number for a name": {"{\n  \"RoleDetailList\": [\n    {\"RoleName\": 5}]}",
			"read account: line 3, column 18: /RoleDetailList/0/RoleName: want a string, found a number"},
		"an object for a name":  {`{"UserDetailList":[{},{"UserName":{"a":"b"}}]}`, "read account: line 1, column 35: /UserDetailList/1/UserName: want a string, found an object"},
		"a string for a list":   {`{"UserDetailList":"none"}`, "read account: line 1, column 19: /UserDetailList: want an object, found a string"},
		"a number in a list":    {`{"UserDetailList":[{"UserName":"u","GroupList":["a",7]}]}`, "read account: line 1, column 53: /UserDetailList/0/GroupList/1: want a string, found a number"},
		"no time":               {`{"UserDetailList":[{"CreateDate":"yesterday"}]}`, "read account: line 1, column 34: /UserDetailList/0/CreateDate: want a time such as 2024-05-01T12:00:00Z, found \"yesterday\""},
		"a time out of range":   {`{"UserDetailList":[{"CreateDate":1e300}]}`, "read account: line 1, column 34: /UserDetailList/0/CreateDate: want a time such as 2024-05-01T12:00:00Z, found the number 1e+300"},
		"a fraction of a count": {`{"Policies":[{"AttachmentCount":1.5}]}`, "read account: line 1, column 33: /Policies/0/AttachmentCount: want a whole number, 0 or more, found 1.5"},
		"no boolean":            {`{"Policies":[{"IsAttachable":"yes"}]}`, "read account: line 1, column 30: /Policies/0/IsAttachable: want true or false, found a string"},
		"cut off in a role":     {"{\"RoleDetailList\":[\n{\"RoleName\":\"a\"},\n{\"RoleName\":", "read account: line 3, column 13: the file ends inside /RoleDetailList/1/RoleName: it was cut off; make it again"},
		"cut off in a string":   {`{"RoleDetailList":[{"RoleName":"abc`, "read account: line 1, column 36: the file ends inside /RoleDetailList/0/RoleName: it was cut off; make it again"},
		"cut off at once":       {`{`, "read account: line 1, column 2: the file ends inside its first value: it was cut off; make it again"},
		"a comma too many":      {"{\"UserDetailList\":[],\n\n}", "read account: line 1, column 21: not JSON: invalid character ',' at start of value"},
		"text after the end":    {`{"UserDetailList":[]} and so on`, "read account: line 1, column 23: not JSON: invalid character 'a' at start of value"},
		"too deep":              {`{"UserDetailList":[],"x":` + strings.Repeat("[", 20_000), "not JSON: exceeded max depth"},
		"a document too deep":   {`{"RoleDetailList":[{"AssumeRolePolicyDocument":` + strings.Repeat(`{"a":`, 20_000), "not JSON: exceeded max depth"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := nhiscan.Read(strings.NewReader(c.input))
			require.ErrorContains(t, err, c.want)
			var format *nhiscan.FormatError
			require.ErrorAs(t, err, &format)
			require.Positive(t, format.Line)
			require.Positive(t, format.Column)
		})
	}
}

// The position stays right when the input comes in pieces and is long.
func TestReadFormatErrorPosition(t *testing.T) {
	t.Parallel()
	const lines = 20_000
	input := "{\"UserDetailList\":[\n" + strings.Repeat("{\"UserName\":\"u\"},\n", lines) + "  {\"UserName\":true}]}"
	_, err := nhiscan.Read(iotest.OneByteReader(strings.NewReader(input)))
	var format *nhiscan.FormatError
	require.ErrorAs(t, err, &format)
	require.Equal(t, nhiscan.FormatError{
		Line: lines + 2, Column: 15, Offset: int64(len(input) - len("true}]}")),
		Path: "/UserDetailList/20000/UserName", Message: "want a string, found a boolean",
	}, *format)
}

func TestReadError(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is broken")
	for name, in := range map[string]io.Reader{
		"at once": iotest.ErrReader(broken),
		"later":   io.MultiReader(strings.NewReader(`{"UserDetailList":[`+strings.Repeat(" ", 10_000)), iotest.ErrReader(broken)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := nhiscan.Read(in)
			require.ErrorIs(t, err, broken)
		})
	}
	_, err := nhiscan.ReadFile("testdata/no-such-file.json")
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "read account: open testdata/no-such-file.json")
}

func TestReadCutGzip(t *testing.T) {
	t.Parallel()
	text := gzipped(t, `{"UserDetailList":[{"UserName":"u"}]}`)
	for n := 2; n < len(text); n++ {
		_, err := nhiscan.Read(strings.NewReader(text[:n]))
		require.EqualError(t, err, "read account: the compressed file ends too early: it was cut off; make it again")
	}
}

// repeated is an endless input: a beginning, then the same byte for ever.
type repeated struct {
	head string
	fill byte
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.head)
	r.head = r.head[n:]
	for i := n; i < len(p); i++ {
		p[i] = r.fill
	}
	return len(p), nil
}

func TestReadBounded(t *testing.T) {
	for name, in := range map[string]*repeated{
		"a string":    {`{"UserDetailList":[{"UserName":"`, 'a'},
		"white space": {`{"UserDetailList":[`, ' '},
		"empty lines": {`{"UserDetailList":[`, '\n'},
		"nesting":     {`{"RoleDetailList":[{"AssumeRolePolicyDocument":`, '['},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := nhiscan.Read(io.LimitReader(in, 1<<30))
			runtime.ReadMemStats(&after)
			var format *nhiscan.FormatError
			require.ErrorAs(t, err, &format)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(300<<20))
		})
	}
}
