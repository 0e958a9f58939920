package checkout_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

func back(r checkout.Record, key string, lines ...checkout.ReturnLine) checkout.ReturnRequest {
	return checkout.ReturnRequest{ID: r.ID, Key: key, Lines: lines, Reason: "too small", Actor: "meera"}
}

// Of three mugs one comes back to be sold again, one broken, one stays: the store, the ledger and the history say so.
func TestReturnByPieces(t *testing.T) {
	s := newShop(t)
	r := s.ship(s.mixed("guest:1"))
	mugs := r.Lines[0].Line.Key
	for range 2 {
		s.check(errOf(s.RecordReturn(t.Context(), back(r, "one", checkout.ReturnLine{Key: mugs, Quantity: 1, Restock: true}, checkout.ReturnLine{Key: mugs, Quantity: 1}))))
	}
	if _, err := s.RecordReturn(t.Context(), back(r, "one", checkout.ReturnLine{Key: mugs, Quantity: 1})); !errors.Is(err, checkout.ErrKeyReused) {
		t.Errorf("the same key for something else: %v", err)
	}
	s.pass(time.Minute)
	o, got := s.storeOrder(r), s.load(r.ID)
	if o.Lines[0].Reduced != 2 || len(o.Refunds) != 1 || !o.Refunds[0].Amount.IsZero() || o.Status != "completed" || got.Status() != checkout.StatusShipped {
		t.Errorf("%s, %+v", got.Status(), o)
	}
	s.settle(r)
	if l := s.level(mug); l.Shipped != 1 || l.OnHand != 7 || l.Sold != 0 { // the piece to be sold again waits for a reading
		t.Errorf("%+v", l)
	}
	s.check(errOf(s.RecordReturn(t.Context(), checkout.ReturnRequest{ID: r.ID, Key: "rest", Restock: true, Reason: "all of it", Actor: "meera"})))
	s.pass(time.Minute)
	s.settle(r)
	o, got = s.storeOrder(r), s.load(r.ID)
	if o.Lines[0].Reduced != 1 || o.Lines[1].Reduced != 0 || got.Status() != checkout.StatusReturned || o.Told != checkout.StatusReturned {
		t.Errorf("%s, %+v", got.Status(), o)
	}
	if l := s.level(mug); l.Shipped != 0 {
		t.Errorf("%+v", l)
	}
	entries, err := s.stock.Entries(t.Context(), inventory.LedgerQuery{Ref: string(r.ID), Item: inventory.ProductItem(11)})
	s.check(err)
	lost := 0
	for _, e := range entries {
		if e.Kind == inventory.Adjust && strings.HasPrefix(e.Reason, "written off") {
			lost++
		}
	}
	if lost != 1 {
		t.Errorf("%d pieces written off in %+v", lost, entries)
	}
	s.check(errOf(s.Refund(t.Context(), checkout.RefundRequest{ID: r.ID, Key: "money", Amount: r.Quote.Totals.Total, Reason: "too small", Actor: "meera"})))
	s.pass(26 * time.Hour)
	got = s.load(r.ID)
	if got.Status() != checkout.StatusRefunded || s.storeStatus(r) != "refunded" || len(got.Alerts) > 0 || s.storeOrder(r).Lines[0].Reduced != 1 {
		t.Errorf("%s, the store %s, %q", got.Status(), s.storeStatus(r), got.Alerts)
	}
	s.declared(got)
	s.conserved()
}

// A cash order that nobody took: nothing was paid, so the store cancels it and has all its pieces back.
func TestReturnOfAnUnpaidCashOrder(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 2)
	r := s.ship(s.place(s.ready("guest:1", payment.MethodCOD)))
	s.check(errOf(s.RecordReturn(t.Context(), checkout.ReturnRequest{ID: r.ID, Key: "rto", Restock: true, Reason: "refused at the door", Actor: "courier"})))
	s.pass(time.Minute)
	s.settle(r)
	o, got := s.storeOrder(r), s.load(r.ID)
	if o.Status != "cancelled" || len(o.Refunds) != 0 || o.Lines[0].Reduced != 0 || got.Status() != checkout.StatusReturned || len(got.Alerts) > 0 {
		t.Errorf("%s, %+v, %q", got.Status(), o, got.Alerts)
	}
	if l := s.level(mug); l.Shipped != 0 {
		t.Errorf("%+v", l)
	}
	s.conserved()
}

