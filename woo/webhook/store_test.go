package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ankkor/ankkor/checkout/inbox"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/webhook"
	"github.com/ankkor/ankkor/woo/wootest"
)

// shop is a store, a client of it, and a receiver that it delivers to.
type shop struct {
	*testing.T
	store    *wootest.Store
	client   *woo.Client
	want     webhook.Wanted
	box      inbox.Inbox
	failures atomic.Int64 // deliveries still to be answered with 500
}

func openShop(t *testing.T) *shop {
	t.Helper()
	store, err := wootest.New(wootest.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	client, err := woo.New(woo.Config{URL: store.URL(), Key: store.ConsumerKey(), Secret: woo.NewSecret(store.ConsumerSecret()), HTTP: store.HTTPClient()})
	if err != nil {
		t.Fatal(err)
	}
	receiver, box := newReceiver(t, func(c *webhook.Config) { c.Site = store.URL() })
	s := &shop{T: t, store: store, client: client, box: box}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.failures.Add(-1) >= 0 {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		receiver.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	s.want = webhook.Wanted{URL: server.URL + "/webhooks", Secret: woo.NewSecret(secret)}
	return s
}

// ensure puts the webhooks right and says how often each condition was found.
func (s *shop) ensure() map[webhook.Condition]int {
	s.Helper()
	found, err := webhook.Ensure(s.Context(), s.client, s.want)
	if err != nil {
		s.Fatal(err)
	}
	return s.count(found)
}

func (s *shop) look() map[webhook.Condition]int {
	s.Helper()
	found, err := webhook.Look(s.Context(), s.client, s.want)
	if err != nil {
		s.Fatal(err)
	}
	return s.count(found)
}

func (s *shop) count(found []webhook.Finding) map[webhook.Condition]int {
	s.Helper()
	n := map[webhook.Condition]int{}
	for _, f := range found {
		n[f.State]++
	}
	return n
}

func (s *shop) same(what string, want, got any) {
	s.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		s.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (s *shop) deliver() []wootest.Delivery {
	s.Helper()
	done, err := s.store.DeliverWebhooks(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	return done
}

// changes dispatches what was received.
func (s *shop) changes() []string {
	s.Helper()
	var seen []string
	d, err := webhook.NewDispatcher(inbox.DispatcherConfig{Inbox: s.box, Log: quiet}, func(_ context.Context, c webhook.Change) error {
		seen = append(seen, fmt.Sprintf("%s %d", c.Resource, c.ID))
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	if _, err := d.Dispatch(s.Context()); err != nil {
		s.Fatal(err)
	}
	slices.Sort(seen)
	return seen
}

// TestEnsureRegistersOnce: every topic once, however often it is asked for.
func TestEnsureRegistersOnce(t *testing.T) {
	s := openShop(t)
	n := len(webhook.Topics())
	s.same("at first", map[webhook.Condition]int{webhook.Missing: n}, s.look())
	s.same("registering", map[webhook.Condition]int{webhook.Missing: n}, s.ensure())
	for _, d := range s.deliver() { // the pings
		if d.Status != http.StatusOK {
			t.Errorf("the ping of %d was answered %d", d.WebhookID, d.Status)
		}
	}
	s.same("again", map[webhook.Condition]int{webhook.Alive: n}, s.ensure())
	s.same("afterwards", map[webhook.Condition]int{webhook.Alive: n}, s.look())
	s.same("changes", []string(nil), s.changes())
}

// TestChangesArrive, each once, as something to read again.
func TestChangesArrive(t *testing.T) {
	s := openShop(t)
	s.ensure()
	s.deliver()
	for _, change := range []func() error{
		func() error { return s.store.SetStock(16, 3) },
		func() error { return s.store.SetStock(16, 2) },
		func() error { return s.store.SetStock(43, 1) },
		func() error { return s.store.TrashProduct(17) },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
	}
	s.deliver()
	s.same("changes", []string{"product 16", "product 17", "variation 43"}, s.changes())
	s.same("a second time", []string(nil), s.changes())
}

// TestDeliveriesGoWrong: repeated, late and reordered deliveries are one look each.
func TestDeliveriesGoWrong(t *testing.T) {
	s := openShop(t)
	s.ensure()
	s.deliver()
	if err := s.store.Faults().Arm(wootest.Fault{Kind: wootest.WebhookTwice, Times: -1}); err != nil {
		t.Fatal(err)
	}
	if err := s.store.SetStock(16, 3); err != nil {
		t.Fatal(err)
	}
	if n := len(s.deliver()); n < 2 {
		t.Fatalf("%d deliveries were made, want it twice", n)
	}
	claims := stored(t, s.box)
	if len(claims) != 1 {
		t.Errorf("%d messages were stored, want 1", len(claims))
	}
}

// TestDisabledWebhookIsSetOff again: the store switches it off without a word.
func TestDisabledWebhookIsSetOff(t *testing.T) {
	s := openShop(t)
	s.want.Topics = []string{"product.updated"}
	s.ensure()
	s.deliver()
	s.failures.Store(7)
	for i := range 8 {
		if err := s.store.SetStock(16, int64(20+i)); err != nil {
			t.Fatal(err)
		}
		s.deliver()
	}
	s.same("after seven failures", map[webhook.Condition]int{webhook.Disabled: 1}, s.look())
	s.same("setting it off", map[webhook.Condition]int{webhook.Disabled: 1}, s.ensure())
	s.same("afterwards", map[webhook.Condition]int{webhook.Alive: 1}, s.look())
	s.failures.Store(0)
	s.changes()
	if err := s.store.SetStock(16, 9); err != nil {
		t.Fatal(err)
	}
	s.deliver()
	s.same("changes", []string{"product 16"}, s.changes())
}

// TestDuplicatesAreRemoved: two processes that start at once may register twice.
func TestDuplicatesAreRemoved(t *testing.T) {
	s := openShop(t)
	s.want.Topics = []string{"product.updated"}
	for _, url := range []string{s.want.URL, s.want.URL, "https://somebody-else.example/hooks"} {
		body := map[string]string{"topic": "product.updated", "delivery_url": url, "secret": secret}
		if _, err := s.client.Send(t.Context(), woo.Request{Op: "create webhook", Method: "POST", Path: "wc/v3/webhooks", Body: body}, nil); err != nil {
			t.Fatal(err)
		}
	}
	s.same("putting right", map[webhook.Condition]int{webhook.Alive: 1, webhook.Duplicate: 1}, s.ensure())
	s.same("afterwards", map[webhook.Condition]int{webhook.Alive: 1}, s.look())
	s.want.URL = "https://somebody-else.example/hooks"
	s.same("the other's", map[webhook.Condition]int{webhook.Alive: 1}, s.look())
}

// TestSecretIsRewritten into webhooks that look fine.
func TestSecretIsRewritten(t *testing.T) {
	s := openShop(t)
	s.want.Topics = []string{"product.updated"}
	s.want.Secret = woo.NewSecret(another)
	s.ensure()
	s.deliver()
	signed := func(piece int64) int {
		if err := s.store.SetStock(16, piece); err != nil {
			t.Fatal(err)
		}
		done := s.deliver()
		return done[len(done)-1].Status
	}
	if status := signed(3); status != http.StatusUnauthorized {
		t.Errorf("with another secret HTTP %d", status)
	}
	s.want.Secret, s.want.Rewrite = woo.NewSecret(secret), true
	s.ensure()
	s.deliver()
	if status := signed(4); status != http.StatusOK {
		t.Errorf("with the right one HTTP %d", status)
	}
}

func TestEnsureRefuses(t *testing.T) {
	s := openShop(t)
	for field, spoil := range map[string]func(*webhook.Wanted){
		"url":    func(w *webhook.Wanted) { w.URL = "shop.example/hooks" },
		"secret": func(w *webhook.Wanted) { w.Secret = woo.NewSecret("short") },
		"topics": func(w *webhook.Wanted) { w.Topics = []string{"product.exploded"} },
	} {
		want := s.want
		spoil(&want)
		if _, err := webhook.Ensure(t.Context(), s.client, want); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	s.same("registered", map[webhook.Condition]int{webhook.Missing: len(webhook.Topics())}, s.look())
}

// TestEnsureSaysWhatItCouldNotDo, and does the rest.
func TestEnsureSaysWhatItCouldNotDo(t *testing.T) {
	s := openShop(t)
	s.want.Topics = []string{"order.updated", "product.updated"}
	if err := s.store.Faults().Arm(wootest.Fault{Kind: wootest.Unavailable, Method: "POST", Times: 1}); err != nil {
		t.Fatal(err)
	}
	found, err := webhook.Ensure(t.Context(), s.client, s.want)
	if err == nil || !strings.Contains(err.Error(), "order.updated") {
		t.Errorf("%v, want an error about order.updated", err)
	}
	if len(found) != 2 || found[0].Done || !found[1].Done {
		t.Errorf("found %+v, want the second put right", found)
	}
	s.same("afterwards", map[webhook.Condition]int{webhook.Alive: 1, webhook.Missing: 1}, s.look())
}
