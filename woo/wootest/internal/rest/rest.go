package rest

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

// API is REST v3, and what lies beside it below /wp-json.
type API struct {
	*site.Site
	routes []Route
	nonces map[string]time.Time // of OAuth, under the site's lock
}

// New makes the API of a site.
func New(s *site.Site) *API {
	return &API{Site: s, routes: allRoutes(), nonces: map[string]time.Time{}}
}

// Call is one authenticated REST request.
type Call struct {
	Site   *site.Site
	routes []Route // of the namespace
	State  *site.State
	Method string
	Base   string // scheme and host for links
	Path   string // below restRoot, without slashes at the ends
	Query  url.Values
	Raw    string // the query string as sent
	IDs    map[string]int64
	Words  map[string]string
	Body   map[string]json.RawMessage
	// sawUnpaid is what a completing request read before it could write; nil
	// when nothing happened in between.
	sawUnpaid *bool
	made      int64 // the order this call made
}

// Answer is what a REST handler replies.
type Answer struct {
	Status int
	Header http.Header
	Body   any
	Single bool // `_fields` leaves `_links`
}

type handler func(*Call) (Answer, *wire.Error)

// Route is one method of one address. Segments in braces are parameters:
// {id} and names ending in _id match digits, others any word.
type Route struct {
	method  string
	Pattern string
	handle  handler
}

// Match says whether the route's pattern covers the path and fills in its
// parameters.
func (r Route) Match(path string, c *Call) bool {
	want, have := strings.Split(r.Pattern, "/"), strings.Split(path, "/")
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
	c.IDs, c.Words = ids, words
	return true
}

// find answers the handler for a method and path and the methods the path
// allows, in WordPress' order.
func findRoute(routes []Route, method, path string, c *Call) (handler, []string) {
	var handle handler
	var allow []string
	for _, r := range routes {
		if !r.Match(path, c) {
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

// Serve answers everything below /wp-json.
func (a *API) Serve(req *wire.Request) wire.Reply {
	s := a.Site
	header := Header(s, req)
	signCompanion(s, req.Path, header)
	routes, path := a.routesFor(req.Path)
	c := &Call{Site: s, routes: routes, Method: req.Method, Base: s.BaseURL(req), Path: path, Query: req.Query, Raw: req.RawQuery}
	handle, allow := findRoute(routes, req.Method, path, c)
	who := caller(s, req)
	if req.Path == usersMe {
		return serveMe(req, header, who)
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
		return ErrorReply(header, err)
	}
	if handle == nil {
		return ErrorReply(header, wire.NoRoute())
	}
	header.Set("Allow", strings.Join(allow, ", "))
	if err := c.ReadBody(req); err != nil {
		return ErrorReply(header, err)
	}
	return run(s, req, c, handle, header)
}

// run runs the handler on the state under the store's lock.
func run(s *site.Site, req *wire.Request, c *Call, handle handler, header http.Header) wire.Reply {
	awaitCompletion(s, req, c)
	s.Lock()
	defer s.Unlock()
	c.State = s.StateFor(req)
	a, err := handle(c)
	if err != nil {
		return ErrorReply(header, err)
	}
	for name, values := range a.Header {
		for _, v := range values {
			header.Add(name, v)
		}
	}
	return wire.JSONReply(a.Status, header, c.SelectFields(a))
}

// Header are the headers of every answer below /wp-json.
func Header(s *site.Site, req *wire.Request) http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json; charset=UTF-8")
	h.Set("X-Robots-Tag", "noindex")
	h.Add("Link", "<"+s.BaseURL(req)+`/wp-json/>; rel="https://api.w.org/"`)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link")
	h.Set("Access-Control-Allow-Headers", "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type")
	return h
}

// ErrorReply is a refusal as it is sent.
func ErrorReply(header http.Header, err *wire.Error) wire.Reply {
	return wire.JSONReply(err.Status, header, err.Body())
}

// ReadBody reads a JSON object, or form fields, of a writing request.
func (c *Call) ReadBody(req *wire.Request) *wire.Error {
	c.Body = map[string]json.RawMessage{}
	if req.Method == http.MethodGet || len(strings.TrimSpace(string(req.Body))) == 0 {
		return nil
	}
	if !strings.Contains(req.Header.Get("Content-Type"), "json") {
		c.readForm(req)
		return nil
	}
	if err := json.Unmarshal(req.Body, &c.Body); err != nil {
		return &wire.Error{Status: http.StatusBadRequest, Code: "rest_invalid_json", Message: "Invalid JSON body passed.",
			Extra: wp.Object{{"json_error_code", 4}, {"json_error_message", "Syntax error"}}}
	}
	return nil
}

// readForm reads what it can of a form, as PHP does.
func (c *Call) readForm(req *wire.Request) {
	form, _ := url.ParseQuery(string(req.Body))
	for key := range form {
		if raw, err := wp.PlainJSON(form.Get(key)); err == nil {
			c.Body[key] = raw
		}
	}
}

// SelectFields applies `_fields` to an answer's object or list.
func (c *Call) SelectFields(a Answer) any {
	fields := listParam(c.Query, "_fields")
	if len(fields) == 0 {
		return a.Body
	}
	switch body := a.Body.(type) {
	case wp.Object:
		out := wp.FilterFields(body, fields)
		links, ok := body.Get("_links")
		if _, has := out.Get("_links"); a.Single && ok && !has {
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
	return a.Body
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

// OK is a single object with status 200.
func OK(body wp.Object) (Answer, *wire.Error) {
	return Answer{Status: http.StatusOK, Body: body, Single: true}, nil
}

// createdAnswer is a new object with its address.
func createdAnswer(body wp.Object, location string) (Answer, *wire.Error) {
	h := http.Header{}
	h.Set("Location", location)
	return Answer{Status: http.StatusCreated, Header: h, Body: body, Single: true}, nil
}

// links are an object's `_links`. Allow lists what may be done with it.
func (c *Call) links(self, collection string, allow []string, more ...wp.Member) wp.Object {
	l := wp.Object{{"self", []wp.Object{{{"href", c.address(self)}, {"targetHints", wp.Object{{"allow", allow}}}}}}}
	l = l.With("collection", []wp.Object{{{"href", c.address(collection)}}})
	return append(l, more...)
}

func (c *Call) address(path string) string { return c.Base + wire.RESTRoot + "/" + path }

func (c *Call) up(path string) wp.Member {
	return wp.Member{"up", []wp.Object{{{"href", c.address(path)}}}}
}

// AllMethods are the methods of what may be read, changed and removed.
func AllMethods() []string { return []string{"GET", "POST", "PUT", "PATCH", "DELETE"} }
