package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// maxToken is far more than a token needs, and less than a file that was given by
// mistake may have.
const maxToken = 4096

// readToken reads the token of --auth-token-file. No error shows a part of the file,
// or its name, in place of which somebody may have given the token itself.
func readToken(con *console, name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return "", fmt.Errorf("--auth-token-file: the file cannot be read: %w", err)
	}
	defer file.Close()
	warnReadable(con, "auth-token-file", name)
	text, err := io.ReadAll(io.LimitReader(file, maxToken+1))
	if err != nil {
		return "", errors.New("--auth-token-file: the file cannot be read")
	}
	token := strings.TrimSpace(string(text))
	switch {
	case token == "":
		return "", errors.New("--auth-token-file: the file is empty")
	case len(text) > maxToken:
		return "", fmt.Errorf("--auth-token-file: the file is longer than %d bytes", maxToken)
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("--auth-token-file: want one token of visible ASCII characters")
	}
	return token, nil
}

// warnReadable says that others can read a file that should be secret.
func warnReadable(con *console, flag, name string) {
	if runtime.GOOS == "windows" { // whose permissions are not in the mode
		return
	}
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		con.say("nhiscan-mcp: warning: others can read or write the file of --%s: chmod 600 makes it yours alone", flag)
	}
}
