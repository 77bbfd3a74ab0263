package mcpserver

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/nhiscan/nhiscan/policydoc"
)

// signIn are the operations by which credentials are obtained, of STS and of the
// services that the SDK signs in with.
var signIn = []string{
	callerIdentity, "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML",
	"sso:GetRoleCredentials", "sso-oidc:CreateToken", "signin:CreateOAuth2Token",
}

// permit says whether AWS may be called, whatever code calls it: it is asked before
// each call of AWS. What changes something is only called for a tool that is there
// to do it, on a server that may, once nothing stands between the call and the change.
func (s *Server) permit(ctx context.Context, operation string) error {
	action, known := policydoc.LookupAction(operation)
	reads := known && (action.Level == policydoc.LevelRead || action.Level == policydoc.LevelList)
	c := callFrom(ctx)
	switch {
	case slices.Contains(signIn, operation):
		return nil
	case !strings.HasPrefix(operation, "iam:"):
		return fmt.Errorf("this server does not call %s", operation)
	case reads:
		return nil
	case !s.options.AllowWrite:
		return fmt.Errorf("this server only reads: it does not call %s", operation)
	case c == nil || !slices.Contains(c.tool.Actions, operation):
		return fmt.Errorf("%s is not for this call", operation)
	case !c.mayChange.Load():
		return fmt.Errorf("%s has not been confirmed", operation)
	}
	return nil
}
