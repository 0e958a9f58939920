package property_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

// TestCheckoutsComeToAnEnd lets shoppers, customers who pay in every way, replicas that die, stores that are away and the
// clock do what they like, then heals everything and lets eight days go by. Whatever happened, each checkout is one order
// that took effect and was paid for once, or no order and no money; no piece is lost, and nothing is stuck.
func TestCheckoutsComeToAnEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBazaar(t)
		t.Repeat(map[string]func(*rapid.T){
			"":           b.holds,
			"fill":       b.fill,
			"hurry":      b.hurry,
			"start":      b.start,
			"choose":     b.choose,
			"place":      b.place,
			"pay":        b.pay,
			"confirm":    b.confirm,
			"cancel":     b.cancel,
			"adopt":      b.adopt,
			"work":       b.work,
			"wait":       b.wait,
			"misfortune": b.misfortune,
			"kill":       b.kill,
			"stocktake":  b.stocktake,
		})
		b.heal(t)
		b.wantEnds(t)
	})
}

func must(t *rapid.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bazaar) owner(t *rapid.T) cart.Owner {
	return rapid.SampledFrom(bazaarOwners).Draw(t, "owner")
}

// by is the replica that is asked; one that died is a fresh one by now.
func (b *bazaar) by(t *rapid.T) *checkout.Service {
	b.fault.dead = false
	return b.replicas[rapid.IntRange(0, len(b.replicas)-1).Draw(t, "replica")]
}

// any is one of the checkouts there are.
func (b *bazaar) any(t *rapid.T) checkout.Record {
	all, err := b.store.All()
	must(t, err)
	if len(all) == 0 {
		t.Skip("no checkout yet")
	}
	slices.SortFunc(all, func(x, y checkout.Record) int { return x.CreatedAt.Compare(y.CreatedAt) })
	return all[rapid.IntRange(0, len(all)-1).Draw(t, "checkout")]
}

func (b *bazaar) fill(t *rapid.T) {
	ref := rapid.SampledFrom(bazaarGoods).Draw(t, "item")
	_, _ = b.carts.Add(t.Context(), b.owner(t), ref, rapid.Int64Range(1, 3).Draw(t, "quantity"))
}

func (b *bazaar) start(t *rapid.T) {
	_, _ = b.by(t).Start(t.Context(), checkout.StartRequest{Owner: b.owner(t)})
}

func (b *bazaar) choose(t *rapid.T) {
	r, by := b.any(t), b.by(t)
	_, _ = by.SetAddresses(t.Context(), r.Owner, r.ID, checkout.Addresses{Billing: checkout.Address{
		FirstName: "A", LastName: "R", Address1: "12 MG Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN",
		Email: "a@example.in", Phone: "9845012345",
	}})
	m := rapid.SampledFrom([]payment.Method{payment.MethodRazorpay, payment.MethodRazorpay, payment.MethodCOD}).Draw(t, "method")
	_, _ = by.ChoosePayment(t.Context(), r.Owner, r.ID, m)
}

// hurry goes from the cart to the gateway's window at once, so that more runs come to money.
func (b *bazaar) hurry(t *rapid.T) {
	b.fill(t)
	b.start(t)
	b.choose(t)
	b.place(t)
}

func (b *bazaar) place(t *rapid.T) {
	r, by := b.any(t), b.by(t)
	_, _ = by.Place(t.Context(), checkout.PlaceRequest{Owner: r.Owner, ID: r.ID, Key: "key-" + string(r.ID), QuoteHash: r.QuoteHash})
}

func (b *bazaar) pay(t *rapid.T) {
	r := b.any(t)
	if r.Gateway == nil || r.PaymentMethod != payment.MethodRazorpay {
		t.Skip("nothing to pay")
	}
	var err error
	var c payment.Callback
	switch how := rapid.SampledFrom([]string{"pay", "pay", "authorize", "fail", "late", "twice", "short"}).Draw(t, "how"); how {
	case "authorize":
		c, err = b.gateway.Authorize(r.Gateway.ID)
	case "fail":
		_, err = b.gateway.Fail(r.Gateway.ID)
	case "late":
		_, err = b.gateway.PayLate(r.Gateway.ID, time.Duration(rapid.IntRange(1, 72).Draw(t, "hours"))*time.Hour)
	default:
		if how != "pay" {
			kind := map[string]fakegateway.Kind{"twice": fakegateway.CaptureTwice, "short": fakegateway.AnswerShort}[how]
			must(t, b.gateway.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: kind}))
		}
		c, err = b.gateway.Pay(r.Gateway.ID)
	}
	if err == nil && c.PaymentID != "" {
		b.callbacks[r.ID] = c
	}
}

