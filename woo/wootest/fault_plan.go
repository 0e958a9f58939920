package wootest

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// plan is what happens to one request: the fault that acts on it, if any.
type plan struct {
	faults *Faults
	fault  *armed
}

func (f *Faults) next(req *request) plan {
	return plan{faults: f, fault: f.pick(requestFaults, req.method, req.path, req.roots)}
}

func (p plan) kind() FaultKind {
	if p.fault == nil {
		return ""
	}
	return p.fault.Kind
}

// run does the request's work as far as the fault lets it.
func (p plan) run(s *Store, req *request) reply {
	switch p.kind() {
	case CutBefore:
		return reply{}
	case Unavailable:
		return p.refusal(http.StatusServiceUnavailable, "Briefly unavailable for scheduled maintenance. Check back in a minute.")
	case RateLimited:
		return p.refusal(http.StatusTooManyRequests, "Too Many Requests")
	case LateEffect:
		p.faults.hold(req.detached(), p.fault.Reads)
		return reply{}
	case Slow:
		p.faults.wait(req.ctx, p.fault.Delay, nil)
	case StaleRead:
		req.stale = true
	case Overlap:
		req.overlap = p.fault.meeting
		req.overlapWait = p.fault.Delay
	}
	rep := s.handle(req)
	p.faults.looked(req)
	return rep
}

// detached is the request without the caller's context, for an effect that
// happens after the caller has gone.
func (r *request) detached() *request {
	c := *r
	c.ctx = context.WithoutCancel(r.ctx)
	return &c
}

// refusal is what a server in front of WordPress answers by itself.
func (p plan) refusal(status int, text string) reply {
	after := max(time.Second, p.fault.RetryAfter)
	rep := htmlReply(status, text)
	rep.header.Set("Retry-After", strconv.Itoa(int(after/time.Second)))
	return rep
}

func htmlReply(status int, text string) reply {
	h := http.Header{}
	h.Set("Content-Type", "text/html; charset=UTF-8")
	page := "<!DOCTYPE html>\n<html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>\n"
	return reply{status: status, header: h, body: []byte(page)}
}

// write sends the reply, or what the fault leaves of it. Cutting the
// connection is net/http's own way of aborting a response.
func (p plan) write(w http.ResponseWriter, rep reply) {
	switch p.kind() {
	case CutBefore, CutAfter, LateEffect:
		panic(http.ErrAbortHandler)
	case BadGateway:
		htmlReply(http.StatusBadGateway, "502 Bad Gateway").send(w)
	case HTML:
		htmlReply(http.StatusOK, "Just a moment...").send(w)
	case Truncated:
		p.cut(w, rep)
	default:
		rep.send(w)
	}
}

// cut announces the whole body, sends a part and drops the connection.
func (p plan) cut(w http.ResponseWriter, rep reply) {
	n := p.fault.Bytes
	if n == 0 {
		n = len(rep.body) / 2
	}
	for name, values := range rep.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(rep.body)))
	w.WriteHeader(rep.status)
	_, _ = w.Write(rep.body[:min(n, len(rep.body))]) // the connection is dropped next anyway
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// wait sleeps until the time is over, ready is closed, the caller has gone or
// the store closes.
func (f *Faults) wait(ctx context.Context, d time.Duration, ready <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ready:
	case <-ctx.Done():
	case <-f.done:
	}
}

// rendezvous lets a number of requests wait for each other.
type rendezvous struct {
	mu   sync.Mutex
	left int
	full chan struct{}
}

func newRendezvous(n int) *rendezvous { return &rendezvous{left: n, full: make(chan struct{})} }

// arrive counts one in; the channel closes when all are there.
func (r *rendezvous) arrive() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left--; r.left == 0 {
		close(r.full)
	}
	return r.full
}

// awaitCompletion is the time in which a request that marks an order as paid
// has read the order and not yet written it. WooCommerce holds no lock there.
func (s *Store) awaitCompletion(req *request, c *call) {
	id, ok := c.ids["id"]
	if req.method == http.MethodGet || !ok || collectionOf(req.path) != "orders" || !c.flag("set_paid") {
		return
	}
	s.mu.Lock()
	o := s.state.orders[id]
	unpaid := o != nil && o.needsPayment()
	s.mu.Unlock()
	c.sawUnpaid = &unpaid
	switch {
	case req.overlap != nil:
		limit := req.overlapWait
		if limit == 0 {
			limit = time.Second
		}
		s.faults.wait(req.ctx, limit, req.overlap.arrive())
	case s.cfg.CompletionWindow > 0:
		s.faults.wait(req.ctx, s.cfg.CompletionWindow, nil)
	}
}
