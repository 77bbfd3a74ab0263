package render

import "github.com/nhiscan/nhiscan/policydoc"

// A DangerousText is a dangerous permission in printable words.
type DangerousText struct {
	Severity policydoc.Severity
	Text     string
}

// DangerousTexts tells the dangerous permissions, the worst first; those that one
// statement gives in one. It needs the identity's permissions.
func DangerousTexts(id *Identity) []DangerousText {
	list := mergeDangers(id.Permissions.Dangerous)
	texts := make([]DangerousText, len(list))
	for i := range list {
		texts[i] = DangerousText{list[i].Severity, dangerText(&list[i], id)}
	}
	return texts
}
