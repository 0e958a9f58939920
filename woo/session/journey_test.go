package session_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ankkor/ankkor/adapters/fakegateway"
	"github.com/ankkor/ankkor/adapters/memstore"
	"github.com/ankkor/ankkor/cart"
	"github.com/ankkor/ankkor/checkout"
	"github.com/ankkor/ankkor/payment"
	"github.com/ankkor/ankkor/woo/session"
)

// counter is a whole checkout whose totals the store's own cart computes.
type counter struct {
	*checkout.Service
	carts   *cart.Service
	gateway *fakegateway.Gateway

	mu  sync.Mutex
	now time.Time
}

func (c *counter) clock() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func openCounter(t *testing.T, shop shop, door session.Door) *counter {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c := &counter{now: time.Now()}
	stock, carts := memstore.NewStock(memstore.StockConfig{Now: c.clock}), memstore.NewCarts()
	var err error
	c.carts, err = cart.NewService(cart.Config{Store: carts, Catalog: shop.client, Now: c.clock})
	check(err)
	c.gateway, err = fakegateway.New(fakegateway.Config{KeySecret: payment.NewSecret("rzp_test_secret_0123456789"), Now: c.clock})
	check(err)
	c.Service, err = checkout.New(checkout.Config{
		Store: memstore.NewCheckouts(stock), Carts: carts, Catalog: shop.client, Rules: shop.client, Reserver: stock,
		Orders: shop.client, Stock: shop.client, Quoter: session.NewQuoter(door, shop.client, session.QuoterOptions{Carts: 1}), Now: c.clock,
		Payments: []checkout.PaymentOption{
			{Method: payment.MethodRazorpay, Title: "Razorpay", Gateway: c.gateway, Verifier: c.gateway},
			{Method: payment.MethodCOD, Title: "Cash on delivery", Gateway: payment.CashOnDelivery{}},
		},
	})
	check(err)
	return c
}

// TestCheckoutJourney walks a purchase from the shelf to the order, with a fee
// that only a plugin of the store knows.
func TestCheckoutJourney(t *testing.T) {
	eachDoor(t, func(t *testing.T, shop shop) {
		for _, method := range []payment.Method{payment.MethodRazorpay, payment.MethodCOD} {
			t.Run(string(method), func(t *testing.T) {
				door := bent{shop.door, func(c *session.Cart) {
					c.Fees = []session.Fee{{ID: "wrap", Name: "Gift wrap", Total: dec("10"), Tax: some("1.80"), Taxable: true, TaxClass: "GST_18"}}
					c.Totals.Fees, c.Totals.FeesTax = dec("10"), dec("1.80")
					c.Totals.Tax = c.Totals.Tax.Add(dec("1.80"))
				}}
				journey(t, shop, openCounter(t, shop, door), method)
			})
		}
	})
}

func journey(t *testing.T, shop shop, c *counter, method payment.Method) {
	t.Helper()
	ctx, owner := t.Context(), cart.Owner("guest:"+string(method))
	for _, w := range mixed[:2] {
		if _, err := c.carts.Add(ctx, owner, w.ref, 1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.carts.ApplyCoupon(ctx, owner, "save10"); err != nil {
		t.Fatal(err)
	}
	started, err := c.Start(ctx, checkout.StartRequest{Owner: owner})
	if err != nil {
		t.Fatal(err)
	}
	id := started.Record.ID
	if _, err := c.SetAddresses(ctx, owner, id, checkout.Addresses{Billing: bengaluru}); err != nil {
		t.Fatal(err)
	}
	ready, err := c.ChoosePayment(ctx, owner, id, method)
	if err != nil {
		t.Fatal(err)
	}
	if len(ready.Quote.Fees) != 1 || len(ready.Quote.Coupons) != 1 || ready.Quote.Cart == nil {
		t.Fatalf("the quote is %+v", ready.Quote)
	}
	done, err := c.Place(ctx, checkout.PlaceRequest{Owner: owner, ID: id, Key: "key-" + string(id), QuoteHash: ready.QuoteHash})
	if err == nil && method == payment.MethodRazorpay {
		var callback payment.Callback
		if callback, err = c.gateway.Pay(done.Gateway.ID); err == nil {
			done, err = c.ConfirmPayment(ctx, owner, id, callback)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := c.AdvanceDue(ctx, 10); err != nil {
			t.Fatal(err)
		}
	}
	effective := 0
	for _, o := range shop.store.Orders() {
		if o.Status == "processing" && o.Total.Equal(done.Quote.Totals.Total.Decimal()) && o.Total.Equal(ready.Quote.Totals.Total.Decimal()) && o.PaymentMethod == string(method) {
			effective++
		}
	}
	if effective != 1 {
		t.Errorf("%d orders of %s are processing: %+v", effective, ready.Quote.Totals.Total, shop.store.Orders())
	}
}
