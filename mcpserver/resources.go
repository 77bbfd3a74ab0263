package mcpserver

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/nhiscan/nhiscan/internal/answer"
	"github.com/nhiscan/nhiscan/internal/render"
	"github.com/nhiscan/nhiscan/nhi"
)

// The URIs of resources. Those of a scan are as good as the scan is kept; its id
// cannot be guessed.
const (
	uriSummary  = "nhiscan://account/summary"
	uriIdentity = "nhiscan://identity/"
	uriScan     = "nhiscan://scan/"

	partIdentities  = "identities"
	partPermissions = "permissions"
	partIdentity    = "identity"
)

// How many identities a page of a scan has. With permissions an identity can
// take tens of kilobytes.
const (
	identitiesPerPage  = 50
	permissionsPerPage = 5
)

const mimeJSON = "application/json"

// identityURI is where the whole document of an identity is: under its ARN in the
// account of the server's own credentials, and otherwise in the scan.
func identityURI(s *scan, creds credentialArguments, arn string) string {
	if creds.given() {
		return uriScan + s.id + "/" + partIdentity + "/" + escapeURI(arn)
	}
	return uriIdentity + escapeURI(arn)
}

func pageURI(s *scan, withPermissions bool, offset int) string {
	part := partIdentities
	if withPermissions {
		part = partPermissions
	}
	return uriScan + s.id + "/" + part + "/" + strconv.Itoa(offset)
}

// escapeURI is the reserved expansion of RFC 6570, as in {+arn}.
func escapeURI(text string) string {
	escaped := url.PathEscape(text)
	for _, plain := range []string{":", "/", "?", "#", "[", "]", "@", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "="} {
		escaped = strings.ReplaceAll(escaped, url.QueryEscape(plain), plain)
	}
	return escaped
}

// resourceTool stands for the reading of resources where tools stand.
var resourceTool = &tool{Tool: Tool{Name: "resources/read"}}

// addResources offers the resources whose tool is served: it tells the same.
func (s *Server) addResources() {
	if s.serves(resourceToolOf(uriSummary)) {
		s.mcp.AddResource(mcp.NewResource(uriSummary, "account_summary", mcp.WithResourceTitle("Account summary"), mcp.WithMIMEType(mimeJSON),
			mcp.WithResourceDescription("Counts of the account's identities and what to look at first")), s.readResource)
	}
	for _, t := range []struct{ uri, name, title, description string }{
		{uriIdentity + "{+arn}", "identity", "Identity", "One user or role whole, as nhiscan/identity/v1"},
		{uriScan + "{id}/" + partIdentity + "/{+arn}", "scan_identity", "Identity of a scan", "The same of an account that was read with other credentials"},
		{uriScan + "{id}/" + partIdentities + "/{offset}", "scan_identities", "Identities of a scan", "All identities with every detail, as in nhiscan/scan/v1, page by page"},
		{uriScan + "{id}/" + partPermissions + "/{offset}", "scan_permissions", "Identities of a scan with permissions", "The same with all that each can do"},
	} {
		if !s.serves(resourceToolOf(t.uri)) {
			continue
		}
		s.mcp.AddResourceTemplate(mcp.NewResourceTemplate(t.uri, t.name, mcp.WithTemplateTitle(t.title),
			mcp.WithTemplateDescription(t.description), mcp.WithTemplateMIMEType(mimeJSON)), s.readResource)
	}
}

// resourceToolOf names the tool that tells what a resource does.
func resourceToolOf(uri string) string {
	scan, isScan := strings.CutPrefix(uri, uriScan)
	_, part, _ := strings.Cut(scan, "/")
	if isScan && strings.HasPrefix(part, partIdentity+"/") || strings.HasPrefix(uri, uriIdentity) {
		return "get_identity_details"
	}
	return "scan_iam_identities"
}

// outcomeKey is where readAhead leaves the outcome for readResource.
const outcomeKey = "nhiscan/outcome"

type resourceOutcome struct {
	text []byte
	err  error
}

// readAhead reads a resource before mcp-go looks for its handler. Whatever error a
// handler returns, the client is told of an internal one: that there is no such
// resource only mcp-go says, with the code of the client's protocol version, of a
// URI that no template matches. One with a space is such a URI.
func (s *Server) readAhead(ctx context.Context, _ any, request *mcp.ReadResourceRequest) {
	if !strings.HasPrefix(request.Params.URI, "nhiscan://") || !s.serves(resourceToolOf(request.Params.URI)) {
		return
	}
	text, err := s.readURI(ctx, request)
	var failed *Error
	if errors.As(err, &failed) && (failed.Code == CodeNotFound || failed.Code == CodeCursorExpired || failed.Code == CodeInvalidArgument) {
		request.Params.URI = say("%s", request.Params.URI) + " (" + failed.Message + ")"
		return
	}
	meta := &mcp.Meta{AdditionalFields: map[string]any{}}
	if given := request.Params.Meta; given != nil {
		*meta = *given
		meta.AdditionalFields = map[string]any{}
	}
	meta.AdditionalFields[outcomeKey] = resourceOutcome{text, err}
	request.Params.Meta = meta
}

// readResource hands over what readAhead read.
func (s *Server) readResource(_ context.Context, request mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
	var outcome resourceOutcome
	if meta := request.Params.Meta; meta != nil {
		outcome, _ = meta.AdditionalFields[outcomeKey].(resourceOutcome)
	}
	if outcome.err != nil {
		return nil, outcome.err
	}
	return []mcp.ResourceContents{mcp.TextResourceContents{URI: request.Params.URI, MIMEType: mimeJSON, Text: string(outcome.text)}}, nil
}

