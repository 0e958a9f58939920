package simulate_test

import (
	"context"
	"fmt"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
)

// shopper is one person with one cart, and what the browser remembers.
type shopper struct {
	w      *world
	owner  cart.Owner
	method payment.Method
	quote  string // the hash on the page
	id     checkout.ID
	tabs   int
}

// invite lets the shoppers come, one to twenty.
func (w *world) invite() {
	n := 1 + w.rng.IntN(4)
	if w.chance(8) {
		n = 5 + w.rng.IntN(16)
	}
	for i := range n {
		s := &shopper{w: w, owner: cart.Owner(fmt.Sprint("guest:", i)), method: draw(w.scheduler, payment.MethodRazorpay, payment.MethodRazorpay, payment.MethodRazorpay, payment.MethodCOD)}
		w.shoppers++
		w.start(fmt.Sprint("shopper ", i), nil, w.within(draw(w.scheduler, 10*time.Second, 15*time.Minute, 80*time.Minute)), func(ctx context.Context) {
			s.shop(ctx)
			w.shoppers--
		})
	}
}

// shop is what a shopper does, from the cart to the gateway's window or out of the door.
func (s *shopper) shop(ctx context.Context) {
	if !s.fill(ctx) || !s.insist(ctx, 4, s.begin) || s.w.chance(5) {
		return // the tab is closed
	}
	s.think(ctx)
	if s.w.chance(10) {
		s.tab(ctx, func(ctx context.Context) { _ = s.place(ctx, "another-key") })
	}
	if !s.insist(ctx, 4, func(ctx context.Context) error { return s.place(ctx, "key") }) {
		return
	}
	if s.w.chance(6) {
		s.signIn(ctx)
	}
	if s.w.chance(8) {
		s.tab(ctx, s.cancel)
	}
	s.pay(ctx)
}

// think is a pause: short, or long enough for holds and windows to end.
func (s *shopper) think(ctx context.Context) {
	s.w.sleep(ctx, s.w.within(draw(s.w.scheduler, 20*time.Second, 20*time.Second, time.Minute, 4*time.Minute, 25*time.Minute)))
}

// insist tries a few times.
func (s *shopper) insist(ctx context.Context, times int, do func(context.Context) error) bool {
	for range times {
		err := do(ctx)
		if err == nil {
			return true
		}
		for _, final := range []error{checkout.ErrOutOfStock, checkout.ErrClosed, checkout.ErrEmptyCart, checkout.ErrInvalid} {
			if is(err, final) {
				return false
			}
		}
		s.w.sleep(ctx, s.w.within(30*time.Second))
	}
	return false
}

// tab does something at the same time, in another tab.
func (s *shopper) tab(_ context.Context, do func(context.Context)) {
	s.tabs++
	s.w.start(fmt.Sprint(s.owner, " tab ", s.tabs), nil, s.w.within(draw(s.w.scheduler, 100*time.Millisecond, 20*time.Second, 20*time.Minute)), do)
}

// fill puts one or two things into the cart, by a cart service that works.
func (s *shopper) fill(ctx context.Context) bool {
	s.w.sleep(ctx, 0)
	c := cart.Cart{ID: "cart-" + string(s.owner), Owner: s.owner, UpdatedAt: s.w.now()}
	first := s.w.rng.IntN(len(goods))
	for n := range 1 + s.w.rng.IntN(2) {
		ref := goods[(first+n)%len(goods)]
		c.Lines = append(c.Lines, cart.Line{Key: ref.Key(), Ref: ref, Quantity: int64(1 + s.w.rng.IntN(2)), AddedAt: s.w.now()})
	}
	if s.w.chance(s.w.thrift) {
		c.Coupons = []string{coupon}
	}
	_, err := s.w.carts.Save(ctx, c, 0)
	return err == nil
}

// begin goes from the cart to the page with the total.
func (s *shopper) begin(ctx context.Context) error {
	return s.w.ask(ctx, "begin", func(ctx context.Context, shop *checkout.Service) error {
		started, err := shop.Start(ctx, checkout.StartRequest{Owner: s.owner})
		if err != nil {
			return err
		}
		s.id = started.Record.ID
		_, err = shop.SetAddresses(ctx, s.owner, s.id, checkout.Addresses{Billing: checkout.Address{
			FirstName: "A", LastName: "R", Address1: "12 MG Road", City: "Bengaluru", State: "KA", Postcode: "560001", Country: "IN",
			Email: "a@example.in", Phone: "9845012345",
		}})
		if err != nil {
			return err
		}
		r, err := shop.ChoosePayment(ctx, s.owner, s.id, s.method)
		if is(err, checkout.ErrNotEligible) {
			s.method = payment.MethodRazorpay
		}
		s.quote = r.QuoteHash
		return err
	})
}

