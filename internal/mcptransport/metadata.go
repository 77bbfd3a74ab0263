package mcptransport

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// ResourceMetadata tells a client without a token where to get one.
//
// https://www.rfc-editor.org/rfc/rfc9728
type ResourceMetadata struct {
	// Resource is this server's own URL, the one that clients use. Required.
	Resource             string   `json:"resource"`
	AuthorizationServers []string `json:"authorization_servers,omitempty"`
	ScopesSupported      []string `json:"scopes_supported,omitempty"`
	Name                 string   `json:"resource_name,omitempty"`
}

// wellKnown is the path of the metadata, before the path of the resource.
const wellKnown = "/.well-known/oauth-protected-resource"

// publishedMetadata is the metadata as it is served.
type publishedMetadata struct {
	body []byte
	path string // below which it is also served without the resource's path
	url  string // that a refused client is told
}

func publish(m *ResourceMetadata) (*publishedMetadata, error) {
	if m == nil {
		return nil, nil
	}
	u, err := url.Parse(m.Resource)
	if err != nil || u.Host == "" || u.Fragment != "" || u.RawQuery != "" || strings.ContainsAny(m.Resource, "\"\\") {
		return nil, fmt.Errorf("resource metadata: the resource %q is not a plain absolute URL", clean(m.Resource))
	}
	body, err := json.Marshal(struct {
		*ResourceMetadata
		BearerMethods []string `json:"bearer_methods_supported"`
	}{m, []string{"header"}})
	if err != nil {
		return nil, errors.Join(errors.New("resource metadata"), err)
	}
	path := wellKnown + strings.TrimSuffix(u.EscapedPath(), "/")
	return &publishedMetadata{body: body, path: path, url: u.Scheme + "://" + u.Host + path}, nil
}

func (p *publishedMetadata) at(path string) bool {
	return p != nil && (path == p.path || path == wellKnown)
}

func (p *publishedMetadata) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		refuseMethod(w, "GET, HEAD")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = w.Write(p.body)
}

// challenge is the WWW-Authenticate header of a refusal.
//
// https://www.rfc-editor.org/rfc/rfc6750#section-3
func (p *publishedMetadata) challenge(e *AuthError) string {
	var params []string
	if p != nil {
		params = append(params, `resource_metadata="`+p.url+`"`)
	}
	if e.Code != "" {
		params = append(params, `error="`+e.Code+`"`)
	}
	if len(e.Scopes) > 0 {
		params = append(params, `scope="`+strings.Join(e.Scopes, " ")+`"`)
	}
	if len(params) == 0 {
		return "Bearer"
	}
	return "Bearer " + strings.Join(params, ", ")
}
