package live_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/checkout/checkouttest"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo"
	"github.com/ankkor/ankkor/woo/session"
)

// eachDoor runs a test through WooGraphQL and through the Store API of every
// store.
func eachDoor(t *testing.T, check func(*testing.T, *shop, session.Door)) {
	t.Helper()
	eachShop(t, func(t *testing.T, s *shop) {
		t.Run("WooGraphQL", func(t *testing.T) {
			s := openShop(t, s.site)
			s.needGraphQL()
			door, err := session.NewGraphQL(s.client, session.GraphQLOptions{})
			s.check(err)
			check(t, s, door)
		})
		t.Run("Store API", func(t *testing.T) {
			s := openShop(t, s.site)
			check(t, s, session.NewStoreAPI(s.client))
		})
	})
}

// adding is a piece as a shopper puts it into the cart.
func (p piece) adding(quantity int64) session.AddItem {
	return session.AddItem{ProductID: p.ref.ProductID, VariationID: p.ref.VariationID, Quantity: quantity}
}

// TestSessionStory: a cart is filled, changed, resumed and ordered, and the
// order is what the cart showed.
func TestSessionStory(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *shop, door session.Door) {
		g := s.stockGoods()
		home := s.address(false)
		cart := session.New(door, session.Options{Rules: s.client})
		step := func(c session.Cart, err error) session.Cart {
			t.Helper()
			s.check(err)
			return c
		}
		step(cart.Add(t.Context(), g.mug.adding(1)))
		now := step(cart.Add(t.Context(), g.kurtaOwn.adding(2)))
		step(cart.SetQuantity(t.Context(), now.Lines[0].Key, 3))
		step(cart.Add(t.Context(), g.tea.adding(1)))
		step(cart.ApplyCoupon(t.Context(), s.coupon("save10", "percent", "10")))
		now = step(cart.SetCustomer(t.Context(), home, home))
		if len(now.Lines) != 3 || now.Lines[0].Quantity != 3 || now.Lines[1].ItemID() != g.kurtaOwn.ref.VariationID || len(now.Coupons) != 1 {
			t.Fatalf("the cart is %+v", now)
		}
		step(cart.Remove(t.Context(), now.Lines[2].Key))

		resumed, err := session.Resume(door, cart.Token(), session.Options{Rules: s.client})
		s.check(err)
		now = step(resumed.ChooseShipping(t.Context(), now.Packages[0].Rates[0].ID))
		if rate, ok := now.Packages[0].Chosen(); len(now.Lines) != 2 || !ok || rate.ID != now.Packages[0].Rates[0].ID {
			t.Fatalf("the resumed cart is %+v", now)
		}
		placed, err := resumed.Checkout(t.Context(), session.Order{Token: "ank_cart_" + s.mark, Billing: home, PaymentMethod: "cod"})
		s.check(err)
		t.Cleanup(func() { s.keeper.clear(placed.OrderID) })
		order := s.keeper.order(placed.OrderID)
		if !order.Total.Equal(now.Totals.Total.Decimal()) || order.Status != placed.Status || len(order.Lines) != 2 {
			t.Errorf("the order is %+v; the cart came to %s, the checkout said %s", order, now.Totals.Total, placed.Status)
		}
		if now = step(resumed.Cart(t.Context())); len(now.Lines) != 0 {
			t.Errorf("after the checkout the cart has %+v", now.Lines)
		}
	})
}

// TestSessionParallelAdds: four adds at once, and no piece is lost.
func TestSessionParallelAdds(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *shop, door session.Door) {
		mug := s.simple("mug", mugPrice, "gst-12", 1)
		cart := session.New(door, session.Options{})
		var adding sync.WaitGroup
		for range 4 {
			adding.Go(func() {
				if _, err := cart.Add(t.Context(), mug.adding(1)); err != nil {
					t.Error(err)
				}
			})
		}
		adding.Wait()
		now, err := cart.Cart(t.Context())
		s.check(err)
		if len(now.Lines) != 1 || now.Lines[0].Quantity != 4 {
			t.Errorf("the cart has %+v", now.Lines)
		}
	})
}