// place agrees to the total on the page. If that changed, the page shows the new one; if a
// coupon is used up, it goes.
func (s *shopper) place(ctx context.Context, key string) error {
	s.w.rare.sawIf(s.w.placing[s.id] > 0, "one checkout was placed twice at once")
	s.w.placing[s.id]++
	err := s.w.ask(ctx, "place", func(ctx context.Context, shop *checkout.Service) error {
		_, err := shop.Place(ctx, checkout.PlaceRequest{Owner: s.owner, ID: s.id, Key: key, QuoteHash: s.quote})
		return err
	})
	s.w.placing[s.id]--
	switch {
	case is(err, checkout.ErrQuoteChanged):
		s.w.rare.saw("the total changed between quote and placing")
		_ = s.w.ask(ctx, "requote", func(ctx context.Context, shop *checkout.Service) error {
			r, err := shop.Requote(ctx, s.owner, s.id)
			if err == nil {
				s.quote = r.QuoteHash
			}
			return err
		})
	case is(err, checkout.ErrCouponSpent):
		s.w.rare.saw("the last use of a coupon went to somebody else")
		s.dropCoupon(ctx)
	case is(err, checkout.ErrOutOfStock):
		s.w.rare.saw("the last piece went to somebody else")
	}
	return err
}

// dropCoupon takes the coupon out of the cart and begins again.
func (s *shopper) dropCoupon(ctx context.Context) {
	c, err := s.w.carts.Load(ctx, s.owner)
	if err != nil {
		return
	}
	c.Coupons = nil
	if _, err := s.w.carts.Save(ctx, c, c.Version); err == nil {
		_ = s.begin(ctx)
	}
}

// signIn makes the guest a customer.
func (s *shopper) signIn(ctx context.Context) {
	customer := cart.Owner("customer:" + string(s.owner)[6:])
	err := s.w.ask(ctx, "sign in", func(ctx context.Context, shop *checkout.Service) error { return shop.Adopt(ctx, s.owner, customer, 7) })
	if err == nil {
		s.owner = customer
		s.w.rare.saw("a shopper signed in between placing and paying")
	}
}

func (s *shopper) cancel(ctx context.Context) {
	_ = s.w.ask(ctx, "cancel", func(ctx context.Context, shop *checkout.Service) error {
		_, err := shop.Cancel(ctx, s.owner, s.id, "")
		return err
	})
}

// pay is the gateway's window, for as long as the page that opened it is there: nobody
// closes it because the time to pay is over.
func (s *shopper) pay(ctx context.Context) {
	f, ok := s.w.watch.facts[s.id]
	if !ok || f.record.Gateway == nil || f.record.Placed.Plan.Online.IsZero() {
		return
	}
	s.w.rare.sawIf(s.method == payment.MethodCOD, "a part was to be paid before delivery")
	order := f.record.Gateway.ID
	s.w.sleep(ctx, s.w.within(draw(s.w.scheduler, 30*time.Second, 30*time.Second, 5*time.Minute, 50*time.Minute, 150*time.Minute)))
	how := draw(s.w.scheduler, "pay", "pay", "pay", "pay", "authorize", "fail", "late", "twice", "short", "leave")
	callback, err := s.tender(order, how)
	s.w.note(ctx, how, callback.PaymentID+outcome(err))
	s.w.paid(s.id, order)
	if how == "fail" && s.w.chance(60) {
		s.w.sleep(ctx, s.w.within(3*time.Minute))
		callback, err = s.w.gateway.Pay(order)
		s.w.paid(s.id, order)
	}
	if err != nil || callback.PaymentID == "" || s.w.chance(25) {
		return // the tab is closed before it came back
	}
	if s.w.chance(15) {
		s.tab(ctx, func(ctx context.Context) { s.confirm(ctx, callback) })
	}
	s.confirm(ctx, callback)
}

// tender does one of the things people do in the window.
func (s *shopper) tender(order, how string) (payment.Callback, error) {
	g := s.w.gateway
	switch how {
	case "leave":
		return payment.Callback{}, nil
	case "authorize":
		return g.Authorize(order)
	case "fail":
		_, err := g.Fail(order)
		return payment.Callback{}, err
	case "late":
		_, err := g.PayLate(order, s.w.within(2*time.Hour))
		return payment.Callback{}, err
	case "twice":
		_ = g.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.CaptureTwice})
	case "short":
		_ = g.Plant(fakegateway.Fault{Op: fakegateway.OpPay, Kind: fakegateway.AnswerShort, By: 100})
	}
	return g.Pay(order)
}

// paid sends word of a payment, and notes when it came.
func (w *world) paid(id checkout.ID, order string) {
	w.news(order, "payment")
	f := w.watch.facts[id]
	for _, p := range w.paymentsOf(f.record.Token) {
		if p.Status != payment.StatusCaptured {
			continue
		}
		if _, known := w.capturedAt[p.ID]; !known {
			w.capturedAt[p.ID] = w.now()
			w.rare.sawIf(f.status == checkout.StatusCancelled, "money came after the checkout was given up")
		}
	}
}

// confirm brings back what the window gave the browser.
func (s *shopper) confirm(ctx context.Context, c payment.Callback) {
	s.w.rare.sawIf(s.w.acting[c.OrderID] > 0, "a callback came while its webhook was acted on")
	_ = s.insist(ctx, 3, func(ctx context.Context) error {
		return s.w.ask(ctx, "confirm", func(ctx context.Context, shop *checkout.Service) error {
			_, err := shop.ConfirmPayment(ctx, s.owner, s.id, c)
			return err
		})
	})
}
