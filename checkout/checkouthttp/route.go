package checkouthttp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/ankkor/ankkor/checkout"
)

// MaxBody is the longest request body, in bytes.
const MaxBody = 64 << 10

// audience is who may use a route.
type audience int

const (
	anybody  audience = iota
	shopper           // Config.Owner must know them
	operator          // Config.Operator must know them
)

// route is one operation of the API.
type route struct {
	method, path string
	who          audience
	serve        func(*request) (reply, error)
}

// request is what an operation works on: who asks, about which checkout, with what body.
type request struct {
	*http.Request
	owner checkout.Owner
	actor string
	id    checkout.ID
	body  []byte
}

// reply is an answer: a status, 200 when 0, and what is written as JSON.
type reply struct {
	status   int
	body     any
	replayed bool // it was given before
}

// ok is the usual reply.
func ok(body any) (reply, error) { return reply{body: body}, nil }

// handle turns a route into a handler.
func (a *API) handle(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.guard.Check(r) != nil {
			a.fail(w, r, errCrossOrigin)
			return
		}
		req, err := a.read(w, r, rt.who)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		answer, err := rt.serve(req)
		if err != nil {
			a.fail(w, r, err)
			return
		}
		a.write(w, r, answer)
	})
}

// read finds out who asks before anything else, and then what.
func (a *API) read(w http.ResponseWriter, r *http.Request, who audience) (*request, error) {
	req := &request{Request: r}
	if err := a.identify(req, who); err != nil {
		return nil, err
	}
	if strings.Contains(r.Pattern, "{id}") {
		if req.id = checkout.ID(r.PathValue("id")); !isID(string(req.id)) {
			return nil, checkout.ErrNotFound
		}
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return req, nil
	}
	var err error
	req.body, err = readBody(w, r)
	return req, err
}

func (a *API) identify(req *request, who audience) error {
	var err error
	switch who {
	case shopper:
		req.owner, err = a.config.Owner(req.Request)
		if err = unless(err, errNobody); err == nil && req.owner.Validate() != nil {
			err = errNobody
		}
	case operator:
		req.actor, err = a.config.Operator(req.Request)
		if err = unless(err, errNotStaff); err == nil && req.actor == "" {
			err = errNotStaff
		}
	case anybody:
	}
	return err
}

// unless hides why somebody is not known, but not that the request has ended.
func unless(err, instead error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return instead
}

// isID reports whether a text has the form of a checkout's id, so that it can be put into an address.
func isID(s string) bool {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == '-' || r == '_'
	}
	return s != "" && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) })
}

// readBody takes a JSON body whole, or refuses it.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(parameters["charset"])
	if err != nil || kind != "application/json" || charset != "" && charset != "utf-8" || r.Header.Get("Content-Encoding") != "" {
		return nil, errMediaType
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge
	case err != nil:
		return nil, invalidBody("body", "ended early")
	}
	return data, nil
}

// write sends an answer. Nothing of it may be kept by anybody in between.
func (a *API) write(w http.ResponseWriter, r *http.Request, answer reply) {
	data, err := json.Marshal(answer.body)
	if err != nil {
		a.fail(w, r, fmt.Errorf("checkouthttp: writing an answer: %w", err))
		return
	}
	if answer.replayed {
		w.Header().Set(replayed, "true")
	}
	send(w, max(answer.status, http.StatusOK), "application/json", data)
}

func send(w http.ResponseWriter, status int, kind string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(data)
}
