// Command nhiscan-mcp serves what nhiscan finds in an AWS account's IAM to AI
// assistants, over the Model Context Protocol.
package main

import (
	"context"
	"os"
)

func main() {
	con := newConsole()
	// Standard output is the protocol's: whatever a package may print is for people.
	os.Stdout = os.Stderr
	os.Exit(run(context.Background(), os.Args[1:], con))
}
