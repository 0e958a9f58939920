package woo

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// answer is a whole HTTP response.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// guarded copies the host's client: same transport and timeout, our own rules
// for redirects, no cookies. WordPress cookies would only mix one caller's
// session into another's.
func guarded(host *http.Client) *http.Client {
	return &http.Client{Transport: host.Transport, Timeout: host.Timeout, CheckRedirect: followInside}
}

// errRedirect says that the store pointed somewhere we do not follow to.
var errRedirect = errors.New("the store redirected to another address; configure URL as WordPress's Site Address, with its scheme and host")

// followInside follows a read to the same scheme and host, three times at
// most. A write is never followed: its method would change on the way.
func followInside(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case first.Method != http.MethodGet, len(via) > 3:
		return http.ErrUseLastResponse
	case req.URL.Scheme != first.URL.Scheme || req.URL.Host != first.URL.Host:
		return http.ErrUseLastResponse
	}
	return nil
}

// roundTrip sends one request and reads its whole answer, at most maxBody
// bytes of it. sent is false only when the store certainly saw nothing.
func (c *Client) roundTrip(req *http.Request) (a answer, sent bool, err error) {
	if err := req.Context().Err(); err != nil {
		return answer{}, false, err
	}
	leave, err := c.gate.enter(req.Context())
	if err != nil {
		return answer{}, false, err
	}
	defer func() { leave(a.status, err) }()
	var connections connectionTrace
	ctx, cancel := context.WithTimeout(req.Context(), c.timeout)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, connections.hooks())
	resp, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		return answer{}, !connections.neverMade() && !neverConnected(err), withoutURL(err)
	}
	defer resp.Body.Close()
	a = answer{status: resp.StatusCode, header: resp.Header}
	a.body, err = io.ReadAll(io.LimitReader(resp.Body, c.maxBody+1))
	if err != nil {
		return a, true, fmt.Errorf("%w: the body broke off: %w", ErrBadAnswer, withoutURL(err))
	}
	if int64(len(a.body)) > c.maxBody {
		return a, true, fmt.Errorf("%w: %w", ErrBadAnswer, errEndless)
	}
	// A server that sees us hang up may end its body in good order while the
	// connection is still closing.
	if err := ctx.Err(); err != nil && !json.Valid(a.body) {
		return a, true, fmt.Errorf("%w: the body broke off: %w", ErrBadAnswer, err)
	}
	return a, true, nil
}

// errEndless says that the cap on a body was reached.
var errEndless = errors.New("the body is longer than Config.MaxBody")

// connectionTrace notes whether a connection was asked for and handed over.
// A transport that knows no httptrace leaves both unset, which proves nothing.
type connectionTrace struct{ asked, got atomic.Bool }

func (t *connectionTrace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { t.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true) },
	}
}

func (t *connectionTrace) neverMade() bool { return t.asked.Load() && !t.got.Load() }

// withoutURL drops the *url.Error that net/http puts around everything: its
// text has the whole URL, signature included.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// neverConnected reports whether an error of http.Client.Do proves by its type
// that no connection was made.
func neverConnected(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	if errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") {
		return true
	}
	return errors.As(err, &dns) || errors.As(err, &cert)
}

// sentError is what a failed roundTrip means for a read or a write.
func sentError(op string, write, sent bool, status int, cause error) *Error {
	kind := Unavailable
	if write && sent {
		kind = Unknown
	}
	return &Error{Kind: kind, Op: op, Status: status, Cause: cause}
}
