package razorpaytest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptrace"
)

// Client returns an HTTP client that reaches the server without a network, whatever address is asked for. It tells of
// connections as a real transport does, and works inside a testing/synctest bubble.
func (s *Server) Client() *http.Client { return &http.Client{Transport: transport{s}} }

type transport struct{ server *Server }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	trace := httptrace.ContextClientTrace(r.Context())
	if trace != nil && trace.GetConn != nil {
		trace.GetConn(r.URL.Host)
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if t.server.takeUnreachable(r) {
		return nil, errUnreachable()
	}
	if trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	answer, cut := serve(t.server, r)
	if cut {
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
		return nil, io.ErrUnexpectedEOF
	}
	return answer, nil
}

// takeUnreachable takes the fault of that kind, if it is what the request would meet. All others wait for the server.
func (s *Server) takeUnreachable(r *http.Request) bool {
	_, taken := s.faults.TakeIf(s.opOf(r), func(f Fault) bool { return f.Kind == Unreachable })
	return taken
}

// serve runs a handler on a request in this goroutine. cut says that the connection was, before an answer.
func serve(h http.Handler, r *http.Request) (answer *http.Response, cut bool) {
	r = r.Clone(r.Context())
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	defer func() {
		_ = r.Body.Close()
		if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // the very value that net/http compares with
			answer, cut = nil, true
		} else if p != nil {
			panic(p)
		}
	}()
	h.ServeHTTP(w, r)
	return w.response(r), false
}

// recorder keeps what a handler writes.
type recorder struct {
	header http.Header
	body   bytes.Buffer
	status int
	wrote  bool
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if !w.wrote {
		w.status, w.wrote = status, true
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

func (w *recorder) response(r *http.Request) *http.Response {
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(bytes.NewReader(w.body.Bytes())), ContentLength: int64(w.body.Len()), Request: r,
	}
}
