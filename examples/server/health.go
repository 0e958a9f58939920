package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// healthy answers that the process runs. It asks nobody: a database that is away is no reason to start it anew.
func healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, "ok\n")
}

// check is one thing that readiness looks at. A vital one that fails makes the server not ready; another one is told.
type check struct {
	name  string
	vital bool
	ask   func(context.Context) error
}

// readiness answers whether requests should come here: 200 or 503, and a word for each check. Postgres is vital. Redis is
// not, as Postgres admits shoppers meanwhile; WooCommerce and Razorpay are not asked at all, as sales go on without the
// one and no probe should depend on the other. Why a check failed is in the log, not in the answer.
type readiness struct {
	checks  []check
	timeout time.Duration // of all checks together
	leaving atomic.Bool   // the server is about to stop
}

func (s *shop) readiness() *readiness {
	r := &readiness{timeout: 2 * time.Second, checks: []check{
		{"postgres", true, func(ctx context.Context) error {
			var one int
			return s.db.GetContext(ctx, &one, "SELECT 1 WHERE NOT pg_is_in_recovery()")
		}},
	}}
	if s.redis != nil {
		r.checks = append(r.checks, check{"redis", false, s.redis.ping})
	}
	return r
}

// ready is the body of the answer.
type ready struct {
	Status string            `json:"status"` // ready, not ready, stopping
	Checks map[string]string `json:"checks,omitempty"`
}

// ServeHTTP implements http.Handler.
func (r *readiness) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	answer, status := ready{Status: "stopping"}, http.StatusServiceUnavailable
	if !r.leaving.Load() {
		answer, status = r.look(req.Context())
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer)
}

// look asks everything at once.
func (r *readiness) look(ctx context.Context) (ready, int) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	failed := make([]bool, len(r.checks))
	var asking sync.WaitGroup
	for i, c := range r.checks {
		asking.Go(func() { failed[i] = c.ask(ctx) != nil })
	}
	asking.Wait()
	answer, status := ready{Status: "ready", Checks: map[string]string{}}, http.StatusOK
	for i, c := range r.checks {
		answer.Checks[c.name] = "ok"
		if !failed[i] {
			continue
		}
		answer.Checks[c.name] = "away"
		if c.vital {
			answer.Status, status = "not ready", http.StatusServiceUnavailable
		}
	}
	return answer, status
}
