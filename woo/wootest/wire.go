package wootest

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ankkor/ankkor/woo/wootest/internal/wp"
)

// request is an HTTP request as the store looks at it.
type request struct {
	ctx      context.Context
	method   string
	path     string
	rawQuery string
	query    url.Values
	header   http.Header
	client   string // the address the request came from
	body     []byte
	secure   bool  // TLS, or a trusted proxy says so
	stale    bool  // answer from before the last write
	race     *race // the others a read and a write are to overlap with
}

// reply is a whole answer, kept until the faults have had their say.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func jsonReply(status int, header http.Header, body any) reply {
	raw, err := wp.JSON(body)
	if err != nil {
		raw = []byte(`{"code":"internal_server_error","message":"The answer could not be encoded.","data":{"status":500}}`)
		status = http.StatusInternalServerError
	}
	return reply{status: status, header: header, body: raw}
}

// send writes a reply to the wire.
func (rep reply) send(w http.ResponseWriter) {
	for name, values := range rep.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(rep.body)))
	w.WriteHeader(rep.status)
	_, _ = w.Write(rep.body)                  // the caller may be gone; nobody else can be told
	_ = http.NewResponseController(w).Flush() // Close drops connections once the handlers are done
}

func htmlReply(status int, text string) reply {
	h := http.Header{}
	h.Set("Content-Type", "text/html; charset=UTF-8")
	page := "<!DOCTYPE html>\n<html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>\n"
	return reply{status: status, header: h, body: []byte(page)}
}

// detached is the request without the caller's context, for an effect that
// happens after the caller has gone.
func (r *request) detached() *request {
	c := *r
	c.ctx = context.WithoutCancel(r.ctx)
	return &c
}

const restRoot = "/wp-json/wc/v3"

// storeRoot is where the Store API lives: the part of REST that a shopper's
// browser calls, without a key.
const storeRoot = "/wp-json/wc/store/v1"

// collectionOf is the REST resource a path belongs to: orders, products, …
func collectionOf(urlPath string) string {
	rest, ok := strings.CutPrefix(urlPath, restRoot+"/")
	if !ok {
		return urlPath
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}
