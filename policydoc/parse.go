package policydoc

// Parse parses the JSON text of a policy document.
func Parse(text string) (*Document, error) { return nil, nil }

// A ParseError says where and why a text is not a policy document.
type ParseError struct {
	Statement int // 1 for the first, 0 outside of any
	Offset    int // byte offset in the text
	Message   string
}

func (e *ParseError) Error() string { return e.Message }