// TestSessionReplyLost: an add whose answer is lost is not sent again, and
// reading the cart tells what became of it; so it is with a checkout.
func TestSessionReplyLost(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *shop, door session.Door) {
		mug, home := s.simple("mug", mugPrice, "gst-12", 1), s.address(false)
		cart := session.New(door, session.Options{Rules: s.client})
		_, err := cart.Cart(t.Context()) // which starts it
		s.check(err)
		for how, pieces := range map[loss]int64{replyLost: 1, replyTorn: 1} {
			_, err = cart.Clear(t.Context())
			s.check(err)
			s.wire.spoil(how, 0)
			if _, err := cart.Add(t.Context(), mug.adding(1)); !errors.Is(err, woo.ErrUnknown) {
				t.Fatalf("%s: %v", how, err)
			}
			now, err := cart.Cart(t.Context())
			s.check(err)
			if len(now.Lines) != 1 || now.Lines[0].Quantity != pieces {
				t.Errorf("%s: the cart has %+v", how, now.Lines)
			}
		}
		_, err = cart.SetCustomer(t.Context(), home, home)
		s.check(err)
		s.wire.spoil(replyLost, s.beforeCheckout(door))
		_, err = cart.Checkout(t.Context(), session.Order{Token: "ank_lost_" + s.mark, Billing: home, PaymentMethod: "cod"})
		var unknown *session.UnknownOrderError
		if !errors.As(err, &unknown) {
			t.Fatalf("a checkout whose answer is lost: %v", err)
		}
		order, found, err := unknown.Attempt.Find(t.Context(), s.client)
		s.check(err)
		if !found || order.Total.IsZero() || order.Status != "processing" {
			t.Fatalf("found %v: %+v", found, order)
		}
		t.Cleanup(func() { s.keeper.clear(order.ID) })
	})
}

// beforeCheckout is how many exchanges a checkout makes before the one that
// counts.
func (s *shop) beforeCheckout(door session.Door) int {
	if _, ok := door.(*session.StoreAPI); ok {
		return 2 // the cart, the draft
	}
	return 1
}

// TestSessionLostCart: a token that was changed leads nowhere, and no new cart
// takes the place of the old one.
func TestSessionLostCart(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *shop, door session.Door) {
		cart := session.New(door, session.Options{})
		_, err := cart.Cart(t.Context())
		s.check(err)
		token := cart.Token().Reveal()
		changed, err := session.Resume(door, woo.NewSecret(token[:len(token)-6]+"AAAAAA"), session.Options{})
		s.check(err)
		for range 2 {
			var lost *session.LostError
			if _, err := changed.Cart(t.Context()); !errors.As(err, &lost) || lost.How != session.Rejected {
				t.Errorf("a changed token: %v", err)
			}
		}
	})
}

// TestStoreQuoter runs the suite of the port.
func TestStoreQuoter(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *shop, door session.Door) {
		home := s.address(true)
		lines := s.priced(s.stockGoods().all())
		checkouttest.RunQuoter(t, func(*testing.T) checkouttest.QuoterHarness {
			return checkouttest.QuoterHarness{
				Quoter:  session.NewQuoter(door, s.client, session.QuoterOptions{Carts: 1}),
				Request: checkout.QuoteRequest{Lines: lines, ShipTo: home, BillTo: home, At: time.Now()},
			}
		})
	})
}

