package checkout_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/pricing"
)

// mixed is a paid order of three mugs and a sari.
func (s *shop) mixed(owner cart.Owner) checkout.Record {
	s.t.Helper()
	s.fill(owner, mug, 3)
	s.fill(owner, sari, 1)
	return s.pay(s.place(s.ready(owner, payment.MethodRazorpay)))
}

// some are pieces of the order's nth line.
func some(r checkout.Record, line int, quantity int64) checkout.RefundLine {
	return checkout.RefundLine{Key: r.Lines[line].Line.Key, Quantity: quantity}
}

func linesOf(r checkout.Record, key string, lines ...checkout.RefundLine) checkout.RefundRequest {
	return checkout.RefundRequest{ID: r.ID, Key: key, Reason: "one arrived broken", Actor: "meera", Lines: lines}
}

// What goes back shows in the order with its lines and taxes, to the paisa, once; and the pieces are put back once.
func TestRefundOfLines(t *testing.T) {
	s := newShop(t)
	r := s.mixed("guest:1")
	gross := r.Quote.Lines[0].Gross.Minor()
	var back int64
	for i := range 3 {
		req := linesOf(r, fmt.Sprint("mug-", i), some(r, 0, 1))
		req.Restock = i == 0
		for range 2 {
			s.check(errOf(s.Refund(t.Context(), req)))
		}
	}
	o := s.storeOrder(r)
	for _, refund := range o.Refunds {
		back += refund.Amount.Minor()
	}
	if len(o.Refunds) != 3 || back != gross || s.sentBack(r) != gross || o.Lines[0].Reduced != 2 || o.Status != "processing" {
		t.Errorf("%d refunds of %d, the gateway %d, the line cost %d; %+v", len(o.Refunds), back, s.sentBack(r), gross, o.Lines[0])
	}
	var invalid *checkout.InvalidError
	if _, err := s.Refund(t.Context(), linesOf(r, "mug-4", some(r, 0, 1))); !errors.As(err, &invalid) || invalid.Field != "lines[0].quantity" {
		t.Errorf("a fourth of three mugs: %v", err)
	}
	if got := s.load(r.ID); len(got.StoreRefunds) != 3 || len(got.Alerts) > 0 || got.Stuck() {
		t.Errorf("%+v, %q", got.StoreRefunds, got.Alerts)
	}
	s.settle(r)
	if l := s.level(mug); l.Sold != 2 {
		t.Errorf("%+v", l)
	}
	s.conserved()
}

// The taxes of a part are in the proportion of the whole, and the part is exactly its amount.
func TestPartsOfALine(t *testing.T) {
	k := &wordKeeper{}
	s := newShop(t, func(c *checkout.Config) { k.faultyOrders, c.Orders = c.Orders.(*faultyOrders), k })
	r := s.mixed("guest:1")
	req := linesOf(r, "part", some(r, 0, 2), checkout.RefundLine{Key: r.Lines[1].Line.Key, Quantity: 0, Amount: pricing.Paise(33333)})
	amount, err := pricing.Sum(pricing.Paise(33333), pricing.Paise(99801), pricing.Paise(5000)) // and 50 for the trouble
	s.check(err)
	req.Amount = amount
	s.check(errOf(s.Refund(t.Context(), req)))
	if len(k.asked) != 1 || !k.asked[0].Amount.Equal(amount) || len(k.asked[0].Lines) != 2 || !strings.HasSuffix(k.asked[0].Reason, ")") {
		t.Fatalf("%+v", k.asked)
	}
	for i, want := range []int64{99801, 33333} {
		part := k.asked[0].Lines[i]
		sum := part.Total
		for _, tax := range part.Taxes {
			sum = sum.Add(tax.Total)
		}
		if len(part.Taxes) != 2 || !sum.Equal(pricing.Paise(want).Decimal()) {
			t.Errorf("line %d: %+v come to %s, want %d paise", i, part, sum, want)
		}
	}
	if tax := k.asked[0].Lines[0].Taxes[0].Total; tax.String() != "53.46" { // 6 of 112 parts of 998.01
		t.Errorf("CGST %s", tax)
	}
}

