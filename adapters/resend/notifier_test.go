package resend_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/adapters/resend"
	"github.com/ankkor/ankkor/checkout"
)

func TestNotify(t *testing.T) {
	s := newService(t)
	n := s.notifier(func(c *resend.Config) { c.ReplyTo = "help@shop.example.in" })
	if err := n.Notify(t.Context(), notice()); err != nil {
		t.Fatal(err)
	}
	m := s.mails[0]
	want := map[string]any{"from": "Ankkor Clay <orders@shop.example.in>", "to": []any{"asha@example.in"}, "reply_to": "help@shop.example.in", "subject": "Your order 1001 is on its way"}
	for field, value := range want {
		if diff := cmp.Diff(value, m[field]); diff != "" {
			t.Errorf("%s: %s", field, diff)
		}
	}
	if html, _ := m["html"].(string); !strings.Contains(html, "Hello Asha") {
		t.Errorf("html %q", html)
	}
}

// How each answer ends, and that trying again never makes a second mail.
func TestOutcomes(t *testing.T) {
	tests := []struct {
		name  string
		fault fault
		kind  error
		code  string
	}{
		{"cut before it was taken", fault{}, checkout.ErrUnknown, "no_answer"},
		{"cut after it was taken", fault{after: true}, checkout.ErrUnknown, "no_answer"},
		{"500 before", fault{status: 500, body: refusal("internal_server_error")}, checkout.ErrUnknown, "internal_server_error"},
		{"500 after", fault{after: true, status: 500, body: refusal("application_error")}, checkout.ErrUnknown, "application_error"},
		{"504 in HTML after", fault{after: true, status: 504, body: "<html>"}, checkout.ErrUnknown, "unnamed"},
		{"200 in HTML", fault{after: true, status: 200, body: "<html>"}, checkout.ErrUnknown, "unnamed"},
		{"200 without an id", fault{after: true, status: 200, body: "{}"}, checkout.ErrUnknown, "unnamed"},
		{"202", fault{after: true, status: 202, body: `{"id":"x"}`}, checkout.ErrUnknown, "unnamed"},
		{"a redirect", fault{status: 302}, checkout.ErrUnknown, "unnamed"},
		{"408", fault{status: 408}, checkout.ErrUnknown, "unnamed"},
		{"two at once", fault{status: 409, body: refusal("concurrent_idempotent_requests")}, checkout.ErrUnknown, "concurrent_idempotent_requests"},
		{"another mail under the key", fault{status: 409, body: refusal("invalid_idempotent_request")}, checkout.ErrRefused, "invalid_idempotent_request"},
		{"too many", fault{status: 429, body: refusal("rate_limit_exceeded"), header: "7"}, checkout.ErrUnavailable, "rate_limit_exceeded"},
		{"the day's quota", fault{status: 429, body: refusal("daily_quota_exceeded")}, checkout.ErrUnavailable, "daily_quota_exceeded"},
		{"no key", fault{status: 401, body: refusal("missing_api_key")}, checkout.ErrUnavailable, "missing_api_key"},
		{"a wrong key", fault{status: 403, body: refusal("invalid_api_key")}, checkout.ErrUnavailable, "invalid_api_key"},
		{"a wrong recipient", fault{status: 403, body: refusal("validation_error")}, checkout.ErrRefused, "validation_error"},
		{"a wrong field", fault{status: 422, body: refusal("invalid_parameter")}, checkout.ErrRefused, "invalid_parameter"},
		{"a security matter", fault{status: 451, body: refusal("security_error")}, checkout.ErrRefused, "security_error"},
		{"a name that is none", fault{status: 422, body: refusal("asha@example.in")}, checkout.ErrRefused, "unnamed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newService(t)
			s.plant(tt.fault)
			n := s.notifier()
			err := n.Notify(t.Context(), notice())
			var e *resend.Error
			if !errors.As(err, &e) || e.Code != tt.code || !errors.Is(err, tt.kind) {
				t.Fatalf("got %v (%+v), want %v", err, e, tt.kind)
			}
			for _, other := range []error{checkout.ErrUnknown, checkout.ErrRefused, checkout.ErrUnavailable} {
				if other != tt.kind && errors.Is(err, other) {
					t.Errorf("it is %v too", other)
				}
			}
			for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
				if said := fmt.Sprintf(verb, err); personal(said) || strings.Contains(said, s.URL) {
					t.Errorf("%s says too much: %s", verb, said)
				}
			}
			if s.requests != 1 {
				t.Errorf("sent %d times by itself", s.requests)
			}
			for range 3 {
				if err := n.Notify(t.Context(), notice()); err != nil {
					t.Fatalf("again: %v", err)
				}
			}
			if s.sent() != 1 {
				t.Errorf("%d mails", s.sent())
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{"": 0, "7": 7 * time.Second, "-1": 0, "2147483647": time.Hour, "soon": 0, "99999999999": 0} {
		s := newService(t)
		s.plant(fault{status: 429, body: refusal("rate_limit_exceeded"), header: header})
		var e *resend.Error
		if err := s.notifier().Notify(t.Context(), notice()); !errors.As(err, &e) || e.RetryAfter != want {
			t.Errorf("%q: %v", header, err)
		}
	}
}

// A notice whose record has changed since is sent as it was first written: another mail under the same key would be
// refused, or be a second mail.
func TestFrozen(t *testing.T) {
	s := newService(t)
	s.plant(fault{after: true})
	n := s.notifier()
	_ = n.Notify(t.Context(), notice())
	changed := notice()
	changed.Record.Order.Number = "2002"
	if err := n.Notify(t.Context(), changed); err != nil {
		t.Fatal(err)
	}
	if s.sent() != 1 {
		t.Errorf("%d mails", s.sent())
	}
}

// After a day Resend has forgotten the key: nothing is sent again by itself.
func TestPatience(t *testing.T) {
	s := newService(t)
	s.plant(fault{after: true})
	n := s.notifier()
	_ = n.Notify(t.Context(), notice())
	s.pass(resend.Patience - time.Second)
	if err := n.Notify(t.Context(), notice()); err != nil {
		t.Errorf("within the patience: %v", err)
	}
	s.pass(time.Second)
	if err := n.Notify(t.Context(), notice()); !errors.Is(err, checkout.ErrRefused) {
		t.Errorf("after it: %v", err)
	}
	s.pass(time.Hour) // 24 hours: Resend would take it for a new mail
	if err := n.Notify(t.Context(), notice()); !errors.Is(err, checkout.ErrRefused) || s.sent() != 1 {
		t.Errorf("a day after: %v, %d mails", err, s.sent())
	}
}

func TestConcurrently(t *testing.T) {
	s := newService(t)
	n := s.notifier()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _ = n.Notify(t.Context(), notice()) })
	}
	wg.Wait()
	if s.sent() != 1 {
		t.Errorf("%d mails", s.sent())
	}
}

