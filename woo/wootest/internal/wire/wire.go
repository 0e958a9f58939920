package wire

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// Request is an HTTP request as the store looks at it.
type Request struct {
	Context  context.Context
	Method   string
	Path     string
	RawQuery string
	Query    url.Values
	Header   http.Header
	Client   string // the address the request came from
	Body     []byte
	Secure   bool  // TLS, or a trusted proxy says so
	Stale    bool  // answer from before the last write
	Race     *Race // the others a read and a write are to overlap with
}

// Reply is a whole answer, kept until the faults have had their say.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSONReply is an answer in the JSON that PHP writes.
func JSONReply(status int, header http.Header, body any) Reply {
	raw, err := wp.JSON(body)
	if err != nil {
		raw = []byte(`{"code":"internal_server_error","message":"The answer could not be encoded.","data":{"status":500}}`)
		status = http.StatusInternalServerError
	}
	return Reply{Status: status, Header: header, Body: raw}
}

// Send writes a reply to the wire.
func (rep Reply) Send(w http.ResponseWriter) {
	for name, values := range rep.Header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(rep.Body)))
	w.WriteHeader(rep.Status)
	_, _ = w.Write(rep.Body)                  // the caller may be gone; nobody else can be told
	_ = http.NewResponseController(w).Flush() // Close drops connections once the handlers are done
}

// HTMLReply is a page of one line, as servers in front of WordPress show.
func HTMLReply(status int, text string) Reply {
	h := http.Header{}
	h.Set("Content-Type", "text/html; charset=UTF-8")
	page := "<!DOCTYPE html>\n<html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>\n"
	return Reply{Status: status, Header: h, Body: []byte(page)}
}

// Detached is the request without the caller's context, for an effect that
// happens after the caller has gone.
func (r *Request) Detached() *Request {
	c := *r
	c.Context = context.WithoutCancel(r.Context)
	return &c
}

// RESTRoot is where REST v3 lives.
const RESTRoot = "/wp-json/wc/v3"

// StoreRoot is where the Store API lives: the part of REST that a shopper's
// browser calls, without a key.
const StoreRoot = "/wp-json/wc/store/v1"

// CollectionOf is the REST resource a path belongs to: orders, products, …
func CollectionOf(urlPath string) string {
	rest, ok := strings.CutPrefix(urlPath, RESTRoot+"/")
	if !ok {
		return urlPath
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}