func TestReturnRefuses(t *testing.T) {
	s := newShop(t)
	paid, shipped := s.pay(s.placed("guest:1", mug, 1)), s.ship(s.mixed("guest:2"))
	key := shipped.Lines[0].Line.Key
	s.check(errOf(s.RecordReturn(t.Context(), back(shipped, "one", checkout.ReturnLine{Key: key, Quantity: 1}))))
	for name, req := range map[string]checkout.ReturnRequest{
		"not shipped":       back(paid, "k"),
		"no key":            back(shipped, ""),
		"no reason":         func() checkout.ReturnRequest { q := back(shipped, "k"); q.Reason = ""; return q }(),
		"a stranger's line": back(shipped, "k", checkout.ReturnLine{Key: "x", Quantity: 1}),
		"more than is out":  back(shipped, "k", checkout.ReturnLine{Key: key, Quantity: 3}),
		"twice too many":    back(shipped, "k", checkout.ReturnLine{Key: key, Quantity: 2}, checkout.ReturnLine{Key: key, Quantity: 1, Restock: true}),
		"nothing of a line": back(shipped, "k", checkout.ReturnLine{Key: key}),
		"less than nothing": back(shipped, "k", checkout.ReturnLine{Key: key, Quantity: -1}),
	} {
		if _, err := s.RecordReturn(t.Context(), req); !errors.Is(err, checkout.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := s.load(shipped.ID); len(got.PartReturns) != 1 {
		t.Errorf("%+v", got.PartReturns)
	}
}

// Whatever staff do, wp-admin says and the gateway sends back, in whatever order: the status walks along declared edges,
// no more goes back than came, no piece vanishes, and nothing is left to do.
func TestStatesOnlyMoveForward(t *testing.T) {
	for seed := uint64(0); seed < 150; seed += crashStride {
		s := newShop(t)
		dice := rand.New(rand.NewPCG(seed, 7))
		method := payment.MethodRazorpay
		if seed%3 == 0 {
			method = payment.MethodCOD
		}
		s.fill("guest:1", mug, 3)
		r := s.place(s.ready("guest:1", method))
		if method == payment.MethodRazorpay {
			r = s.pay(r)
		}
		for range 12 {
			s.anything(dice, r)
		}
		s.pass(48 * time.Hour)
		got := s.load(r.ID)
		s.declared(got)
		s.conserved()
		if method == payment.MethodRazorpay && s.sentBack(r) > r.Quote.Totals.Total.Minor() {
			t.Errorf("%d went back", s.sentBack(r))
		}
		if t.Failed() {
			t.Fatalf("seed %d: %s\n%+v", seed, got, got.Timeline)
		}
	}
}

// anything is one thing that may happen to an order in effect. What is refused happens not to happen.
func (s *shop) anything(dice *rand.Rand, r checkout.Record) {
	ctx := s.t.Context()
	statuses := []string{"processing", "on-hold", "completed", "cancelled", "refunded", "failed", "pending", "trash", "packed"}
	key := string(rune('a' + dice.IntN(6)))
	pieces := checkout.RefundLine{Key: r.Lines[0].Line.Key, Quantity: dice.Int64N(3)}
	var err error
	switch dice.IntN(11) {
	case 0, 1, 2:
		s.clock.advance(time.Second)
		s.check(s.orders.SetStatus(r.Order.ID, statuses[dice.IntN(len(statuses))]))
		if dice.IntN(2) == 0 {
			err = s.StoreOrderChanged(ctx, r.Order.ID)
		}
	case 3:
		_, err = s.RecordProcessing(ctx, r.ID, "meera")
	case 4:
		_, err = s.RecordShipment(ctx, r.ID, checkout.Shipment{Carrier: "India Post"}, "meera")
	case 5:
		_, err = s.RecordDelivery(ctx, r.ID, time.Time{}, "meera")
	case 6:
		_, err = s.CancelOrder(ctx, r.ID, "sold elsewhere", "meera")
	case 7:
		req := linesOf(r, key, pieces)
		req.Restock, req.ByHand = dice.IntN(2) == 0, dice.IntN(4) == 0
		_, err = s.Refund(ctx, req)
	case 8:
		_, err = s.RecordReturn(ctx, back(r, key, checkout.ReturnLine{Key: pieces.Key, Quantity: pieces.Quantity, Restock: dice.IntN(2) == 0}))
	case 9:
		_, err = s.RecordReturn(ctx, checkout.ReturnRequest{ID: r.ID, Key: key, Restock: dice.IntN(2) == 0, Reason: "all", Actor: "meera"})
	case 10:
		s.settle(r)
	}
	s.check(err, checkout.ErrInvalid, checkout.ErrKeyReused, checkout.ErrRefused)
	s.pass(time.Duration(dice.IntN(3)) * time.Minute)
}
