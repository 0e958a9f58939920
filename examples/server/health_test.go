package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func ask(r *readiness) (int, string) {
	w := httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	return w.Code, w.Body.String()
}

func answering(err error) func(context.Context) error {
	return func(context.Context) error { return err }
}

func TestReadiness(t *testing.T) {
	secretive := errors.New("dial tcp 10.1.2.3: password authentication failed for user app")
	for _, tt := range []struct {
		name            string
		postgres, redis error
		status          int
		says            string
	}{
		{"all well", nil, nil, 200, `"ready"`},
		{"Redis is away", nil, secretive, 200, `"redis":"away"`},
		{"Postgres is away", secretive, nil, 503, `"postgres":"away"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &readiness{timeout: time.Second, checks: []check{{"postgres", true, answering(tt.postgres)}, {"redis", false, answering(tt.redis)}}}
			if code, body := ask(r); code != tt.status || !strings.Contains(body, tt.says) || strings.Contains(body, "password") {
				t.Errorf("%d %s", code, body)
			}
			r.leaving.Store(true)
			if code, body := ask(r); code != 503 || !strings.Contains(body, "stopping") {
				t.Errorf("while stopping: %d %s", code, body)
			}
		})
	}
}

// A check that hangs does not hang the probe.
func TestReadinessHasATimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		r := &readiness{timeout: 2 * time.Second, checks: []check{{"postgres", true, func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}}}
		if code, _ := ask(r); code != 503 || time.Since(begun) != 2*time.Second {
			t.Errorf("%d after %v", code, time.Since(begun))
		}
	})
}
