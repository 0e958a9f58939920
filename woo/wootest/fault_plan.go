package wootest

import (
	"net/http"
	"strconv"
	"time"

	"github.com/ankkor/ankkor/woo/wootest/internal/graphql"
	"github.com/ankkor/ankkor/woo/wootest/internal/wire"
)

// plan is what happens to one request: the fault that acts on it, if any.
type plan struct {
	faults *Faults
	fault  *armed
}

func (f *Faults) next(req *wire.Request) plan {
	return plan{faults: f, fault: f.pick(requestFaults, req.Method, req.Path, func() []string { return graphql.Roots(req) })}
}

func (p plan) kind() FaultKind {
	if p.fault == nil {
		return ""
	}
	return p.fault.Kind
}

// run does the request's work as far as the fault lets it.
func (p plan) run(s *Store, req *wire.Request) wire.Reply {
	switch p.kind() {
	case CutBefore:
		return wire.Reply{}
	case Unavailable:
		return p.refusal(http.StatusServiceUnavailable, "Briefly unavailable for scheduled maintenance. Check back in a minute.")
	case RateLimited:
		return p.refusal(http.StatusTooManyRequests, "Too Many Requests")
	case LateEffect:
		p.faults.hold(req.Detached(), p.fault.Reads)
		return wire.Reply{}
	case Slow:
		s.site.Wait(req.Context, p.fault.Delay, nil)
	case StaleRead:
		req.Stale = true
	case Overlap:
		req.Race = p.fault.race
	}
	rep := s.handle(req)
	p.faults.looked(req)
	return rep
}

// refusal is what a server in front of WordPress answers by itself.
func (p plan) refusal(status int, text string) wire.Reply {
	after := max(time.Second, p.fault.RetryAfter)
	rep := wire.HTMLReply(status, text)
	rep.Header.Set("Retry-After", strconv.Itoa(int(after/time.Second)))
	return rep
}

// write sends the reply, or what the fault leaves of it. Cutting the
// connection is net/http's own way of aborting a response.
func (p plan) write(w http.ResponseWriter, rep wire.Reply) {
	switch p.kind() {
	case CutBefore, CutAfter, LateEffect:
		panic(http.ErrAbortHandler)
	case BadGateway:
		wire.HTMLReply(http.StatusBadGateway, "502 Bad Gateway").Send(w)
	case HTML:
		wire.HTMLReply(http.StatusOK, "Just a moment...").Send(w)
	case Truncated:
		p.cut(w, rep)
	default:
		rep.Send(w)
	}
}

// cut announces the whole body, sends a part and drops the connection.
func (p plan) cut(w http.ResponseWriter, rep wire.Reply) {
	n := p.fault.Bytes
	if n == 0 {
		n = len(rep.Body) / 2
	}
	for name, values := range rep.Header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(rep.Body)))
	w.WriteHeader(rep.Status)
	_, _ = w.Write(rep.Body[:min(n, len(rep.Body))]) // the connection is dropped next anyway
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}