func TestRefundOfLinesRefuses(t *testing.T) {
	s := newShop(t)
	r, shipped := s.mixed("guest:1"), s.ship(s.mixed("guest:2"))
	with := func(change func(*checkout.RefundRequest)) checkout.RefundRequest {
		req := linesOf(r, "key", some(r, 0, 1))
		change(&req)
		return req
	}
	for name, tt := range map[string]struct {
		req   checkout.RefundRequest
		field string
	}{
		"four of three":         {with(func(q *checkout.RefundRequest) { q.Lines[0].Quantity = 4 }), "lines[0].quantity"},
		"less than none":        {with(func(q *checkout.RefundRequest) { q.Lines[0].Quantity = -1 }), "lines[0].quantity"},
		"an overflow":           {with(func(q *checkout.RefundRequest) { q.Lines[0].Quantity = 1 << 62 }), "lines[0].quantity"},
		"a stranger's line":     {with(func(q *checkout.RefundRequest) { q.Lines[0].Key = "x" }), "lines[0].key"},
		"a line twice":          {with(func(q *checkout.RefundRequest) { q.Lines = append(q.Lines, some(r, 0, 1)) }), "lines[1].key"},
		"a negative amount":     {with(func(q *checkout.RefundRequest) { q.Lines[0].Amount = pricing.Paise(-1) }), "lines[0].amount"},
		"more than it cost":     {with(func(q *checkout.RefundRequest) { q.Lines[0].Amount = pricing.Paise(149702) }), "lines[0].amount"},
		"lines above the whole": {with(func(q *checkout.RefundRequest) { q.Amount = pricing.Paise(100) }), "amount"},
		"pieces for nothing":    {with(func(q *checkout.RefundRequest) { q.Lines[0].Quantity = 0 }), "amount"},
		"restock of no lines":   {with(func(q *checkout.RefundRequest) { q.Lines, q.Amount, q.Restock = nil, pricing.Paise(1), true }), "restock"},
		"201 lines":             {with(func(q *checkout.RefundRequest) { q.Lines = slices.Repeat(q.Lines, 201) }), "lines"},
		"restock what has left": {func() checkout.RefundRequest {
			q := linesOf(shipped, "k", some(shipped, 0, 1))
			q.Restock = true
			return q
		}(), "restock"},
		"by hand, too much": {with(func(q *checkout.RefundRequest) { q.ByHand, q.Amount = true, pricing.Paise(1<<50) }), "amount"},
	} {
		var invalid *checkout.InvalidError
		if _, err := s.Refund(t.Context(), tt.req); !errors.As(err, &invalid) || invalid.Field != tt.field {
			t.Errorf("%s: %v, want a complaint about %s", name, err, tt.field)
		}
	}
	if got := s.load(r.ID); len(got.Asked) > 0 || s.sentBack(r) != 0 {
		t.Errorf("something was written: %+v", got.Asked)
	}
}

// Whatever becomes of the store's answer, the refund is noted once.
func TestNotingOutcomes(t *testing.T) {
	for name, fault := range map[string]func(*slowKeeper){
		"the reply is lost": func(k *slowKeeper) { k.after = []error{checkout.ErrUnknown} },
		"lost again and again": func(k *slowKeeper) {
			k.before = []error{checkout.ErrUnknown, checkout.ErrUnknown}
			k.after = []error{checkout.ErrUnknown}
		},
		"the request is lost": func(k *slowKeeper) { k.before = []error{checkout.ErrUnknown} },
		"away":                func(k *slowKeeper) { k.before = []error{checkout.ErrUnavailable, checkout.ErrUnavailable} },
		"the meta is lost":    func(k *slowKeeper) { k.after, k.forget = []error{checkout.ErrUnknown}, true },
	} {
		t.Run(name, func(t *testing.T) {
			k := &slowKeeper{}
			s := newShop(t, func(c *checkout.Config) { k.faultyOrders, c.Orders = c.Orders.(*faultyOrders), k })
			r := s.mixed("guest:1")
			req := linesOf(r, "part", some(r, 0, 1))
			req.Restock = true
			if fault(k); errOf(s.Refund(t.Context(), req)) == nil {
				t.Fatal("the fault was not felt")
			}
			s.pass(time.Hour)
			got := s.load(r.ID)
			if o := s.storeOrder(r); len(o.Refunds) != 1 || o.Lines[0].Reduced != 2 || s.sentBack(r) != o.Refunds[0].Amount.Minor() {
				t.Errorf("%d refunds, %d subtracted", len(o.Refunds), o.Lines[0].Reduced)
			}
			if k.calls != 1 || len(got.StoreRefunds) != 1 || got.StoreRefunds[0].Key == "" || got.Stuck() || alerted(got, "differ") {
				t.Errorf("%d calls, %+v, %q", k.calls, got.StoreRefunds, got.Alerts)
			}
		})
	}
}

