package checkout_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/inventory"
	"github.com/ankkor/ankkor/payment"
)

func TestPaidOnline(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 2)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	if got := s.level(mug); got.Reserved != 2 || got.Allocated != 0 {
		t.Fatalf("after Start: %+v, want 2 reserved", got)
	}
	placed := s.place(ready)
	if placed.Status() != checkout.StatusPendingPayment || placed.Gateway == nil {
		t.Fatalf("after Place: %s, gateway %v", placed.Status(), placed.Gateway)
	}
	if got := s.level(mug); got.Reserved != 0 || got.Allocated != 2 {
		t.Fatalf("after Place: %+v, want 2 allocated", got)
	}
	paid := s.pay(placed)
	if paid.Status() != checkout.StatusOrdered {
		t.Fatalf("after paying: %s, alerts %v, intent %+v", paid.Status(), paid.Alerts, paid.Intents)
	}
	if got := s.level(mug); got.Sold != 2 || got.Allocated != 0 || got.OnHand != 8 {
		t.Fatalf("after paying: %+v, want 2 sold", got)
	}
	if n := s.effective(paid.Token); n != 1 {
		t.Fatalf("%d orders took effect", n)
	}
	if n := s.notices.count(checkout.NoticeOrderConfirmed); n != 0 {
		t.Fatalf("the shopper waited for %d mails", n)
	}
	s.check(errOf(s.AdvanceDue(t.Context(), 10)))
	if n := s.notices.count(checkout.NoticeOrderConfirmed); n != 1 {
		t.Fatalf("%d confirmations", n)
	}
	if view, err := s.carts.View(t.Context(), "guest:1"); err != nil || len(view.Lines) != 0 {
		t.Fatalf("the cart is not empty: %v %v", view.Lines, err)
	}
	s.conserved()
}

func TestCashOnDelivery(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	placed := s.place(s.ready("guest:1", payment.MethodCOD))
	if placed.Status() != checkout.StatusOrdered {
		t.Fatalf("after Place: %s, %+v", placed.Status(), placed.Intents)
	}
	if o := s.orders.All()[0]; o.Status != "processing" || o.TransactionID != placed.Token {
		t.Fatalf("order %+v", o)
	}
	if got := s.level(mug); got.Sold != 1 {
		t.Fatalf("stock %+v", got)
	}
}

func TestPlaceIsIdempotent(t *testing.T) {
	s := newShop(t)
	s.fill("guest:1", mug, 1)
	ready := s.ready("guest:1", payment.MethodRazorpay)
	var wg sync.WaitGroup
	ids := make([]string, 50)
	for i := range ids {
		wg.Go(func() {
			r, err := s.Place(t.Context(), placeRequest(ready))
			if err != nil && !errors.Is(err, checkout.ErrUnavailable) {
				t.Error(err)
				return
			}
			if r.Gateway != nil {
				ids[i] = r.Gateway.ID
			}
		})
	}
	wg.Wait()
	want := s.load(ready.ID).Gateway.ID
	for _, id := range ids {
		if id != "" && id != want {
			t.Fatalf("two gateway orders: %s and %s", id, want)
		}
	}
	if got := s.level(mug); got.Allocated != 1 || got.Reserved != 0 {
		t.Fatalf("stock %+v, want one piece allocated once", got)
	}
	again := placeRequest(ready)
	again.QuoteHash = "another"
	if _, err := s.Place(t.Context(), again); !errors.Is(err, checkout.ErrKeyReused) {
		t.Fatalf("same key, other body: %v", err)
	}
}

func TestLastPiece(t *testing.T) {
	s := newShop(t)
	s.check(errOf(s.stock.Move(t.Context(), inventory.Move{
		Kind: inventory.Adjust, Ref: "count", Lines: []inventory.Held{{Key: keyOf(mug), Quantity: -9}},
	})))
	s.fill("guest:1", mug, 1)
	s.fill("guest:2", mug, 1)
	first := s.ready("guest:1", payment.MethodRazorpay)
	_, err := s.Start(t.Context(), checkout.StartRequest{Owner: "guest:2"})
	var short *inventory.ShortageError
	if !errors.Is(err, checkout.ErrOutOfStock) || !errors.As(err, &short) {
		t.Fatalf("second shopper: %v, want ErrOutOfStock with the lines", err)
	}
	s.pay(s.place(first))
	s.conserved()
}

func errOf[T any](_ T, err error) error { return err }

func TestHundredPiecesTwoHundredShoppers(t *testing.T) {
	s := newShop(t)
	s.check(s.stock.Receive(t.Context(), keyOf(mug), 90))
	var mu sync.Mutex
	sold := 0
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			owner := cart.Owner(fmt.Sprintf("guest:%d", i))
			if buy(s, owner) {
				mu.Lock()
				sold++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if got := s.level(mug); sold != 100 || got.Sold != 100 || got.OnHand != 0 {
		t.Fatalf("%d sold, stock %+v, want exactly 100", sold, got)
	}
	s.conserved()
}

// buy takes one mug all the way; false means it was gone.
func buy(s *shop, owner cart.Owner) bool {
	ctx := s.t.Context()
	if _, err := s.carts.Add(ctx, owner, mug.Ref, 1); err != nil {
		return false
	}
	started, err := s.Start(ctx, checkout.StartRequest{Owner: owner})
	if err != nil {
		return false
	}
	id := started.Record.ID
	if _, err := s.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: asha()}); err != nil {
		s.t.Error(err)
		return false
	}
	r, err := s.ChoosePayment(ctx, owner, id, payment.MethodRazorpay)
	if err != nil {
		s.t.Error(err)
		return false
	}
	placed, err := s.Place(ctx, placeRequest(r))
	if err != nil {
		s.t.Error(err)
		return false
	}
	callback, err := s.gateway.Pay(placed.Gateway.ID)
	if err != nil {
		s.t.Error(err)
		return false
	}
	paid, err := s.ConfirmPayment(ctx, owner, id, callback)
	if err != nil {
		s.t.Error(err)
	}
	return paid.Status() == checkout.StatusOrdered
}
