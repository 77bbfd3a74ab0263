package render_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/mattn/go-runewidth"
	"github.com/stretchr/testify/require"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/trust"
)

func TestScanGoldens(t *testing.T) {
	t.Parallel()
	for _, width := range []int{0, 60, 80, 120, 200} {
		t.Run(fmt.Sprintf("table %d", width), func(t *testing.T) {
			t.Parallel()
			golden(t, fmt.Sprintf("scan-%d.txt", width), func(w io.Writer) error {
				return render.ScanTable(w, testScan(), render.Style{Width: width})
			})
		})
	}
	forms := map[string]func(io.Writer, *render.Scan) error{
		"scan.json": render.ScanJSON, "scan.csv": render.ScanCSV, "scan.md": render.ScanMarkdown,
		"scan-color.txt": func(w io.Writer, s *render.Scan) error {
			return render.ScanTable(w, s, render.Style{Width: 120, Color: true})
		},
	}
	for name, emit := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, func(w io.Writer) error { return emit(w, testScan()) })
		})
	}
}

func TestIdentityGoldens(t *testing.T) {
	t.Parallel()
	for file, name := range map[string]string{
		"identity-person": "ada.berg", "identity-bot": "deploy-bot", "identity-public": "partner-sync",
		"identity-torn": "torn", "identity-organization": "OrganizationAccountAccessRole", "identity-lambda": "resize-images",
		"identity-evil": "=cmd|' /C calc'!A0\x1b[2J\u202e",
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			golden(t, file+".txt", func(w io.Writer) error {
				return render.IdentityText(w, testIdentity(name), render.Style{Width: 100})
			})
			golden(t, file+".json", func(w io.Writer) error { return render.IdentityJSON(w, testIdentity(name)) })
		})
	}
}

func TestCallerGoldens(t *testing.T) {
	t.Parallel()
	for name, caller := range map[string]*render.Caller{
		"caller":      testCaller(testIdentity("partner-sync")),
		"caller-root": {ARN: "arn:aws:iam::123456789012:root", AccountID: "123456789012", UserID: "123456789012", Type: "root", Time: now},
		"caller-unread": {
			ARN: "arn:aws:iam::123456789012:user/x", AccountID: "123456789012", UserID: "AIDA", Type: "user", Name: "x", Time: now,
			Gaps: []nhiscan.Gap{{Operation: "iam:GetUser", Resource: "x", Code: "AccessDenied", Message: "not allowed"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name+".txt", func(w io.Writer) error { return render.CallerText(w, caller, render.Style{}) })
			golden(t, name+".json", func(w io.Writer) error { return render.CallerJSON(w, caller) })
		})
	}
}

func TestScanOfNothing(t *testing.T) {
	t.Parallel()
	for name, emit := range map[string]func(io.Writer, *render.Scan) error{
		"empty.json": render.ScanJSON, "empty.csv": render.ScanCSV, "empty.md": render.ScanMarkdown,
		"empty.txt": func(w io.Writer, s *render.Scan) error { return render.ScanTable(w, s, render.Style{Width: 80}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, func(w io.Writer) error { return emit(w, emptyScan()) })
		})
	}
}

func TestTextIsPrintable(t *testing.T) {
	t.Parallel()
	public := testIdentity("partner-sync")
	evil := testIdentity("=cmd|' /C calc'!A0\x1b[2J\u202e")
	emits := map[string]func(io.Writer) error{
		"table":    func(w io.Writer) error { return render.ScanTable(w, testScan(), render.Style{Width: 300}) },
		"markdown": func(w io.Writer) error { return render.ScanMarkdown(w, testScan()) },
		"csv":      func(w io.Writer) error { return render.ScanCSV(w, testScan()) },
		"identity": func(w io.Writer) error { return render.IdentityText(w, evil, render.Style{}) },
		"caller":   func(w io.Writer) error { return render.CallerText(w, testCaller(public), render.Style{}) },
	}
	for name, emit := range emits {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			require.NoError(t, emit(&out))
			for _, r := range out.String() {
				require.True(t, r == '\n' || r == '\r' || unicode.IsPrint(r), "%q in the output", r)
			}
		})
	}
}

