package render

import (
	"github.com/go-json-experiment/json"

	"github.com/nhiscan/nhiscan/permissions"
)

type WirePermissions = wirePermissions

// Appended is the JSON of w that is put together by hand.
func Appended(w *WirePermissions) string { return string(w.appendJSON(nil)) }

// AppendedServices is the part of it that has no other form.
func AppendedServices(services []permissions.ServiceAccess) string {
	return string(wireServices(services).appendJSON(nil))
}

// Marshaled is what package json makes of w.
func Marshaled(w any) (string, error) {
	text, err := json.Marshal(w, jsonOptions)
	return string(text), err
}
