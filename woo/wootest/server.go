package wootest

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is the largest request body read; PHP's post_max_size defaults to it.
const maxBody = 8 << 20

// request is an HTTP request as the store looks at it.
type request struct {
	ctx      context.Context
	method   string
	path     string
	rawQuery string
	query    url.Values
	header   http.Header
	client   string // the address the request came from
	seen     *state // what a checkout that overlaps another read, nil for the present
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
	raw, err := phpJSON(body)
	if err != nil {
		raw = []byte(`{"code":"internal_server_error","message":"The answer could not be encoded.","data":{"status":500}}`)
		status = http.StatusInternalServerError
	}
	return reply{status: status, header: header, body: raw}
}

// ServeHTTP answers one request of the shop.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.enter() {
		panic(http.ErrAbortHandler)
	}
	defer s.running.Done()
	started := time.Now()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	req := s.newRequest(r, body)
	plan := s.faults.next(req)
	rep := plan.run(s, req)
	s.log.DebugContext(r.Context(), "wootest request", slog.String("method", req.method), slog.String("path", req.path),
		slog.Int("status", rep.status), slog.Duration("took", time.Since(started)))
	plan.write(w, rep)
}

func (s *Store) newRequest(r *http.Request, body []byte) *request {
	secure := r.TLS != nil || s.cfg.TrustForwardedProto && r.Header.Get("X-Forwarded-Proto") == "https"
	client, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil { // not a network connection: a handler called directly
		client = r.RemoteAddr
	}
	return &request{
		client: client, ctx: r.Context(), method: r.Method, path: r.URL.Path, rawQuery: r.URL.RawQuery,
		query: r.URL.Query(), header: r.Header, body: body, secure: secure,
	}
}

// handle is the shop without faults.
func (s *Store) handle(req *request) reply {
	switch {
	case req.path == "/graphql" || req.path == "/graphql/":
		return s.graphql.serve(req)
	case req.path == storeRoot || strings.HasPrefix(req.path, storeRoot+"/"):
		return s.storeAPI.serve(req)
	case strings.HasPrefix(req.path, "/wp-json/"):
		return s.rest.serve(req)
	case strings.HasPrefix(req.path, "/wp-content/uploads/"):
		return s.site.serveUpload(req)
	}
	if rep, ok := s.pages.serve(req); ok {
		return rep
	}
	h := http.Header{}
	h.Set("Content-Type", "text/html; charset=UTF-8")
	return reply{status: http.StatusNotFound, header: h, body: []byte("<!DOCTYPE html><title>Page not found</title>")}
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
