package manage

import "github.com/nhiscan/nhiscan"

// A draft is a copy of an account that edits may change.
type draft struct{ account *nhiscan.Account }