// What the gateway refuses never shows in the order.
func TestWhatTheGatewayRefusesIsNotNoted(t *testing.T) {
	s := newShop(t)
	r := s.mixed("guest:1")
	s.refuseRefunds()
	_ = errOf(s.Refund(t.Context(), linesOf(r, "part", some(r, 0, 1))))
	s.pass(time.Hour)
	if o := s.storeOrder(r); len(o.Refunds) != 0 || !s.load(r.ID).Stuck() {
		t.Errorf("%+v", o.Refunds)
	}
	s.check(errOf(s.Retry(t.Context(), r.ID, "meera")))
	if o := s.storeOrder(r); len(o.Refunds) != 1 {
		t.Errorf("%+v", o.Refunds)
	}
}

// A hundred at once: one key is one refund, and all of them together are no more than was paid.
func TestRefundsOfLinesAtOnce(t *testing.T) {
	s := newShop(t)
	r := s.mixed("guest:1")
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() { _, _ = s.Refund(t.Context(), linesOf(r, fmt.Sprint("part-", i%5), some(r, 0, 1))) })
	}
	wg.Wait()
	s.pass(time.Hour)
	o, got := s.storeOrder(r), s.load(r.ID)
	if len(o.Refunds) != 3 || len(got.StoreRefunds) != 3 || s.sentBack(r) != r.Quote.Lines[0].Gross.Minor() {
		t.Errorf("%d refunds, %d back", len(o.Refunds), s.sentBack(r))
	}
}

// Money that went back outside of us, and what is noted in wp-admin, are compared.
func TestRefundsByHand(t *testing.T) {
	part := pricing.Paise(10000)
	atGateway := func(s *shop, r checkout.Record) {
		_, err := s.gateway.Refund(t.Context(), payment.RefundRequest{PaymentID: r.Payments.Bound(), Amount: part, Key: "by-hand-0123456789", Reason: "x"})
		s.check(err)
		s.check(errOf(s.Recheck(t.Context(), r.ID)))
	}
	inAdmin := func(s *shop, r checkout.Record) {
		s.clock.advance(time.Second)
		s.check(s.orders.Refund(r.Order.ID, checkout.StoreRefundRequest{Amount: part, Reason: "kindness"}))
		s.check(s.StoreOrderChanged(t.Context(), r.Order.ID))
		s.pass(time.Minute)
	}
	byHand := func(s *shop, r checkout.Record) {
		s.check(errOf(s.Refund(t.Context(), checkout.RefundRequest{ID: r.ID, Key: "hand", Amount: part, Reason: "cash", Actor: "meera", ByHand: true})))
	}
	for name, tt := range map[string]struct {
		steps        []func(*shop, checkout.Record)
		facts, there int
		back         int64
		alert        bool
	}{
		"at the gateway":                     {[]func(*shop, checkout.Record){inAdmin, atGateway}, 1, 1, 10000, false},
		"in wp-admin":                        {[]func(*shop, checkout.Record){inAdmin}, 0, 1, 0, true},
		"in wp-admin, then the gateway":      {[]func(*shop, checkout.Record){atGateway, inAdmin}, 1, 1, 10000, false},
		"at the gateway, noted by hand":      {[]func(*shop, checkout.Record){inAdmin, atGateway, inAdmin, atGateway2(part)}, 2, 2, 20000, false},
		"by hand":                            {[]func(*shop, checkout.Record){byHand}, 1, 1, 0, false},
		"by hand, then found":                {[]func(*shop, checkout.Record){byHand, atGateway}, 1, 1, 10000, false},
		"found, then noted by hand":          {[]func(*shop, checkout.Record){inAdmin, atGateway, byHand}, 2, 2, 10000, false},
		"twice in wp-admin, once by gateway": {[]func(*shop, checkout.Record){inAdmin, inAdmin, atGateway}, 1, 2, 10000, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			r := s.pay(s.placed("guest:1", mug, 1))
			s.inStore(r, "on-hold", "processing") // the order is followed
			for _, step := range tt.steps {
				step(s, r)
			}
			s.pass(26 * time.Hour)
			got, o := s.load(r.ID), s.storeOrder(r)
			if len(got.Refunds) != tt.facts || len(o.Refunds) != tt.there || len(got.StoreRefunds) != tt.there || s.sentBack(r) != tt.back {
				t.Errorf("%d facts %+v, %d in the store, %d back", len(got.Refunds), got.Refunds, len(o.Refunds), s.sentBack(r))
			}
			if alerted(got, "refunds differ") != tt.alert {
				t.Errorf("alerts %q", got.Alerts)
			}
		})
	}
}

