package graphql

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/sessions"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
	"github.com/vektah/gqlparser/v2/ast"
)

// batchOperations is WPGraphQL's limit for one array of operations.
const batchOperations = 10

// operation is one GraphQL request.
type operation struct {
	Query     string         `json:"query"`
	Name      string         `json:"operationName"`
	Variables map[string]any `json:"variables"`
}

// queryError is one entry of errors[]. WPGraphQL adds no code to it.
type queryError struct {
	Message   string     `json:"message"`
	Locations []location `json:"locations,omitempty"`
	Path      []any      `json:"path,omitempty"`
}

type location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// API is the GraphQL endpoint. Its schema is read when first needed.
type API struct {
	*site.Site
	schema func() (*ast.Schema, error)
}

// New makes the endpoint of a site.
func New(s *site.Site) *API {
	return &API{Site: s, schema: sync.OnceValues(func() (*ast.Schema, error) { return siteSchema(s) })}
}

// Serve is WPGraphQL's Router and Request. Every answer has the session token it
// needs, refusals too.
func (a *API) Serve(req *wire.Request) wire.Reply {
	s := a.Site
	header := responseHeader(s)
	ops, batch, rep := readOperations(req, header)
	schema, err := a.schema()
	if rep == nil && err != nil {
		failed := transportError(header, http.StatusInternalServerError, err.Error())
		rep = &failed
	}
	s.Lock()
	defer s.Unlock()
	st := stateFor(s, req, ops)
	who := accounts.WhoIs(s, st, req)
	v := sessions.Begin(s, st, req, who.SignedIn())
	defer v.Finish(header)
	if rep != nil {
		return *rep
	}
	overlap(s, req, ops, v)
	return runOperations(s, &request{site: s, state: st, schema: schema, get: req.Method == http.MethodGet, who: who, visit: v}, req, header, ops, batch)
}

// runOperations runs the operations of a request one after the other. Somebody
// who signs in by one of them is signed in for those after it.
func runOperations(s *site.Site, first *request, req *wire.Request, header http.Header, ops []operation, batch bool) wire.Reply {
	who, status := first.who, 0
	results := make([]wp.Object, 0, len(ops))
	for _, op := range ops {
		g := *first
		g.op, g.who = op, who
		result, fatal := g.run()
		if fatal != nil && !batch {
			return wire.JSONReply(http.StatusInternalServerError, header, wp.Object{{"errors", []queryError{*fatal}}})
		}
		if fatal != nil {
			result = wp.Object{{"errors", []queryError{*fatal}}}
		}
		results = append(results, result)
		who, status = g.who, cmp.Or(g.who.Status, status)
	}
	accounts.IdentityHeaders(s, first.state, req, who, header)
	if batch {
		return wire.JSONReply(cmp.Or(status, http.StatusOK), header, results)
	}
	return wire.JSONReply(cmp.Or(status, http.StatusOK), header, results[0])
}

func transportError(header http.Header, status int, message string) wire.Reply {
	return wire.JSONReply(status, header, wp.Object{{"errors", []queryError{{Message: message}}}})
}

// readOperations reads the operations of a request, or the refusal of the
// transport: 415 for another content type, 500 for a body that is no JSON or
// too many operations.
func readOperations(req *wire.Request, header http.Header) ([]operation, bool, *wire.Reply) {
	refuse := func(status int, message string) ([]operation, bool, *wire.Reply) {
		rep := transportError(header, status, message)
		return nil, false, &rep
	}
	if req.Method == http.MethodGet {
		op := operation{Query: req.Query.Get("query"), Name: req.Query.Get("operationName")}
		d := json.NewDecoder(strings.NewReader(req.Query.Get("variables")))
		d.UseNumber()
		_ = d.Decode(&op.Variables) // what is no JSON counts as none
		return []operation{op}, false, nil
	}
	kind := req.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
		return refuse(http.StatusUnsupportedMediaType, "HTTP POST requests must have Content-Type: application/json header. Received: "+kind)
	}
	body := bytes.TrimSpace(req.Body)
	if bytes.HasPrefix(body, []byte("[")) {
		ops, err := decodeOperations(body)
		if err != nil {
			return refuse(http.StatusInternalServerError, unreadable)
		}
		if len(ops) > batchOperations {
			return refuse(http.StatusInternalServerError,
				fmt.Sprintf("Batch requests are limited to %d operations. This request contained %d", batchOperations, len(ops)))
		}
		return ops, true, nil
	}
	ops, err := decodeOperations(append(append([]byte("["), body...), ']'))
	if err != nil || len(ops) != 1 {
		return refuse(http.StatusInternalServerError, unreadable)
	}
	return ops, false, nil
}

const unreadable = `Expected JSON object or array for "application/json" request, but failed to parse because: Syntax error`

func decodeOperations(raw []byte) ([]operation, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var ops []operation
	if err := d.Decode(&ops); err != nil {
		return nil, fmt.Errorf("wootest: GraphQL body: %w", err)
	}
	return ops, nil
}

func responseHeader(s *site.Site) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json; charset=UTF-8")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-JWT-Auth, X-JWT-Refresh, woocommerce-session")
	h.Set("Access-Control-Max-Age", "600")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("X-Content-Type-Options", "nosniff")
	_, host, _ := strings.Cut(s.Shop.URL, "://")
	h["X-GraphQL-URL"] = []string{host + "/graphql"}
	h.Set("Access-Control-Expose-Headers", "X-JWT-Auth,X-JWT-Refresh, woocommerce-session")
	return h
}
