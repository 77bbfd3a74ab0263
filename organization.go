package nhiscan

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// OrganizationPolicies are the service and resource control policies in force for
// an account: those of the organization's root, of each organizational unit down
// to the account, and of the account.
type OrganizationPolicies struct {
	Targets []OrganizationTarget
	// Unattached are policies whose text was read and that are attached to none of
	// the targets. They are not in force.
	Unattached []OrganizationPolicy
}

// An OrganizationTarget is a root, organizational unit or account with the
// policies attached to it.
type OrganizationTarget struct {
	// ID is r-…, ou-… or 12 digits. It is the name of the file where the name does
	// not hold one of those, and empty when no file says what is attached where.
	ID string
	// A target without policies of a type is one of an organization that does not
	// use the type: AWS detaches neither the last SCP of a target nor RCPFullAWSAccess.
	ServiceControl  []OrganizationPolicy
	ResourceControl []OrganizationPolicy
}

// An OrganizationPolicy is an SCP or RCP.
type OrganizationPolicy struct {
	ID         string // p-…
	ARN        string
	Name       string
	AWSManaged bool
	Document   PolicyDocument
}

// ReadOrganizationPolicies reads a directory with what the AWS CLI printed as JSON:
//
//	aws organizations list-policies-for-target --filter SERVICE_CONTROL_POLICY --target-id r-ab12 > r-ab12-scp.json
//	aws organizations describe-policy --policy-id p-12345678 > p-12345678.json
//
// The lists say what is attached: one for each type of policy (the other is
// RESOURCE_CONTROL_POLICY) of the root, of each organizational unit down to the
// account, and of the account. A list does not say of which of these it is, so the
// name of its file or of a folder must hold the id; a list in a file without counts
// as that of a target of its own. Each policy of a list must be described, but for
// the two that AWS attaches everywhere. Tag policies and other kinds that restrict
// no request are passed over, and so are files whose name begins with a dot.
//
// Without any list all the policies described are taken for those of one target;
// where none of its SCPs allows anything FullAWSAccess is added to them, without
// which such SCPs would leave nothing allowed anywhere.
//
// Files may be compressed with gzip, and may hold several outputs one after the
// other or as a list. The error is a [*KindError] for a file of another kind, a
// [*FormatError] for one that is broken or does not go with the others, or that of fsys;
// it begins with the name of the file. A directory without policies is an error.
func ReadOrganizationPolicies(fsys fs.FS) (*OrganizationPolicies, error) {
	var files organizationFiles
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil {
			err = files.visit(fsys, name, entry)
		}
		if err != nil && err != fs.SkipDir {
			return fmt.Errorf("%s: %w", name, err)
		}
		return err
	})
	var policies *OrganizationPolicies
	if err == nil {
		policies, err = files.policies()
	}
	if err != nil {
		return nil, fmt.Errorf("read organization policies: %w", err)
	}
	return policies, nil
}

// visit reads one file of the directory.
func (f *organizationFiles) visit(fsys fs.FS, name string, entry fs.DirEntry) error {
	hidden := name != "." && strings.HasPrefix(path.Base(name), ".")
	switch {
	case hidden && entry.IsDir():
		return fs.SkipDir
	case hidden, entry.IsDir():
		return nil
	}
	// A link counts as what it leads to. What is no file is not opened: that would
	// wait for whoever writes into a pipe.
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &KindError{Seems: "no regular file", Hint: organizationHint}
	}
	file, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	return f.read(name, file)
}
