package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nhiscan/nhiscan"
	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/commandline"
	"github.com/nhiscan/nhiscan/policydoc"
)

// documentFlags say which documents a command is about.
type documentFlags struct {
	source    sourceFlags
	allowGaps bool
}

func (f *documentFlags) register(cmd *cobra.Command) {
	f.source.register(cmd)
	f.source.documents = true
	registerAllowGaps(cmd, &f.allowGaps)
}

// fromAccount reports whether the documents are those of an account.
func (f *documentFlags) fromAccount(cmd *cobra.Command, args []string) bool {
	return len(args) == 0 || f.source.Saved() || f.source.AWS.Used(cmd.Flags()) != ""
}

// read returns the documents: the files that args name or, of an account, all
// policies or those that args name.
func (f *documentFlags) read(cmd *cobra.Command, con *console, args []string) ([]answer.Document, []nhiscan.Gap, error) {
	if err := f.source.check(cmd); err != nil {
		return nil, nil, err
	}
	if !f.fromAccount(cmd, args) {
		documents, err := interruptible(cmd.Context(), 0, func() ([]answer.Document, error) { return readDocuments(con, args) })
		return documents, nil, err
	}
	account, err := f.source.account(cmd.Context(), con)
	if err != nil {
		return nil, nil, err
	}
	return answer.Documents(account, args...)
}

// readDocuments reads files; - is standard input, and the ARN of an AWS managed
// policy stands for its text.
func readDocuments(con *console, files []string) ([]answer.Document, error) {
	var out []answer.Document
	for _, file := range files {
		if answer.IsAWSManaged(file) {
			document, err := answer.AWSManaged(file)
			if err != nil {
				return nil, err
			}
			out = append(out, document)
			continue
		}
		text, err := readText(con, file)
		if err != nil {
			return nil, err
		}
		name := file
		if file == "-" {
			name = "standard input"
		}
		if err := mistaken(name, text); err != nil {
			return nil, err
		}
		out = append(out, answer.Document{Name: name, Text: text})
	}
	return out, nil
}

// maxPolicyText is many times what AWS accepts of any policy.
const maxPolicyText = 10 << 20

// readText reads a policy document; what the AWS API percent-encoded is decoded.
func readText(con *console, file string) (string, error) {
	if file == "" {
		return "", commandline.Usagef("the file name is empty")
	}
	in := con.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxPolicyText+1))
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	if len(text) > maxPolicyText {
		return "", fmt.Errorf("%s is larger than 10 MB: no policy is", file)
	}
	if strings.HasPrefix(string(text), "%7B") {
		return policydoc.Decode(strings.TrimSpace(string(text)))
	}
	return string(text), nil
}

// parsed runs what answers from policy documents, with a gap for each of an
// account's that does not parse.
func parsed[T any](ctx context.Context, documents []answer.Document, do func([]answer.Document) ([]T, []nhiscan.Gap, error)) ([]T, []nhiscan.Gap, error) {
	type result struct {
		made []T
		gaps []nhiscan.Gap
	}
	r, err := calculate(ctx, func() (r result, err error) {
		r.made, r.gaps, err = do(documents)
		return r, err
	})
	return r.made, r.gaps, err
}