// TestStoreQuoteEqualsOrder: what the store's cart was made a quote of is what
// the store writes, for every rate and coupon; where nothing but prices is in
// it, it is also what the engine computes by itself.
func TestStoreQuoteEqualsOrder(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *shop, door session.Door) {
		g := s.stockGoods()
		tenth, hundred := s.coupon("save10", "percent", "10"), s.coupon("flat100", "fixed_cart", "100")
		quoter := session.NewQuoter(door, s.client, session.QuoterOptions{Carts: 1})
		local := checkout.NewLocalQuoter(s.client, nil)
		carts := map[string][]piece{"mixed GST": g.all(), "below free shipping": {g.tea, g.mug}}
		for place, inState := range map[string]bool{"in the shop's state": true, "in another state": false} {
			for name, pieces := range carts {
				for _, coupons := range [][]string{nil, {tenth}, {hundred}} {
					t.Run(fmt.Sprintf("%s, %s, %v", place, name, coupons), func(t *testing.T) {
						home := s.address(inState)
						req := checkout.QuoteRequest{Lines: s.priced(pieces), ShipTo: home, BillTo: home, Coupons: coupons, At: time.Now()}
						rates, err := quoter.Rates(t.Context(), req)
						s.check(err)
						if len(rates) == 0 {
							t.Fatal("no rates")
						}
						req.ShippingRate = rates[len(rates)-1].ID
						checkStoreQuote(t, s, quoter, local, req)
						req.ShippingRate = rates[0].ID
						checkStoreQuote(t, s, quoter, local, req)
					})
				}
			}
		}
	})
}

func checkStoreQuote(t *testing.T, s *shop, quoter, local checkout.Quoter, req checkout.QuoteRequest) {
	t.Helper()
	q, err := quoter.Quote(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	computed, err := local.Quote(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if q.Hash() != computed.Hash() {
		t.Errorf("rate %s: the store's cart became %s, the engine computes %s", req.ShippingRate, q.Totals.Total, computed.Totals.Total)
	}
	for _, d := range q.Cart.Differences {
		if d.Order.Sub(d.Cart).Abs().GreaterThan(decimal.RequireFromString("0.05")) {
			t.Errorf("rate %s: %s is %s in the order and %s in the cart", req.ShippingRate, d.Field, d.Order, d.Cart)
		}
	}
	created, err := s.client.CreatePending(t.Context(), checkout.OrderRequest{
		Token: "ank_quote_" + s.mark, Quote: q, Billing: req.BillTo, Shipping: req.ShipTo, PaymentMethod: "razorpay", PaymentMethodTitle: "UPI",
	})
	if created.ID != 0 {
		s.keeper.clear(created.ID)
	}
	if err != nil {
		t.Errorf("rate %s: the order is not the quote: %v", req.ShippingRate, err)
	}
}

// TestStoreQuoterJourney: a whole checkout whose totals are the store's own.
func TestStoreQuoterJourney(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *shop, door session.Door) {
		g, home, owner := s.stockGoods(), s.address(false), cart.Owner("guest:"+s.mark)
		till := s.openCounter(s.client)
		config := checkout.Config{
			Store: memstore.NewCheckouts(till.stock), Carts: memstore.NewCarts(), Catalog: s.client, Rules: s.client, Reserver: till.stock,
			Orders: s.client, Stock: s.client, Now: till.clock,
			Payments: []checkout.PaymentOption{{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: till.gateway, Verifier: till.gateway}},
			Quoter:   session.NewQuoter(door, s.client, session.QuoterOptions{Carts: 1}),
		}
		var err error
		till.carts, err = cart.NewService(cart.Config{Store: config.Carts, Catalog: s.client, Now: till.clock})
		s.check(err)
		till.Service, err = checkout.New(config)
		s.check(err)
		_, err = till.carts.Add(t.Context(), owner, g.tea.ref, 2)
		s.check(err)
		record, err := till.buy(t.Context(), owner, g.mug, home, payment.MethodRazorpay)
		s.check(err)
		if record.Quote.Cart == nil || len(record.Quote.Lines) != 2 {
			t.Fatalf("the quote is %+v", record.Quote)
		}
		till.pass(t, time.Minute)
		record, err = till.Get(t.Context(), owner, record.ID)
		s.check(err)
		if record.Order == nil || record.Order.ID == 0 {
			t.Fatalf("no order: %s", record.Status())
		}
		t.Cleanup(func() { s.keeper.clear(record.Order.ID) })
		if order := s.keeper.order(record.Order.ID); order.Status != "processing" || !order.Total.Equal(record.Quote.Totals.Total.Decimal()) {
			t.Errorf("order %d is %s and comes to %s, quoted %s", order.ID, order.Status, order.Total, record.Quote.Totals.Total)
		}
	})
}
