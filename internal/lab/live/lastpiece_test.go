package live_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// TestLastPiece: two buyers run for one piece. One gets it, whatever the
// connection to the store does meanwhile, and the store's stock ends where ours
// ends.
func TestLastPiece(t *testing.T) {
	tests := map[string]struct {
		at     string
		how    loss
		method payment.Method
		small  bool // a variation
	}{
		"undisturbed":                   {method: payment.MethodRazorpay},
		"cash on delivery":              {method: payment.MethodCOD},
		"a variation":                   {method: payment.MethodRazorpay, small: true},
		"create: request lost":          {"create", requestLost, payment.MethodRazorpay, false},
		"create: reply lost":            {"create", replyLost, payment.MethodRazorpay, false},
		"create: reply torn":            {"create", replyTorn, payment.MethodCOD, true},
		"complete: request lost":        {"complete", requestLost, payment.MethodRazorpay, false},
		"complete: reply lost":          {"complete", replyLost, payment.MethodRazorpay, true},
		"complete: reply torn":          {"complete", replyTorn, payment.MethodRazorpay, false},
		"complete: on delivery, a tear": {"complete", replyTorn, payment.MethodCOD, false},
	}
	eachShop(t, func(t *testing.T, s *shop) {
		s.needGraphQL()
		g := s.stockGoods()
		to := s.address(true)
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				p := g.mug
				if test.small {
					p = g.kurtaOwn
				}
				s.keeper.setStock(p, 1)
				c := s.openCounter(&spoiler{OrderCreator: s.client, wire: s.wire, at: test.at, how: test.how})
				spoilt := s.wire.losses()
				sold := c.race(t, p, to, test.method)
				if lost := s.wire.losses() - spoilt; (lost == 1) != (test.at != "") {
					t.Errorf("%d exchanges were spoilt", lost)
				}
				c.checkSold(t, p, sold)
			})
		}
	})
}

// race sends two buyers after a piece and returns the checkout that got it.
func (c *counter) race(t *testing.T, p piece, to checkout.Address, m payment.Method) checkout.Record {
	t.Helper()
	var records [2]checkout.Record
	var errs [2]error
	var wg sync.WaitGroup
	for i, owner := range []cart.Owner{"guest:first", "guest:second"} {
		wg.Go(func() { records[i], errs[i] = c.buy(t.Context(), owner, p, to, m) })
	}
	wg.Wait()
	winner := 0
	if records[1].Placed != nil {
		winner = 1
	}
	won, lost := records[winner], errs[1-winner]
	if won.Placed == nil || records[1-winner].Placed != nil {
		t.Fatalf("errors %v, want one sale", errs)
	}
	t.Cleanup(func() { c.shop.clearAll(won.Token) })
	if !errors.Is(lost, checkout.ErrOutOfStock) && !errors.Is(lost, cart.ErrInsufficientStock) && !errors.Is(lost, cart.ErrNotForSale) {
		t.Errorf("the other buyer was told %v", lost)
	}
	c.pass(t, 20*time.Minute)
	won, err := c.Get(t.Context(), won.Owner, won.ID)
	if err != nil {
		t.Fatal(err)
	}
	return won
}

// checkSold looks at the sale from both sides.
func (c *counter) checkSold(t *testing.T, p piece, sold checkout.Record) {
	t.Helper()
	if sold.Status() != checkout.StatusOrdered || len(sold.Alerts) > 0 {
		t.Fatalf("%s, alerts %v, timeline %v", sold.Status(), sold.Alerts, sold.Timeline)
	}
	effective := 0
	for _, o := range c.shop.find(t, sold.Token) {
		if o.Effective() {
			effective++
			compare(t, *sold.Quote, c.shop.keeper.order(o.ID))
		}
	}
	if effective != 1 {
		t.Errorf("%d orders took effect", effective)
	}
	ours, theirs := c.level(t, p), c.shop.keeper.stock(p)
	if ours.OnHand != 0 || ours.Sold != 1 || ours.Allocated != 0 || ours.Reserved != 0 || theirs != ours.OnHand {
		t.Errorf("our stock ends at %+v, the store's at %d", ours, theirs)
	}
	entries, err := c.stock.Entries(t.Context(), inventory.LedgerQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if err := inventory.Conserved(entries, ours); err != nil {
		t.Error(err)
	}
}