func (b *bazaar) confirm(t *rapid.T) {
	r, by := b.any(t), b.by(t)
	if c, ok := b.callbacks[r.ID]; ok {
		_, _ = by.ConfirmPayment(t.Context(), r.Owner, r.ID, c)
		return
	}
	_, _ = by.Recheck(t.Context(), r.ID)
}

func (b *bazaar) cancel(t *rapid.T) {
	r, by := b.any(t), b.by(t)
	_, _ = by.Cancel(t.Context(), r.Owner, r.ID, "")
}

func (b *bazaar) adopt(t *rapid.T) { _ = b.by(t).Adopt(t.Context(), "guest:1", "customer:7", 7) }

// work is done one checkout after the other, so that a failing run can be told again.
func (b *bazaar) work(t *rapid.T) {
	by := b.by(t)
	for range 4 {
		_, _ = by.AdvanceDue(t.Context(), 1)
	}
}

func (b *bazaar) wait(t *rapid.T) {
	b.now = b.now.Add(rapid.SampledFrom([]time.Duration{
		time.Second, 10 * time.Second, time.Minute, 3 * time.Minute, 16 * time.Minute, 31 * time.Minute, 26 * time.Hour,
	}).Draw(t, "time"))
}

func (b *bazaar) misfortune(t *rapid.T) {
	b.fault.lost = rapid.Bool().Draw(t, "the reply is lost")
	b.fault.orders = rapid.IntRange(0, 4).Draw(t, "orders")
	b.fault.database = rapid.IntRange(0, 2).Draw(t, "database")
	op := rapid.SampledFrom([]fakegateway.Op{
		fakegateway.OpCreateOrder, fakegateway.OpFindOrder, fakegateway.OpPayments, fakegateway.OpCapture, fakegateway.OpRefund, fakegateway.OpFindRefund,
	}).Draw(t, "op")
	kind := rapid.SampledFrom([]fakegateway.Kind{fakegateway.Unavailable, fakegateway.LoseRequest, fakegateway.LoseReply}).Draw(t, "kind")
	must(t, b.gateway.Plant(fakegateway.Fault{Op: op, Kind: kind, Times: rapid.IntRange(1, 3).Draw(t, "times")}))
}

func (b *bazaar) kill(t *rapid.T) {
	b.fault.dies = rapid.IntRange(1, 8).Draw(t, "after")
	b.fault.lost = rapid.Bool().Draw(t, "the last call takes effect")
}

// stocktake finds fewer pieces, or more.
func (b *bazaar) stocktake(t *rapid.T) {
	_, _ = b.stock.Move(t.Context(), inventory.Move{Kind: inventory.Adjust, Ref: "count", Lines: []inventory.Held{{
		Key: stockOf(rapid.SampledFrom(bazaarGoods).Draw(t, "item")), Quantity: rapid.SampledFrom([]int64{-3, -1, 2}).Draw(t, "difference"),
	}}})
}

// heal ends every misfortune and lets the replicas work for eight days.
func (b *bazaar) heal(t *rapid.T) {
	b.fault = misfortune{}
	planted := 0
	for _, f := range b.gateway.Planted() {
		planted += f.Times
	}
	for end := b.now.Add(8*24*time.Hour + time.Duration(planted)*time.Minute); b.now.Before(end); b.now = b.now.Add(b.untilDue(t)) {
		for n := 1; n > 0; {
			n, _ = b.replicas[0].AdvanceDue(t.Context(), 1)
		}
	}
}

