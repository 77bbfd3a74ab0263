package fakeiam

import (
	"time"
	"unicode/utf8"

	"github.com/nhiscan/nhiscan"
)

// minPasswordLength is that of an account without a password policy of its own.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
const minPasswordLength = 8

// A login is what a login profile tells and an Account's Password does not.
type login struct {
	created       time.Time
	resetRequired bool
}

func loginProfileChanges() map[string]operation {
	return map[string]operation{
		"CreateLoginProfile": {subject: subjectUser, write: createLoginProfile, mutates: true},
		"UpdateLoginProfile": {subject: subjectUser, write: updateLoginProfile, mutates: true, void: true},
		"DeleteLoginProfile": {subject: subjectUser, write: deleteLoginProfile, mutates: true, void: true},
	}
}

// loginOf returns the login profile of a user who has a password. One that came
// with the Account was made when the password was last changed, as far as that
// tells.
func (ix *index) loginOf(u *nhiscan.User) login {
	if l, ok := ix.beside.logins[u.Name]; ok {
		return l
	}
	if u.Password.LastChanged.IsZero() {
		return login{created: u.CreateDate}
	}
	return login{created: u.Password.LastChanged}
}

func writeLoginProfile(x *xmlWriter, u *nhiscan.User, l login) {
	x.open("LoginProfile")
	x.text("UserName", u.Name)
	x.time("CreateDate", l.created)
	x.boolean("PasswordResetRequired", l.resetRequired)
	x.close("LoginProfile")
}

// password checks the password that a request gives.
func (r *request) password() *apiError {
	if utf8.RuneCountInString(r.param("Password")) < minPasswordLength {
		return errKnown("PasswordPolicyViolation")
	}
	return r.tooLong("Password", 128)
}

func createLoginProfile(s *Server, r *request, x *xmlWriter) *apiError {
	u, err := s.userOrCaller(r)
	if err != nil {
		return err
	}
	if u.Password.Enabled {
		return errAlreadyExists("Login Profile for user %s already exists.", u.Name)
	}
	if _, err := r.required("Password"); err != nil {
		return err
	}
	if err := r.password(); err != nil {
		return err
	}
	u.Password = nhiscan.Password{Enabled: true, LastUsed: nhiscan.LastUse{Known: true}, LastChanged: r.time}
	l := login{r.time, r.param("PasswordResetRequired") == "true"}
	r.index.beside.logins[u.Name] = l
	writeLoginProfile(x, u, l)
	return nil
}

// userWithPassword returns the user whom the request names, who must have a
// console password.
func (s *Server) userWithPassword(r *request) (*nhiscan.User, *apiError) {
	u, err := s.userOrCaller(r)
	if err == nil && !u.Password.Enabled {
		err = errNoSuchEntity("Login Profile for User %s cannot be found.", u.Name)
	}
	return u, err
}

func updateLoginProfile(s *Server, r *request, _ *xmlWriter) *apiError {
	u, err := s.userWithPassword(r)
	if err != nil {
		return err
	}
	before := r.index.loginOf(u)
	l := before
	if r.form.Has("Password") {
		if err := r.password(); err != nil {
			return err
		}
		u.Password.LastChanged = r.time
	}
	if r.form.Has("PasswordResetRequired") {
		l.resetRequired = r.param("PasswordResetRequired") == "true"
	}
	if r.form.Has("Password") || l != before {
		r.index.beside.logins[u.Name] = l
	}
	return nil
}

func deleteLoginProfile(s *Server, r *request, _ *xmlWriter) *apiError {
	u, err := s.userWithPassword(r)
	if err != nil {
		return err
	}
	u.Password = nhiscan.Password{}
	delete(r.index.beside.logins, u.Name)
	return nil
}
