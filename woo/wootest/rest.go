package wootest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// restAPI is REST v3, and what lies beside it below /wp-json.
type restAPI struct {
	*site.Site
	routes []route
	nonces map[string]time.Time // of OAuth, under the site's lock
}

func newRestAPI(s *site.Site) *restAPI {
	return &restAPI{Site: s, routes: restRoutes(), nonces: map[string]time.Time{}}
}

// call is one authenticated REST request.
type call struct {
	store  *site.Site
	routes []route // of the namespace
	st     *site.State
	method string
	base   string // scheme and host for links
	path   string // below restRoot, without slashes at the ends
	query  url.Values
	raw    string // the query string as sent
	ids    map[string]int64
	words  map[string]string
	body   map[string]json.RawMessage
	// sawUnpaid is what a completing request read before it could write; nil
	// when nothing happened in between.
	sawUnpaid *bool
	made      int64 // the order this call made
}

// answer is what a REST handler replies.
type answer struct {
	status int
	header http.Header
	body   any
	single bool // `_fields` leaves `_links`
}

type restHandler func(*call) (answer, *wire.Error)

// route is one method of one address. Segments in braces are parameters:
// {id} and names ending in _id match digits, others any word.
type route struct {
	method  string
	pattern string
	handle  restHandler
}

// match says whether the route's pattern covers the path and fills in its
// parameters.
func (r route) match(path string, c *call) bool {
	want, have := strings.Split(r.pattern, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return false
	}
	ids, words := map[string]int64{}, map[string]string{}
	for i, w := range want {
		name, isParam := strings.CutPrefix(strings.TrimSuffix(w, "}"), "{")
		if !isParam {
			if w != have[i] {
				return false
			}
			continue
		}
		if name != "id" && !strings.HasSuffix(name, "_id") {
			words[name] = have[i]
			continue
		}
		n, err := strconv.ParseInt(have[i], 10, 64)
		if err != nil || n < 0 {
			return false
		}
		ids[name] = n
	}
	c.ids, c.words = ids, words
	return true
}