func (b *bazaar) untilDue(t *rapid.T) time.Duration {
	all, err := b.store.All()
	must(t, err)
	wait := 24 * time.Hour
	for _, r := range all {
		if !r.DueAt.IsZero() {
			wait = min(wait, r.DueAt.Sub(b.now))
		}
	}
	return max(wait, 20*time.Second)
}

// holds is true at every moment.
func (b *bazaar) holds(t *rapid.T) {
	effective := map[string]int{}
	for _, o := range b.orders.All() {
		if o.Effective() {
			effective[o.Token]++
		}
	}
	for token, n := range effective {
		if n > 1 {
			t.Fatalf("%d orders of %s took effect", n, token)
		}
	}
	entries, err := b.stock.Entries(t.Context(), inventory.LedgerQuery{Limit: inventory.MaxLedgerLimit})
	must(t, err)
	for _, ref := range bazaarGoods {
		must(t, inventory.Conserved(entries, b.level(t, ref)))
	}
}

func (b *bazaar) level(t *rapid.T, ref cart.ItemRef) inventory.Level {
	levels, err := b.stock.Levels(t.Context(), []inventory.Item{stockOf(ref).Item})
	must(t, err)
	return levels[0]
}

// wantEnds checks how every checkout came out.
func (b *bazaar) wantEnds(t *rapid.T) {
	b.holds(t)
	all, err := b.store.All()
	must(t, err)
	sold := map[int64]int64{}
	for _, r := range all {
		b.wantEnd(t, r)
		if r.Status() == checkout.StatusOrdered {
			for _, l := range r.Lines {
				sold[l.Line.Ref.ProductID] += l.Line.Quantity
			}
		}
	}
	for _, ref := range bazaarGoods {
		if got := b.level(t, ref); got.Allocated != 0 || got.Reserved != 0 || got.Sold != sold[ref.ProductID] {
			t.Fatalf("%d were sold of %+v", sold[ref.ProductID], got)
		}
	}
	for _, owner := range bazaarOwners {
		_, _ = b.carts.Add(t.Context(), owner, bazaarGoods[0], 1)
		_, err := b.replicas[0].Start(t.Context(), checkout.StartRequest{Owner: owner})
		if err != nil && !errors.Is(err, checkout.ErrOutOfStock) && !errors.Is(err, checkout.ErrEmptyCart) {
			t.Fatalf("%s cannot buy any more: %v", owner, err)
		}
	}
}

func (b *bazaar) wantEnd(t *rapid.T, r checkout.Record) {
	var taken, given int64
	for _, o := range b.gateway.Orders(r.Token) {
		payments, err := b.gateway.Payments(context.Background(), o.ID)
		for err != nil { // a fault that nobody met
			payments, err = b.gateway.Payments(context.Background(), o.ID)
		}
		for _, p := range payments {
			if p.Status == payment.StatusCaptured || p.Status == payment.StatusRefunded {
				taken, given = taken+p.Amount.Minor(), given+p.Refunded.Minor()
			}
		}
	}
	want := int64(0)
	ordered := slices.ContainsFunc(b.orders.All(), func(o checkout.StoreOrder) bool { return o.Token == r.Token && o.Effective() })
	if ordered && r.PaymentMethod == payment.MethodRazorpay {
		want = r.Quote.Totals.Total.Minor()
	}
	story := fmt.Sprintf("%s, taken %d, given back %d, intents %+v, alerts %q, timeline %v", r.Status(), taken, given, r.Intents, r.Alerts, r.Timeline)
	switch {
	case taken-given != want:
		t.Fatalf("ordered %v, want %d kept: %s", ordered, want, story)
	case ordered != (r.Status() == checkout.StatusOrdered):
		t.Fatalf("ordered %v: %s", ordered, story)
	case r.Stuck() && len(r.Alerts) == 0:
		t.Fatalf("stuck, and nobody is told: %s", story)
	case r.Stuck() || r.Placed != nil && r.Closing == nil && !ordered:
		t.Fatalf("it never ended: %s", story)
	}
	for _, o := range b.orders.All() {
		if o.Token == r.Token && !o.Effective() && !o.Trashed() {
			t.Fatalf("order %s is left %q: %s", o.Number, o.Status, story)
		}
	}
}