func TestNotSent(t *testing.T) {
	s := newService(t)
	n := s.notifier()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := n.Notify(ended, notice()); !errors.Is(err, checkout.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	nobody := notice()
	nobody.Record.Billing.Email = ""
	if err := n.Notify(t.Context(), nobody); err != nil {
		t.Errorf("nobody to tell: %v", err)
	}
	for _, key := range []string{"", strings.Repeat("k", 257)} {
		odd := notice()
		odd.Key = key
		if err := n.Notify(t.Context(), odd); !errors.Is(err, checkout.ErrRefused) {
			t.Errorf("key of %d: %v", len(key), err)
		}
	}
	unknown := notice()
	unknown.Kind = "birthday"
	if err := n.Notify(t.Context(), unknown); !errors.Is(err, checkout.ErrRefused) {
		t.Errorf("a notice nobody wrote: %v", err)
	}
	lost := s.notifier(func(c *resend.Config) { c.Drafts = lostDrafts{} })
	if err := lost.Notify(t.Context(), notice()); !errors.Is(err, checkout.ErrUnavailable) {
		t.Errorf("no draft can be kept: %v", err)
	}
	if s.requests != 0 {
		t.Errorf("%d requests", s.requests)
	}
}

type lostDrafts struct{}

func (lostDrafts) Freeze(context.Context, string, []byte, time.Time) ([]byte, time.Time, error) {
	return nil, time.Time{}, errors.New("the database is away")
}

// A slow Resend ends with the context, unknown.
func TestDeadline(t *testing.T) {
	s := newService(t)
	slow := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err := s.notifier(func(c *resend.Config) { c.HTTP = slow }).Notify(ctx, notice())
	if !errors.Is(err, checkout.ErrUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestMistakes(t *testing.T) {
	_, err := resend.New(resend.Config{From: "nobody", ReplyTo: "a b", Endpoint: "http://api.resend.com"})
	for _, want := range []string{"Key", "From", "ReplyTo", "HTTP", "Letters", "Drafts", "Endpoint"} {
		if err == nil || !strings.Contains(err.Error(), "Config."+want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

// Drafts are the callers' own copies, and old ones go.
func TestMemoryDrafts(t *testing.T) {
	d, at := resend.NewDrafts(), time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC)
	freeze := func(key, body string, at time.Time) ([]byte, time.Time) {
		t.Helper()
		kept, written, err := d.Freeze(t.Context(), key, []byte(body), at)
		if err != nil {
			t.Fatal(err)
		}
		return kept, written
	}
	own, _ := freeze("a", "first", at)
	own[0] = 'X'
	if kept, written := freeze("a", "second", at.Add(time.Hour)); string(kept) != "first" || !written.Equal(at) {
		t.Errorf("%s of %v", kept, written)
	}
	freeze("b", "other", at.Add(26*time.Hour))
	if kept, _ := freeze("a", "third", at.Add(26*time.Hour)); string(kept) != "third" {
		t.Errorf("%s is kept for good", kept)
	}
}