func TestTableFits(t *testing.T) {
	t.Parallel()
	for width := 50; width <= 220; width++ {
		var out bytes.Buffer
		require.NoError(t, render.ScanTable(&out, testScan(), render.Style{Width: width}))
		_, table, _ := strings.Cut(out.String(), "\n\n")
		table, _, _ = strings.Cut(table, "\n\n")
		for line := range strings.Lines(table) {
			require.LessOrEqual(t, runewidth.StringWidth(strings.TrimSuffix(line, "\n")), width, "width %d: %s", width, line)
		}
	}
}

func TestCSVIsSafeAndWhole(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, render.ScanCSV(&out, testScan()))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1+len(testScan().Identities))
	for _, row := range rows {
		require.Len(t, row, len(rows[0]))
		for _, cell := range row {
			require.NotRegexp(t, `^[=+\-@\t\r]`, cell)
		}
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"plain":              {"deploy-bot", "deploy-bot"},
		"letters of others":  {"Ærø 日本 naïve", "Ærø 日本 naïve"},
		"escape":             {"a\x1b[31mb", `a\x1b[31mb`},
		"line breaks":        {"a\r\n\tb", `a\r\n\tb`},
		"delete, bell":       {"\x7f\x07", `\x7f\x07`},
		"C1 control":         {"\u009b31m", `\u009b31m`},
		"right to left":      {"a\u202eb", `a\u202eb`},
		"isolate":            {"\u2066x\u2069", `\u2066x\u2069`},
		"zero width":         {"a\u200bb\u200d\ufeff", `a\u200bb\u200d\ufeff`},
		"soft hyphen":        {"a\u00adb", `a\u00adb`},
		"tag characters":     {"\U000e0041", `\U000e0041`},
		"variation selector": {"a\ufe0f", `a\ufe0f`},
		"hangul filler":      {"\u3164", `\u3164`},
		"line separator":     {"\u2028", `\u2028`},
		"no-break space":     {"a\u00a0b", `a\u00a0b`},
		"not UTF-8":          {"a\xffb", `a\xffb`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, render.Printable(c.in))
		})
	}
}

func FuzzPrintable(f *testing.F) {
	for _, seed := range []string{"", "a", "\x1b", "\xff\xfe", "\u202e", "日本"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := render.Printable(s)
		for _, r := range out {
			require.True(t, unicode.IsPrint(r), "%q", r)
		}
		require.Equal(t, out, render.Printable(out))
	})
}

func TestLastUsed(t *testing.T) {
	t.Parallel()
	known := nhiscan.FactPassword | nhiscan.FactPasswordLastUsed | nhiscan.FactAccessKeys
	never := nhiscan.LastUse{Known: true}
	user := func(known nhiscan.Facts, password nhiscan.Password, keys ...nhiscan.LastUse) *nhi.Identity {
		u := &nhiscan.User{Known: known, Credentials: nhiscan.Credentials{Password: password}}
		for _, use := range keys {
			u.AccessKeys = append(u.AccessKeys, nhiscan.AccessKey{LastUsed: use})
		}
		return &nhi.Identity{Type: nhi.TypeUser, User: u}
	}
	for name, c := range map[string]struct {
		id   *nhi.Identity
		want nhiscan.LastUse
	}{
		"nothing known":          {user(0, nhiscan.Password{}), nhiscan.LastUse{}},
		"no credentials":         {user(known, nhiscan.Password{}), never},
		"never used":             {user(known, nhiscan.Password{Enabled: true, LastUsed: never}, never), never},
		"the later of two":       {user(known, nhiscan.Password{Enabled: true, LastUsed: used(9)}, used(3)), used(3)},
		"keys are not known":     {user(nhiscan.FactPassword|nhiscan.FactPasswordLastUsed, nhiscan.Password{Enabled: true, LastUsed: used(9)}), nhiscan.LastUse{At: daysAgo(9)}},
		"one key is not known":   {user(known, nhiscan.Password{}, used(3), nhiscan.LastUse{}), nhiscan.LastUse{At: daysAgo(3)}},
		"role":                   {&nhi.Identity{Type: nhi.TypeRole, Role: &nhiscan.Role{Known: nhiscan.FactRoleLastUsed, LastUsed: used(5)}}, used(5)},
		"role that was not read": {&nhi.Identity{Type: nhi.TypeRole, Role: &nhiscan.Role{LastUsed: used(5)}}, nhiscan.LastUse{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, render.LastUsed(c.id))
		})
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	scan := testScan()
	scan.Identities[2].Trust.Dangers = []trust.Danger{{Severity: "high"}, {Severity: "low"}}
	var severities []string
	for _, f := range scan.Findings() {
		severities = append(severities, string(f.Danger.Severity))
	}
	require.Equal(t, []string{"critical", "high", "medium", "low"}, severities)
}

