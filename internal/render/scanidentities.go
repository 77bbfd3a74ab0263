package render

import (
	"bufio"
	"bytes"
	"runtime"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"

	"github.com/nhiscan/nhiscan/nhi"
	"github.com/nhiscan/nhiscan/permissions"
)

const betweenIdentities = ",\n    "

// writeIdentities writes the list of a scan's identities. Errors of w are those of
// its Flush.
func writeIdentities(w *bufio.Writer, s *Scan) error {
	if len(s.Identities) == 0 {
		w.WriteString("[]")
		return nil
	}
	var failed error
	separator := "[\n    "
	for p := range encodeIdentities(s) {
		if err := <-p.done; err != nil {
			failed = err
		}
		w.WriteString(separator)
		w.Write(p.text.Bytes())
		separator = betweenIdentities
		p.release()
	}
	w.WriteString("\n  ]")
	return failed
}

// An encodedPart is the JSON of some identities.
type encodedPart struct {
	text *bytes.Buffer
	// done gets an error or nil once text is complete.
	done chan error
	free chan<- *bytes.Buffer
}

// release gives the part's memory to one that is to come.
func (p *encodedPart) release() {
	p.text.Reset()
	p.free <- p.text
}

// encodeIdentities has every processor encode identities, some at a time. The parts
// come in order, and each must be released: there are no more than some at once, so
// that the JSON of a large account is never whole in memory.
func encodeIdentities(s *Scan) <-chan encodedPart {
	processors := runtime.GOMAXPROCS(0)
	var encoders errgroup.Group
	encoders.SetLimit(processors)
	// Identities differ a hundredfold in size: parts are small, and enough of them
	// are under way that a large one leaves no processor idle.
	const atOnce, each = 8, 8
	parts := make(chan encodedPart, processors*each)
	free := make(chan *bytes.Buffer, cap(parts))
	for range cap(free) {
		free <- &bytes.Buffer{}
	}
	go func() {
		defer close(parts)
		for identities := range slices.Chunk(s.Identities, atOnce) {
			p := encodedPart{<-free, make(chan error, 1), free}
			parts <- p
			encoders.Go(func() error {
				p.done <- writeSome(p.text, identities, s)
				return nil
			})
		}
	}()
	return parts
}

func writeSome(w *bytes.Buffer, identities []*nhi.Identity, s *Scan) error {
	for i, id := range identities {
		if i > 0 {
			w.WriteString(betweenIdentities)
		}
		if err := writeIdentity(w, newWireIdentity(id, s.Threshold), s.of(id)); err != nil {
			return err
		}
	}
	return nil
}

// writeIdentity writes what the identity can do on one line: indented, it would be
// most of the file.
func writeIdentity(w *bytes.Buffer, id wireIdentity, p *permissions.Permissions) error {
	err := json.MarshalWrite(w, &id, jsonOptions, jsontext.WithIndent("  "), jsontext.WithIndentPrefix("    "))
	if err != nil || p == nil {
		return err
	}
	const end = "\n    }"
	w.Truncate(w.Len() - len(end))
	w.WriteString(",\n      \"permissions\": ")
	w.Write(newWirePermissions(p).appendJSON(w.AvailableBuffer()))
	w.WriteString(end)
	return nil
}
