package live_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/inventory/reconcile"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo"
)

// follower is a counter that is kept in step with the store by reconciliation alone: no webhook reaches it.
type follower struct {
	*counter
	inStep *reconcile.Service

	mu   sync.Mutex
	refs map[int64]string // our checkouts by their orders
}

// follow keeps a counter in step.
func (s *shop) follow(c *counter) *follower {
	s.Helper()
	f := &follower{counter: c, refs: map[int64]string{}}
	changes, journal := woo.NewChanges(s.client), memstore.NewJournal()
	began := time.Now().Add(-5 * time.Minute) // what others try on the store all day is no business of this test
	for _, kind := range []reconcile.Kind{reconcile.Orders, reconcile.TrashedOrders, reconcile.Products, reconcile.Trashed, reconcile.Variations} {
		_, err := journal.SaveCursor(s.Context(), reconcile.Cursor{Name: string(kind), Position: reconcile.Position{At: began}, Started: began, Finished: began})
		s.check(err)
	}
	var err error
	f.inStep, err = reconcile.New(reconcile.Config{
		Books: c.stock, Source: s.client, Feed: changes, Writer: changes, Journal: journal, Now: time.Now,
		OrderSeen: c.StoreOrderChanged,
		RefOf: func(_ context.Context, o reconcile.Order) (string, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.refs[o.ID], nil
		},
	})
	s.check(err)
	return f
}

// knows names the checkout of an order.
func (f *follower) knows(r checkout.Record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refs[r.Order.ID] = string(r.ID)
}