// find answers the handler for a method and path and the methods the path
// allows, in WordPress' order.
func findRoute(routes []route, method, path string, c *call) (restHandler, []string) {
	var handle restHandler
	var allow []string
	for _, r := range routes {
		if !r.match(path, c) {
			continue
		}
		allow = append(allow, strings.Fields(r.method)...)
		if slices.Contains(strings.Fields(r.method), method) {
			handle = r.handle
		}
	}
	order := []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	slices.SortFunc(allow, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return handle, slices.Compact(allow)
}

// serveREST answers everything below /wp-json.
func (a *restAPI) serve(req *wire.Request) wire.Reply {
	s := a.Site
	header := restHeader(s, req)
	signCompanion(s, req.Path, header)
	routes, path := a.routesFor(req.Path)
	c := &call{store: s, routes: routes, method: req.Method, base: s.BaseURL(req), path: path, query: req.Query, raw: req.RawQuery}
	handle, allow := findRoute(routes, req.Method, path, c)
	who := caller(s, req)
	if req.Path == usersMe {
		return serveMe(s, req, header, who)
	}
	key, err := a.identify(req)
	if err == nil && key == nil {
		key = officeKey(who)
	}
	if err == nil && (key != nil || who.User != nil) {
		accounts.NoCache(header)
	}
	if err == nil {
		err = refusal(who, permitted(req, key, handle == nil))
	}
	if err != nil {
		return errorReply(s, header, err)
	}
	if handle == nil {
		return errorReply(s, header, wire.NoRoute())
	}
	header.Set("Allow", strings.Join(allow, ", "))
	if err := c.readBody(req); err != nil {
		return errorReply(s, header, err)
	}
	return runREST(s, req, c, handle, header)
}

// runREST runs the handler on the state under the store's lock.
func runREST(s *site.Site, req *wire.Request, c *call, handle restHandler, header http.Header) wire.Reply {
	awaitCompletion(s, req, c)
	s.Lock()
	defer s.Unlock()
	c.st = s.StateFor(req)
	a, err := handle(c)
	if err != nil {
		return errorReply(s, header, err)
	}
	for name, values := range a.header {
		for _, v := range values {
			header.Add(name, v)
		}
	}
	return wire.JSONReply(a.status, header, c.selectFields(a))
}

func restHeader(s *site.Site, req *wire.Request) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json; charset=UTF-8")
	h.Set("X-Robots-Tag", "noindex")
	h.Add("Link", "<"+s.BaseURL(req)+`/wp-json/>; rel="https://api.w.org/"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link")
	h.Set("Access-Control-Allow-Headers", "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type")
	return h
}

func errorReply(s *site.Site, header http.Header, err *wire.Error) wire.Reply {
	return wire.JSONReply(err.Status, header, err.Body())
}

// readBody reads a JSON object, or form fields, of a writing request.
func (c *call) readBody(req *wire.Request) *wire.Error {
	c.body = map[string]json.RawMessage{}
	if req.Method == http.MethodGet || len(strings.TrimSpace(string(req.Body))) == 0 {
		return nil
	}
	if !strings.Contains(req.Header.Get("Content-Type"), "json") {
		c.readForm(req)
		return nil
	}
	if err := json.Unmarshal(req.Body, &c.body); err != nil {
		return &wire.Error{Status: http.StatusBadRequest, Code: "rest_invalid_json", Message: "Invalid JSON body passed.",
			Extra: wp.Object{{"json_error_code", 4}, {"json_error_message", "Syntax error"}}}
	}
	return nil
}

// readForm reads what it can of a form, as PHP does.
func (c *call) readForm(req *wire.Request) {
	form, _ := url.ParseQuery(string(req.Body))
	for key := range form {
		if raw, err := wp.PlainJSON(form.Get(key)); err == nil {
			c.body[key] = raw
		}
	}
}

// selectFields applies `_fields` to an answer's object or list.
func (c *call) selectFields(a answer) any {
	fields := listParam(c.query, "_fields")
	if len(fields) == 0 {
		return a.body
	}
	switch body := a.body.(type) {
	case wp.Object:
		out := wp.FilterFields(body, fields)
		links, ok := body.Get("_links")
		if _, has := out.Get("_links"); a.single && ok && !has {
			out = out.With("_links", links)
		}
		return out
	case []wp.Object:
		out := make([]wp.Object, len(body))
		for i, o := range body {
			out[i] = wp.FilterFields(o, fields)
		}
		return out
	}
	return a.body
}

// listParam reads a list: a=1,2 or a[]=1&a[]=2 or a[0]=1.
func listParam(query url.Values, name string) []string {
	var out []string
	for _, v := range query[name] {
		for _, part := range strings.Split(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	for key, values := range query {
		if strings.HasPrefix(key, name+"[") {
			out = append(out, values...)
		}
	}
	return out
}

func idList(list []string) []int64 {
	var out []int64
	for _, v := range list {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// okAnswer is a single object with status 200.
func okAnswer(body wp.Object) (answer, *wire.Error) {
	return answer{status: http.StatusOK, body: body, single: true}, nil
}

// createdAnswer is a new object with its address.
func createdAnswer(body wp.Object, location string) (answer, *wire.Error) {
	h := http.Header{}
	h.Set("Location", location)
	return answer{status: http.StatusCreated, header: h, body: body, single: true}, nil
}

// links are an object's `_links`. Allow lists what may be done with it.
func (c *call) links(self, collection string, allow []string, more ...wp.Member) wp.Object {
	l := wp.Object{{"self", []wp.Object{{{"href", c.address(self)}, {"targetHints", wp.Object{{"allow", allow}}}}}}}
	l = l.With("collection", []wp.Object{{{"href", c.address(collection)}}})
	return append(l, more...)
}

func (c *call) address(path string) string { return c.base + wire.RESTRoot + "/" + path }

func (c *call) up(path string) wp.Member {
	return wp.Member{"up", []wp.Object{{{"href", c.address(path)}}}}
}

// editable are the methods of what may be read, changed and removed.
func editable() []string { return []string{"GET", "POST", "PUT", "PATCH", "DELETE"} }
