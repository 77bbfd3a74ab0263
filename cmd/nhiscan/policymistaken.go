package main

import (
	"encoding/json"

	"github.com/nhiscan/nhiscan/internal/commandline"
)

// mistaken is an error when a text that should be a policy document is JSON that
// people have beside one: an account, or the answer of AWS with the document in it.
func mistaken(name, text string) error {
	var top map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &top) != nil {
		return nil // the parser says where and why
	}
	has := func(key string) bool { return top[key] != nil }
	switch {
	case has("Statement"):
		return nil
	case has("UserDetailList") || has("RoleDetailList") || has("GroupDetailList"):
		return commandline.Usagef("%s is an account file, not a policy document: give it with --snapshot", name)
	case has("PolicyVersion"):
		return commandline.Usagef("%s is what aws iam get-policy-version prints: add --query PolicyVersion.Document to that command", name)
	case has("PolicyDocument"):
		return commandline.Usagef("%s is what AWS prints around a policy document: add --query PolicyDocument to that command", name)
	}
	return nil
}
