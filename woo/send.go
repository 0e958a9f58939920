package woo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	graphql "github.com/hasura/go-graphql-client"
)

// Request is a call of a route below the store's /wp-json/ that this package
// has no method for: a plugin's, or one of the Store API. Packages rest and
// session are written with it.
type Request struct {
	// Op is what is being done, for errors: "list subscriptions".
	Op string
	// Method is GET unless set: GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE.
	// A GET or HEAD is tried again as every read is; anything else is sent once,
	// and an unclear outcome is [Unknown].
	Method string
	// Path lies below /wp-json/: "wc/v3/orders/154". Query and Header are
	// added to what the client sends itself.
	Path   string
	Query  url.Values
	Header http.Header
	// Body is sent as JSON unless it is nil.
	Body any
	// Fresh asks past every cache, with an address nobody has asked for.
	Fresh bool
	// Visitor sends the request without the API key, as a shopper's browser
	// would: what the Store API expects.
	Visitor bool
}

// GraphQLRequest is an operation that this package has no method for.
type GraphQLRequest struct {
	// Op is what is being done, for errors: "add to cart".
	Op        string
	Document  string
	Variables map[string]any
	// Header is added to what the client sends itself: a session token, a
	// bearer. It never appears in an error.
	Header http.Header
	// Write marks a mutation: it is sent once, and an unclear outcome is
	// [Unknown]. Anything else is tried again as every read is.
	Write bool
}

// Reply is what came back, beside an error too where there was an answer. Its
// body may hold what the store keeps about a shopper: log neither.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// String is the status alone.
func (r Reply) String() string { return fmt.Sprintf("woo.Reply(HTTP %d)", r.Status) }

// Format keeps every verb from printing the body and the headers.
func (r Reply) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.String()) }

// MarshalJSON keeps encoders, and loggers that encode, from printing them.
func (r Reply) MarshalJSON() ([]byte, error) { return json.Marshal(r.String()) }

// Send makes a REST call and decodes a success into into. If that is nil the
// answer still has to be JSON: a page that a firewall put in front is no success.
// It fails with an [*Error], or before anything is sent with an
// [*InvalidError]. Signing, limits, retries and errors are those of every
// other call of the client.
func (c *Client) Send(ctx context.Context, req Request, into any) (Reply, error) {
	k, err := req.call()
	if err != nil {
		return Reply{}, err
	}
	var last answer
	try := func(write bool) *Error {
		var failed *Error
		last, failed = c.attempt(ctx, k, write)
		if failed == nil {
			failed = decodeInto(k.op, write, last, into)
		}
		if failed == nil && into == nil && k.method != http.MethodHead && last.status != http.StatusNoContent && !json.Valid(last.body) {
			failed = sentError(k.op, write, true, last.status, describe(last.body))
		}
		return failed
	}
	if k.method == http.MethodGet || k.method == http.MethodHead {
		err = c.retrying(ctx, func() *Error { return try(false) })
	} else if failed := try(true); failed != nil {
		err = failed
	}
	return last.reply(), err
}

// call checks a request.
func (r Request) call() (call, error) {
	k := call{op: r.Op, method: r.Method, root: wpJSON, path: r.Path, query: r.Query, header: r.Header, body: r.Body, fresh: r.Fresh, visitor: r.Visitor}
	if k.method == "" {
		k.method = http.MethodGet
	}
	if !slices.Contains(methods(), k.method) {
		return call{}, &InvalidError{Field: "method", Reason: "must be GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE"}
	}
	if err := checkHeader(r.Header); err != nil {
		return call{}, err
	}
	if r.Path == "" || strings.HasPrefix(r.Path, "/") || strings.ContainsAny(r.Path, "?#\\") || strings.ContainsFunc(r.Path, unfitForHeader) {
		return call{}, &InvalidError{Field: "path", Reason: "must be a path below /wp-json/, such as wc/v3/orders, without a query"}
	}
	for part := range strings.SplitSeq(r.Path, "/") {
		if part == "" || part == "." || part == ".." {
			return call{}, &InvalidError{Field: "path", Reason: "must not have empty or dotted parts"}
		}
	}
	return k, nil
}

func methods() []string {
	return []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
}

// checkHeader refuses what cannot be part of a header. net/http would too, but
// then it looks as if something had been sent.
func checkHeader(h http.Header) error {
	for name, values := range h {
		if name == "" || strings.ContainsFunc(name, unfitForHeader) || strings.Contains(name, ":") {
			return &InvalidError{Field: "header", Reason: "has a name that is empty or not printable ASCII"}
		}
		for _, v := range values {
			if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				return &InvalidError{Field: "header", Reason: name + " has a line break or another control character"}
			}
		}
	}
	return nil
}

func (a answer) reply() Reply { return Reply{Status: a.status, Header: a.header, Body: a.body} }

// SendGraphQL runs an operation and decodes its data into into, unless that is
// nil. Every error the server reports counts, data beside it or not: it is an
// [*Error] with the first one's path and message, and the reply's body has the
// whole answer. A write of which some field has data beside the errors did
// something, and is [Unknown].
func (c *Client) SendGraphQL(ctx context.Context, req GraphQLRequest, into any) (Reply, error) {
	if err := checkHeader(req.Header); err != nil {
		return Reply{}, err
	}
	var last answer
	client := graphql.NewClient(c.graph, graphDoer{c: c, header: req.Header, write: req.Write, last: &last})
	try := func() *Error {
		last = answer{}
		data, execErr := client.ExecRaw(ctx, req.Document, req.Variables)
		failed, errs := sortErrors(req.Op, req.Write, execErr)
		switch {
		case failed != nil:
			return failed
		case len(errs) > 0:
			failed = reportedError(req.Op, req.Write, errs)
			if req.Write && someData(data) {
				failed.Kind = Unknown
			}
			return failed
		}
		return decodeReply(req, data, into)
	}
	var err error
	if !req.Write {
		err = c.retrying(ctx, try)
	} else if failed := try(); failed != nil {
		err = failed
	}
	return last.reply(), err
}

// someData reports whether any root field came back with something in it.
func someData(data []byte) bool {
	var roots map[string]json.RawMessage
	if json.Unmarshal(data, &roots) != nil {
		return false
	}
	for _, root := range roots {
		if string(root) != "null" {
			return true
		}
	}
	return false
}

// decodeReply reads the data of an operation without errors.
func decodeReply(req GraphQLRequest, data []byte, into any) *Error {
	if len(data) == 0 || string(data) == "null" {
		return sentError(req.Op, req.Write, true, http.StatusOK, fmt.Errorf("%w: neither data nor errors", ErrBadAnswer))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return sentError(req.Op, req.Write, true, http.StatusOK, fmt.Errorf("%w: unexpected data: %w", ErrBadAnswer, err))
	}
	return nil
}
