package razorpaytest

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"regexp"
)

// handler serves one address: key, fault, effect, answer.
func (s *Server) handler(e endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, no := s.admit(r)
		if no != nil {
			no.write(w)
			return
		}
		fault, answer := s.perform(e, c)
		s.tell(w, r, fault, answer)
	})
}

// perform does what was asked for, unless the fault keeps it from happening.
func (s *Server) perform(e endpoint, c call) (Fault, reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.fault = s.faults.Take(e.op)
	switch c.fault.Kind {
	case Unreachable, LoseRequest, Redirect, FirewallPage:
		return c.fault, reply{}
	case Refuse:
		return c.fault, bad("Something went wrong with the request.", "")
	case Unauthorized:
		return c.fault, refuse(http.StatusUnauthorized, "The api key provided is invalid", "")
	case RateLimit:
		return c.fault, refuse(http.StatusTooManyRequests, "Too many requests", "")
	case Conflict:
		return c.fault, refuse(http.StatusConflict, "Another request with the same idempotency key is in progress.", "")
	case ServerError:
		return c.fault, refuse(http.StatusInternalServerError, "We are facing some trouble completing your request at the moment.", "")
	case BadGateway:
		return c.fault, refuse(http.StatusBadGateway, "The gateway is not available.", "")
	}
	return c.fault, e.do(c)
}

const htmlPage = "<!DOCTYPE html><html><body><h1>Attention required</h1></body></html>"

// tell writes the answer, or what becomes of it on the way.
func (s *Server) tell(w http.ResponseWriter, r *http.Request, fault Fault, answer reply) {
	switch fault.Kind {
	case Unreachable, LoseRequest, LoseReply:
		panic(http.ErrAbortHandler) // the connection is cut
	case Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case Slow:
		if s.config.Wait(r.Context(), fault.Delay) != nil {
			panic(http.ErrAbortHandler)
		}
	case Redirect:
		http.Redirect(w, r, "https://example.com/elsewhere", http.StatusFound)
		return
	case FirewallPage:
		writePage(w, http.StatusForbidden)
		return
	case HTMLReply:
		writePage(w, http.StatusOK)
		return
	case EmptyReply:
		w.WriteHeader(http.StatusOK)
		return
	case ErrorAfter:
		answer = refuse(http.StatusInternalServerError, "We are facing some trouble completing your request at the moment.", "")
	case TimeoutAfter:
		answer = refuse(http.StatusGatewayTimeout, "The gateway did not answer in time.", "")
	case HalfReply, FloatReply, HugeReply:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(spoil(fault.Kind, answer.bytes())) //nolint:gosec // JSON, and said to be
		return
	}
	answer.write(w)
}

func writePage(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(htmlPage))
}

var amounts = regexp.MustCompile(`"amount":(\d+)`)

func spoil(kind Kind, document []byte) []byte {
	switch kind {
	case HalfReply:
		return document[:len(document)/2]
	case FloatReply:
		return amounts.ReplaceAll(document, []byte(`"amount":$1.5`))
	}
	return append(bytes.Repeat([]byte(" "), 2<<20), document...)
}

// errUnreachable is what a transport says when nobody listens.
func errUnreachable() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
}
