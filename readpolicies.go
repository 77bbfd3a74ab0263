package nhiscan

import (
	"net/url"

	"github.com/nhiscan/nhiscan/policydoc"
)

func (r *accountReader) policies() {
	for i := range r.list() {
		var p ManagedPolicy
		for key := range r.object() {
			r.policyField(&p, key)
		}
		if r.named("Policies", i, p.Name, p.ARN) {
			r.account.Policies = append(r.account.Policies, p)
		}
	}
}

func (r *accountReader) policyField(p *ManagedPolicy, key string) {
	switch key {
	case "PolicyName":
		p.Name = r.internedString()
	case "PolicyId":
		p.ID = r.string()
	case "Arn":
		p.ARN = r.internedString()
	case "Path":
		p.Path = r.internedString()
	case "Description":
		p.Description = r.string()
	case "DefaultVersionId":
		p.DefaultVersionID = r.internedString()
	case "AttachmentCount":
		p.AttachmentCount = r.int()
	case "PermissionsBoundaryUsageCount":
		p.BoundaryUsageCount = r.int()
	case "IsAttachable":
		p.Attachable = r.bool()
	case "CreateDate":
		p.CreateDate = r.time()
	case "UpdateDate":
		p.UpdateDate = r.time()
	case "PolicyVersionList":
		p.Versions = r.policyVersions()
	case "Tags":
		p.Tags = r.tags()
		p.Known |= FactTags
	default:
		r.skip()
	}
}

func (r *accountReader) policyVersions() []PolicyVersion {
	var versions []PolicyVersion
	for range r.list() {
		var v PolicyVersion
		for key := range r.object() {
			switch key {
			case "VersionId":
				v.ID = r.internedString()
			case "IsDefaultVersion":
				v.Default = r.bool()
			case "CreateDate":
				v.CreateDate = r.time()
			case "Document":
				v.Document = r.document()
			default:
				r.skip()
			}
		}
		versions = append(versions, v)
	}
	return versions
}

// decodeDocument returns the JSON text of a policy document given as a string:
// the text itself, or the text encoded as the IAM API encodes it. A string that
// is neither is returned as it is, for the parser to report.
func decodeDocument(s string) string {
	text, err := policydoc.Decode(s)
	if err != nil {
		return s
	}
	return text
}

// encodeDocument is the inverse of decodeDocument, for any text.
func encodeDocument(text string) string { return url.PathEscape(text) }