// atGateway2 is another refund by hand at the gateway.
func atGateway2(part pricing.Money) func(*shop, checkout.Record) {
	return func(s *shop, r checkout.Record) {
		_, err := s.gateway.Refund(s.t.Context(), payment.RefundRequest{PaymentID: r.Payments.Bound(), Amount: part, Key: "by-hand-9876543210", Reason: "x"})
		s.check(err)
		s.check(errOf(s.Recheck(s.t.Context(), r.ID)))
	}
}

// A refund at the gateway that the store does not show is a fact with an alert, and noted by hand it is one refund.
func TestFoundAtTheGateway(t *testing.T) {
	s := newShop(t)
	r := s.pay(s.placed("guest:1", mug, 1))
	s.inStore(r, "on-hold", "processing")
	atGateway2(pricing.Paise(10000))(s, r)
	if got := s.load(r.ID); len(got.Refunds) != 1 || !alerted(got, "note the rest there") {
		t.Fatalf("%+v, %q", got.Refunds, got.Alerts)
	}
	for range 2 {
		s.check(errOf(s.Refund(t.Context(), checkout.RefundRequest{ID: r.ID, Key: "k", Amount: pricing.Paise(10000), Reason: "at the gateway", Actor: "meera", ByHand: true})))
	}
	got := s.load(r.ID)
	if len(got.Refunds) != 1 || len(s.storeOrder(r).Refunds) != 1 || s.sentBack(r) != 10000 || alerted(got, "differ") {
		t.Errorf("%+v, %q", got.Refunds, got.Alerts)
	}
	if _, err := s.Refund(t.Context(), refundOf(r, "rest", r.Quote.Totals.Total.Minor()-10000+1)); !errors.Is(err, checkout.ErrInvalid) {
		t.Errorf("a paisa more than is left: %v", err)
	}
}

// Cash that goes back by hand shows in the order, and never comes to more than the order.
func TestRefundOfACashOrder(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	r := s.place(s.ready("guest:1", payment.MethodCOD))
	if _, err := s.Refund(t.Context(), refundOf(r, "k", 100)); !errors.Is(err, checkout.ErrInvalid) {
		t.Errorf("through a gateway that took nothing: %v", err)
	}
	req := checkout.RefundRequest{ID: r.ID, Key: "cash", Amount: r.Quote.Totals.Total, Reason: "faded", Actor: "meera", ByHand: true}
	s.check(errOf(s.Refund(t.Context(), req)))
	req.Key, req.Amount = "more", pricing.Paise(1)
	if _, err := s.Refund(t.Context(), req); !errors.Is(err, checkout.ErrInvalid) {
		t.Errorf("a paisa more than the order: %v", err)
	}
	if s.pass(time.Hour); s.storeStatus(r) != "refunded" || len(s.load(r.ID).Alerts) > 0 {
		t.Errorf("the store %s, %q", s.storeStatus(r), s.load(r.ID).Alerts)
	}
}

// An unknown outcome is not noted again before an earlier call can no longer be running.
func TestNotingWaitsForWhatMayBeRunning(t *testing.T) {
	k := &slowKeeper{}
	s := newShop(t, func(c *checkout.Config) { k.faultyOrders, c.Orders = c.Orders.(*faultyOrders), k })
	r := s.mixed("guest:1")
	k.before = []error{checkout.ErrUnknown}
	_ = errOf(s.Refund(t.Context(), linesOf(r, "part", some(r, 0, 1))))
	s.pass(r.Policy.Settle - time.Second)
	if k.calls != 0 {
		t.Error("sent again while the first call may be running")
	}
	s.pass(time.Minute)
	if k.calls != 1 || len(s.storeOrder(r).Refunds) != 1 {
		t.Errorf("%d calls", k.calls)
	}
}
