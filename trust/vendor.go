package trust

import (
	_ "embed"
	"sync"
)

//go:embed data/vendors.txt
var vendorsText string

// A vendor is the owner of an account in the embedded list.
type vendor struct {
	name string
	aws  bool // an account that a service of AWS uses
}

// vendors maps account ids to their owners.
var vendors = sync.OnceValue(func() map[string]vendor {
	m := make(map[string]vendor, 512)
	eachRow(vendorsText, func(columns []string) {
		v := vendor{name: columns[0], aws: columns[1] == "aws"}
		if v.aws {
			v.name = "AWS: " + v.name
		}
		for _, id := range columns[2:] {
			m[id] = v
		}
	})
	return m
})

// An owner is whose an account is.
type owner struct {
	relation Relation
	name     string
	aws      bool
}

// ownerOf says whose the account is, seen from the role's own; either may be empty.
func ownerOf(account, own string, opts *Options) owner {
	if account == "" {
		return owner{}
	}
	known, listed := opts.Accounts[account]
	if account == own {
		return owner{relation: RelationSame, name: known.Name}
	}
	if listed && known.Relation != RelationUnset {
		return owner{relation: known.Relation, name: known.Name}
	}
	if v, ok := vendors()[account]; ok {
		return owner{relation: RelationVendor, name: v.name, aws: v.aws}
	}
	if own == "" {
		return owner{}
	}
	return owner{relation: RelationUnknown, name: known.Name}
}
