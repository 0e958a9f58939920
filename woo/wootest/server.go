package wootest

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// maxBody is the largest request body read; PHP's post_max_size defaults to it.
const maxBody = 8 << 20

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
		return s.pages.upload(req)
	}
	if rep, ok := s.pages.serve(req); ok {
		return rep
	}
	h := http.Header{}
	h.Set("Content-Type", "text/html; charset=UTF-8")
	return reply{status: http.StatusNotFound, header: h, body: []byte("<!DOCTYPE html><title>Page not found</title>")}
}
