package storeapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/accounts"
	"github.com/ankkor/ankkor/woo/wootest/internal/rest"
	"github.com/ankkor/ankkor/woo/wootest/internal/sessions"
	"github.com/ankkor/ankkor/woo/wootest/internal/site"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// API is the Store API of a site.
type API struct {
	*site.Site
	limiter limiter
}

// New makes the Store API of a site.
func New(s *site.Site) *API { return &API{Site: s} }

// Call is one Store API request, with its parameters decoded as PHP would.
type Call struct {
	*rest.Call
	req    *wire.Request
	Args   map[string]any // the body's members over the query's
	origin bool           // answer Access-Control-Allow-Origin: the cart token was good
	cart   *cart          // nil on routes without a cart
	seen   *site.State    // what a checkout that overlaps another read, nil for the present
	// forbidden is set when the route's permission check refused: WordPress
	// leaves Allow out then.
	forbidden bool
}

type handler func(*Call) (rest.Answer, *wire.Error)

// route is one address with its method, its parameters and its handler.
// Of two routes that match, the first one answers.
type route struct {
	method  string
	pattern string
	params  []param
	handle  handler
}

func allRoutes() []route {
	return slices.Concat(productRoutes(), cartRoutes(), checkoutRoutes(), []route{
		{"POST", "batch", nil, (*Call).batchRequests},
		{"GET", "", nil, (*Call).index},
	})
}

// Serve answers everything below storeRoot (WooCommerce's
// StoreApi\RoutesController).
func (s *API) Serve(req *wire.Request) wire.Reply {
	header := responseHeader(s.Site, req)
	if err := s.limit(req, header); err != nil {
		return rest.ErrorReply(header, err)
	}
	s.Lock()
	defer s.Unlock()
	st := s.StateFor(req)
	if accounts.WhoIs(s.Site, st, req).User != nil {
		accounts.NoCache(header)
	}
	seen := overlapCheckout(s.Site, req)
	a, err := dispatch(s.Site, req, st, seen, header)
	if err != nil {
		return rest.ErrorReply(header, err)
	}
	if a.Status == http.StatusNoContent {
		return wire.Reply{Status: a.Status, Header: header}
	}
	return wire.JSONReply(a.Status, header, a.Body)
}

// dispatch finds the route, checks the parameters and runs the handler.
// What is to be sent as headers is added to header, on errors too.
func dispatch(s *site.Site, req *wire.Request, st, seen *site.State, header http.Header) (rest.Answer, *wire.Error) {
	path := strings.Trim(strings.TrimPrefix(req.Path, wire.StoreRoot), "/")
	c := &Call{req: req, seen: seen, Call: &rest.Call{
		Site: s, State: st, Method: req.Method, Base: s.BaseURL(req), Path: path, Query: req.Query, Raw: req.RawQuery,
	}}
	c.origin = sessions.ValidCartToken(s, req.Header.Get("Cart-Token"))
	allowOrigin(c, header)
	found, allow := findRoute(allRoutes(), req.Method, path, c.Call)
	if found == nil {
		return rest.Answer{}, wire.NoRoute()
	}
	if err := c.ReadBody(req); err != nil {
		return rest.Answer{}, err
	}
	header.Set("Allow", strings.Join(allow, ", "))
	c.Args = c.arguments()
	if err := checkParams(c.Args, found.params); err != nil {
		return rest.Answer{}, err
	}
	a, err := found.handle(c)
	for name, values := range a.Header {
		header[name] = values // a paging Link takes the place of WordPress' own
	}
	if c.forbidden {
		header.Del("Allow")
	}
	if err != nil {
		return rest.Answer{}, err
	}
	a.Body = c.SelectFields(a)
	return a, nil
}

// findRoute answers the route for a method and path and the methods the
// path allows, in WordPress' order.
func findRoute(routes []route, method, path string, c *rest.Call) (*route, []string) {
	order := []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
	var found *route
	var allow []string
	pattern := ""
	for i, r := range routes {
		if pattern != "" && r.pattern != pattern || !(rest.Route{Pattern: r.pattern}).Match(path, c) || !isItemKey(c.Words) {
			continue
		}
		pattern = r.pattern
		allow = append(allow, strings.Fields(r.method)...)
		if slices.Contains(strings.Fields(r.method), method) {
			found = &routes[i]
		}
	}
	slices.SortFunc(allow, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	return found, allow
}

// isItemKey says whether a {key} in the path looks like an item's.
func isItemKey(words map[string]string) bool {
	key, asked := words["key"]
	return !asked || len(key) == 32 && !strings.ContainsFunc(key, func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

func responseHeader(s *site.Site, req *wire.Request) http.Header {
	h := rest.Header(s, req)
	h.Set("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link, Cart-Token")
	h.Set("Access-Control-Allow-Headers", "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type, Cart-Token, Nonce")
	h.Set("Access-Control-Allow-Methods", "OPTIONS, GET, POST, PUT, PATCH, DELETE")
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Vary", "Origin")
	return h
}

// allowOrigin answers a browser's Origin when the request carries a good cart
// token; without an Origin the header is there and empty
// (StoreApi\Authentication::send_cors_headers).
func allowOrigin(c *Call, header http.Header) {
	if c.origin {
		header.Set("Access-Control-Allow-Origin", c.req.Header.Get("Origin"))
	}
}

// index is GET of the namespace itself. The real one describes every route;
// here only its frame is answered.
func (c *Call) index() (rest.Answer, *wire.Error) {
	return rest.OK(wp.Object{{"namespace", "wc/store/v1"}, {"routes", wp.Object{}}})
}

// addressOf is the address of a Store API path.
func (c *Call) addressOf(path string) string { return c.Base + wire.StoreRoot + "/" + path }