// readURI reads a resource as a call of a tool: with its time limit, its record in
// the audit log and its redaction. The error is an [*Error] without secrets.
func (s *Server) readURI(ctx context.Context, request *mcp.ReadResourceRequest) (text []byte, err error) {
	asCall := &mcp.CallToolRequest{}
	asCall.Params.Meta = request.Params.Meta
	asCall.Params.Arguments = map[string]any{"uri": request.Params.URI}
	c := s.newCall(ctx, resourceTool, asCall)
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, callKey{}, c), s.options.CallTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = c.panicked(p)
		}
		if err != nil {
			failed := *explain(ctx, err)
			failed.Message, failed.Hint = cleanText(failed.Message, maxText, c.redactor), cleanText(failed.Hint, maxText, c.redactor)
			text, err = nil, &failed
			c.note(func(r *record) { r.fail(&failed) })
		}
		c.progress.close()
		c.log()
	}()
	value, err := c.resource(ctx, request.Params.URI)
	if err != nil {
		return nil, err
	}
	return clean(value, c.redactor)
}

// resource returns the JSON of a resource.
func (c *call) resource(ctx context.Context, uri string) (jsontext.Value, error) {
	if uri == uriSummary {
		return c.summaryResource(ctx)
	}
	if arn, ok := strings.CutPrefix(uri, uriIdentity); ok {
		s, err := c.server.scans.of(ctx, c, credentialArguments{}, false)
		if err != nil {
			return nil, err
		}
		return c.identityResource(ctx, s, arn)
	}
	rest, _ := strings.CutPrefix(uri, uriScan)
	id, rest, _ := strings.Cut(rest, "/")
	part, rest, _ := strings.Cut(rest, "/")
	s, ok := c.server.scans.find(id, c.caller)
	if !ok {
		return nil, &Error{Code: CodeCursorExpired, Message: "this scan is no longer kept", Hint: "call scan_iam_identities again"}
	}
	c.note(func(r *record) { r.Cached, r.AWSIdentity = true, s.caller })
	switch part {
	case partIdentity:
		return c.identityResource(ctx, s, rest)
	case partIdentities, partPermissions:
		return c.pageResource(ctx, s, part == partPermissions, rest)
	}
	return nil, notFound("there is no such resource")
}

// summaryResource is what scan_iam_identities tells of the account, without identities.
func (c *call) summaryResource(ctx context.Context) (jsontext.Value, error) {
	s, err := c.server.scans.of(ctx, c, credentialArguments{}, false)
	if err != nil {
		return nil, err
	}
	view, err := c.classified(ctx, s, true)
	if err != nil {
		return nil, err
	}
	o := s.overview(view)
	return json.Marshal(&struct {
		accountInfo
		Summary   render.Summary `json:"summary"`
		Root      string         `json:"root"`
		Attention []string       `json:"attention"`
		Resource  string         `json:"resource"`
	}{c.accountInfo(s, o.gaps), o.summary, o.root, o.attention, pageURI(s, false, 0)}, jsonOptions)
}

// identityResource is the document that the command line writes.
func (c *call) identityResource(ctx context.Context, s *scan, escaped string) (jsontext.Value, error) {
	arn, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, notFound("there is no such identity")
	}
	query, err := answer.NewQuery(arn, "")
	if err != nil {
		return nil, err
	}
	if query.ARN() == "" {
		return nil, notFound("an ARN belongs here")
	}
	return calculate(ctx, c, func() (jsontext.Value, error) {
		shown, err := s.Identity(query, true)
		if err != nil {
			return nil, err
		}
		var text bytes.Buffer
		err = render.IdentityJSON(&text, shown)
		return text.Bytes(), err
	})
}

// A scanPage is one page of a scan; next is empty on the last one.
type scanPage struct {
	AccountID  string         `json:"account_id"`
	Total      int            `json:"total"`
	Offset     int            `json:"offset"`
	Next       string         `json:"next"`
	Identities jsontext.Value `json:"identities"`
}

func (c *call) pageResource(ctx context.Context, s *scan, withPermissions bool, at string) (jsontext.Value, error) {
	offset, err := strconv.Atoi(at)
	view, viewErr := c.classified(ctx, s, withPermissions)
	if viewErr != nil {
		return nil, viewErr
	}
	all := view.Identities
	if err != nil || offset < 0 || offset > 0 && offset >= len(all) {
		return nil, notFound("the scan has no page that begins there")
	}
	each := identitiesPerPage
	if withPermissions {
		each = permissionsPerPage
	}
	page := scanPage{AccountID: s.Account().ID, Total: len(all), Offset: offset}
	end := min(offset+each, len(all))
	if end < len(all) {
		page.Next = pageURI(s, withPermissions, end)
	}
	page.Identities, err = publishedIdentities(view, all[offset:end])
	if err != nil {
		return nil, err
	}
	return json.Marshal(&page, jsonOptions)
}

// publishedIdentities are the identities as the document nhiscan/scan/v1 has them.
func publishedIdentities(view *render.Scan, list []*nhi.Identity) (jsontext.Value, error) {
	some := *view
	some.Identities = list
	var text bytes.Buffer
	if err := render.ScanJSON(&text, &some); err != nil {
		return nil, err
	}
	var document struct {
		Identities jsontext.Value `json:"identities"`
	}
	err := json.Unmarshal(text.Bytes(), &document, jsonOptions)
	return document.Identities, err
}