// A summary of many dangers and gaps stays short.
func TestManyLinesToLookAt(t *testing.T) {
	t.Parallel()
	scan := testScan()
	for i := range 30 {
		scan.Identities[1].Trust.Dangers = append(scan.Identities[1].Trust.Dangers,
			trust.Danger{Severity: "high", Message: fmt.Sprintf("danger %d", i)})
		scan.Report.Gaps = append(scan.Report.Gaps, nhiscan.Gap{Operation: fmt.Sprintf("iam:Get%d", i%20), Resource: fmt.Sprint(i), Code: "AccessDenied"})
	}
	golden(t, "many.txt", func(w io.Writer) error { return render.ScanTable(w, scan, render.Style{Width: 120}) })
}

type brokenWriter struct{}

var errBroken = errors.New("no space left on device")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteErrorsAreReturned(t *testing.T) {
	t.Parallel()
	scan, id := testScan(), testIdentity("partner-sync")
	for name, err := range map[string]error{
		"table":         render.ScanTable(brokenWriter{}, scan, render.Style{}),
		"json":          render.ScanJSON(brokenWriter{}, scan),
		"csv":           render.ScanCSV(brokenWriter{}, scan),
		"markdown":      render.ScanMarkdown(brokenWriter{}, scan),
		"identity":      render.IdentityText(brokenWriter{}, id, render.Style{}),
		"identity JSON": render.IdentityJSON(brokenWriter{}, id),
		"caller":        render.CallerText(brokenWriter{}, testCaller(id), render.Style{}),
		"caller JSON":   render.CallerJSON(brokenWriter{}, testCaller(id)),
	} {
		require.ErrorIs(t, err, errBroken, name)
	}
}

// manyIdentities is a scan of n identities.
func manyIdentities(n int) *render.Scan {
	scan := testScan()
	few := scan.Identities
	for i := len(few); i < n; i++ {
		scan.Identities = append(scan.Identities, few[i%len(few)])
	}
	return scan
}

func BenchmarkScanJSON(b *testing.B) { benchmarkScan(b, render.ScanJSON) }
func BenchmarkScanCSV(b *testing.B)  { benchmarkScan(b, render.ScanCSV) }
func BenchmarkScanTable(b *testing.B) {
	benchmarkScan(b, func(w io.Writer, s *render.Scan) error { return render.ScanTable(w, s, render.Style{Width: 120}) })
}

// benchmarkScan writes 10,000 identities.
func benchmarkScan(b *testing.B, emit func(io.Writer, *render.Scan) error) {
	scan := manyIdentities(10_000)
	var out bytes.Buffer
	require.NoError(b, emit(&out, scan))
	b.SetBytes(int64(out.Len()))
	for b.Loop() {
		require.NoError(b, emit(io.Discard, scan))
	}
}
