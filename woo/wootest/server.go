package wootest

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
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
	s.log.DebugContext(r.Context(), "wootest request", slog.String("method", req.Method), slog.String("path", req.Path),
		slog.Int("status", rep.Status), slog.Duration("took", time.Since(started)))
	plan.write(w, rep)
}

func (s *Store) newRequest(r *http.Request, body []byte) *wire.Request {
	secure := r.TLS != nil || s.cfg.TrustForwardedProto && r.Header.Get("X-Forwarded-Proto") == "https"
	client, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil { // not a network connection: a handler called directly
		client = r.RemoteAddr
	}
	return &wire.Request{
		Client: client, Context: r.Context(), Method: r.Method, Path: r.URL.Path, RawQuery: r.URL.RawQuery,
		Query: r.URL.Query(), Header: r.Header, Body: body, Secure: secure,
	}
}

// handle is the shop without faults.
func (s *Store) handle(req *wire.Request) wire.Reply {
	switch {
	case req.Path == "/graphql" || req.Path == "/graphql/":
		return s.graphql.Serve(req)
	case req.Path == wire.StoreRoot || strings.HasPrefix(req.Path, wire.StoreRoot+"/"):
		return s.storeAPI.Serve(req)
	case strings.HasPrefix(req.Path, "/wp-json/"):
		return s.rest.Serve(req)
	case strings.HasPrefix(req.Path, "/wp-content/uploads/"):
		return s.pages.Upload(req)
	}
	if rep, ok := s.pages.Serve(req); ok {
		return rep
	}
	h := http.Header{}
	h.Set("Content-Type", "text/html; charset=UTF-8")
	return wire.Reply{Status: http.StatusNotFound, Header: h, Body: []byte("<!DOCTYPE html><title>Page not found</title>")}
}
