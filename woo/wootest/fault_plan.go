package wootest

import (
	"net/http"
	"strconv"
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
		s.site.wait(req.ctx, p.fault.Delay, nil)
	case StaleRead:
		req.stale = true
	case Overlap:
		req.race = p.fault.race
	}
	rep := s.handle(req)
	p.faults.looked(req)
	return rep
}

// refusal is what a server in front of WordPress answers by itself.
func (p plan) refusal(status int, text string) reply {
	after := max(time.Second, p.fault.RetryAfter)
	rep := htmlReply(status, text)
	rep.header.Set("Retry-After", strconv.Itoa(int(after/time.Second)))
	return rep
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
