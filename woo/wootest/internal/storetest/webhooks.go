package storetest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/woo/wootest"
)

// Deliver sends what is due and answers what was sent.
func Deliver(t *testing.T, s *wootest.Store) []wootest.Delivery {
	t.Helper()
	done, err := s.DeliverWebhooks(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// Hook registers a webhook and lets its ping pass.
func Hook(t *testing.T, s *wootest.Store, url, topic string) int64 {
	t.Helper()
	status, h := REST(t, s, "POST", "webhooks", fmt.Sprintf(`{"topic":%q,"delivery_url":%q,"secret":"whsec"}`, topic, url))
	if status != http.StatusCreated {
		t.Fatalf("%d %v", status, h)
	}
	Deliver(t, s)
	id, _ := h["id"].(float64)
	return int64(id)
}

// NewReceiver listens on loopback; it answers the statuses in turn and 200 when they are used
// up.
func NewReceiver(t *testing.T, statuses ...int) *Receiver {
	t.Helper()
	r := &Receiver{statuses: statuses}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, Received{req.URL.Path, req.Header, string(body)})
		status := http.StatusOK
		if len(r.statuses) > 0 {
			status, r.statuses = r.statuses[0], r.statuses[1:]
		}
		if status == http.StatusFound {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(r.Close)
	return r
}

// Receiver is a webhook endpoint that keeps what it gets.
type Receiver struct {
	*httptest.Server
	mu       sync.Mutex
	statuses []int // answered in turn; 200 when used up
	got      []Received
}

// Take answers what came since it was last asked.
func (r *Receiver) Take() []Received {
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

// Received is a delivery as it came.
type Received struct {
	Path   string
	Header http.Header
	Body   string
}
