package razorpay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"

	"github.com/ankkor/ankkor/payment"
)

// maxAnswer is the longest answer that is read, in bytes. A page of a hundred payments has a fifth of it.
const maxAnswer = 1 << 20

// request is one call of the API.
type request struct {
	op     string // as errors name it
	method string
	path   string // below /v1
	query  url.Values
	body   any
	key    string // X-Refund-Idempotency, or empty
}

// effect reports whether the call changes anything: only then can its outcome be unknown.
func (r request) effect() bool { return r.method != http.MethodGet }

// send makes the call once and reads the answer into the entity into. A refusal is an error that matches
// payment.ErrRefused and wraps an *Error; what could not be sent, and any read that failed, is payment.ErrUnavailable;
// what may have been done is payment.ErrUnknown.
func (c *Client) send(ctx context.Context, r request, into any) error {
	if err := ctx.Err(); err != nil {
		return &payment.UnavailableError{Op: r.op, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	trail := &trail{}
	req, err := c.build(httptrace.WithClientTrace(ctx, trail.trace()), r)
	if err != nil {
		return &payment.UnavailableError{Op: r.op, Err: err}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return lost(r, err, trail.unsent(err))
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := readAll(resp.Body)
	if err != nil && resp.StatusCode == http.StatusOK {
		return lost(r, err, false)
	}
	return c.judge(r, resp, body, into)
}

// build makes the HTTP request. The key travels in the Authorization header alone, never in an address.
func (c *Client) build(ctx context.Context, r request) (*http.Request, error) {
	address := c.base + "/v1" + r.path
	if len(r.query) > 0 {
		address += "?" + r.query.Encode()
	}
	var body io.Reader
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, address, body)
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(c.keyID, c.secret.Reveal())
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "ankkor")
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if r.key != "" {
		req.Header.Set("X-Refund-Idempotency", r.key)
	}
	return req, nil
}

// lost is how a call ends to which there was no answer.
func lost(r request, err error, unsent bool) error {
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err // without the address, which is long and says nothing more than the op
	}
	if unsent || !r.effect() {
		return &payment.UnavailableError{Op: r.op, Err: err}
	}
	return &payment.UnknownError{Op: r.op, Err: err}
}

// trail notes how far a request came. The transport may still be at work when its caller has given up.
type trail struct {
	wanted, got atomic.Bool
}

func (t *trail) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { t.wanted.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { t.got.Store(true) },
	}
}

// unsent reports whether a failed request certainly never left: no connection was got for it, by a transport that tells
// of connections, or one could not be opened. A transport that tells nothing is given no such credit.
func (t *trail) unsent(err error) bool {
	if t.got.Load() {
		return false
	}
	var op *net.OpError
	return t.wanted.Load() || errors.As(err, &op) && op.Op == "dial"
}

func readAll(body io.Reader) ([]byte, error) {
	read, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err == nil && len(read) > maxAnswer {
		err = answerError("longer than %d bytes", maxAnswer)
	}
	return read, err
}
