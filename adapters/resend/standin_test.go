package resend_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/resend"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/mail"
)

const apiKey = "re_TestKeyThatNobodyMayPrint"

// service is Resend as far as a mail needs it: it deduplicates by key for 24 hours, and refuses a key that comes with
// another body (its documented behaviour).
type service struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	now      time.Time
	byKey    map[string]kept
	mails    []map[string]any
	requests int
	faults   []fault
}

type kept struct {
	id   string
	hash [32]byte
	at   time.Time
}

// fault makes one call go wrong: before or after the mail was taken.
type fault struct {
	after  bool
	status int // 0 cuts the connection
	body   string
	header string // Retry-After
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{t: t, byKey: map[string]kept{}, now: time.Date(2026, 11, 8, 18, 0, 0, 0, time.UTC)}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *service) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *service) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *service) plant(f ...fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f...)
}

func (s *service) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	var f *fault
	if len(s.faults) > 0 {
		f, s.faults = &s.faults[0], s.faults[1:]
	}
	if f != nil && !f.after {
		f.answer(w)
		return
	}
	status, body := s.take(r)
	if f != nil {
		f.answer(w)
		return
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func (f fault) answer(w http.ResponseWriter) {
	if f.status == 0 {
		panic(http.ErrAbortHandler)
	}
	if f.header != "" {
		w.Header().Set("Retry-After", f.header)
	}
	if f.status/100 == 3 {
		w.Header().Set("Location", "https://elsewhere.example/")
	}
	w.WriteHeader(f.status)
	_, _ = io.WriteString(w, f.body)
}

func (s *service) take(r *http.Request) (int, string) {
	body, _ := io.ReadAll(r.Body)
	var m map[string]any
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/emails" || r.Header.Get("Content-Type") != "application/json":
		return 405, refusal("method_not_allowed")
	case r.Header.Get("Authorization") != "Bearer "+apiKey:
		return 403, refusal("invalid_api_key")
	case r.Header.Get("User-Agent") == "" || r.Header.Get("Idempotency-Key") == "":
		return 400, refusal("invalid_idempotency_key")
	case json.Unmarshal(body, &m) != nil || m["from"] == nil || m["to"] == nil || m["subject"] == nil || m["html"] == nil:
		return 422, refusal("missing_required_field")
	}
	key, hash := r.Header.Get("Idempotency-Key"), sha256.Sum256(body)
	if old, there := s.byKey[key]; there && s.now.Sub(old.at) < 24*time.Hour {
		if old.hash != hash {
			return 409, refusal("invalid_idempotent_request")
		}
		return 200, `{"id":"` + old.id + `"}`
	}
	s.mails = append(s.mails, m)
	id := fmt.Sprintf("4ef9a417-02e9-4d39-ad75-%012d", len(s.mails))
	s.byKey[key] = kept{id, hash, s.now}
	return 200, `{"id":"` + id + `"}`
}

func refusal(name string) string {
	return `{"statusCode":422,"message":"The asha@example.in field of the request is wrong","name":"` + name + `"}`
}

// sent are the mails that were taken.
func (s *service) sent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.mails)
}

func (s *service) notifier(change ...func(*resend.Config)) *resend.Notifier {
	s.t.Helper()
	letters, err := mail.New(mail.Config{Shop: "Ankkor Clay"})
	if err != nil {
		s.t.Fatal(err)
	}
	c := resend.Config{
		Key: resend.NewSecret(apiKey), From: "Ankkor Clay <orders@shop.example.in>", HTTP: s.Client(), Letters: letters,
		Drafts: resend.NewDrafts(), Endpoint: s.URL, Now: s.clock,
	}
	for _, f := range change {
		f(&c)
	}
	n, err := resend.New(c)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func notice() checkout.Notice {
	r := checkout.Record{ID: "chk_1", Order: &checkout.OrderFact{Number: "1001"}}
	r.Billing = checkout.Address{FirstName: "Asha", Email: "asha@example.in"}
	return checkout.Notice{Kind: checkout.NoticeShipped, Key: "shipped/chk_1", Record: r}
}

func personal(text string) bool {
	return strings.Contains(text, "asha@") || strings.Contains(text, apiKey) || strings.Contains(text, "Asha")
}
