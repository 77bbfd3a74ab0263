package fakeiam

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The shortest session, and the length of one that does not ask for another.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const (
	minSessionDuration     = 15 * time.Minute
	defaultSessionDuration = time.Hour
)

func stsOperations() map[string]operation {
	roleARN := func(_ *index, r *request) string { return r.param("RoleArn") }
	return map[string]operation{
		"GetCallerIdentity": {write: getCallerIdentity},
		"AssumeRole":        {subject: roleARN, write: assumeRole},
	}
}

// A session is what AssumeRole gave out.
type session struct {
	arn   string
	token string
}

// checkSession refuses the credentials of a session without its token.
func (s *Server) checkSession(r *request) *apiError {
	s.mu.Lock()
	defer s.mu.Unlock()
	if session, ok := s.sessions[r.accessKeyID]; ok && session.token != r.token {
		return errKnown("InvalidClientTokenId")
	}
	return nil
}

func getCallerIdentity(s *Server, r *request, x *xmlWriter) *apiError {
	x.text("Arn", r.caller)
	x.text("UserId", r.index.uniqueID(r.caller))
	x.text("Account", r.index.id)
	return nil
}

// uniqueID returns the id that AWS has for a caller:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable.
// A caller that the Account does not know has an invented one.
func (ix *index) uniqueID(arn string) string {
	switch _, resource, _ := strings.Cut(arn, ":assumed-role/"); {
	case isRoot(arn):
		return ix.id
	case resource != "":
		name, sessionName, _ := strings.Cut(resource, "/")
		if role, ok := ix.roleNamed[name]; ok {
			return role.ID + ":" + sessionName
		}
		return "AROAEXAMPLEEXAMPLE000:" + sessionName
	}
	if u, ok := ix.userNamed[nameOf(arn)]; ok {
		return u.ID
	}
	return "AIDAEXAMPLEEXAMPLE000"
}

// assumeRole gives out credentials for a role of the account, with which the
// server then knows the caller. The trust policy is not evaluated; to refuse, use
// [Server.Deny].
func assumeRole(s *Server, r *request, x *xmlWriter) *apiError {
	roleARN, err := r.required("RoleArn")
	if err != nil {
		return err
	}
	name, err := r.required("RoleSessionName")
	if err != nil {
		return err
	}
	role, ok := r.index.roleNamed[nameOf(roleARN)]
	if !ok || role.ARN != roleARN {
		return errAccessDenied(s.notAuthorized(r))
	}
	duration, err := r.sessionDuration(maxSessionDuration(role))
	if err != nil {
		return err
	}
	arn := "arn:" + r.index.partition + ":sts::" + r.index.id + ":assumed-role/" + role.Name + "/" + name
	id, token := s.openSession(arn)
	x.open("AssumedRoleUser")
	x.text("AssumedRoleId", role.ID+":"+name)
	x.text("Arn", arn)
	x.close("AssumedRoleUser")
	x.open("Credentials")
	x.text("AccessKeyId", id)
	x.text("SecretAccessKey", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
	x.text("SessionToken", token)
	x.time("Expiration", time.Now().Add(duration))
	x.close("Credentials")
	x.optional("SourceIdentity", r.param("SourceIdentity"))
	if r.param("Policy") != "" {
		x.integer("PackedPolicySize", 6)
	}
	return nil
}

func (s *Server) openSession(arn string) (accessKeyID, token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.sessions) + 1
	accessKeyID, token = fmt.Sprintf("ASIA%016d", n), fmt.Sprintf("token/of+session=%d", n)
	s.sessions[accessKeyID] = session{arn: arn, token: token}
	return accessKeyID, token
}

// sessionDuration returns the length of session that the request asks for, at
// most the longest that the role allows.
func (r *request) sessionDuration(longest time.Duration) (time.Duration, *apiError) {
	text := r.param("DurationSeconds")
	if text == "" {
		return min(defaultSessionDuration, longest), nil
	}
	seconds, err := strconv.Atoi(text)
	duration := time.Duration(seconds) * time.Second
	switch {
	case err != nil || duration < minSessionDuration:
		return 0, errValidation("Value '" + text + "' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900")
	case duration > longest:
		return 0, &apiError{"ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", http.StatusBadRequest}
	}
	return duration, nil
}