// same lets a pass follow the store and checks that both count the same, with a difference of nothing: what is on the
// shelf, what is sold and on its way, and every piece there ever was.
func (f *follower) same(t *testing.T, p piece, onHand, out int64) {
	t.Helper()
	report, err := f.inStep.Pass(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range report.Findings {
		if found.Kind == reconcile.Rise {
			if _, err := f.inStep.Accept(t.Context(), found.ID, "keeper", "counted"); err != nil {
				t.Fatal(err)
			}
		}
	}
	f.counter.pass(t, time.Minute)
	entries, err := f.stock.Entries(t.Context(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
	if err != nil {
		t.Fatal(err)
	}
	l, there := f.level(t, p), f.shop.keeper.stock(p)
	if err := inventory.Conserved(entries, l); err != nil {
		t.Error(err)
	}
	if l.OnHand != there || l.OnHand != onHand || l.Sold+l.Shipped != out || l.Allocated != 0 {
		t.Fatalf("ours %+v, the store has %d; want %d, and %d out", l, there, onHand, out)
	}
}

func (f *follower) record(t *testing.T, r checkout.Record) checkout.Record {
	t.Helper()
	e, err := f.Explain(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	return e.Record
}

// wants checks how a checkout and its order stand.
func (f *follower) wants(t *testing.T, r checkout.Record, here checkout.Status, there string) checkout.Record {
	t.Helper()
	got, o := f.record(t, r), f.shop.keeper.kept(r.Order.ID)
	if got.Status() != here || o.Status != there || got.Order.Status != there || got.Stuck() {
		t.Fatalf("%s, want %s; the store says %s, known as %s, want %s; %q, timeline %+v", got.Status(), here, o.Status, got.Order.Status, there, got.Alerts, got.Timeline)
	}
	at := checkout.StatusOpen
	for _, step := range got.History {
		if step.From != at || step.Actor == "" || step.Reason == "" {
			t.Errorf("history %+v", got.History)
		}
		at = step.To
	}
	return got
}

// keptOrder is how the keeper reads what an order is told.
type keptOrder struct {
	Status string `json:"status"`
	Meta   []struct {
		Key   string          `json:"key"`
		Value json.RawMessage `json:"value"`
	} `json:"meta_data"`
	Refunds []struct {
		ID     int64           `json:"id"`
		Reason string          `json:"reason"`
		Total  decimal.Decimal `json:"total"`
	} `json:"refunds"`
}

func (k *keeper) kept(id int64) (o keptOrder) {
	k.t.Helper()
	k.get(fmt.Sprint("orders/", id), &o)
	return o
}

func (o keptOrder) meta(key string) string {
	for _, m := range o.Meta {
		if m.Key == key {
			return strings.Trim(string(m.Value), `"`)
		}
	}
	return ""
}

// move is the keeper changing an order's status in wp-admin.
func (k *keeper) move(id int64, status string) {
	k.t.Helper()
	k.ask(k.t.Context(), http.MethodPut, fmt.Sprint("orders/", id), map[string]any{"status": status}, nil)
}

// sale is a paid order of one mug, known to the follower.
func (f *follower) sale(t *testing.T, p piece, to checkout.Address, m payment.Method) checkout.Record {
	t.Helper()
	owner := cart.Owner(fmt.Sprint("guest:", f.shop.mark, "-", len(f.refs)))
	r, err := f.buy(t.Context(), owner, p, to, m)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.shop.clearAll(r.Token) })
	f.counter.pass(t, 2*time.Minute)
	if r = f.record(t, r); r.Order == nil {
		t.Fatalf("%s, %+v", r.Status(), r.Timeline)
	}
	f.knows(r)
	return r
}

// nextSecond waits until the store dates what happens now later than the order, as it does where people move orders.
func (f *follower) nextSecond(t *testing.T, r checkout.Record) {
	t.Helper()
	var o struct {
		Modified string `json:"date_modified_gmt"`
	}
	f.shop.keeper.get(fmt.Sprint("orders/", r.Order.ID), &o)
	for o.Modified >= time.Now().UTC().Format("2006-01-02T15:04:05") {
		select {
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// TestEightAfterTwo: of eight buyers after two pieces two get them, each order takes effect once, and nothing is left. Then
// the keeper counts the shelf, cancels one order, and the other is refunded with its piece put back: at no step do the
// store and we differ.
func TestEightAfterTwo(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		p, to := s.stockGoods().mug, s.address(true)
		s.keeper.setStock(p, 2)
		f := s.follow(s.openCounter(s.client))
		sold := f.eight(t, p, to)
		f.same(t, p, 0, 2)
		s.keeper.setStock(p, 5)
		f.same(t, p, 5, 2)
		s.keeper.move(sold[0].Order.ID, "cancelled")
		f.same(t, p, 6, 1)
		f.wants(t, sold[0], checkout.StatusCancelled, "cancelled")
		_, err := f.Refund(t.Context(), checkout.RefundRequest{
			ID: sold[1].ID, Key: "all", Reason: "sold by mistake", Actor: "meera", Amount: sold[1].Quote.Totals.Total, Restock: true,
			Lines: []checkout.RefundLine{{Key: sold[1].Lines[0].Line.Key, Quantity: 1}},
		})
		s.check(err)
		f.same(t, p, 7, 0)
		f.counter.pass(t, 26*time.Hour)
		f.wants(t, sold[1], checkout.StatusRefunded, "refunded")
		if left := f.record(t, sold[0]); len(left.Alerts) != 1 || !strings.Contains(left.Alerts[0], "still with us") {
			t.Errorf("alerts %q", left.Alerts)
		}
	})
}

// eight buyers run for a piece of which there are two.
func (f *follower) eight(t *testing.T, p piece, to checkout.Address) []checkout.Record {
	t.Helper()
	var wg sync.WaitGroup
	records := make([]checkout.Record, 8)
	for i := range records {
		wg.Go(func() {
			owner := cart.Owner(fmt.Sprint("guest:", f.shop.mark, "-eight-", i))
			records[i], _ = f.buy(t.Context(), owner, p, to, payment.MethodRazorpay)
		})
	}
	wg.Wait()
	f.counter.pass(t, 20*time.Minute)
	var sold []checkout.Record
	for _, r := range records {
		if r.Placed == nil {
			continue
		}
		t.Cleanup(func() { f.shop.clearAll(r.Token) })
		effective := 0
		for _, o := range f.shop.find(t, r.Token) {
			if o.Effective() {
				effective++
			}
		}
		if effective != 1 {
			t.Errorf("%d orders of %s took effect", effective, r.ID)
		}
		r = f.record(t, r)
		f.knows(r)
		sold = append(sold, r)
	}
	if len(sold) != 2 {
		t.Fatalf("%d of eight buyers were sold two pieces", len(sold))
	}
	return sold
}

// TestStates: an order goes its way, sometimes moved in wp-admin, sometimes by staff here; each side knows of the other.
func TestStates(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		p, to := s.stockGoods().mug, s.address(false)
		f := s.follow(s.openCounter(s.client))
		r := f.sale(t, p, to, payment.MethodRazorpay)
		s.keeper.move(r.Order.ID, "on-hold")
		f.same(t, p, onTheShelf-1, 1)
		f.wants(t, r, checkout.StatusOrdered, "on-hold")
		_, err := f.RecordProcessing(t.Context(), r.ID, "meera")
		s.check(err)
		f.wants(t, r, checkout.StatusProcessing, "processing")
		_, err = f.RecordShipment(t.Context(), r.ID, checkout.Shipment{Carrier: "India Post", Tracking: "EX123456789IN", TrackingURL: "https://www.indiapost.gov.in/"}, "meera")
		s.check(err)
		f.wants(t, r, checkout.StatusShipped, "completed")
		if o := s.keeper.kept(r.Order.ID); o.meta("_ankkor_status") != "shipped" || o.meta("_ankkor_tracking") != "EX123456789IN" || o.meta("_ankkor_carrier") != "India Post" {
			t.Errorf("the order says %s, %s", o.meta("_ankkor_status"), o.meta("_ankkor_tracking"))
		}
		_, err = f.RecordDelivery(t.Context(), r.ID, time.Time{}, "meera")
		s.check(err)
		f.same(t, p, onTheShelf-1, 1)
		f.wants(t, r, checkout.StatusDelivered, "completed")
		_, err = f.RecordReturn(t.Context(), checkout.ReturnRequest{ID: r.ID, Key: "back", Restock: true, Reason: "too small", Actor: "meera"})
		s.check(err)
		f.same(t, p, onTheShelf, 0)
		f.wants(t, r, checkout.StatusReturned, "completed")
		_, err = f.Refund(t.Context(), checkout.RefundRequest{ID: r.ID, Key: "money", Amount: r.Quote.Totals.Total, Reason: "too small", Actor: "meera"})
		s.check(err)
		f.counter.pass(t, 26*time.Hour)
		f.same(t, p, onTheShelf, 0)
		if got := f.wants(t, r, checkout.StatusRefunded, "refunded"); len(got.Alerts) > 0 {
			t.Errorf("alerts %q", got.Alerts)
		}
		if o := s.keeper.kept(r.Order.ID); o.meta("_ankkor_status") != "returned" || len(o.Refunds) != 2 {
			t.Errorf("the order says %s, %d refunds", o.meta("_ankkor_status"), len(o.Refunds))
		}
	})
}

// TestStatesSeen: what the keeper does in wp-admin is known here after a pass, and nothing of it is overruled.
func TestStatesSeen(t *testing.T) {
	tests := map[string]struct {
		moves  []string
		here   checkout.Status
		there  string
		onHand int64
		alert  string
	}{
		"completed":      {[]string{"completed"}, checkout.StatusShipped, "completed", onTheShelf - 1, ""},
		"cancelled":      {[]string{"cancelled"}, checkout.StatusCancelled, "cancelled", onTheShelf, "still with us"},
		"taken up again": {[]string{"cancelled", "processing"}, checkout.StatusOrdered, "processing", onTheShelf - 1, ""},
		"failed":         {[]string{"failed"}, checkout.StatusOrdered, "failed", onTheShelf - 1, "payment failed"},
		"refunded":       {[]string{"refunded"}, checkout.StatusOrdered, "refunded", onTheShelf - 1, "refunds differ"},
		"pending":        {[]string{"pending"}, checkout.StatusOrdered, "pending", onTheShelf, "waits for payment"},
		"trash":          {[]string{"trash"}, checkout.StatusOrdered, "trash", onTheShelf - 1, "in the trash"},
	}
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		to := s.address(true)
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				p := s.simple("mug "+name, mugPrice, "gst-12", 1)
				f := s.follow(s.openCounter(s.client))
				r := f.sale(t, p, to, payment.MethodRazorpay)
				f.nextSecond(t, r)
				for _, status := range test.moves {
					if status == "trash" {
						s.keeper.ask(t.Context(), http.MethodDelete, fmt.Sprint("orders/", r.Order.ID), nil, nil)
					} else {
						s.keeper.move(r.Order.ID, status)
					}
					if _, err := f.inStep.Pass(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				f.same(t, p, test.onHand, onTheShelf-test.onHand)
				f.same(t, p, test.onHand, onTheShelf-test.onHand)
				got := f.wants(t, r, test.here, test.there)
				if told := strings.Join(got.Alerts, "\n"); test.alert == "" && told != "" || !strings.Contains(told, test.alert) {
					t.Errorf("alerts %q, want %q", got.Alerts, test.alert)
				}
			})
		}
	})
}
